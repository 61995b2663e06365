"""The sentences of a grammar: openings, middles and endings."""

from collections.abc import Iterable, Mapping, Set
from typing import Any

from ssl_core.corpora.tinyworld.grammar import (
    KINDS,
    Draw,
    Grammar,
    Kind,
    Mention,
    Step,
    Template,
)
from ssl_core.corpora.tinyworld.problems import Problems
from ssl_core.corpora.tinyworld.tables import (
    only_known,
    positive_number,
    string,
    strings,
    table,
    tables,
    texts_by_name,
    whole_numbers,
)
from ssl_core.corpora.tinyworld.templates import SENTENCE_ENDS, StepReader, words_in
from ssl_core.i18n import N_

MAX_TEMPLATES = 500
MAX_SENTENCE_WORDS = 60
_TEMPLATE_KEYS = {"text", "weight", "draw", "only", "labels", "ask", "answer"}
Latents = Mapping[str, tuple[str, Set[str]]]


def read_templates(data: dict[str, Any], grammar: Grammar, problems: Problems) -> tuple[Template, ...]:
    """Read [[opening]], [[middle]] and [[ending]]."""
    written = [(kind, number, each) for kind in KINDS for number, each in enumerate(tables(data, kind, problems), start=1)]
    if len(written) > MAX_TEMPLATES:
        problems.add("middle", "", N_("There are more than {most} sentences; take fewer."), most=MAX_TEMPLATES)
        return ()
    templates = tuple(
        _template(kind, f"{kind} {number}", index, each, grammar, problems)
        for index, (kind, number, each) in enumerate(written)
    )
    _check_each_place_is_filled(templates, grammar, problems)
    return templates


def _template(kind: Kind, section: str, number: int, data: dict[str, Any], grammar: Grammar, problems: Problems) -> Template:
    only_known(data.keys(), _TEMPLATE_KEYS | ({"positions"} if kind == "middle" else set()), problems, section)
    only = _only(table(data, "only", section, problems), grammar, problems, section)
    latents = possible_latents(grammar, only)
    reader = StepReader(grammar.classes, grammar.features, latents, problems, (section, "text"))
    for variable, path in texts_by_name(data.get("draw", {}), problems, (section, "draw")).items():
        reader.draw(variable, path)
    text = string(data.get("text"), problems, (section, "text"))
    reader.read(text)
    _check_ends(text, reader.steps, problems, section)
    positions = (1, grammar.middles[1])
    if kind == "middle":
        positions = whole_numbers(data.get("positions"), positions, 99, problems, (section, "positions"))
    labels = texts_by_name(data.get("labels", {}), problems, (section, "labels"))
    for value in labels.values():
        _check_label(value, reader, problems, section)
    steps = tuple(reader.steps)
    ask, answer = _ask(data, reader, problems, section)
    return Template(
        kind=kind,
        number=number,
        text=text,
        steps=steps,
        weight=positive_number(data.get("weight", 1), problems, (section, "weight")),
        positions=positions,
        only=only,
        labels=labels,
        classes=dict(reader.classes),
        ask=ask,
        answer=answer,
    )


def possible_latents(grammar: Grammar, only: Mapping[str, frozenset[str]]) -> Latents:
    """Return latent -> its class and the entries that it may be."""
    possible: dict[str, set[str]] = {name: set() for name in grammar.latent_classes()}
    for drawn, _share in grammar.combinations():
        for name, key in drawn.items():
            if key in only.get(name, (key,)):
                possible[name].add(key)
    return {name: (word_class, possible[name]) for name, word_class in grammar.latent_classes().items()}


def _only(data: dict[str, Any], grammar: Grammar, problems: Problems, section: str) -> dict[str, frozenset[str]]:
    classes = grammar.latent_classes()
    found = {}
    for name, value in data.items():
        keys = strings(value, problems, (section, "only"))
        if name not in classes:
            problems.add(section, "only", N_("{name!r} is no latent; known are {known}."), name=name, known=", ".join(classes))
            continue
        for key in keys:
            if key not in grammar.classes[classes[name]].entries:
                problems.add(
                    section, "only", N_("{key!r} is not in the class {word_class!r}."), key=key, word_class=classes[name]
                )
        found[name] = frozenset(keys)
    return found


def _check_ends(text: str, steps: Iterable[Step], problems: Problems, section: str) -> None:
    words = words_in(text)
    ends = [word for word in words if word in SENTENCE_ENDS]
    if not words or len(ends) != 1 or words[-1] not in SENTENCE_ENDS:
        problems.add(section, "text", N_("A sentence needs one mark that ends it, at its end, after a blank."))
    if len(words) > MAX_SENTENCE_WORDS:
        problems.add(section, "text", N_("This sentence has more than {most} words; take fewer."), most=MAX_SENTENCE_WORDS)
    if not any(isinstance(step, Mention) for step in steps):
        problems.add(section, "text", N_("A sentence needs at least one slot."))


def _check_label(value: str, reader: StepReader, problems: Problems, section: str) -> None:
    if value.startswith("#") and value not in reader.chosen:
        problems.add(section, "labels", N_("{value!r} is not mentioned in this sentence."), value=value)
    if value.startswith("{") and value.strip("{}") not in reader.classes:
        problems.add(section, "labels", N_("{value!r} is no variable of this sentence."), value=value)


def _ask(data: dict[str, Any], reader: StepReader, problems: Problems, section: str) -> tuple[tuple[Step, ...], Mention | None]:
    if "ask" not in data and "answer" not in data:
        return (), None
    reader.where = (section, "ask")
    known, num_steps = set(reader.classes), len(reader.steps)
    reader.read(string(data.get("ask"), problems, reader.where))
    answer = reader.mention(string(data.get("answer"), problems, reader.where))
    steps = tuple(reader.steps[num_steps:])
    if set(reader.classes) != known or any(isinstance(step, Draw) for step in steps):
        problems.add(section, "ask", N_("A question can draw nothing new; it mentions what its sentence has drawn."))
    return steps, answer


def _check_each_place_is_filled(templates: tuple[Template, ...], grammar: Grammar, problems: Problems) -> None:
    places: list[tuple[Kind, int]] = [
        ("opening", 1),
        ("ending", 1),
        *(("middle", place) for place in range(1, grammar.middles[1] + 1)),
    ]
    for drawn, _share in grammar.combinations():
        for kind, place in places:
            if not any(
                each.kind == kind and each.positions[0] <= place <= each.positions[1] and each.fits(drawn) for each in templates
            ):
                problems.add(
                    kind, "", N_("No sentence can stand as {kind} {place} of a story with {latents}."),
                    kind=kind, place=place, latents=", ".join(f"{name} = {key}" for name, key in drawn.items()),
                )  # fmt: skip
                return
