"""JSON lines: one object a line, its texts by name; read one at a time, however many names there are."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ssl_core.corpora import names, tables
from ssl_core.corpora.lines import lines_of
from ssl_core.errors import UserError
from ssl_core.i18n import N_

MAX_LINE_CHARACTERS = 4 * 2**20
"""A line takes up to twenty times its length while it is read."""

EXAMPLE = '{"text": "…"}'


@dataclass(slots=True)
class JsonLines:
    """Rows of a JSONL file."""

    text: str
    _place_of: dict[str, int] = field(default_factory=dict)
    _nested: dict[str, None] = field(default_factory=dict)  # names under which lists or objects were found

    def names(self) -> list[str]:
        """Return the names of all texts, in the order in which they first occur."""
        return names.distinct(self._place_of)

    def refusal(self) -> UserError | None:
        """Say that the texts are nested, if they are."""
        if not self._nested:
            return None
        return UserError(
            N_(
                "The texts of this file lie inside lists or objects ({names}). Write each text as a value of its own, one "
                "object a line: {example}"
            ),
            names=", ".join(names.distinct(self._nested))[:200],
            example=EXAMPLE,
        )

    def rows(self) -> Iterator[Iterable[tuple[int, str | None]]]:
        """Give the texts of each object; other values are left out."""
        for number, line in enumerate(lines_of(self.text), start=1):
            if line.strip():
                yield self._cells(_record(line, number))

    def _cells(self, record: dict[str, Any]) -> list[tuple[int, str | None]]:
        cells: list[tuple[int, str | None]] = []
        for name, value in record.items():
            if isinstance(value, str):
                if name not in self._place_of:
                    tables.check_columns(len(self._place_of) + 1)
                    self._place_of[name] = len(self._place_of)
                cells.append((self._place_of[name], value))
            elif isinstance(value, (list, dict)) and len(self._nested) < tables.MAX_COLUMNS:
                self._nested[name] = None
        return cells


def _record(line: str, number: int) -> dict[str, Any]:
    if len(line) > MAX_LINE_CHARACTERS:
        raise tables.too_long(number)
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UserError(N_("Line {line} is no valid JSON: {reason}."), line=number, reason=str(error)[:120]) from error
    if not isinstance(record, dict):
        raise UserError(N_("Line {line} is no JSON object; each line needs the form {example}."), line=number, example=EXAMPLE)
    return record
