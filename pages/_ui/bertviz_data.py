"""What BertViz's three views are drawn from: an answer about attention, cut to chosen layers and heads.

Layers and heads are counted from 0 here and named from 1 on the screen.
"""

# L layers, H heads, T asking tokens, S tokens asked, K width of a head

from collections.abc import Mapping, Sequence
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
    is_joined: bool = False  # some words stand for several tokens, which have a query each

    @property
    def has_neurons(self) -> bool:
        """Return whether the neuron view, which knows attention within one text only, can be drawn."""
        return self.query_LHTK is not None and self.kind != CROSS and not self.is_joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which view, and what of a network it shows; it begins with ``layer`` and ``head`` if they are among them."""

    view: str
    layers: tuple[int, ...]
    heads: tuple[int, ...]
    layer: int = 0
    head: int = 0


@dataclass(frozen=True, slots=True)
class _Group:
    """Places that are drawn as one: the pieces of a word, or a token by itself."""

    text: str
    places: list[int]


def seen(kind: str, values: Mapping[str, Any], arrays: Mapping[str, Array], *, words: bool = False, marks: bool = True) -> Seen:
    """Take one kind of attention out of an answer about attention.

    With ``words`` the pieces of a word are joined: what goes to them adds up, what they give is averaged. Without ``marks``
    they are left out, and each row adds up to 1 again.
    Queries are scaled so that what BertViz computes from them, q · k / √K, is the score itself (but for what is added to it).
    """
    asking, asked = (values if side == "read" else values["written"] for side in SIDES[kind])
    rows, columns = (_groups(each, words=words, marks=marks) for each in (asking, asked))
    weights_LHTS = (
        _mean_of(rows, len(asking["tokens"])) @ arrays[f"weights_{kind}_LHTS"] @ _sum_of(columns, len(asked["tokens"]))
    )
    if not marks:
        sums_LHT1 = weights_LHTS.sum(axis=-1, keepdims=True)
        weights_LHTS = np.divide(weights_LHTS, sums_LHT1, out=np.zeros_like(weights_LHTS), where=sums_LHT1 > 0)
    query_LHTK, key_LHSK = arrays.get(f"query_{kind}_LHTK"), arrays.get(f"key_{kind}_LHSK")
    if query_LHTK is not None and key_LHSK is not None:
        scale_L = np.asarray(arrays[f"scale_{kind}_L"], dtype=np.float64) * query_LHTK.shape[-1] ** 0.5
        query_LHTK = (query_LHTK * scale_L[:, None, None, None])[:, :, [each.places[0] for each in rows]]
        key_LHSK = key_LHSK[:, :, [each.places[0] for each in columns]]
    segments = [asked["segments"][each.places[0]] for each in columns]
    is_pair = kind == SELF and set(segments) == {0, 1} and segments == sorted(segments)
    return Seen(
        kind=kind,
        asking=[each.text for each in rows],
        asked=[each.text for each in columns],
        second_from=segments.index(1) if is_pair else None,
        looks_back=bool(values["looks_back"]) if kind == SELF else True,
        weights_LHTS=weights_LHTS,
        query_LHTK=query_LHTK,
        key_LHSK=key_LHSK,
        is_joined=any(len(each.places) > 1 for each in (*rows, *columns)),
    )


def _groups(side: Mapping[str, Any], *, words: bool, marks: bool) -> list[_Group]:
    found: list[_Group] = []
    before: int | None = None
    for place, (text, is_mark, word) in enumerate(zip(side["tokens"], side["is_mark"], side["words"], strict=True)):
        if is_mark and not marks:
            continue
        if words and word is not None and found and word == before:
            found[-1] = _Group(found[-1].text + text.removeprefix("-"), [*found[-1].places, place])
        else:
            found.append(_Group(text, [place]))
        before = word
    return found


def _mean_of(groups: Sequence[_Group], num_tokens: int) -> npt.NDArray[np.float64]:
    """Return what averages the rows of each group."""
    return _sum_of(groups, num_tokens).T / np.array([[len(each.places)] for each in groups])


def _sum_of(groups: Sequence[_Group], num_tokens: int) -> npt.NDArray[np.float64]:
    """Return what adds up the columns of each group."""
    found = np.zeros((num_tokens, len(groups)))
    for number, each in enumerate(groups):
        found[each.places, number] = 1.0
    return found


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
