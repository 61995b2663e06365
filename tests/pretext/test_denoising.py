import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ssl_core.errors import UserError
from ssl_core.pretext.base import IGNORED, Role, Vocabulary
from ssl_core.pretext.denoising import Config, hidden, make_examples
from ssl_core.pretext.text_noise import drawn_spans

MASK, SEP, DOT = 4, 3, 5
VOCABULARY = Vocabulary(size=64, special_ids=(0, 1, 2, 3, 4), mask_id=MASK, ends_sentence_V=np.arange(64) == DOT)


def examples(ids_BT, seed=1, **rates):
    config = Config(**{"infilling_rate": 0.0, **rates})
    return make_examples(np.array(ids_BT), np.random.default_rng(seed), config, VOCABULARY)


def words(shape, seed=0):
    return np.random.default_rng(seed).integers(6, VOCABULARY.size, shape)


def test_without_noise_the_text_is_copied():
    made = examples(words((3, 12)))
    assert (made.seen_ids_BT == words((3, 12))).all()
    assert (made.decoder_target_ids_BU == words((3, 12))).all()
    assert made.decoder_ids_BU[:, 0].tolist() == [SEP] * 3
    assert (made.decoder_ids_BU[:, 1:] == words((3, 12))[:, :-1]).all()
    assert made.decoder_counts_BU.all(), "where nothing is hidden every token counts"
    assert hidden(made, VOCABULARY) is None


def test_masking_everything_leaves_a_mask_for_each_token_but_the_special_ones():
    made = examples([[7, 8, SEP, 9]], mask_rate=1.0)
    assert made.seen_ids_BT.tolist() == [[MASK, MASK, SEP, MASK]]
    assert made.decoder_counts_BU.tolist() == [[True, True, False, True]]


def test_deleting_everything_leaves_the_special_tokens():
    made = examples([[7, 8, SEP, 9], [SEP, SEP, 6, 6]], deletion_rate=1.0)
    assert made.seen_ids_BT.tolist() == [[SEP, 0], [SEP, SEP]]
    assert made.decoder_target_ids_BU.tolist() == [[7, 8, SEP, 9], [SEP, SEP, 6, 6]]


def test_infilling_everything_leaves_masks_fewer_than_tokens():
    made = examples(words((20, 40)), infilling_rate=1.0)
    is_there_BT = made.roles_BT != Role.PADDING
    assert (made.seen_ids_BT[is_there_BT] == MASK).all()
    assert (is_there_BT.sum(axis=1) < 30).all()
    assert made.decoder_counts_BU.all()


def test_permuting_every_sentence_keeps_each_whole_and_in_its_document():
    sentences = [[10, 11, DOT], [12, DOT], [13, 14, 15, DOT]]
    text = [token for sentence in sentences for token in sentence] + [SEP, 20, 21, DOT, 22, DOT]
    seen = {tuple(examples([text], seed, permutation_rate=1.0).seen_ids_BT[0].tolist()) for seed in range(60)}
    firsts = {row[:9] for row in seen}
    ways = {(*a, *b, *c) for a, b, c in itertools.permutations(sentences)}
    assert firsts == ways, "all orders occur, and nothing else"
    assert {row[9:] for row in seen} == {(SEP, 20, 21, DOT, 22, DOT), (SEP, 22, DOT, 20, 21, DOT)}
    for made in (examples([[10, DOT, 12, DOT]], seed, permutation_rate=1.0) for seed in range(9)):
        has_moved = made.seen_ids_BT.tolist() == [[12, DOT, 10, DOT]]
        assert made.roles_BT.tolist() == [[Role.MOVED if has_moved else Role.KEPT] * 4]


def test_rotating_every_text_lets_each_token_begin_equally_often():
    text = list(range(10, 18))
    begins = []
    for seed in range(800):
        row = examples([text], seed, rotation_rate=1.0).seen_ids_BT[0].tolist()
        begin = row.index(10)
        assert row == text[len(text) - begin :] + text[: len(text) - begin], "the same circle"
        begins.append(row[0])
    assert stats.chisquare(np.bincount(begins)[10:18]).pvalue > 0.001


def test_lengths_of_gaps_are_those_of_poisson():
    """Between kept tokens that are all different, a gap's length can be read off the text."""
    num_out = examples(words((1, 600)), infilling_rate=0.5, mean_span_tokens=3.0).decoder_counts_BU.sum()
    assert num_out == 300
    rng = np.random.default_rng(0)
    lengths = np.concatenate([drawn_spans(rng, 3_000, 0.3, 3.0)[1] for _ in range(30)])
    found = np.bincount(np.minimum(lengths, 9), minlength=10)
    expected = np.append(stats.poisson.pmf(np.arange(9), 3.0), stats.poisson.sf(8, 3.0)) * len(lengths)
    # 30 of some 9,000 are cut to fit; that is far below what the test can see
    assert stats.chisquare(found, expected).pvalue > 0.001


def test_spans_never_overlap_and_lie_anywhere():
    rng, hits_T = np.random.default_rng(1), np.zeros(20)
    for _ in range(3_000):
        begin_K, length_K = drawn_spans(rng, 20, 0.3, 2.0)
        assert length_K.sum() == 6
        assert (begin_K[1:] >= (begin_K + length_K)[:-1]).all()
        assert (begin_K + length_K).max() <= 20
        for begin, length in zip(begin_K, length_K, strict=True):
            hits_T[begin : begin + length] += 1
    # each place is covered in 0.3 of the draws on average; those at the ends by fewer ways of lying
    assert hits_T.sum() == 6 * 3_000
    assert np.abs(hits_T[3:-3] / 3_000 - 0.3).max() < 0.05


rates = st.sampled_from([0.0, 0.2, 0.7, 1.0])
mixes = st.builds(
    Config, infilling_rate=rates, mask_rate=rates, deletion_rate=rates, permutation_rate=rates, rotation_rate=rates,
    mean_span_tokens=st.sampled_from([1.0, 3.0]),
)  # fmt: skip
rows = st.lists(st.sampled_from([SEP, DOT, 7, 8, 9, 10, 11]), min_size=1, max_size=20)


@settings(max_examples=300, deadline=None)
@given(st.lists(rows, min_size=1, max_size=3), mixes, st.integers(0, 2**32 - 1))
def test_in_any_mix_each_token_is_seen_once_or_counts(texts, config, seed):
    width = min(map(len, texts))
    ids_BT = np.array([text[:width] for text in texts])
    made = make_examples(ids_BT, np.random.default_rng(seed), config, VOCABULARY)
    assert np.array_equal(made.decoder_target_ids_BU, ids_BT)
    is_seen_BT = ~np.isin(made.roles_BT, (Role.HIDDEN, Role.PADDING))
    for b in range(len(ids_BT)):
        counts_T = made.decoder_counts_BU[b] if config.hides else np.zeros(width, dtype=np.bool_)
        assert sorted(made.seen_ids_BT[b][is_seen_BT[b]].tolist()) == sorted(ids_BT[b][~counts_T].tolist())
    assert (made.seen_ids_BT[made.roles_BT == Role.HIDDEN] == MASK).all()
    assert (made.target_ids_BT == IGNORED).all()
    assert made.seen_ids_BT.shape[1] <= 2 * width, "there are places for so many"
    assert len({step.title for step in made.steps}) == len(made.steps)
    assert (made.steps[0].ids_BT == ids_BT).all()
    assert (made.steps[-1].ids_BT == made.seen_ids_BT).all()
    assert (made.steps[-1].roles_BT == made.roles_BT).all()


@pytest.mark.parametrize("ids", [[7], [SEP], [DOT, DOT]])
def test_the_shortest_texts_make_examples(ids):
    everything = dict.fromkeys(("infilling_rate", "mask_rate", "deletion_rate", "permutation_rate", "rotation_rate"), 0.5)
    made = examples([ids], **everything)
    assert made.decoder_target_ids_BU.tolist() == [ids]


def spoilt_by_hand(ids_T, begin_K, length_K):
    """Walk through a row with a list of spans among its ordinary tokens: what is seen, and what has vanished."""
    ordinary = [place for place, token in enumerate(ids_T) if token not in VOCABULARY.special_ids]
    span_of, marks = {}, set()
    for number, (begin, length) in enumerate(zip(begin_K, length_K, strict=True)):
        span_of |= {ordinary[each]: number for each in range(begin, begin + length)}
        if length == 0:
            marks.add(ordinary[begin] if begin < len(ordinary) else ordinary[-1] + 1)
    seen, last = [], None
    for place, token in enumerate([*ids_T, None]):
        seen += [MASK] if place in marks else []
        span = span_of.get(place)
        if span is None:
            seen += [token] if token is not None else []
        elif span != last:
            seen.append(MASK)
        last = span
    return seen, set(span_of)


@settings(max_examples=300, deadline=None)
@given(rows, st.sampled_from([0.15, 0.3, 0.6, 1.0]), st.sampled_from([1.0, 3.0, 8.0]), st.integers(0, 2**32 - 1))
def test_a_span_that_meets_a_special_token_goes_on_after_it_as_another(text, rate, mean, seed):
    made = examples([text], seed, infilling_rate=rate, mean_span_tokens=mean)
    num_ordinary = sum(token not in VOCABULARY.special_ids for token in text)
    spans = drawn_spans(np.random.default_rng(seed), num_ordinary, rate, mean)  # the only thing that is drawn
    seen, vanished = spoilt_by_hand(text, *(each.tolist() for each in spans))
    assert made.seen_ids_BT[0][made.roles_BT[0] != Role.PADDING].tolist() == seen
    assert set(np.flatnonzero(made.decoder_counts_BU[0])) == vanished


def parted(tokens):
    """Cut a row at its special tokens; [MASK] belongs to the text between them."""
    return [
        list(group) for is_special, group in itertools.groupby(tokens, lambda each: each in (0, 1, 2, SEP)) if not is_special
    ], [each for each in tokens if each in (0, 1, 2, SEP)]


@settings(max_examples=300, deadline=None)
@given(st.lists(rows, min_size=1, max_size=4), st.sampled_from([0.15, 0.3, 0.6, 1.0]), st.integers(0, 2**32 - 1))
def test_no_text_between_special_tokens_vanishes_without_a_mask(texts, rate, seed):
    width = min(map(len, texts))
    made = examples([text[:width] for text in texts], seed, infilling_rate=rate)
    for row, text in enumerate(texts):
        is_there_T = made.roles_BT[row] != Role.PADDING
        seen, specials = parted(made.seen_ids_BT[row][is_there_T].tolist())
        clean, clean_specials = parted(text[:width])
        assert specials == clean_specials
        for each, before in zip(seen, clean, strict=True):
            kept = [token for token in each if token != MASK]
            assert len(kept) == len(before) or MASK in each, "what vanishes leaves a mask between the same special tokens"
            pattern = "".join(r"(?:\d+ )*" if token == MASK else rf"{token} " for token in each)
            assert re.fullmatch(pattern, "".join(f"{token} " for token in before))


def test_a_mask_where_nothing_is_missing_may_stand_anywhere():
    """With a mean of one token, a third of the spans hold none: then the row is longer than what was left of it."""
    made = examples(words((300, 10)), infilling_rate=0.5, mean_span_tokens=1.0)
    num_masks_B = (made.seen_ids_BT == MASK).sum(axis=1)
    assert (num_masks_B > 5).any()
    first, last = (made.seen_ids_BT[:, 0] == MASK), (made.roles_BT == Role.HIDDEN).sum(axis=1)
    assert first.any()
    assert (last == num_masks_B).all()


def test_settings_out_of_range_are_refused_together():
    with pytest.raises(UserError) as problem:
        Config(mask_rate=1.5, rotation_rate=-1.0)
    assert "Token masking is 1.5" in str(problem.value)
    assert "Document rotation is -1" in str(problem.value)
