"""Every kind of question against all completions of what is hidden, over a small vocabulary."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from ssl_core import pretext
from ssl_core.pretext.base import Vocabulary
from ssl_core.training import baselines, bigram_line
from ssl_core.training.bigram_line import BigramReader
from ssl_core.training.bigram_model import UNKNOWN, BigramModel
from ssl_core.training.bigram_questions import Questions, questions
from tests.training.plain_bigram import PlainBigram, losses_of_both_sides

V, FIRST = 9, 5
ORDINARY = range(FIRST, V)
VOCABULARY = Vocabulary(size=V, special_ids=(0, 1, 2, 3, 4), mask_id=4, ends_sentence_V=np.arange(V) == V - 1)
SEP, CLS, PAD = VOCABULARY.sep_id, VOCABULARY.cls_id, VOCABULARY.pad_id
EXACT = 1e-10  # sums of some thousand products, in another order


def a_text(length, seed):
    """Tokens that prefer to follow each other in a circle, now and then the end of a document."""
    rng = np.random.default_rng(seed)
    ids = [FIRST]
    for _ in range(length - 1):
        last = ids[-1] if ids[-1] != SEP else FIRST
        step = int(rng.choice(4, p=[0.6, 0.2, 0.1, 0.1]))
        ids.append(SEP if step == 3 else FIRST + (last - FIRST + step + 1) % (V - FIRST))
    return np.array(ids, dtype=np.int64)


TRAIN, IDS_BT = a_text(3000, seed=0), a_text(60, seed=1).reshape(10, 6)
PLAIN = PlainBigram(TRAIN, V)


def made(task, ids_BT, vocabulary=VOCABULARY, **settings):
    module = pretext.task(task)
    config = module.Config(**settings)
    return config, module.make_examples(ids_BT, np.random.default_rng(1), config, vocabulary)


def line(task, ids_BT, vocabulary=VOCABULARY, **settings):
    config, examples = made(task, ids_BT, vocabulary, **settings)
    told = pretext.corruption(task, config)
    return examples, baselines.measure(TRAIN, ids_BT, examples, vocabulary, corruption=told)


RATES = [(0.8, 0.1), (0.4, 0.3), (0.2, 0.8), (0.0, 0.0), (1.0, 0.0)]


@pytest.mark.parametrize(("masked", "random"), RATES)
@pytest.mark.parametrize("task", ["masked_lm", "span_masking"])
def test_hidden_tokens_are_weighed_over_all_completions(task, masked, random):
    settings = {"mask_rate": 0.5, "mask_token_rate": masked, "random_token_rate": random}
    examples, found = line(task, IDS_BT, **settings)
    rates = (random, max(0.0, 1 - masked - random))
    losses = losses_of_both_sides(PLAIN, examples, ORDINARY, size=V, rates=rates)
    assert found.num_targets == len(losses) > 15
    assert found.bigram_nats == pytest.approx(np.mean(losses), abs=EXACT)


def test_longer_stretches_are_weighed_as_one():
    examples, found = line("masked_lm", IDS_BT[:2], mask_rate=0.95, mask_token_rate=1.0, random_token_rate=0.0)
    assert (examples.seen_ids_BT == VOCABULARY.mask_id).sum(axis=1).max() >= 5
    losses = losses_of_both_sides(PLAIN, examples, ORDINARY)
    assert found.bigram_nats == pytest.approx(np.mean(losses), abs=EXACT)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_in_a_drawn_order_what_comes_before_is_seen(share):
    examples, found = line("permutation_lm", IDS_BT, predicted_rate=share, longest_span=3)
    losses = losses_of_both_sides(PLAIN, examples, ORDINARY, ranks=examples.ranks_BT.tolist())
    assert found.bigram_nats == pytest.approx(np.mean(losses), abs=EXACT)


@pytest.mark.parametrize("second", ["next_sentence", "sentence_order", "contrastive"])
def test_joint_training_asks_as_masked_lm_and_its_marks_are_edges(second):
    ids_BT = a_text(360, seed=3).reshape(15, 24)
    examples, found = line("joint", ids_BT, second=second, mask_rate=0.2)
    marks = np.isin(examples.seen_ids_BT, (CLS, SEP, PAD))
    assert marks.any(), "these rows are not the text as it was"
    losses = losses_of_both_sides(PLAIN, examples, ORDINARY, edges=(CLS, SEP, PAD), size=V, rates=(0.1, 0.1))
    assert found.num_targets == len(losses) > 5
    assert found.bigram_nats == pytest.approx(np.mean(losses), abs=EXACT)


def test_a_detectors_generator_is_asked_the_same():
    examples, found = line("replaced_token_detection", IDS_BT, mask_rate=0.4)
    assert found.bigram_nats == pytest.approx(np.mean(losses_of_both_sides(PLAIN, examples, ORDINARY)), abs=EXACT)


def test_a_causal_model_knows_the_token_to_the_left_and_may_be_asked_for_any():
    _examples, found = line("causal_lm", IDS_BT)
    losses = [-math.log(PLAIN.p(b, a)) for row in IDS_BT.tolist() for a, b in itertools.pairwise(row)]
    assert SEP in IDS_BT[:, 1:]
    assert found.bigram_nats == pytest.approx(np.mean(losses), abs=EXACT)


@pytest.mark.parametrize(
    ("task", "settings"),
    [
        ("span_corruption", {"noise_density": 0.4, "mean_span_tokens": 2.0}),
        ("denoising", {"infilling_rate": 0.4, "mean_span_tokens": 2.0}),
        ("denoising", {"infilling_rate": 0.0, "deletion_rate": 0.3, "rotation_rate": 1.0}),
    ],
)
def test_a_decoder_knows_the_true_token_to_the_left_also_where_a_gap_begins(task, settings):
    vocabulary = replace(VOCABULARY, num_sentinels=8) if task == "span_corruption" else VOCABULARY
    ids_BT = a_text(240, seed=4).reshape(12, 20)
    examples, found = line(task, ids_BT, vocabulary, **settings)
    plain = PlainBigram(TRAIN, vocabulary.size_with_sentinels)
    is_hidden_BT, losses = pretext.task(task).hidden(examples, vocabulary), []
    for row, is_hidden in zip(ids_BT.tolist(), is_hidden_BT.tolist(), strict=True):
        for t, token in enumerate(row):
            left = row[t - 1] if t else None
            if is_hidden[t]:
                losses.append(-math.log(plain.p(token, left) / sum(plain.p(other, left) for other in ORDINARY)))
    assert any(is_hidden_BT[:, 0]), "a gap at the edge, with nothing to its left"
    assert found.num_targets == len(losses)
    assert found.bigram_nats == pytest.approx(np.mean(losses), abs=EXACT)


def test_a_decoder_that_writes_the_whole_text_is_asked_for_its_special_tokens_too():
    ids_BT = a_text(60, seed=4).reshape(6, 10)
    _examples, found = line("denoising", ids_BT, infilling_rate=0.0, rotation_rate=1.0)
    losses = [-math.log(PLAIN.p(row[t], row[t - 1] if t else None)) for row in ids_BT.tolist() for t in range(10)]
    assert SEP in ids_BT
    assert found.bigram_nats == pytest.approx(np.mean(losses), abs=EXACT)


def test_nothing_hidden_still_asks_each_token_from_the_others():
    _config, examples = made("masked_lm", IDS_BT, mask_rate=0.6)
    in_use = examples.in_use()
    found = baselines.measure(TRAIN, IDS_BT, in_use, VOCABULARY)
    losses = losses_of_both_sides(PLAIN, replace(in_use, roles_BT=np.zeros_like(in_use.roles_BT)), ORDINARY)
    assert found.bigram_nats == pytest.approx(np.mean(losses), abs=EXACT)


def test_many_questions_are_answered_in_parts(monkeypatch):
    _examples, whole = line("masked_lm", IDS_BT, mask_rate=0.5)
    monkeypatch.setattr(bigram_line, "QUESTIONS_AT_ONCE", 3)
    _examples, parts = line("masked_lm", IDS_BT, mask_rate=0.5)
    assert parts.bigram_nats == pytest.approx(whole.bigram_nats, abs=1e-12)  # rounding


def test_answers_add_up_to_one_over_all_that_may_be_asked():
    model = BigramModel(TRAIN, V)
    may_be_V = ~np.isin(np.arange(V), VOCABULARY.special_ids)
    reader, num = BigramReader(model=model, may_be_V=may_be_V), V - FIRST
    for left, right, before, behind in (
        (UNKNOWN, 6, 2, 1),
        (7, UNKNOWN, 3, 4),
        (SEP, 8, 1, 1),
        (0, 0, 1, 1),
        (5, UNKNOWN, 1, 1),
    ):
        columns = {
            "left_N": left,
            "right_N": right,
            "steps_from_left_N": before,
            "steps_to_right_N": behind,
            "shown_N": UNKNOWN,
        }
        asked = Questions(targets_N=np.array(ORDINARY), **{name: np.full(num, each) for name, each in columns.items()})
        assert reader.probabilities(asked).sum() == pytest.approx(1, abs=1e-12), (left, right)


def test_it_knows_more_than_either_neighbour_alone():
    """The exact answer lies below a table of one neighbour, and no further below than what the text itself gives."""
    text = a_text(6000, seed=7)
    ids_BT = a_text(1200, seed=8).reshape(60, 20)
    _config, examples = made("masked_lm", ids_BT, mask_rate=0.2, mask_token_rate=1.0, random_token_rate=0.0)
    asked, model = questions(ids_BT, examples, VOCABULARY), BigramModel(text, V)
    both = BigramReader.of(model, examples, asked, VOCABULARY, None)
    nothing, beside = np.full_like(asked.left_N, UNKNOWN), np.ones_like(asked.left_N)
    left = replace(asked, right_N=nothing, steps_to_right_N=beside)
    right = replace(asked, left_N=nothing, steps_from_left_N=beside)
    nats = [float(-np.log(both.probabilities(each)).mean()) for each in (asked, left, right)]
    assert nats[0] < min(nats[1:]) - 0.05
