"""Reading what was parsed as TOML when anybody may have written it: each value has the type it should have, or is named."""

from collections.abc import Set
from typing import Any

from ssl_core.corpora.tinyworld.problems import Problems
from ssl_core.i18n import N_

Where = tuple[str, str]


def table(holder: dict[str, Any], key: str, section: str, problems: Problems) -> dict[str, Any]:
    """Return the table under a key, empty where there is none."""
    value = holder.get(key, {})
    if isinstance(value, dict):
        return value
    problems.add(section, "", N_("{key!r} must be a table, as in [{key}]."), key=key)
    return {}


def tables(holder: dict[str, Any], key: str, problems: Problems) -> list[dict[str, Any]]:
    """Return the tables that stand under [[key]]."""
    value = holder.get(key, [])
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return value
    problems.add(key, "", N_("{key!r} must be written as [[{key}]]."), key=key)
    return []


def string(value: Any, problems: Problems, where: Where) -> str:
    """Return a text."""
    if isinstance(value, str):
        return value
    problems.add(*where, N_("A text in quotation marks is needed here."))
    return ""


def strings(value: Any, problems: Problems, where: Where) -> tuple[str, ...]:
    """Return texts; one alone need not stand in brackets."""
    texts = value if isinstance(value, list) else [value]
    return tuple(string(each, problems, where) for each in texts)


def texts_by_name(value: Any, problems: Problems, where: Where) -> dict[str, str]:
    """Return a table of texts, as in { tense = "present" }."""
    if isinstance(value, dict):
        return {name: string(each, problems, where) for name, each in value.items()}
    problems.add(*where, N_('A table of texts is needed here, as in {{ tense = "present" }}.'))
    return {}


def whole_numbers(value: Any, default: tuple[int, int], most: int, problems: Problems, where: Where) -> tuple[int, int]:
    """Return two whole numbers, the first not above the second, as in [1, 4]."""
    if value is None:
        return default
    if (
        isinstance(value, list)
        and len(value) == 2
        and all(type(each) is int for each in value)
        and 1 <= value[0] <= value[1] <= most
    ):
        return value[0], value[1]
    problems.add(*where, N_("Two whole numbers from 1 to {most} are needed here, as in [1, 4]."), most=most)
    return default


def positive_number(value: Any, problems: Problems, where: Where) -> float:
    """Return a weight."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e6:
        return float(value)
    problems.add(*where, N_("A number above 0 is needed here."))
    return 1.0


def only_known(keys: Set[str], known: Set[str], problems: Problems, section: str) -> None:
    """Name the keys that mean nothing in a section."""
    for key in keys - known:
        problems.add(
            section, key, N_("{key!r} means nothing here; known are {known}."), key=key, known=", ".join(sorted(known))
        )
