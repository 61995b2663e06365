"""All that is wrong with a grammar's text, said at once and with the line where it is written."""

import re
from typing import Any

from ssl_core.errors import UserError
from ssl_core.i18n import N_, translate

_MOST_SHOWN = 20
_MOST_CHARACTERS = 60
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*=""")


class Problems:
    """Collects what is wrong; ``check`` raises it all as one message."""

    def __init__(self, text: str) -> None:
        self._lines = _lines_of_keys(text)
        self._found: dict[tuple[str, str, str], UserError] = {}  # said once each

    def add(self, section: str, key: str, template: str, /, **values: Any) -> None:
        """Note one problem of ``key`` in ``section``, as in ("classes.thing", "flower") or ("middle 3", "text")."""
        shown = {name: value if isinstance(value, int) else shorten(str(value)) for name, value in values.items()}
        problem = UserError(template, **shown)
        self._found.setdefault((section, key, str(problem)), problem)

    def check(self) -> None:
        """Raise what was found.

        Raises: UserError with a line for each problem, in the order of the text, if there is any.
        """
        if self._found:
            raise UserError(
                N_("This grammar can't be used yet. What to mend ({count}):\n{problems}"),
                count=len(self._found),
                problems=_Listed(sorted((self._line(*where), *where, problem) for where, problem in self._items())),
            )

    def _items(self) -> list[tuple[tuple[str, str], "_Text"]]:
        return [((section, key), _Text(problem)) for (section, key, _), problem in self._found.items()]

    def _line(self, section: str, key: str) -> int:
        places = (section, key), (f"{section}.{key}", ""), (section, "")
        return next((self._lines[place] for place in places if place in self._lines), 0)


class _Text:
    """A message that is put together when it is read, and can stand in a sorted row."""

    def __init__(self, problem: UserError) -> None:
        self.problem = problem

    def __lt__(self, other: "_Text") -> bool:
        return str(self.problem) < str(other.problem)


class _Listed:
    """Problems, one a line, in the language of whoever reads them."""

    def __init__(self, found: list[tuple[int, str, str, _Text]]) -> None:
        self._found = found

    def __str__(self) -> str:
        shown = [
            translate(N_("line {line}, [{section}] {key}: ")).format(line=line or "?", section=section, key=shorten(key))
            + str(text.problem)
            for line, section, key, text in self._found[:_MOST_SHOWN]
        ]
        hidden = len(self._found) - len(shown)
        return "\n".join(shown) + (translate(N_("\n… and {count} more")).format(count=hidden) if hidden else "")


def shorten(text: str) -> str:
    """Cut what somebody wrote so that a message about it stays readable."""
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"


def _lines_of_keys(text: str) -> dict[tuple[str, str], int]:
    """Return (section, key) -> line number; a section that repeats, as [[middle]], is counted: "middle 2"."""
    lines: dict[tuple[str, str], int] = {}
    counts: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            section = header[2].replace('"', "")
            if header[1] == "[[":
                counts[section] = counts.get(section, 0) + 1
                section = f"{section} {counts[section]}"
            lines.setdefault((section, ""), number)
        elif key := _KEY.match(line):
            lines.setdefault((section, key[1] or key[2] or key[3] or ""), number)
    return lines
