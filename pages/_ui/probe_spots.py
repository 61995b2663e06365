"""Probe sentences with a wrong word in them: which tokens the model takes for replaced."""

from collections.abc import Mapping
from typing import Any

from pages._ui import probe_bars
from pages._ui.probe_bars import Group
from ssl_core.i18n import _

MARK = "⇄"  # as everywhere for a token that was replaced
ALARM = 0.5


def spotted(text: str, payload: Mapping[str, Any]) -> list[Group]:
    """Return one group: the sentence, its alarms marked, and the tokens that look most as if they had been replaced."""
    chances = [float(chance) for chance in payload["chances"]]
    words = [text[start:end].strip() or str(token) for (start, end), token in _places(payload)]
    likeliest = sorted(range(len(words)), key=lambda place: -chances[place])[: probe_bars.MAX_ROWS]
    rows = [probe_bars.row(f"{place} {words[place]}", words[place], chances[place]) for place in likeliest]
    summary = _("{sentence} Replaced, says the model: {words}.").format(sentence=text, words=probe_bars.read_aloud(rows))
    return [probe_bars.group(text, rows, summary, sentence=_marked(text, payload, chances), tone="replaced")]


def _marked(text: str, payload: Mapping[str, Any], chances: list[float]) -> list[dict[str, Any]]:
    """Return the sentence in parts; a token that is more likely replaced than not carries the mark."""
    parts: list[dict[str, Any]] = []
    done = 0
    for ((start, end), _token), chance in zip(_places(payload), chances, strict=True):
        if chance < ALARM or start < done:
            continue
        lead = len(text[start:end]) - len(text[start:end].lstrip())  # a space that belongs to the token
        parts += [{"text": text[done : start + lead]}, {"text": text[start + lead : end], "mark": MARK}]
        done = end
    return [*parts, {"text": text[done:]}]


def _places(payload: Mapping[str, Any]) -> list[tuple[tuple[int, int], str]]:
    return [
        ((int(start), int(end)), str(token)) for (start, end), token in zip(payload["places"], payload["tokens"], strict=True)
    ]
