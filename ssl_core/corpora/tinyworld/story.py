"""Telling stories: each choice with its probability, and everything that was chosen is kept."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, TypeVar

import numpy as np

from ssl_core.corpora.tinyworld.grammar import Choose, Draw, Grammar, Kind, Mention, Phrase, Say, Template
from ssl_core.corpora.tinyworld.told import Said, Sentence, Story, wordings

__all__ = ["Said", "Sentence", "Story", "draw", "stories", "wordings"]

Option = TypeVar("Option")
Plan = list[tuple[str | None, tuple[str, ...], Any]]
"""A sentence, step by step: what is drawn (None: something is said), what that depends on, and a table of all it may be."""


def draw(grammar: Grammar, rng: np.random.Generator) -> Story:
    """Tell one story, each choice with its probability."""
    return next(stories(grammar, rng))


def stories(grammar: Grammar, rng: np.random.Generator) -> Iterator[Story]:
    """Tell stories without end."""
    teller = _Teller(grammar, rng)
    while True:
        yield teller.story()


class _Teller:
    """Draws from left to right; what each step may give is looked up, as thousands of stories are told."""

    def __init__(self, grammar: Grammar, rng: np.random.Generator) -> None:
        self._grammar, self._random = grammar, rng.random
        self._latent_classes = grammar.latent_classes()
        self._plans = [_plan(grammar, template) for template in grammar.templates]
        self._places: dict[tuple[str, ...], list[tuple[list[Template], list[float]]]] = {}

    def story(self) -> Story:
        grammar = self._grammar
        latents: dict[str, str] = {}
        for step in grammar.latents:
            latents[step.variable] = self._one_of(grammar.choices(step, latents, self._latent_classes))
        fewest, most = grammar.middles
        num_middles = self._one_of(range(fewest, most + 1))
        places = self._places_for(latents)
        sentences: list[Sentence] = []
        start = 0
        for templates, weights in [*places[: num_middles + 1], places[-1]]:
            template = templates[bisect_right(weights, self._random() * weights[-1], hi=len(weights) - 1)]
            sentence = self._sentence(template, latents, start)
            sentences.append(sentence)
            start += sum(map(len, sentence.phrases))
        return Story(grammar, latents, tuple(sentences))

    def _places_for(self, latents: Mapping[str, str]) -> list[tuple[list[Template], list[float]]]:
        """Return for each place of a story the sentences that may stand there, and their weights added up."""
        key = tuple(latents.values())
        if key not in self._places:
            middles: list[tuple[Kind, int]] = [("middle", place) for place in range(1, self._grammar.middles[1] + 1)]
            could_be = [self._grammar.templates_at(*place, latents) for place in (("opening", 1), *middles, ("ending", 1))]
            self._places[key] = [(each, list(accumulate(template.weight for template in each))) for each in could_be]
        return self._places[key]

    def _sentence(self, template: Template, latents: Mapping[str, str], start: int) -> Sentence:
        values = dict(latents)
        phrases: list[Phrase] = []
        for drawn, depends_on, options in self._plans[template.number]:
            for name in depends_on:
                options = options[values[name]]
            one = options[0] if len(options) == 1 else options[int(self._random() * len(options))]
            if drawn is None:
                phrases.append(one)
            else:
                values[drawn] = one
        return Sentence(template, values, tuple(phrases), start)

    def _one_of(self, options: Sequence[Option]) -> Option:
        return options[0] if len(options) == 1 else options[int(self._random() * len(options))]


def _plan(grammar: Grammar, template: Template) -> Plan:
    plan: Plan = []
    for step in template.steps:
        match step:
            case Say():
                plan.append((None, (), (step.words,)))
            case Choose():
                plan.append((step.feature, (), grammar.values(step.feature)))
            case Draw(variable=variable, source=str(source), list_name=str(name)):
                entries = grammar.classes[template.classes[source]].entries
                plan.append((variable, (source,), {key: entry.lists.get(name) for key, entry in entries.items()}))
            case Draw():
                plan.append((step.variable, (), tuple(grammar.classes[step.word_class].entries)))
            case Mention():
                entries = grammar.classes[template.classes[step.variable]].entries
                if step.form.startswith("#"):
                    plan.append((None, (step.variable, step.form), {key: entry.phrases for key, entry in entries.items()}))
                else:
                    plan.append((None, (step.variable,), {key: entry.phrases.get(step.form) for key, entry in entries.items()}))
    return plan
