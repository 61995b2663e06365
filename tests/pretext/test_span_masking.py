import numpy as np
import pytest
from scipy import stats

from ssl_core.errors import UserError
from ssl_core.pretext.base import IGNORED, Role, Vocabulary
from ssl_core.pretext.span_masking import Config, length_shares, make_examples

VOCABULARY = Vocabulary(size=64, special_ids=(0, 1, 2, 3, 4), mask_id=4)


def examples(config=None, ids_BT=None, seed=1, **words):
    ids_BT = np.random.default_rng(0).integers(5, VOCABULARY.size, (40, 64)) if ids_BT is None else ids_BT
    return ids_BT, make_examples(ids_BT, np.random.default_rng(seed), config or Config(), VOCABULARY, **words)


def spans_of(is_hidden_T):
    """Every run of hidden tokens in a row, as (begin, end), by going through it."""
    found, begin = [], None
    for place, is_hidden in enumerate([*is_hidden_T, False]):
        if is_hidden and begin is None:
            begin = place
        if not is_hidden and begin is not None:
            found.append((begin, place))
            begin = None
    return found


@pytest.mark.parametrize(("p", "longest"), [(0.2, 10), (0.5, 4)])
def test_lengths_are_geometric_up_to_the_longest(p, longest):
    ids_BT = np.random.default_rng(2).integers(5, 64, (24, 3_000))
    _, made = examples(Config(geometric_p=p, longest_span=longest), ids_BT)
    lengths = [end - begin for row in made.is_predicted_BT for begin, end in spans_of(row)]
    # by hand: p(l) = p (1-p)^(l-1) / (1 - (1-p)^longest); one span in a hundred is cut where the budget ends, which is
    # far too few to be told from chance here
    expected = np.array([p * (1 - p) ** (length - 1) / (1 - (1 - p) ** longest) for length in range(1, longest + 1)])
    counts = np.bincount(lengths, minlength=longest + 1)[1:]
    assert len(lengths) > 2_000
    assert stats.chisquare(counts, expected * len(lengths)).pvalue > 0.001, counts


def test_the_mean_length_is_that_of_the_paper():
    shares = length_shares(Config())
    assert shares.sum() == pytest.approx(1)
    assert (shares * np.arange(1, 11)).sum() == pytest.approx(3.8, abs=0.01)  # "the average span length is 3.8"


def test_the_budget_is_spent_to_the_token():
    ids_BT, made = examples(Config(mask_rate=0.15))
    assert (made.is_predicted_BT.sum(axis=1) == round(0.15 * ids_BT.shape[1])).all()
    assert not examples(Config(mask_rate=0.0))[1].asks_anything


def test_spans_never_touch_and_leave_special_tokens_and_edges_alone():
    ids_BT = np.random.default_rng(4).integers(0, 64, (60, 64))
    _, made = examples(Config(mask_rate=0.4), ids_BT)
    assert not made.is_predicted_BT[np.isin(ids_BT, VOCABULARY.special_ids)].any()
    assert not made.is_predicted_BT[:, [0, -1]].any()
    for row, begins in zip(made.is_predicted_BT, made.steps[1].roles_BT == Role.KEPT_BUT_PREDICTED, strict=True):
        assert spans_of(begins)[0] in spans_of(row), "the first span drawn has no neighbour that it grew together with"


def test_a_span_shares_one_fate():
    _, made = examples(Config(mask_rate=0.3, mask_token_rate=0.4, random_token_rate=0.3))
    fates = []
    for roles, row in zip(made.roles_BT, made.is_predicted_BT, strict=True):
        for begin, end in spans_of(row):
            assert len(set(roles[begin:end])) == 1, "a span was hidden in part"
            fates.append(roles[begin])
    shares = np.array([fates.count(role) for role in (Role.HIDDEN, Role.RANDOMISED, Role.KEPT_BUT_PREDICTED)])
    assert stats.chisquare(shares, np.array([0.4, 0.3, 0.3]) * len(fates)).pvalue > 0.001, shares


def test_what_is_seen_agrees_with_the_role_everywhere():
    ids_BT, made = examples(Config(mask_rate=0.5))
    assert (made.seen_ids_BT[made.roles_BT == Role.HIDDEN] == VOCABULARY.mask_id).all()
    is_untouched_BT = np.isin(made.roles_BT, (Role.KEPT, Role.KEPT_BUT_PREDICTED, Role.SPECIAL))
    assert (made.seen_ids_BT[is_untouched_BT] == ids_BT[is_untouched_BT]).all()
    assert (made.target_ids_BT == np.where(made.is_predicted_BT, ids_BT, IGNORED)).all()


def test_spans_are_of_whole_words_and_counted_in_words():
    starts_word_BT = np.random.default_rng(5).random((200, 64)) < 0.5
    starts_word_BT[:, 0] = True
    ids_BT = np.random.default_rng(0).integers(5, 64, (200, 64))
    _, made = examples(Config(mask_rate=0.3, longest_span=3), ids_BT, starts_word_BT=starts_word_BT)
    longest = 0
    for row, starts in zip(made.is_predicted_BT, starts_word_BT, strict=True):
        for begin, end in spans_of(row):
            assert starts[begin], "a span begins where a word does"
            assert end == 64 or starts[end], "and ends where a word does"
            longest = max(longest, int(starts[begin:end].sum()))
    assert longest == 3
    by_piece = examples(Config(whole_words=False), ids_BT, starts_word_BT=starts_word_BT)[1]
    np.testing.assert_array_equal(by_piece.is_predicted_BT, examples(Config(), ids_BT)[1].is_predicted_BT)


@pytest.mark.parametrize("num_tokens", [1, 2, 3, 4, 9])
@pytest.mark.parametrize("rate", [0.0, 0.15, 1.0])
def test_a_short_row_hides_one_word_at_least_and_a_row_of_special_tokens_none(num_tokens, rate):
    ids_BT = np.arange(10, 10 + num_tokens)[None]
    _, made = examples(Config(mask_rate=rate), ids_BT)
    assert made.is_predicted_BT.any() == (rate > 0)
    assert not examples(Config(mask_rate=rate), np.full((1, num_tokens), 3))[1].asks_anything


def test_the_steps_lead_from_the_clean_text_to_the_example():
    ids_BT, made = examples()
    assert (made.steps[0].ids_BT == ids_BT).all()
    assert (made.steps[-1].ids_BT == made.seen_ids_BT).all()
    assert (made.steps[-1].roles_BT == made.roles_BT).all()
    assert len({step.title for step in made.steps}) == len(made.steps) == 6


def test_shares_above_one_are_refused():
    with pytest.raises(UserError, match="add up to more than 1"):
        Config(mask_token_rate=0.8, random_token_rate=0.3)
