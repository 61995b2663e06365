"""Gold arcs: which word of a story depends on which, by everything that was drawn to tell it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ssl_core.corpora.tinyworld.grammar import Dependency, Draw, feature_name
from ssl_core.corpora.tinyworld.story import Said, Story

Shared = tuple[int | None, str]
"""What two words share: the sentence it was drawn for (None: the whole story), and the variable or feature."""


@dataclass(frozen=True, slots=True)
class Arc:
    """One word depends on another; both are positions in ``story.tokens``."""

    dependency: str
    dependent_position: int
    governor_position: int


@dataclass(frozen=True, slots=True)
class Link:
    """What stands behind an arc: the words as they were said, and what they share."""

    dependency: Dependency
    dependent: Said
    governor: Said
    shared: Shared


def arcs(story: Story) -> tuple[Arc, ...]:
    """Return every arc of a story, dependency by dependency, from left to right.

    Two words can share several variables; they still have one arc.
    """
    found = {Arc(each.dependency.name, each.dependent.head, each.governor.head): None for each in links(story)}
    return tuple(found)


def links(story: Story) -> tuple[Link, ...]:
    """Return what stands behind each arc of a story."""
    sharing = _sharing(story)
    found = []
    for dependency in story.grammar.dependencies.values():
        for shared, words in sharing.items():
            if _is_linked_by(dependency, shared, story):
                found += _links(dependency, shared, words)
    return tuple(found)


def ancestors(draws: Mapping[str, Draw], variable: str) -> tuple[str, ...]:
    """Return a variable, what it was drawn from, what that was drawn from, and so on."""
    found = [variable]
    while (draw := draws.get(found[-1])) is not None and draw.source is not None:
        found.append(draw.source)
    return tuple(found)


def draws_of(story: Story, sentence: int) -> dict[str, Draw]:
    """Return how each variable of a sentence was drawn, those of the whole story included."""
    steps = (*story.grammar.latents, *story.sentences[sentence].template.steps)
    return {step.variable: step for step in steps if isinstance(step, Draw)}


def _sharing(story: Story) -> dict[Shared, list[Said]]:
    """Return what is shared -> all words that share it, from left to right."""
    latents = story.grammar.latent_classes()
    draws = [draws_of(story, number) for number in range(len(story.sentences))]
    found: dict[Shared, list[Said]] = defaultdict(list)
    for said in story.said:
        for name in ancestors(draws[said.sentence], said.variable):
            found[None if name in latents else said.sentence, name].append(said)
        if said.feature is not None:
            found[said.sentence, said.feature].append(said)
    return found


def _is_linked_by(dependency: Dependency, shared: Shared, story: Story) -> bool:
    sentence, name = shared
    if name.startswith("#"):
        return dependency.link == f"#{feature_name(name)}"
    if sentence is None:
        return dependency.link == name
    return dependency.link == story.sentences[sentence].template.classes[name]


def _links(dependency: Dependency, shared: Shared, words: list[Said]) -> list[Link]:
    found = []
    for said in words:
        governor = _governor(dependency, said, words)
        if governor is not None and _fits(said, dependency.dependent):
            found.append(Link(dependency, said, governor, shared))
    return found


def _governor(dependency: Dependency, said: Said, words: list[Said]) -> Said | None:
    """Return the nearest word before that may govern, else the next one in the same sentence."""
    if not dependency.governor:
        return words[0] if words[0] is not said else None
    fitting = [other for other in words if _fits(other, dependency.governor) and other is not said]
    before = [other for other in fitting if other.start < said.start]
    after = [other for other in fitting if other.start > said.start and other.sentence == said.sentence]
    return before[-1] if before else after[0] if after else None


def _fits(said: Said, wanted: tuple[str, ...]) -> bool:
    names = {said.word_class, f"{said.word_class}.{said.form}", f"{said.word_class}.{said.feature}"}
    return not wanted or not names.isdisjoint(wanted)
