"""What the model makes of the probe sentences, now or at an earlier step."""

from typing import Any

from pages._ui import probe_bars, probe_near, probe_pairs, probe_samples, probe_spots, style
from pages._ui.components import component
from ssl_core import pretext
from ssl_core.i18n import _
from ssl_core.runs.record import RunRecord

Data = dict[str, Any]
BARS = {
    "fill": probe_bars.filled,
    "restore": probe_bars.filled,
    "spot": probe_spots.spotted,
    "pair": probe_pairs.judged,
    "compare": probe_near.compared,
}
"""The kinds of probes that are shown as bars: from a sentence and what the model made of it to groups of bars."""


def show(record: RunRecord, *, height: int, key: str, until_step: float = float("inf")) -> None:
    """Show the probes of a run as bars or as texts, as they stood at ``until_step``."""
    component("probe_bars")(key=key, data=data_of(record, height, until_step), height=height)


def data_of(record: RunRecord, height: int, until_step: float = float("inf")) -> Data:
    """Return what the component draws."""
    kind = pretext.task(str(record.spec["task"])).PROBE
    groups = probe_bars.groups(record, until_step, BARS[kind]) if kind in BARS else []
    samples = probe_samples.samples(record, until_step) if kind == "continue" else []
    return {
        "setup": f"{record.id} {kind}",
        "part": f"probes {record.id}",
        "height": height,
        "rows": {"fewest": probe_bars.MIN_ROWS, "most": probe_bars.MAX_ROWS},
        "colour": style.task_colour(str(record.spec["task"])),
        "label": _("What the model makes of the probe sentences"),
        "groups": groups,
        "samples": samples,
    }
