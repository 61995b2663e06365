"""Which heads find the word that another depends on, on stories of TinyWorld whose true arcs are known.

Payload:  "model"; "language" ("en", "zh"; that of the vocabulary unless told); "num_stories" (256 unless told).
Values:   "step", "reads", "looks_back", "language", "num_layers", "num_heads", "num_stories", "num_left_out" (too long for the
          context), and "dependencies": for each kind of arc
          "key", "titles" (by language), "num_arcs" in all these stories, "num_joined" (of these, arcs whose two words share a
          token, so that nobody can tell them apart),
          "directions": by key of ``attention.dependencies.DIRECTIONS``, where enough arcs can be seen: "num_arcs" and
          "num_stories" of the reported half, "guesses": by "offset", "place" and "distance"
          (``attention.blind_guesses.GUESSES``) "at" (words away, or which word from the beginning; None for the last) and
          "share", and "share_LH";
          "share_LH" and "direction_LH": each head in the direction that was better on the other half; None if there is none;
          "best": None, or "layer", "head" (from 0), "direction", "share", "interval" [low, high], "above": by guess "gain" and
          "interval", and "is_above" (no interval reaches 0).

See ``ssl_core.attention.dependencies`` for what counts as a hit and what is chosen on which half. A network that looks back
only can't see what comes later: there an arc is asked by the later word, or ("foreseeing") by the word before it, so the
directions have different arcs. A network that fills blanks reads each story once more while all dependent words are hidden, but
for those that others depend on ("hidden").
"""

# L layers, H heads, T tokens, W words

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from ssl_core.analysis import held_out_texts
from ssl_core.analysis.base import OpenSubject, Reply, Subject
from ssl_core.analysis.laid_out import LaidOut, lay_out
from ssl_core.attention import reading
from ssl_core.attention.dependencies import DIRECTIONS, Best, Direction, ReadStory, Tracked, ask, strongest, track
from ssl_core.attention.heads.sentence import BoolArray
from ssl_core.attention.words import between_words, covers_WT, word_places
from ssl_core.corpora.tinyworld.dependencies import Arc, arcs
from ssl_core.corpora.tinyworld.held_out import held_out_stories
from ssl_core.corpora.tinyworld.story import Story
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization.base import MASK_ID
from ssl_core.tokenization.typed import encode_typed

NUM_STORIES, MAX_STORIES = 256, 1024
STORIES_AT_ONCE = 128
SEED = 20_190_604
"""For the resamples; the same question has the same answer."""


@dataclass(frozen=True, slots=True)
class _Gold:
    story: Story
    arcs: tuple[Arc, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _LaidOutStory:
    number: int
    ids_T: list[int]
    covers_WT: BoolArray
    arcs: tuple[Arc, ...]  # those whose two words can be told apart
    is_hidden: bool = False


def answer(payload: Mapping[str, Any], open_subject: OpenSubject) -> Reply:
    """Say which head finds which kind of arc.

    Raises: UserError if the model is none, or no story fits its context.
    """
    subject = open_subject(payload["model"])
    language = held_out_texts.language_of(payload, subject.tokenizer)
    gold = _gold(language, held_out_texts.number(payload, "num_stories", NUM_STORIES, MAX_STORIES))
    fitting = [laid_out for number, each in enumerate(gold) if (laid_out := _fitting(subject, number, each)) is not None]
    if not fitting:
        raise UserError(
            N_("No story fits this model, which sees {tokens} tokens at once. Choose one with a longer context."),
            tokens=subject.context_tokens,
        )
    read = list(_read(subject, fitting))
    hidden = _read(subject, [_hidden(each) for each in fitting]) if subject.reads == "fill" else ()
    asked = ask([*read, *hidden])
    num_arcs = Counter(arc.dependency for each in fitting for arc in gold[each.number].arcs)
    num_seen = Counter(arc.dependency for each in fitting for arc in each.arcs)
    rng = np.random.default_rng(SEED)
    found = []
    for key, dependency in gold[0].story.grammar.dependencies.items():
        tracked = track({name: asked[key, name] for name in DIRECTIONS if (key, name) in asked}, rng)
        counts = {"num_arcs": num_arcs[key], "num_joined": num_arcs[key] - num_seen[key]}
        found.append({"key": key, "titles": dict(dependency.titles), **counts, **_told(tracked)})
    values = {
        "step": subject.step,
        "reads": subject.reads,
        "looks_back": read[0].looks_back_only,
        "language": language,
        "num_layers": read[0].strongest_LHW.shape[0],
        "num_heads": read[0].strongest_LHW.shape[1],
        "num_stories": len(read),
        "num_left_out": len(gold) - len(read),
        "dependencies": found,
    }
    return Reply(values=values)


def token_words(subject: Subject, story: Story, laid_out: LaidOut) -> BoolArray:
    """Return covers_WT: which tokens of a story that is laid out stand for which of its words."""
    places = iter(encode_typed(subject.tokenizer, story.text).places)
    tokens = [None if is_mark else next(places) for is_mark in laid_out.is_mark_T]
    return covers_WT(word_places(story.text, story.tokens), tokens)


@lru_cache(maxsize=4)
def _gold(language: str, num_stories: int) -> tuple[_Gold, ...]:
    return tuple(_Gold(story, arcs(story)) for story in held_out_stories(language, num_stories))


def _fitting(subject: Subject, number: int, gold: _Gold) -> _LaidOutStory | None:
    """Lay a story out, unless it is too long."""
    try:
        laid_out = lay_out(subject, gold.story.text)
    except UserError:
        return None
    covers = token_words(subject, gold.story, laid_out)
    arcs_apart = tuple(arc for arc in gold.arcs if _is_apart(arc, covers))
    return _LaidOutStory(number=number, ids_T=laid_out.ids_T, covers_WT=covers, arcs=arcs_apart)


def _hidden(story: _LaidOutStory) -> _LaidOutStory:
    """Hide the dependent words of a story, but for those that others depend on; only those arcs are asked."""
    governors = {arc.governor_position for arc in story.arcs}
    asked = tuple(arc for arc in story.arcs if arc.dependent_position not in governors)
    is_hidden_T = story.covers_WT[[arc.dependent_position for arc in asked]].any(axis=0)
    return replace(story, ids_T=np.where(is_hidden_T, MASK_ID, story.ids_T).tolist(), arcs=asked, is_hidden=True)


def _read(subject: Subject, stories: Sequence[_LaidOutStory]) -> Iterator[ReadStory]:
    for start in range(0, len(stories), STORIES_AT_ONCE):
        some = stories[start : start + STORIES_AT_ONCE]
        recorded = reading.read(subject.model, [each.ids_T for each in some])
        for each, (weights_LHTT, may_look_LTT) in zip(some, recorded, strict=True):
            yield ReadStory(
                number=each.number,
                arcs=each.arcs,
                strongest_LHW=strongest(between_words(weights_LHTT, each.covers_WT)),
                looks_back_only=reading.looks_back_only(may_look_LTT),
                is_hidden=each.is_hidden,
            )


def _is_apart(arc: Arc, covers: BoolArray) -> bool:
    """Return whether the two words are different tokens, and are there at all."""
    dependent_T, governor_T = covers[arc.dependent_position], covers[arc.governor_position]
    return bool(dependent_T.any() and governor_T.any() and not (dependent_T & governor_T).any())


def _told(tracked: Tracked) -> dict[str, Any]:
    is_known = bool(tracked.directions)
    return {
        "directions": {name: _direction(each) for name, each in tracked.directions.items()},
        "share_LH": tracked.share_LH().tolist() if is_known else None,
        "direction_LH": tracked.direction_LH().tolist() if is_known else None,
        "best": _best(tracked.best) if tracked.best else None,
    }


def _direction(found: Direction) -> dict[str, Any]:
    return {
        "num_arcs": len(found.reported.story_A),
        "num_stories": len(np.unique(found.reported.story_A)),
        "guesses": {key: {"at": guess.at, "share": found.guess_share(key)} for key, guess in found.guesses.items()},
        "share_LH": found.share_LH.tolist(),
    }


def _best(best: Best) -> dict[str, Any]:
    return {
        "layer": best.layer,
        "head": best.head,
        "direction": best.direction,
        "share": best.share,
        "interval": best.interval,
        "above": {key: {"gain": gain, "interval": interval} for key, (gain, interval) in best.above.items()},
        "is_above": best.is_above,
    }
