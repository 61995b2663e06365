"""What BertViz's three views are drawn from: an answer about attention, cut to chosen layers and heads.

Layers and heads are counted from 0 here and named from 1 on the screen.
"""

# L layers, H heads, T asking tokens, S tokens asked, K width of a head

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pages._ui.attention_view import SIDES
from ssl_core.attention.kinds import CROSS, SELF
from ssl_core.i18n import N_

HEAD, MODEL, NEURON = "head", "model", "neuron"
VIEWS = {HEAD: N_("Heads"), MODEL: N_("Whole network"), NEURON: N_("Neurons")}
SENTENCES = {
    "all": N_("all tokens"),
    "aa": N_("first sentence at itself"),
    "ab": N_("first sentence at the second"),
    "ba": N_("second sentence at the first"),
    "bb": N_("second sentence at itself"),
}
_FEWEST_COLUMNS = 8  # with fewer heads bertviz would draw each map larger than a screen
_DECIMALS, _DIGITS = 6, 8

Array = npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One kind of attention of one network on one text."""

    kind: str
    asking: list[str]  # tokens, as shown
    asked: list[str]
    second_from: int | None  # where a second sentence begins
    looks_back: bool
    weights_LHTS: Array
    query_LHTK: Array | None = None  # None: the network doesn't tell
    key_LHSK: Array | None = None

    @property
    def has_neurons(self) -> bool:
        """Return whether the neuron view, which knows attention within one text only, can be drawn."""
        return self.query_LHTK is not None and self.kind != CROSS


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which view, and what of a network it shows; it begins with ``layer`` and ``head`` if they are among them."""

    view: str
    layers: tuple[int, ...]
    heads: tuple[int, ...]
    layer: int = 0
    head: int = 0


def seen(kind: str, values: Mapping[str, Any], arrays: Mapping[str, Array]) -> Seen:
    """Take one kind of attention out of an answer about attention.

    Queries are scaled so that what BertViz computes from them, q · k / √K, is the score itself (but for what is added to it).
    """
    asking, asked = (values if side == "read" else values["written"] for side in SIDES[kind])
    query_LHTK = arrays.get(f"query_{kind}_LHTK")
    if query_LHTK is not None:
        scale_L = np.asarray(arrays[f"scale_{kind}_L"], dtype=np.float64) * query_LHTK.shape[-1] ** 0.5
        query_LHTK = query_LHTK * scale_L[:, None, None, None]
    segments = asked["segments"]
    is_pair = kind == SELF and set(segments) == {0, 1} and list(segments) == sorted(segments)
    return Seen(
        kind=kind,
        asking=asking["tokens"],
        asked=asked["tokens"],
        second_from=list(segments).index(1) if is_pair else None,
        looks_back=bool(values["looks_back"]) if kind == SELF else True,
        weights_LHTS=arrays[f"weights_{kind}_LHTS"],
        query_LHTK=query_LHTK,
        key_LHSK=arrays.get(f"key_{kind}_LHSK"),
    )


def num_marks(shown: Seen, view: str, num_layers: int, num_heads: int) -> int:
    """Return how many lines and rectangles BertViz draws at once, but for some hundreds."""
    num_asking, num_asked = len(shown.asking), len(shown.asked)
    if view == NEURON:  # one head: lines five times, frames around vectors twice; query, key and product of each token
        width = shown.key_LHSK.shape[-1] if shown.key_LHSK is not None else 0
        return 7 * num_asking * num_asked + width * (num_asking + 2 * num_asked)
    return (num_layers if view == MODEL else 1) * num_heads * num_asking * num_asked


def parameters(shown: Seen, chosen: Chosen) -> dict[str, Any]:
    """Return what BertViz's script of a view is given: JSON values."""
    layer, head = (
        each.index(first) if first in each else 0
        for each, first in ((chosen.layers, chosen.layer), (chosen.heads, chosen.head))
    )
    numbers = [each + 1 for each in chosen.layers]
    common = {"root_div_id": "bertviz", "display_mode": "light"}
    if chosen.view == NEURON:
        cuts = {"all": _cuts(shown)["all"]} if shown.looks_back else _cuts(shown)  # as bertviz: no pairs where tokens look back
        return common | {
            "attention": {name: _part(shown, chosen, *cut, with_neurons=True) for name, cut in cuts.items()},
            "default_filter": "all", "bidirectional": not shown.looks_back, "layer": layer, "head": head,
        }  # fmt: skip
    return common | {
        "attention": [_part(shown, chosen, *cut) for cut in _cuts(shown).values()],
        "default_filter": "0", "layer": numbers[layer], "heads": None, "include_layers": numbers,
        "include_heads": [each + 1 for each in chosen.heads],
        "total_heads": max(shown.weights_LHTS.shape[1], _FEWEST_COLUMNS),
    }  # fmt: skip


def filters(shown: Seen, view: str) -> list[str]:
    """Return between which sentences one may choose in a view, in its order."""
    return list(_cuts(shown)) if view != NEURON or not shown.looks_back else ["all"]


def _cuts(shown: Seen) -> dict[str, tuple[slice, slice]]:
    """Return the rows and columns of each choice of sentences."""
    everything = slice(None)
    if shown.second_from is None:
        return {"all": (everything, everything)}
    sides = {"a": slice(0, shown.second_from), "b": slice(shown.second_from, None), "all": everything}
    return {name: (sides[name[0]], sides[name[1]]) if name != "all" else (everything, everything) for name in SENTENCES}


def _part(shown: Seen, chosen: Chosen, rows: slice, columns: slice, with_neurons: bool = False) -> dict[str, Any]:
    where = np.ix_(chosen.layers, chosen.heads)
    weights_LHTS = np.asarray(shown.weights_LHTS, dtype=np.float64)[where][:, :, rows, columns]
    part = {
        "attn": np.round(weights_LHTS, _DECIMALS).tolist(),
        "left_text": shown.asking[rows],
        "right_text": shown.asked[columns],
    }
    if with_neurons:
        assert shown.query_LHTK is not None, "the neuron view needs queries"
        assert shown.key_LHSK is not None, "the neuron view needs keys"
        part["queries"] = _to_digits(shown.query_LHTK[where][:, :, rows])
        part["keys"] = _to_digits(shown.key_LHSK[where][:, :, columns])
    return part


def _to_digits(values: Array) -> Any:
    """Return numbers as lists, rounded to what single precision knows: half as long in JSON."""
    wide = np.asarray(values, dtype=np.float64)
    powers = 10.0 ** (_DIGITS - 1 - np.floor(np.log10(np.maximum(np.abs(wide), 1e-30))))
    return (np.rint(wide * powers) / powers).tolist()
