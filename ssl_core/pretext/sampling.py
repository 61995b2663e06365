"""The same text drawn many times: how often each thing happens, against what is expected of it."""

# N draws, T tokens, R roles

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ssl_core.config import Config
from ssl_core.pretext import tracing
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Role, Vocabulary

NUM_DRAWS = 1000
WIDTH = 1.96
"""So many standard errors on each side hold 95 of 100 means."""

UNTOUCHED = (Role.KEPT, Role.SPECIAL, Role.PADDING)
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often one thing happened, and between which bounds that was to be expected."""

    measured: float
    expected: float | None  # None where nobody can say beforehand; the band then lies around what was measured
    low: float
    high: float

    @property
    def is_inside(self) -> bool:
        """True if the measured rate lies in the band; one in twenty may lie outside of it."""
        return self.low - 1e-12 <= self.measured <= self.high + 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What many draws of one text gave."""

    num_draws: int
    roles: dict[Role, Rate]  # as shares of the ordinary tokens
    share_RT: FloatArray  # for each role and place, in how many draws it stood there; no columns where places move
    classes: dict[int, Rate]  # as shares of the draws that ask for a class
    asked_N: IntArray  # targets of each draw that count in the charted loss


def draw(
    task: Any,
    config: Config,
    vocabulary: Vocabulary,
    text: tuple[IntArray, BoolArray],
    others: tuple[IntArray, BoolArray],
    rng: np.random.Generator,
    num_draws: int = NUM_DRAWS,
) -> Drawn:
    """Let a task make an example of the same text again and again.

    ``text`` is ids_T and starts_word_T; ``others`` are rows of other texts, which take turns with it in the batch: some tasks
    need something else to compare with. Without any the text stands alone.
    """
    ids_T = text[0]
    rows = [(np.broadcast_to(mine, (num_draws, len(ids_T))), other) for mine, other in zip(text, others, strict=True)]
    if len(others[0]):
        turns = np.arange(num_draws) % len(others[0])
        ids_BT, starts_BT = (np.stack([mine, other[turns]], axis=1).reshape(-1, len(ids_T)) for mine, other in rows)
    else:
        ids_BT, starts_BT = (np.array(mine) for mine, _other in rows)
    examples: Examples = task.make_examples(ids_BT, rng, config, vocabulary, starts_BT)
    num_ordinary = int((~np.isin(ids_T, vocabulary.special_ids)).sum())
    classes = task.expected_classes(config) if hasattr(task, "expected_classes") else None
    return counted(examples, ids_T, num_ordinary, expected_roles(task, config, num_ordinary), classes)


def counted(
    examples: Examples,
    ids_T: IntArray,
    num_ordinary: int,
    expected: dict[Role, float] | None,
    expected_classes: Sequence[float] | None = None,
) -> Drawn:
    """Count what became of a text in all rows that were made of it; of several views, in the first."""
    is_ours_B = tracing.is_of_text(examples, ids_T)
    rows_N = np.flatnonzero(is_ours_B)[:: examples.num_views]
    roles_BT = tracing.same_width(examples, len(ids_T))
    is_by_row = len(roles_BT) == len(is_ours_B)
    roles_NT = roles_BT[rows_N if is_by_row else rows_N // examples.num_views]
    found = [role for role in Role if role not in UNTOUCHED and ((roles_NT == role).any() or (expected or {}).get(role, 0) > 0)]
    share_RN = {role: (roles_NT == role).sum(axis=1) / max(1, num_ordinary) for role in found}
    has_places = bool(found) and roles_NT.shape[1] == len(ids_T) and len(roles_NT) > 0
    return Drawn(
        num_draws=len(roles_NT),
        roles={role: rate(share_RN[role], None if expected is None else expected.get(role, 0.0)) for role in found},
        share_RT=np.array([(roles_NT == role).mean(axis=0) for role in found]) if has_places else np.zeros((0, 0)),
        classes=_classes(examples, rows_N, expected_classes),
        asked_N=num_targets_B(examples)[rows_N],
    )


def rate(share_N: FloatArray, expected: float | None) -> Rate:
    """Return the mean of the draws with the band in which 95 of 100 such means lie, by the spread of the draws.

    Where tokens are chosen one by one this is the normal band of the binomial; where whole words or spans are chosen
    together, draws differ more, and the band is as much wider.
    """
    measured = float(share_N.mean())
    half = WIDTH * float(share_N.std(ddof=1) if len(share_N) > 1 else 0.0) / len(share_N) ** 0.5
    middle = measured if expected is None else expected
    return Rate(measured=measured, expected=expected, low=max(0.0, middle - half), high=middle + half)


def binomial_band(expected: float, num_draws: int) -> tuple[float, float]:
    """Return between which shares a single token should end up in 95 of 100 cases."""
    half = WIDTH * (expected * (1 - expected) / num_draws) ** 0.5
    return max(0.0, expected - half), min(1.0, expected + half)


def expected_roles(task: Any, config: Config, num_ordinary: int) -> dict[Role, float] | None:
    """Return which share of a text's ordinary tokens should get each role, as the task declares it; None where it doesn't.

    A task says so itself (``expected_roles``), or by its ``corruption`` where each token or word is chosen by itself.
    """
    if hasattr(task, "expected_roles"):
        declared: dict[Role, float] = task.expected_roles(config, num_ordinary)
        return declared
    if task.READER != "masked" or not hasattr(task, "corruption"):
        return None
    made = task.corruption(config)
    return {
        Role.HIDDEN: made.chosen_rate * made.hidden_rate,
        Role.RANDOMISED: made.chosen_rate * made.random_rate,
        Role.KEPT_BUT_PREDICTED: made.chosen_rate * made.kept_rate,
    }


def _classes(examples: Examples, rows_N: IntArray, expected: Sequence[float] | None) -> dict[int, Rate]:
    if examples.labels_B is None:
        return {}
    label_N = examples.labels_B[rows_N]
    label_N = label_N[label_N != IGNORED]
    if not len(label_N):
        return {}
    return {
        number: rate((label_N == number).astype(np.float64), None if expected is None else expected[number])
        for number in range(examples.num_classes)
    }


def num_targets_B(examples: Examples) -> IntArray:
    """Return of each row how many tokens the charted loss is the mean of: all targets, but of a decoder's those that count."""
    found_B = (examples.target_ids_BT != IGNORED).sum(axis=1)
    if examples.decoder_target_ids_BU is not None:
        is_target_BU = examples.decoder_target_ids_BU != IGNORED
        counts_BU = examples.decoder_counts_BU
        found_B = found_B + (is_target_BU if counts_BU is None else is_target_BU & counts_BU).sum(axis=1)
    return np.asarray(found_B)
