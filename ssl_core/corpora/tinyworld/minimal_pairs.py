"""A story and its ungrammatical twin that differs in one place: the model is right that finds the first one likelier.

Source: the idea is BLiMP's (Warstadt et al. 2020, arXiv:1912.00582); the pairs are made from this project's own grammars.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ssl_core.corpora.tinyworld.dependencies import Link, ancestors, draws_of, links
from ssl_core.corpora.tinyworld.grammar import Draw, Grammar, Phrase
from ssl_core.corpora.tinyworld.parser import readings
from ssl_core.corpora.tinyworld.story import Story


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that differ from ``position`` on; the second is no story of the grammar."""

    dependency: str
    position: int  # of the first word that differs
    governor_position: int  # of the word that it should have followed
    good_tokens: tuple[str, ...]
    bad_tokens: tuple[str, ...]


def pairs(story: Story, rng: np.random.Generator) -> list[Pair]:
    """Return one pair for each arc of a story that can be broken: its dependent as another value would have it.

    The verb takes its other number, "he" becomes "she", a thing becomes one of another place. Of several such words one is
    drawn: one that breaks nothing but this arc, if there is any, and one of the same length. A word that only has to be
    there, as Chinese 了 after "yesterday", is left out.
    """
    found: dict[tuple[str, int], Pair] = {}
    for link in links(story):
        shuffled = (group[number] for group in _broken(story, link) for number in rng.permutation(len(group)))
        candidates = (_pair(story, link, phrase) for phrase in shuffled)
        pair = next((each for each in candidates if not _is_story(story.grammar, each.bad_tokens)), None)
        if pair is not None:
            found.setdefault((pair.dependency, pair.position), pair)
    return list(found.values())


def _pair(story: Story, link: Link, phrase: Phrase) -> Pair:
    good = story.tokens
    bad = (*good[: link.dependent.start], *phrase, *good[link.dependent.stop :])
    position = next(place for place, word in enumerate(bad) if word != good[place])
    return Pair(link.dependency.name, position, link.governor.head, good, bad)


def _is_story(grammar: Grammar, tokens: tuple[str, ...]) -> bool:
    return next(readings(grammar, tokens), None) is not None


def _broken(story: Story, link: Link) -> list[list[Phrase]]:
    """Return what the dependent could be under another value of what it shares with its governor, the best ones first."""
    said, name = link.dependent, link.shared[1]
    good = story.tokens[said.start : said.stop]
    if name.startswith("#"):
        entry = story.grammar.entry(said.word_class, said.key)
        groups = [{phrase for value in story.grammar.values(name) if value != said.form for phrase in entry.phrases[value]}]
    else:
        groups = _of_other_entries(story, link, name)
    found = []
    for group in groups:
        phrases = sorted(group - {good, ()})
        found.append([phrase for phrase in phrases if len(phrase) == len(good)] or phrases)
    return [*found, [()]] if any(() in group for group in groups) else found


def _of_other_entries(story: Story, link: Link, name: str) -> list[set[Phrase]]:
    """Return the wordings of other entries: first those that break nothing but this arc, then those that break more."""
    said, grammar = link.dependent, story.grammar
    draws = draws_of(story, said.sentence)
    by_breaks: dict[int, set[Phrase]] = {}
    for key in _others(story, link, draws, name):
        breaks = _breaks(story, link, draws, key)
        if breaks is not None:
            by_breaks.setdefault(breaks, set()).update(grammar.entry(said.word_class, key).phrases.get(said.form, ()))
    return [by_breaks[breaks] for breaks in sorted(by_breaks)]


def _others(story: Story, link: Link, draws: Mapping[str, Draw], name: str) -> set[str]:
    """Return the entries that the dependent may be under other values of ``name`` only."""
    said, grammar = link.dependent, story.grammar
    values = story.sentences[said.sentence].values
    path = ancestors(draws, said.variable)
    below = [draws[variable].list_name or "" for variable in path[: path.index(name)]][::-1]
    own, other = {values[name]}, set(grammar.classes[draws[name].word_class].entries) - {values[name]}
    word_class = draws[name].word_class
    for list_name in below:
        entries = grammar.classes[word_class].entries
        own, other = ({key for each in keys for key in entries[each].lists.get(list_name, ())} for keys in (own, other))
        word_class = grammar.classes[word_class].lists[list_name]
    return other - own


def _breaks(story: Story, link: Link, draws: Mapping[str, Draw], key: str) -> int | None:
    """Return how many other bonds of the dependent an entry in its place would break; None if this arc would hold."""
    said, grammar = link.dependent, story.grammar
    values = story.sentences[said.sentence].values
    lists = grammar.entry(said.word_class, key).lists
    count = 0
    for draw in draws.values():
        if draw.source == said.variable and draw.list_name is not None:
            holds = values[draw.variable] in lists.get(draw.list_name, ())
            if holds and draw.variable == link.governor.variable:
                return None
            count += not holds and draw.variable != link.governor.variable
    own = draws[said.variable]
    if own.source is not None and link.shared[1] == said.variable:
        count += key not in grammar.choices(own, values, {each.variable: each.word_class for each in draws.values()})
    return count
