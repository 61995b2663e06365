"""On a text whose every sentence says where it is from; and with changes at their extremes."""

import itertools

import numpy as np
import pytest

from ssl_core.errors import UserError
from ssl_core.pretext import contrastive
from ssl_core.pretext.base import IGNORED, Role, Vocabulary
from ssl_core.pretext.contrastive import Config, make_examples
from tests.pretext.told_apart import CLS, FIRST, MARK, MOST_SENTENCES, PAD, SEP, VOCABULARY, windows

WINDOWS_BT, _ = windows()
LONG = np.array([[*range(FIRST, FIRST + 20), MARK]])


def examples(ids_BT=WINDOWS_BT, seed=1, vocabulary=VOCABULARY, starts_word_BT=None, **settings):
    return make_examples(np.asarray(ids_BT), np.random.default_rng(seed), Config(**settings), vocabulary, starts_word_BT)


def origin(row):
    """Return (document, place) of the one sentence in a row."""
    found = {divmod(token - FIRST, MOST_SENTENCES) for token in row if token not in (PAD, CLS, MARK)}
    assert len(found) == 1, "a view is taken from one sentence"
    return found.pop()


def side_by_side(made):
    """Give the views of each text together."""
    return zip(*(made.seen_ids_BT[view :: made.num_views].tolist() for view in range(made.num_views)), strict=True)


def words(row):
    return [token for token in row if token != PAD]


def test_two_sentences_of_a_document_are_different_ones_in_any_order():
    pairs = [(origin(one), origin(two)) for one, two in side_by_side(examples())]
    assert all(one[0] == two[0] and one[1] != two[1] for one, two in pairs)
    steps = {two[1] - one[1] for one, two in pairs}
    assert steps >= {-2, -1, 1, 2}, "neighbours or not, forwards or backwards"


def test_neighbours_are_a_sentence_and_the_next_of_the_same_document():
    made = examples(views="neighbour")
    assert made.num_views == 2
    for one, two in side_by_side(made):
        assert origin(two) == (origin(one)[0], origin(one)[1] + 1)
        assert one[words(one).index(MARK)] == two[words(two).index(MARK)] == MARK, "whole sentences end with their mark"


@pytest.mark.parametrize("kind", ["neighbour", "same_document"])
def test_sentences_are_whole_wherever_the_window_has_two(kind):
    rows = np.repeat([[FIRST, FIRST, MARK, FIRST + 1, FIRST + 1, MARK, FIRST + 2, FIRST + 2, MARK, FIRST + 3]], 50, axis=0)
    made = examples(rows, views=kind)
    assert {tuple(words(row)) for row in made.seen_ids_BT.tolist()} == {
        (FIRST + 1, FIRST + 1, MARK),
        (FIRST + 2, FIRST + 2, MARK),
    }


@pytest.mark.parametrize("kind", ["neighbour", "same_document"])
def test_without_two_sentences_the_halves_of_one_are_the_views(kind):
    made = examples([[*range(10, 20)]], views=kind)
    assert [words(row) for row in made.seen_ids_BT.tolist()] == [[10, 11, 12, 13, 14], [15, 16, 17, 18, 19]]


def test_two_readings_are_of_the_same_tokens():
    made = examples(views="dropout")
    assert (made.seen_ids_BT[::2] == made.seen_ids_BT[1::2]).all()


@pytest.mark.parametrize("kind", ["deletion", "reordering", "replacement"])
def test_nothing_changes_at_rate_zero_and_both_views_are_of_one_sentence(kind):
    made = examples(views=kind, change_rate=0.0)
    assert (made.seen_ids_BT[::2] == made.seen_ids_BT[1::2]).all()
    assert all(origin(row) for row in made.seen_ids_BT.tolist())


def test_deleting_leaves_the_others_in_their_order_at_the_rate_that_is_asked_for():
    made = examples(np.repeat(LONG, 500, axis=0), views="deletion", change_rate=0.3)
    rows = [words(row) for row in made.seen_ids_BT.tolist()]
    order = {token: place for place, token in enumerate(LONG[0].tolist())}
    for row in rows:
        assert row == sorted(row, key=order.__getitem__)
    left_out = 1 - np.mean([len(row) for row in rows]) / LONG.size
    # 21,000 draws: four standard errors of the rate are 0.013
    assert left_out == pytest.approx(0.3, abs=0.013)
    assert rows[0] != rows[1], "each view by its own draws"


def test_a_view_never_loses_all_its_words():
    made = examples([[FIRST, MARK]] * 200, views="deletion", change_rate=0.9)
    assert (made.roles_BT != Role.PADDING).any(axis=1).all()


def test_reordering_keeps_every_token_and_moves_some():
    made = examples(np.repeat(LONG, 200, axis=0), views="reordering", change_rate=0.2)
    assert (np.sort(made.seen_ids_BT, axis=1) == np.sort(LONG[0])).all()
    moved_V = (made.seen_ids_BT != LONG[0]).sum(axis=1)
    assert (moved_V == (made.roles_BT == Role.MOVED).sum(axis=1)).all()
    assert moved_V.mean() > 1


def test_the_pieces_of_a_word_stay_together():
    continues_word_V = np.isin(np.arange(VOCABULARY.size), [11, 12, 16])
    vocabulary = Vocabulary(size=VOCABULARY.size, special_ids=(0, 1, 2, 3, 4), mask_id=4, continues_word_V=continues_word_V)
    pieces = {(10, 11, 12), (13,), (14,), (15, 16), (17,), (18,)}
    for kind in ("reordering", "deletion"):
        made = examples([[*range(10, 19)]] * 100, views=kind, change_rate=0.5, vocabulary=vocabulary)
        for row in made.seen_ids_BT.tolist():
            starts = [place for place, token in enumerate(words(row)) if not continues_word_V[token]]
            found = [tuple(words(row)[begin:end]) for begin, end in itertools.pairwise([*starts, len(words(row))])]
            assert set(found) <= pieces, (kind, row)


def test_replaced_words_come_from_the_text():
    made = examples(np.repeat(LONG, 200, axis=0), views="replacement", change_rate=0.3)
    is_new_VW = made.roles_BT == Role.RANDOMISED
    assert np.isin(made.seen_ids_BT, LONG).all()
    assert (made.seen_ids_BT[~is_new_VW] == np.broadcast_to(LONG[0], made.seen_ids_BT.shape)[~is_new_VW]).all()
    assert is_new_VW.mean() == pytest.approx(0.3, abs=0.02)  # 8,400 draws: four standard errors are 0.02


def test_a_hard_negative_is_another_sentence_of_the_same_document():
    text, whole_rows = [], 0
    for document in range(40):
        for place in range(4):
            text.append([FIRST + document * MOST_SENTENCES + place] * 2 + [MARK])
    rows = np.array(text).reshape(40, -1)
    made = examples(rows, hard_negatives=True)
    assert made.num_views == 3
    for one, two, three in side_by_side(made):
        assert origin(three)[0] == origin(one)[0]
        assert origin(three) not in (origin(one), origin(two))
        whole_rows += 1
    assert whole_rows == 40


def test_a_single_sentence_has_no_hard_negative_and_says_so():
    with pytest.raises(UserError, match="another sentence"):
        examples([[10, 11, 12]], hard_negatives=True)


def test_cls_stands_in_front_only_where_its_vector_is_used():
    assert (examples(pooling="first").seen_ids_BT[:, 0] == CLS).all()
    assert not (examples(pooling="mean").seen_ids_BT == CLS).any()


@pytest.mark.parametrize("pooling", contrastive.POOLINGS)
@pytest.mark.parametrize("kind", contrastive.VIEWS)
def test_the_steps_lead_from_the_clean_text_to_views_no_wider_than_the_window(kind, pooling):
    made = examples(views=kind, pooling=pooling)
    first, last = made.steps[0], made.steps[-1]
    assert (first.ids_BT[::2] == first.ids_BT[1::2]).all(), "the clean text stands there once for each view"
    assert (last.ids_BT == made.seen_ids_BT).all()
    assert (last.roles_BT == made.roles_BT).all()
    assert all(step.ids_BT.shape[0] == len(made.seen_ids_BT) for step in made.steps)
    assert len({step.title for step in made.steps}) == len(made.steps)
    assert made.seen_ids_BT.shape[1] <= WINDOWS_BT.shape[1]
    assert ((made.seen_ids_BT == PAD) == (made.roles_BT == Role.PADDING)).all()
    assert (made.target_ids_BT == IGNORED).all()


@pytest.mark.parametrize("ids", [[[FIRST]], [[MARK]], [[SEP, SEP]], [[1, 4]], [[PAD]], [[10] * 2_000]])
@pytest.mark.parametrize("kind", contrastive.VIEWS)
@pytest.mark.parametrize("pooling", contrastive.POOLINGS)
def test_any_row_gives_an_example(ids, kind, pooling):
    made = examples(ids, views=kind, pooling=pooling)
    assert made.asks_anything == any(token not in (SEP, PAD) for token in ids[0])


def test_the_same_draws_give_the_same_views():
    assert (examples(views="deletion").seen_ids_BT == examples(views="deletion").seen_ids_BT).all()
