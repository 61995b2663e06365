"""Probe sentences and how near the model puts the others to each of them."""

import textwrap
from collections.abc import Mapping
from typing import Any

from pages._ui import probe_bars
from pages._ui.probe_bars import Group
from ssl_core.i18n import _

MAX_OTHERS = 5
MAX_CHARACTERS = 60


def compared(text: str, payload: Mapping[str, Any]) -> list[Group]:
    """Return a sentence with a bar for each other one, the nearest first; its length is the cosine, from 0 to 1."""
    rows = [
        probe_bars.row(
            other["text"],
            textwrap.shorten(str(other["text"]), MAX_CHARACTERS, placeholder=" …") or "…",
            float(other["similarity"]),
            f"{float(other['similarity']):.2f}",
        )
        for other in payload["near"][:MAX_OTHERS]
    ]
    summary = _("{sentence} Similarity to the others: {others}.").format(
        sentence=text, others=probe_bars.read_aloud(rows, between="; ")
    )
    return [probe_bars.group(text, rows, summary, tone="near")]
