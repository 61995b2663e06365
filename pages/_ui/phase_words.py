"""What the phases of a run are called: as its task calls the line each begins at; and what its losses are counted by."""

from collections.abc import Mapping
from typing import Any

from ssl_core import pretext
from ssl_core.i18n import _
from ssl_core.training import phases

Lines = Mapping[str, Any] | None


def names(task: str, lines: Lines) -> dict[str, str]:
    """Return the phases in order; where a task names the line of frequencies otherwise, so is the phase at that line."""
    return named(task, phases.titles(lines))


def named(task: str, titles: Mapping[str, str]) -> dict[str, str]:
    """Return the titles in the reader's language, and the task's own name for a line in place of the usual one."""
    line = getattr(pretext.task(task), "LINES", {}).get("unigram_nats")
    own = {} if line is None else {"frequencies": _(line)[:1].upper() + _(line)[1:]}
    return {key: _(title) for key, title in titles.items()} | own


def asks_answers(lines: Lines) -> bool:
    """Return whether answers about a text are asked for, and not the tokens of it."""
    return phases.titles(lines) is phases.OF_ANSWERS
