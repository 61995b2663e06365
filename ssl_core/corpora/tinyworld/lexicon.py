"""From a grammar's text, a TOML file that a teacher writes, to the grammar; or to a list of all that is wrong with it."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from ssl_core.corpora.letters import is_letters
from ssl_core.corpora.tinyworld import meanings
from ssl_core.corpora.tinyworld.classes import read_classes
from ssl_core.corpora.tinyworld.declarations import read_dependencies, read_questions
from ssl_core.corpora.tinyworld.grammar import Draw, Grammar, WordClass
from ssl_core.corpora.tinyworld.problems import Problems, shorten
from ssl_core.corpora.tinyworld.sections import read_templates
from ssl_core.corpora.tinyworld.tables import string, strings, table, texts_by_name, whole_numbers
from ssl_core.errors import UserError
from ssl_core.i18n import LANGUAGES, N_

MAX_CHARACTERS = 200_000
MAX_COMBINATIONS = 2_000
MAX_MIDDLES = 8
FILES = {"en": "english.toml", "zh": "chinese.toml"}
_SECTIONS = {"language", "story", "latents", "features", "classes", "opening", "middle", "ending", "question", "dependencies"}


@cache
def grammar(language: str) -> Grammar:
    """Return the built-in grammar of a language, "en" or "zh"."""
    return read(source(language))


def source(language: str) -> str:
    """Return the text of the built-in grammar of a language, for reading and for changing it."""
    return resources.files(__package__).joinpath(FILES[language]).read_text(encoding="utf-8")


def read(text: str) -> Grammar:
    """Read a grammar.

    Raises: UserError that lists everything that is wrong with it, with lines.
    """
    data = _parsed(text)
    problems = Problems(text)
    for name in data.keys() - _SECTIONS:
        problems.add(name, "", N_("There is no such section; known are {known}."), known=", ".join(sorted(_SECTIONS)))
    language = data.get("language")
    if language not in tuple(LANGUAGES):  # it may be anything, a list too
        problems.add("language", "", N_("language must be one of {known}."), known=", ".join(LANGUAGES))
    story = table(data, "story", "story", problems)
    classes = read_classes(table(data, "classes", "classes", problems), problems)
    features = _features(table(data, "features", "features", problems), problems)
    problems.check()  # what is missing below this would be said again for each sentence
    latents = _latents(table(data, "latents", "latents", problems), classes, problems)
    middles = whole_numbers(story.get("middles"), (1, 4), MAX_MIDDLES, problems, ("story", "middles"))
    found = Grammar(
        language=str(language),
        middles=middles,
        latents=latents,
        features=features,
        classes=classes,
        templates=(),
        questions=(),
        dependencies={},
        labels=_labels(story, latents, problems),
    )
    problems.check()
    found = replace(
        found,
        templates=read_templates(data, found, problems),
        questions=read_questions(data, found, problems),
        dependencies=read_dependencies(table(data, "dependencies", "dependencies", problems), found, problems),
    )
    problems.check()
    meanings.check(found, strings(story.get("two_meanings", []), problems, ("story", "two_meanings")), problems)
    problems.check()
    return found


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > MAX_CHARACTERS:
        raise UserError(
            N_("This grammar has {found:,} characters; at most {most:,} are read."), found=len(text), most=MAX_CHARACTERS
        )
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise UserError(N_("This is no TOML: {reason}. Look at that line."), reason=shorten(str(error))) from error


def _features(data: Mapping[str, Any], problems: Problems) -> dict[str, tuple[str, ...]]:
    found = {}
    for name, value in data.items():
        found[name] = strings(value, problems, ("features", name))
        if not is_letters(name.replace("_", "")) or len(found[name]) < 2 or len(set(found[name])) < len(found[name]):
            problems.add(
                "features", name, N_('A feature has letters only and two or more values, as in number = ["one", "many"].')
            )
    return found


def _latents(data: Mapping[str, Any], classes: Mapping[str, WordClass], problems: Problems) -> tuple[Draw, ...]:
    draws: list[Draw] = []
    num_combinations = 1
    for name, value in data.items():
        path = string(value, problems, ("latents", name))
        draw = _latent(name, path, draws, classes, problems)
        if draw is not None:
            draws.append(draw)
            num_combinations *= _num_choices(draw, draws, classes)
    if not draws:
        problems.add("latents", "", N_('A story needs something that is drawn once, as in place = "place".'))
    if num_combinations > MAX_COMBINATIONS:
        problems.add(
            "latents", "", N_("These latents have {found:,} combinations; at most {most:,} are possible."),
            found=num_combinations, most=MAX_COMBINATIONS,
        )  # fmt: skip
    return tuple(draws)


def _latent(name: str, path: str, before: list[Draw], classes: Mapping[str, WordClass], problems: Problems) -> Draw | None:
    """Return the draw of a latent: "place" draws from a class, "place.animals" from a list of an earlier latent."""
    if name in classes and path != name:
        problems.add("latents", name, N_("The latent {name!r} has the name of another class."), name=name)
    if path in classes:
        return Draw(name, path)
    source, _, list_name = path.partition(".")
    found = next((draw for draw in before if draw.variable == source), None)
    target = classes[found.word_class].lists.get(list_name) if found else None
    if found is None or target is None:
        problems.add("latents", name, N_("{path!r} is no class, nor a list of a latent before this one."), path=path)
        return None
    if any(not entry.lists.get(list_name) for entry in classes[found.word_class].entries.values()):
        problems.add(
            "latents",
            name,
            N_("Every entry of {word_class!r} needs a list {name!r} for this."),
            word_class=found.word_class,
            name=list_name,
        )
    return Draw(name, target, source, list_name)


def _num_choices(draw: Draw, draws: list[Draw], classes: Mapping[str, WordClass]) -> int:
    if draw.source is None or draw.list_name is None:
        return len(classes[draw.word_class].entries)
    source_class = next(each.word_class for each in draws if each.variable == draw.source)
    return max(len(entry.lists.get(draw.list_name, ())) for entry in classes[source_class].entries.values())


def _labels(story: dict[str, Any], latents: tuple[Draw, ...], problems: Problems) -> dict[str, str]:
    names = [draw.variable for draw in latents]
    if "labels" not in story:
        return {name: name for name in names}
    found = texts_by_name(story["labels"], problems, ("story", "labels"))
    for label, path in found.items():
        if path.split(".")[0] not in names:
            problems.add("story", "labels", N_("The label {label!r} must be a latent or a property of one."), label=label)
    return found
