"""On the text of a small grammar: against how often each answer was right for each pair of sentences in a long text."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from ssl_core import pretext, tokenization
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training import floors
from ssl_core.training.windows import Text, held_out_windows
from tests.training import told_by_hand

pytestmark = pytest.mark.usefixtures("shared_cache")
CONTEXT = 64
CASES = [
    ("next_sentence", {}),
    ("next_sentence", {"true_rate": 0.2}),
    ("sentence_order", {"inner_only": False}),
    ("sentence_order", {"swap_rate": 0.3}),
    ("relative_position", {}),
    ("relative_position", {"inner_only": False, "num_distances": 2}),
]


@pytest.fixture(scope="module")
def told():
    return told_by_hand.corpus(num_stories=5_000)


def asked(told, task, *, num_sequences=600, **settings):
    """Ask about pairs of a long text: (corpus, tokenized, task, settings, windows)."""
    tokenized = tokenization.tokenized(told, TokenizerConfig(kind="word", vocabulary_size=64))
    module = pretext.task(task)
    chosen = replace(module.Config(), **settings)

    def make_examples(ids_BT, rng, starts_word_BT):
        return module.make_examples(ids_BT, rng, chosen, tokenized.vocabulary, starts_word_BT)

    text = Text(ids=tokenized.train_ids, starts_word=tokenized.train_word_starts)
    windows = held_out_windows(text, make_examples, num_sequences=num_sequences, context_tokens=CONTEXT)
    return told, tokenized, module, chosen, windows


@pytest.mark.parametrize(("task", "settings"), CASES)
def test_a_perfect_reader_knows_what_counting_tells(told, task, settings):
    run = asked(told, task, **settings)
    nats_P = floors.nats_at_targets(*run)
    rows = [tuple(ids_W) for ids_W in run[-1].examples.seen_ids_BT.tolist()]
    labels = run[-1].examples.labels_B.tolist()
    together, alone = Counter(zip(rows, labels, strict=True)), Counter(rows)
    counted_P = [-np.log(together[row, label] / alone[row]) for row, label in zip(rows, labels, strict=True)]
    # who counts in the very text that is asked about seems to know a little too much: half a nat for each number fitted
    seems_better = (len(together) - len(alone)) / (2 * len(rows))
    assert nats_P.mean() == pytest.approx(np.mean(counted_P) + seems_better, abs=0.02)  # 5,000 pairs: twice the standard error
    assert seems_better < 0.05, "enough text to count in"


def test_middle_sentences_that_may_come_in_any_order_are_a_toss_up(told):
    nats_P = floors.nats_at_targets(*asked(told, "sentence_order", num_sequences=50))
    np.testing.assert_allclose(nats_P, np.log(2), atol=1e-12)  # rounding


def test_strangers_from_the_same_document_have_no_known_floor(told):
    assert floors.floor_nats(*asked(told, "next_sentence", num_sequences=50, negatives="same_document")) is None


def test_where_all_pairs_are_true_nothing_is_left_to_learn(told):
    assert floors.floor_nats(*asked(told, "next_sentence", num_sequences=50, true_rate=1.0)) == 0.0
