import numpy as np
import pytest
from scipy import stats

from ssl_core.pretext.attention_patterns import patterns
from ssl_core.pretext.base import IGNORED, Role, Vocabulary
from ssl_core.pretext.permutation_lm import Config, content_mask, make_examples, query_mask

VOCABULARY = Vocabulary(size=64, special_ids=(0, 1, 2, 3, 4), mask_id=4)


def examples(config=None, ids_BT=None, seed=1):
    ids_BT = np.random.default_rng(0).integers(5, 64, (40, 64)) if ids_BT is None else ids_BT
    return ids_BT, make_examples(ids_BT, np.random.default_rng(seed), config or Config(), VOCABULARY)


def test_the_text_stays_and_the_predicted_tokens_are_the_answers():
    ids_BT, made = examples(ids_BT=np.random.default_rng(3).integers(0, 64, (40, 64)))
    assert (made.seen_ids_BT == ids_BT).all()
    assert (made.target_ids_BT == np.where(made.is_predicted_BT, ids_BT, IGNORED)).all()
    assert not made.is_predicted_BT[np.isin(ids_BT, VOCABULARY.special_ids)].any()
    assert ((made.ranks_BT > 0) == made.is_predicted_BT).all()


def test_ranks_count_the_predicted_tokens_of_each_row():
    _, made = examples()
    for ranks in made.ranks_BT:
        asked = ranks[ranks > 0]
        assert sorted(asked) == list(range(1, len(asked) + 1))


def test_every_order_is_as_likely_as_any_other():
    ids_BT = np.full((3_000, 12), 9)
    _, made = examples(Config(predicted_rate=0.25, longest_span=3), ids_BT)
    three = [tuple(ranks[ranks > 0]) for ranks in made.ranks_BT if (ranks > 0).sum() == 3]
    counts = np.unique(np.array(three), axis=0, return_counts=True)[1]
    assert len(counts) == 6, "three tokens have six orders"
    assert stats.chisquare(counts).pvalue > 0.001, counts


def test_both_masks_follow_the_definition_by_double_loop():
    _, made = examples(Config(predicted_rate=0.4))
    content_BTT, query_BTT = content_mask(made.ranks_BT), query_mask(made.ranks_BT)
    for ranks, content_TT, query_TT in zip(made.ranks_BT[:10], content_BTT, query_BTT, strict=False):
        order = sorted(range(64), key=lambda place: ranks[place])  # z; tokens that are not predicted come first
        num_seen = int((ranks == 0).sum())
        for number, i in enumerate(order):
            for other, j in enumerate(order):
                comes_before = other < number or (number < num_seen and other < num_seen)  # the first all see each other
                assert content_TT[i, j] == (comes_before or i == j), (i, j)
                if number >= num_seen:
                    assert query_TT[i, j] == (other < number), (i, j)


def test_the_masks_are_those_that_the_masking_lab_draws():
    _, made = examples()
    content, query = patterns(made)
    np.testing.assert_array_equal(content.may_look_QK, content_mask(made.ranks_BT)[0])
    np.testing.assert_array_equal(query.may_look_QK, query_mask(made.ranks_BT)[0])


def test_pieces_are_as_long_and_the_share_as_large_as_asked_for():
    ids_BT = np.full((500, 600), 9)
    _, made = examples(Config(predicted_rate=0.2, longest_span=5), ids_BT)
    # of each stretch of 5 L tokens L are predicted, but of the last, which is cut; 300,000 tokens
    assert made.is_predicted_BT.mean() == pytest.approx(0.2, abs=0.004)
    alone = examples(Config(predicted_rate=0.02, longest_span=5), ids_BT)[1].is_predicted_BT
    edges = np.diff(np.pad(alone, ((0, 0), (1, 1))).astype(int), axis=1)
    begins, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    inside = (begins[:, 1] > 0) & (ends[:, 1] < 600)  # the row's end cuts some
    counts = np.bincount((ends - begins)[inside, 1], minlength=6)[1:6]
    # two pieces that touch look like one of up to ten tokens, about one in fifty
    assert np.abs(counts / counts.sum() - 0.2).max() < 0.03


@pytest.mark.parametrize("num_tokens", [1, 2, 3, 9])
@pytest.mark.parametrize("rate", [0.0, 1 / 6, 1.0])
def test_a_short_row_always_keeps_something_to_see(num_tokens, rate):
    _, made = examples(Config(predicted_rate=rate), np.arange(10, 10 + num_tokens)[None])
    assert made.is_predicted_BT.any() == (rate > 0 and num_tokens > 1)
    assert not made.is_predicted_BT.all()
    assert not examples(Config(predicted_rate=rate), np.full((1, num_tokens), 3))[1].asks_anything


def test_the_steps_show_the_order_at_work():
    ids_BT, made = examples(ids_BT=np.arange(5, 29)[None])
    assert (made.steps[0].ids_BT == ids_BT).all()
    assert (made.steps[-1].ids_BT == made.seen_ids_BT).all()
    assert (made.steps[-1].roles_BT == made.roles_BT).all()
    hidden = [int((step.roles_BT == Role.HIDDEN).sum()) for step in made.steps[2:]]
    num_asked = int(made.is_predicted_BT.sum())
    assert hidden[:3] == [num_asked, num_asked - 1, num_asked - 2], "one comes back at each step"
    assert hidden[-1] == 0
    for rank, step in enumerate(made.steps[3:-1], start=1):
        assert (step.ids_BT[(made.ranks_BT > 0) & (made.ranks_BT <= rank)] != VOCABULARY.mask_id).all()
        assert (step.ids_BT[made.ranks_BT > rank] == VOCABULARY.mask_id).all()
