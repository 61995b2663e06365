"""Which heads find the word that another depends on: counted on stories whose true arcs are known.

A head hits an arc if, of all other words, the asking word gives most of its attention to the right one. Special tokens don't
count, and the word itself doesn't; commas and full stops do, for a head that rests on them has found nothing. Arcs can be asked
both ways, from the dependent word to its governor or back. Where nobody looks ahead, an arc is only asked by the later word;
and by the word before that one, because there such a network must foresee the later word. A network that fills blanks is also
asked while the dependent words are hidden, because only then does it need to look them up.

Whatever is chosen, the direction, the best head and the blind guesses it is compared with, is chosen on every other story and
reported on the rest, so that choosing is no cheating.
Source: Clark et al. 2019, arXiv:1906.04341, section 4.2; the halves, the other blind guesses and the intervals are ours.
"""

# A arcs, L layers, H heads, W words

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from ssl_core.attention import bootstrap
from ssl_core.attention.blind_guesses import GUESSES, Arcs, Guess
from ssl_core.attention.heads.sentence import BoolArray, FloatArray, IntArray
from ssl_core.corpora.tinyworld.dependencies import Arc
from ssl_core.i18n import N_

DIRECTIONS = {
    "to_governor": N_("from a word to the one it depends on"),
    "to_dependent": N_("from a word to the one that depends on it"),
    "hidden": N_("from a word that is hidden to the one it depends on"),
    "foreseeing": N_("from the place where the later word is predicted, one word before it, to the earlier one"),
}
MIN_ARCS = 20
"""With fewer arcs in either half nothing is said."""

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStory:
    """A story's arcs, and which other word each of its words looked at most, see ``strongest``."""

    number: int  # among all stories; one can be read several times
    arcs: tuple[Arc, ...]
    strongest_LHW: IntArray
    looks_back_only: bool
    is_hidden: bool = False  # the dependent words of these arcs were


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Arcs):
    """Arcs of one kind in many stories, asked in one direction, and which heads hit them."""

    story_A: IntArray
    is_hit_ALH: BoolArray

    def half(self, *, is_reported: bool) -> "Asked":
        """Return the arcs of every other story: those to choose by, or those to report on."""
        mine_A = (self.story_A % 2 == 1) == is_reported
        return Asked(**{each.name: getattr(self, each.name)[mine_A] for each in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """One kind of arc asked in one direction, on the reported half."""

    reported: Asked
    share_LH: FloatArray
    guesses: Mapping[str, Guess]
    chosen_by_LH: FloatArray  # on the other half: what each head gained over the best of the guesses

    def guess_share(self, key: str) -> float:
        """Return the share of arcs that a blind guess hits."""
        return float(self.guesses[key].hits_A(self.reported).mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The head that was best on one half of the stories, on the other half; intervals are over its stories."""

    layer: int  # from 0
    head: int
    direction: str
    share: float
    interval: Interval
    above: Mapping[str, tuple[float, Interval]]  # by blind guess: what the head hits more

    @property
    def is_above(self) -> bool:
        """True if it hits more than each of the guesses, and no interval of that reaches 0."""
        return all(interval[0] > 0 for _gain, interval in self.above.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """What the heads find of one kind of arc; ``directions`` lacks those of which too few arcs can be seen."""

    directions: Mapping[str, Direction]
    best: Best | None

    def direction_LH(self) -> npt.NDArray[np.str_]:
        """Return each head's better direction, chosen on the other half."""
        names = list(self.directions)
        best_LH = np.stack([self.directions[name].chosen_by_LH for name in names]).argmax(axis=0)
        return np.asarray(np.array(names)[best_LH])

    def share_LH(self) -> FloatArray:
        """Return each head's share in its better direction."""
        direction_LH = self.direction_LH()
        shares = [np.where(direction_LH == name, each.share_LH, 0.0) for name, each in self.directions.items()]
        return np.asarray(sum(shares))


def ask(stories: Iterable[ReadStory]) -> dict[tuple[str, str], Asked]:
    """Ask every arc of the stories in all directions: (dependency, direction) -> what was hit."""
    rows: dict[tuple[str, str], list[tuple[int, int, int, int, BoolArray]]] = {}
    for story in stories:
        num_words = story.strongest_LHW.shape[-1]
        for arc in story.arcs:
            for direction, place, right in _questions(arc, story):
                row = (place, right - place, num_words, story.number, story.strongest_LHW[..., place] == right)
                rows.setdefault((arc.dependency, direction), []).append(row)
    return {key: _asked(each) for key, each in rows.items()}


def _questions(arc: Arc, story: ReadStory) -> Iterator[tuple[str, int, int]]:
    """Give the ways to ask an arc that can be seen: the direction, the asking word and the right one."""
    dependent, governor = arc.dependent_position, arc.governor_position
    earlier, later = sorted((dependent, governor))
    if story.is_hidden:
        yield "hidden", dependent, governor
        return
    if governor == earlier or not story.looks_back_only:
        yield "to_governor", dependent, governor
    if dependent == earlier or not story.looks_back_only:
        yield "to_dependent", governor, dependent
    if story.looks_back_only and earlier < later - 1:
        yield "foreseeing", later - 1, earlier


def strongest(weights_LHWW: npt.NDArray[np.floating[Any]]) -> IntArray:
    """Return for each word the other word that gets most of its attention; -1 where no other gets any, or two get as much."""
    others_LHWW = weights_LHWW.copy()
    place_W = np.arange(weights_LHWW.shape[-1])
    others_LHWW[..., place_W, place_W] = 0.0
    most_LHW1 = others_LHWW.max(axis=-1, keepdims=True)
    is_clear_LHW = (most_LHW1[..., 0] > 0) & ((others_LHWW == most_LHW1).sum(axis=-1) == 1)
    return np.asarray(np.where(is_clear_LHW, others_LHWW.argmax(axis=-1), -1))


def track(asked: Mapping[str, Asked], rng: np.random.Generator) -> Tracked:
    """Say what the heads find of one kind of arc, asked in each direction."""
    halves = {name: (each.half(is_reported=False), each.half(is_reported=True)) for name, each in asked.items()}
    directions = {
        name: _direction(known, reported)
        for name, (known, reported) in halves.items()
        if min(len(known.place_A), len(reported.place_A)) >= MIN_ARCS
    }
    if not directions:
        return Tracked(directions={}, best=None)
    gained = {name: float(each.chosen_by_LH.max()) for name, each in directions.items()}
    name = max(gained, key=lambda each: gained[each])
    return Tracked(directions=directions, best=_best(name, directions[name], rng))


def _asked(rows: list[tuple[int, int, int, int, BoolArray]]) -> Asked:
    place_A, offset_A, num_words_A, story_A = np.array([row[:4] for row in rows], dtype=np.int64).T
    is_hit_ALH = np.stack([row[4] for row in rows])
    return Asked(place_A=place_A, offset_A=offset_A, num_words_A=num_words_A, story_A=story_A, is_hit_ALH=is_hit_ALH)


def _direction(known: Asked, reported: Asked) -> Direction:
    guesses = {key: choose(known) for key, (_title, choose) in GUESSES.items()}
    best_guess = max(each.hits_A(known).mean() for each in guesses.values())
    return Direction(
        reported=reported,
        share_LH=reported.is_hit_ALH.mean(axis=0),
        guesses=guesses,
        chosen_by_LH=known.is_hit_ALH.mean(axis=0) - best_guess,
    )


def _best(name: str, direction: Direction, rng: np.random.Generator) -> Best:
    reported = direction.reported
    layer, head = map(int, np.unravel_index(direction.chosen_by_LH.argmax(), direction.chosen_by_LH.shape))
    is_hit_A = reported.is_hit_ALH[:, layer, head].astype(np.float64)

    def mean(counts_A: FloatArray) -> tuple[float, Interval]:
        hits_S, totals_S = np.bincount(reported.story_A, weights=counts_A), np.bincount(reported.story_A)
        return float(counts_A.mean()), bootstrap.interval(hits_S, totals_S, rng)

    share, interval = mean(is_hit_A)
    above = {key: mean(is_hit_A - guess.hits_A(reported)) for key, guess in direction.guesses.items()}
    return Best(layer=layer, head=head, direction=name, share=share, interval=interval, above=above)
