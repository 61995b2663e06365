"""How low could the loss go on TinyWorld, and how long does it take to know that exactly?"""

# B sequences, T tokens

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from benchmarks import table
from ssl_core.corpora.tinyworld import compiler, floor, lexicon, sentence_pairs
from ssl_core.corpora.tinyworld.corrupted_floor import masked_nats, replaced_nats
from ssl_core.corpora.tinyworld.messages import reversed_transitions, transitions
from ssl_core.corpora.tinyworld.reduced import reduced
from ssl_core.corpora.tinyworld.spelled import spelled
from ssl_core.corpora.tinyworld.story import stories
from ssl_core.pretext.base import IGNORED, Corruption, Vocabulary

NUM_SEQUENCES, NUM_NOISY, T = 1_000, 128, 64
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Told:
    """Stories of one language, as windows cut from the stream and as pairs of sentences."""

    machine: object
    vocabulary: Vocabulary
    ids_BT: np.ndarray
    sentences: list[list[list[int]]]  # by story

    @classmethod
    def of(cls, language: str) -> "Told":
        words = compiler.machine(language)
        number_of = {word: number for number, word in enumerate(words.words)}
        size = len(words.words) + 4  # as a tokenizer of whole words has them: [SEP] is 3, the words begin at 5
        machine = spelled(words, lambda word: [number_of[word] + 4 if number_of[word] else 3], size)
        teller, told = stories(lexicon.grammar(language), np.random.default_rng(11)), []
        while sum(len(sentence) for story in told for sentence in story) < 1.05 * NUM_SEQUENCES * T:
            told.append([[number_of[word] + 4 for word in sentence.tokens] for sentence in next(teller).sentences])
        stream = [token for story in told for token in (*(word for sentence in story for word in sentence), 3)]
        ids_BT = np.array(stream[: NUM_SEQUENCES * T]).reshape(NUM_SEQUENCES, T)
        return cls(machine, Vocabulary(size=size, special_ids=(0, 1, 2, 3, 4), mask_id=4), ids_BT, told)


def main() -> None:
    """Measure and write the two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    told = {language: Told.of(language) for language in LANGUAGES}
    for each in told.values():
        for ways in (transitions, reversed_transitions):
            ways(reduced(each.machine))
    results = {(language, name): ([], []) for language in LANGUAGES for name in QUESTIONS}
    for _round in range(asked.rounds):
        for (language, name), (values, seconds) in results.items():
            started = time.perf_counter()
            values.append(QUESTIONS[name](told[language], reduced(told[language].machine)))
            seconds.append(time.perf_counter() - started)
    _write_floors(told, results)
    _write_times(asked.rounds, results)


def _write_floors(told, results) -> None:
    rows = [
        ("words", *(f"{len(compiler.machine(language).words) - 1}" for language in LANGUAGES)),
        ("states, as few as told apart by texts", *(_states(told[language].machine) for language in LANGUAGES)),
        *((name, *(results[language, name][0][0] for language in LANGUAGES)) for name in QUESTIONS),
    ]
    table.write("floors", ("", *LANGUAGES), rows, "Nats per predicted token, pair or position.")


def _write_times(rounds: int, results) -> None:
    rows = []
    for name in QUESTIONS:
        row = [name]
        for language in LANGUAGES:
            seconds, unit = results[language, name][1], results[language, NEXT][1]
            ratio = statistics.median(a / b for a, b in zip(seconds, unit, strict=True))
            row += [f"{statistics.median(seconds):.2f} s", f"**× {ratio:.1f}**"]
        rows.append(tuple(row))
    header = ("", "en", "en, ratio", "zh", "zh, ratio")
    table.write(
        "floor times", header, rows, f"Medians of {rounds} rounds, one core; ratios to the first row of the same round."
    )


def _states(machine) -> str:
    return f"{machine.num_states:,} → {reduced(machine).num_states:,}"


def _mean(nats_BT) -> str:
    return f"{np.nanmean(nats_BT):.3f}"


def _next_token(told: Told, machine) -> str:
    return _mean(floor.next_token_nats(machine, told.ids_BT)[:, 1:])


def _hidden(rate: float) -> Callable[[Told, object], str]:
    def ask(told: Told, machine) -> str:
        is_hidden_BT = (np.random.default_rng(1).random(told.ids_BT.shape) < rate) & (told.ids_BT != 3)
        return _mean(floor.hidden_nats(machine, told.ids_BT, is_hidden_BT))

    return ask


def _spans(told: Told, machine) -> str:
    """Hide five spans of three tokens a sequence: what they cost together, for each hidden token."""
    is_hidden_BT = np.zeros(told.ids_BT.shape, dtype=bool)
    for row, begins in zip(
        is_hidden_BT, np.random.default_rng(2).permuted(np.tile(np.arange(12), (1_000, 1)), axis=1), strict=True
    ):
        row[(begins[:5, None] * 5 + np.arange(3)).ravel()] = True
    return _mean(floor.joint_nats(machine, told.ids_BT, is_hidden_BT) / is_hidden_BT.sum(axis=1))


def _corrupted(told: Told, how: Corruption) -> tuple[np.ndarray, np.ndarray]:
    rng, ids_BT = np.random.default_rng(3), told.ids_BT[:: NUM_SEQUENCES // NUM_NOISY][:NUM_NOISY]
    is_chosen_BT, fate_BT = (rng.random(ids_BT.shape) < how.chosen_rate) & (ids_BT != 3), rng.random(ids_BT.shape)
    random_BT = rng.choice(told.vocabulary.size, ids_BT.shape, p=how.random_V)
    seen_BT = np.where(is_chosen_BT & (fate_BT < how.hidden_rate + how.random_rate), random_BT, ids_BT)
    seen_BT[is_chosen_BT & (fate_BT < how.hidden_rate)] = 4
    return seen_BT, np.where(is_chosen_BT, ids_BT, IGNORED)


def _masked(told: Told, machine) -> str:
    how = Corruption(chosen_rate=0.3, hidden_rate=0.8, random_rate=0.1)
    return _mean(masked_nats(machine, *_corrupted(told, how), how, told.vocabulary))


def _replaced(told: Told, machine) -> str:
    frequency_V = np.bincount(told.ids_BT.ravel(), minlength=told.vocabulary.size) / told.ids_BT.size
    how = Corruption(chosen_rate=0.15, hidden_rate=0.0, random_rate=1.0, random_V=frequency_V)
    seen_BT, target_BT = _corrupted(told, how)
    is_replaced_BT = (target_BT != IGNORED) & (seen_BT != target_BT)
    nats_BT = replaced_nats(machine, seen_BT, is_replaced_BT, how, told.vocabulary)
    return f"{nats_BT.mean():.3f} ({(nats_BT < np.log(2)).mean():.1%} right)"


def _follows(told: Told, machine) -> str:
    pairs = [pair for story in told.sentences for pair in pairwise(story)][:500]
    others = [sentence for story in reversed(told.sentences) for sentence in story[1:]][:500]
    first, second = [first for first, _ in pairs] * 2, [*(second for _, second in pairs), *others]
    marks = {story[-1][-1] for story in told.sentences} | {sentence[-1] for story in told.sentences for sentence in story}
    starts_S = sentence_pairs.sentence_starts(machine, sorted(marks))
    inner_S = sentence_pairs.sentence_starts(machine, sorted(marks), openings=False)
    log_odds_P = sentence_pairs.follows_log_odds(machine, first, second, starts_S, inner_S)
    nats_P, is_right_P = sentence_pairs.answers(log_odds_P, np.arange(1_000) < 500)
    return f"{nats_P.mean():.3f} ({is_right_P.mean():.1%} right)"


NEXT = "next token, 1,000 × 64"
QUESTIONS: dict[str, Callable[[Told, object], str]] = {
    NEXT: _next_token,
    "15 % hidden, 1,000 × 64": _hidden(0.15),
    "30 % hidden, 1,000 × 64": _hidden(0.3),
    "spans of 3 together, 1,000 × 64": _spans,
    "does a sentence follow, 1,000 pairs": _follows,
    "30 % masked, a tenth of them random tokens, 128 × 64": _masked,
    "15 % replaced by frequent tokens, 128 × 64": _replaced,
}


if __name__ == "__main__":
    main()
