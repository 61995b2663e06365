"""The words of a grammar: classes, their entries, and the lists in which one entry names others."""

from collections.abc import Mapping
from typing import Any, Literal

from ssl_core.corpora.tinyworld.grammar import Entry, Phrase, WordClass
from ssl_core.corpora.tinyworld.problems import Problems
from ssl_core.corpora.tinyworld.tables import string, strings, texts_by_name
from ssl_core.corpora.tinyworld.templates import words_of
from ssl_core.i18n import N_

MAX_ENTRIES = 2_000
_SETTINGS = {"lists", "capital", "entities", "head"}


def read_classes(data: Mapping[str, Any], problems: Problems) -> dict[str, WordClass]:
    """Read [classes.…]: in each class the settings, and every other key is an entry."""
    tables = {name: value for name, value in data.items() if isinstance(value, dict)}
    for name in data.keys() - tables.keys():
        problems.add("classes", name, N_("A class is written as [classes.{name}]."), name=name)
    if sum(len(value) for value in tables.values()) > MAX_ENTRIES:
        problems.add("classes", "", N_("There are more than {most} words; take fewer."), most=MAX_ENTRIES)
        return {}
    classes = {name: _class(name, value, problems) for name, value in tables.items()}
    for word_class in classes.values():
        _check_lists(word_class, classes, problems)
    return classes


def _class(name: str, data: dict[str, Any], problems: Problems) -> WordClass:
    section = f"classes.{name}"
    lists = texts_by_name(data.get("lists", {}), problems, (section, "lists"))
    entries = {
        key: _entry(key, value, lists, problems, section)
        for key, value in data.items()
        if key not in _SETTINGS and _is_entry(key, value, problems, section)
    }
    if not entries:
        problems.add(section, "", N_("This class has no entry."))
    capital = data.get("capital", [])
    every_form = {form for entry in entries.values() for form in entry.phrases}
    capitals = every_form if capital is True else set(strings(capital or [], problems, (section, "capital")))
    for form in capitals - every_form:
        problems.add(section, "capital", N_("No entry has a property {form!r}."), form=form)
    return WordClass(
        name=name,
        entries=entries,
        lists=lists,
        capitals=frozenset(capitals),
        entities=texts_by_name(data.get("entities", {}), problems, (section, "entities")),
        head=_head(data.get("head", "last"), problems, section),
    )


def _is_entry(key: str, value: Any, problems: Problems, section: str) -> bool:
    if isinstance(value, dict):
        return True
    problems.add(section, key, N_('An entry is written as {key} = {{ one = "…", many = "…" }}.'), key=key)
    return False


def _head(value: Any, problems: Problems, section: str) -> Literal["first", "last"]:
    if value not in ("first", "last"):
        problems.add(section, "head", N_('head must be "first" or "last".'))
    return "first" if value == "first" else "last"


def _entry(key: str, data: dict[str, Any], lists: Mapping[str, str], problems: Problems, section: str) -> Entry:
    phrases: dict[str, tuple[Phrase, ...]] = {}
    listed: dict[str, tuple[str, ...]] = {}
    for name, value in data.items():
        if name in lists:
            listed[name] = strings(value if isinstance(value, list) else [value], problems, (section, key))
            continue
        wordings = value if isinstance(value, list) else [value]
        phrases[name] = tuple(words_of(string(each, problems, (section, key)), problems, (section, key)) for each in wordings)
        if not wordings or len(set(phrases[name])) < len(wordings):
            problems.add(section, key, N_("{name!r} is empty, or says something twice."), name=name)
    return Entry(key=key, phrases=phrases, lists=listed)


def _check_lists(word_class: WordClass, classes: Mapping[str, WordClass], problems: Problems) -> None:
    section = f"classes.{word_class.name}"
    for list_name, target in word_class.lists.items():
        if target not in classes:
            problems.add(
                section,
                "lists",
                N_("The list {name!r} is of a class {target!r}, which there is not."),
                name=list_name,
                target=target,
            )
            continue
        for entry in word_class.entries.values():
            keys = entry.lists.get(list_name, ())
            for key in keys:
                if key not in classes[target].entries:
                    problems.add(
                        section,
                        entry.key,
                        N_("{name!r} names {key!r}, which is not in the class {target!r}."),
                        name=list_name,
                        key=key,
                        target=target,
                    )
            if len(set(keys)) < len(keys):
                problems.add(section, entry.key, N_("{name!r} names something twice."), name=list_name)
