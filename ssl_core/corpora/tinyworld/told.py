"""A story and all that is known about it: what was drawn, and which words say it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from ssl_core.corpora.tinyworld.grammar import Grammar, Mention, Phrase, Say, Template
from ssl_core.corpora.tinyworld.writing import JOINED, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words of a story that say something that was drawn: ``story.tokens[start:stop]``."""

    start: int
    stop: int
    sentence: int
    variable: str  # a latent's name, or a variable of the sentence
    word_class: str
    key: str  # of the entry
    form: str  # the property that is said
    feature: str | None  # the feature that chose it: "#number"
    head: int  # position of the word that an arc points at


@dataclass(frozen=True)
class Sentence:
    """One sentence of a story: its template, and what was drawn for it."""

    template: Template
    values: Mapping[str, str]  # variable -> key, feature -> value, the story's latents included
    phrases: tuple[Phrase, ...]  # what is said, one for each slot and each stretch between slots
    start: int  # position of its first word in the story

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Its words and marks."""
        return tuple(chain.from_iterable(self.phrases))

    @property
    def stop(self) -> int:
        """The position after its last word in the story."""
        return self.start + len(self.tokens)

    @property
    def labels(self) -> dict[str, str]:
        """What its template labels it with."""
        return {name: self._label(value) for name, value in self.template.labels.items()}

    def _label(self, value: str) -> str:
        return self.values[value.strip("{}")] if value.startswith(("#", "{")) else value


@dataclass(frozen=True)
class Story:
    """A story and all that is known about it."""

    grammar: Grammar
    latents: Mapping[str, str]
    sentences: tuple[Sentence, ...]

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """All words and marks, as the machine emits them."""
        return tuple(chain.from_iterable(sentence.tokens for sentence in self.sentences))

    @property
    def text(self) -> str:
        """The story as people write it."""
        return written(self.tokens, self.grammar.language, self.grammar.capitals)

    @property
    def words(self) -> tuple[str, ...] | None:
        """The known words of a text without blanks, which together are the text; None where blanks show them."""
        return self.tokens if self.grammar.language in JOINED else None

    @property
    def labels(self) -> dict[str, str]:
        """What the grammar labels its stories with: character, place, mood …"""
        return {label: _labelled(self.grammar, self.latents, path) for label, path in self.grammar.labels.items()}

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """All words that say something that was drawn, from left to right."""
        return tuple(each for number, sentence in enumerate(self.sentences) for each in _said(self.grammar, number, sentence))

    @property
    def entity_tags(self) -> tuple[str, ...]:
        """For each token "O", or "B-person" and "I-person" where a person is named, and so on."""
        tags = ["O"] * len(self.tokens)
        for each in self.said:
            if tag := self.grammar.classes[each.word_class].entities.get(each.form):
                tags[each.start : each.stop] = [f"{'I' if rest else 'B'}-{tag}" for rest in range(each.stop - each.start)]
        return tuple(tags)


def wordings(grammar: Grammar, template: Template, values: Mapping[str, str], step: Mention) -> tuple[Phrase, ...]:
    """Return all ways to say what a slot mentions, after what was drawn."""
    form = values[step.form] if step.form.startswith("#") else step.form
    return grammar.entry(template.classes[step.variable], values[step.variable]).phrases[form]


def _said(grammar: Grammar, number: int, sentence: Sentence) -> Iterator[Said]:
    template, position = sentence.template, sentence.start
    spoken = (step for step in template.steps if isinstance(step, (Say, Mention)))
    for step, phrase in zip(spoken, sentence.phrases, strict=True):
        if isinstance(step, Mention) and phrase:
            feature = step.form if step.form.startswith("#") else None
            word_class = template.classes[step.variable]
            yield Said(
                start=position,
                stop=position + len(phrase),
                sentence=number,
                variable=step.variable,
                word_class=word_class,
                key=sentence.values[step.variable],
                form=sentence.values[feature] if feature else step.form,
                feature=feature,
                head=position + (0 if grammar.classes[word_class].head == "first" else len(phrase) - 1),
            )
        position += len(phrase)


def _labelled(grammar: Grammar, latents: Mapping[str, str], path: str) -> str:
    name, _, form = path.partition(".")
    if not form:
        return latents[name]
    return " ".join(grammar.entry(grammar.latent_classes()[name], latents[name]).phrases[form][0])
