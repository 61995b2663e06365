"""Pairs of probe sentences: how likely the model finds each answer about the two."""

from collections.abc import Mapping
from typing import Any

from pages._ui import probe_bars
from pages._ui.probe_bars import Group
from ssl_core import pretext
from ssl_core.i18n import _


def judged(text: str, payload: Mapping[str, Any]) -> list[Group]:
    """Return one group: both sentences, and the likeliest answers of the run's task."""
    task = pretext.task(str(payload["task"]))
    names = task.class_names(task.Config.from_json(payload["task_settings"]))
    shares = [float(share) for share in payload["shares"]]
    likeliest = sorted(range(len(shares)), key=lambda number: -shares[number])[: probe_bars.MAX_ROWS]
    rows = [probe_bars.row(str(number), _(names[number]), shares[number]) for number in likeliest]
    summary = _("{sentence} The model's answers: {words}.").format(sentence=text, words=probe_bars.read_aloud(rows))
    return [probe_bars.group(text, rows, summary)]
