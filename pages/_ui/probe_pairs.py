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
    rows = [
        {
            "key": str(number),
            "word": _(names[number]),
            "share": round(shares[number], 3),
            "percent": probe_bars.percent(shares[number]),
        }
        for number in likeliest
    ]
    told = ", ".join(f"{row['word']} {row['percent']}" for row in rows)
    summary = _("{sentence} The model's answers: {words}.").format(sentence=text, words=told)
    return [{"key": f"0 {text}", "blank": 0, "sentence": [{"text": text}], "rows": rows, "refused": "", "summary": summary}]
