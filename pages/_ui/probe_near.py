"""Probe sentences and how near the model puts the others to each of them."""

import textwrap
from collections.abc import Mapping
from typing import Any

from pages._ui.probe_bars import Group
from ssl_core.i18n import _

MAX_OTHERS = 5
MAX_CHARACTERS = 60


def compared(text: str, payload: Mapping[str, Any]) -> list[Group]:
    """Return a sentence with a bar for each other one, the nearest first; its length is the cosine, from 0 to 1."""
    near = payload["near"][:MAX_OTHERS]
    rows = [
        {
            "key": other["text"],
            "word": textwrap.shorten(str(other["text"]), MAX_CHARACTERS, placeholder=" …") or "…",
            "share": round(max(0.0, float(other["similarity"])), 3),
            "percent": f"{float(other['similarity']):.2f}",
        }
        for other in near
    ]
    told = "; ".join(f"{row['word']} {row['percent']}" for row in rows)
    summary = _("{sentence} Similarity to the others: {others}.").format(sentence=text, others=told)
    return [
        {
            "key": f"0 {text}",
            "blank": 0,
            "sentence": [{"text": text}],
            "rows": rows,
            "tone": "near",
            "refused": "",
            "summary": summary,
        }
    ]
