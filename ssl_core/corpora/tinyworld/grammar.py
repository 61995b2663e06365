"""What a grammar is once it has been read: classes of words, and sentences as steps that draw and say them."""

# a phrase is the words of one property: ("in", "the", "garden")

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Phrase = tuple[str, ...]
Kind = Literal["opening", "middle", "ending"]
KINDS: tuple[Kind, ...] = ("opening", "middle", "ending")

SEPARATOR = "[SEP]"
"""What stands between two stories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One word of a class with its forms, and the lists of what goes with it."""

    key: str
    phrases: Mapping[str, tuple[Phrase, ...]]  # property -> its wordings, each equally likely
    lists: Mapping[str, tuple[str, ...]]  # list property -> keys of entries of another class


@dataclass(frozen=True, slots=True, kw_only=True)
class WordClass:
    """Words that can stand in the same place."""

    name: str
    entries: Mapping[str, Entry]
    lists: Mapping[str, str]  # list property -> the class its entries belong to
    capitals: frozenset[str] = frozenset()  # properties whose words are written with a capital
    entities: Mapping[str, str]  # property -> tag of its words: {"name": "person"}
    head: Literal["first", "last"] = "last"  # which word of a phrase an arc points at


@dataclass(frozen=True, slots=True)
class Draw:
    """Draw an entry, each equally likely: from a whole class, or from a list of the entry drawn before as ``source``."""

    variable: str
    word_class: str
    source: str | None = None
    list_name: str | None = None


@dataclass(frozen=True, slots=True)
class Choose:
    """Choose a feature's value: ``feature`` is "#number" or, where a sentence has several, "#number2"."""

    feature: str


@dataclass(frozen=True, slots=True)
class Say:
    """Say these words, whatever was drawn."""

    words: Phrase


@dataclass(frozen=True, slots=True)
class Mention:
    """Say a property of what was drawn: a fixed one, or the one a feature's value names."""

    variable: str
    form: str  # a property's name, or a feature: "#number"


Step = Draw | Choose | Say | Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One sentence with places for words, as steps to take from left to right."""

    kind: Kind
    number: int  # among all templates of the grammar
    text: str
    steps: tuple[Step, ...]
    weight: float
    positions: tuple[int, int]  # of a middle sentence: the first and last place among the middles where it may stand
    only: Mapping[str, frozenset[str]]  # latent -> the entries it is for
    labels: Mapping[str, str]
    classes: Mapping[str, str]  # variable -> class, latents included
    ask: tuple[Step, ...] = ()  # a question about this sentence …
    answer: Mention | None = None  # … and where in it the answer stands

    def fits(self, latents: Mapping[str, str]) -> bool:
        """Say whether this sentence may stand in a story with these latents."""
        return all(latents[name] in allowed for name, allowed in self.only.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that any story can be asked; its answer is the first mention of a latent's property."""

    text: str
    steps: tuple[Step, ...]
    answer: Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """Which words depend on which: mentions that share a feature, a latent or a variable of some class."""

    name: str
    titles: Mapping[str, str]  # language -> what it is called
    link: str  # "#number", a latent's name, or a class
    dependent: tuple[str, ...]  # "class" or "class.property"; empty: any
    governor: tuple[str, ...]  # empty: the first mention of what is shared


@dataclass(frozen=True)
class Grammar:
    """A small language: all that can be said in it, and how likely each choice is."""

    language: str
    middles: tuple[int, int]  # fewest and most middle sentences of a story, each number equally likely
    latents: tuple[Draw, ...]  # drawn once a story, in this order
    features: Mapping[str, tuple[str, ...]]  # name without "#" -> values, each equally likely
    classes: Mapping[str, WordClass]
    templates: tuple[Template, ...]
    questions: tuple[Question, ...]
    dependencies: Mapping[str, Dependency]
    labels: Mapping[str, str]  # what each story is labelled with: name -> "character" or "character.gender"

    @cached_property
    def capitals(self) -> frozenset[str]:
        """Words that are always written with a capital: names."""
        return frozenset(
            word
            for word_class in self.classes.values()
            for entry in word_class.entries.values()
            for form in word_class.capitals & set(entry.phrases)
            for phrase in entry.phrases[form]
            for word in phrase
        )

    def entry(self, word_class: str, key: str) -> Entry:
        """Return one entry of a class."""
        return self.classes[word_class].entries[key]

    def values(self, feature: str) -> tuple[str, ...]:
        """Return the values of a feature as it is mentioned: "#number2" has those of "number"."""
        return self.features[feature_name(feature)]

    def choices(self, draw: Draw, drawn: Mapping[str, str], classes: Mapping[str, str]) -> tuple[str, ...]:
        """Return the keys that a draw may give, after what was drawn before."""
        if draw.source is None or draw.list_name is None:
            return tuple(self.classes[draw.word_class].entries)
        return self.entry(classes[draw.source], drawn[draw.source]).lists[draw.list_name]

    def latent_classes(self) -> dict[str, str]:
        """Return latent -> class."""
        return {draw.variable: draw.word_class for draw in self.latents}

    def combinations(self) -> Iterator[tuple[dict[str, str], float]]:
        """Give each combination of the latents with its probability."""
        classes = self.latent_classes()
        found: list[tuple[dict[str, str], float]] = [({}, 1.0)]
        for draw in self.latents:
            found = [
                ({**drawn, draw.variable: key}, share / len(keys))
                for drawn, share in found
                for keys in [self.choices(draw, drawn, classes)]
                for key in keys
            ]
        yield from found

    def templates_at(self, kind: Kind, position: int, latents: Mapping[str, str]) -> list[Template]:
        """Return the sentences that may stand at a place of a story; ``position`` counts the middles from 1."""
        return [
            template
            for template in self.templates
            if template.kind == kind and template.fits(latents) and template.positions[0] <= position <= template.positions[1]
        ]


def feature_name(feature: str) -> str:
    """Return "number" for "#number" and "#number2"."""
    return feature.lstrip("#").rstrip("0123456789")
