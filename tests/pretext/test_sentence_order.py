import numpy as np
import pytest

from ssl_core.pretext.base import Role
from ssl_core.pretext.sentence_order import Config, class_names, make_examples
from tests.pretext import told_apart

WINDOWS_BT, LENGTHS = told_apart.windows()


def examples(ids_BT=WINDOWS_BT, seed=1, **settings):
    return make_examples(np.asarray(ids_BT), np.random.default_rng(seed), Config(**settings), told_apart.VOCABULARY)


def test_swapped_pairs_are_swapped_and_the_others_stand_as_in_the_text():
    made = examples()
    for is_swapped, (a, b) in zip(made.labels_B.tolist(), told_apart.sides(made), strict=True):
        earlier, later = (b, a) if is_swapped else (a, b)
        assert later == (earlier[0], earlier[1] + 1)


@pytest.mark.parametrize("swap_rate", [0.5, 0.3])
def test_swaps_are_as_frequent_as_the_knob_says(swap_rate):
    labels = np.concatenate([examples(seed=seed, swap_rate=swap_rate).labels_B for seed in range(8)])
    band = 4 * np.sqrt(swap_rate * (1 - swap_rate) / len(labels))  # four standard deviations
    assert len(labels) > 1_000
    assert abs(labels.mean() - swap_rate) < band


@pytest.mark.parametrize("swap_rate", [0.0, 1.0])
def test_at_the_ends_of_the_knob_none_or_all_are_swapped(swap_rate):
    assert set(examples(swap_rate=swap_rate).labels_B.tolist()) == {int(swap_rate)}


def test_first_and_last_sentences_are_left_out():
    places = [(document, place) for pair in told_apart.sides(examples()) for document, place in pair]
    assert all(0 < place < LENGTHS[document] - 1 for document, place in places)


def test_first_and_last_sentences_are_asked_about_too_where_that_is_wanted():
    places = [(document, place) for pair in told_apart.sides(examples(inner_only=False)) for document, place in pair]
    assert any(place == 0 for _document, place in places)
    assert any(place == LENGTHS[document] - 1 for document, place in places)


def test_a_text_of_two_sentences_is_asked_about_all_the_same():
    text = [told_apart.SEP, *told_apart.sentence(0, 0), *told_apart.sentence(0, 1), told_apart.SEP]
    assert told_apart.sides(examples([text], swap_rate=1.0)) == [((0, 1), (0, 0))]


def test_both_sentences_of_a_swapped_pair_are_marked_as_moved():
    made = examples()
    is_word_BT = np.isin(made.roles_BT, (Role.KEPT, Role.MOVED))
    is_moved_BT = made.roles_BT == Role.MOVED
    assert (is_moved_BT == (is_word_BT & (made.labels_B == 1)[:, None])).all()
    assert (made.steps[-1].ids_BT == made.seen_ids_BT).all()
    is_kept_B = made.labels_B == 0
    assert (made.steps[-2].ids_BT[is_kept_B] == made.seen_ids_BT[is_kept_B]).all()


@pytest.mark.parametrize("text", [[7], [7, 8, 9], [told_apart.SEP], [7, told_apart.MARK], [0, 0]])
def test_where_there_are_no_two_sentences_nothing_is_asked(text):
    assert not examples([text]).asks_anything


def test_every_answer_has_a_name():
    assert len(class_names(Config())) == examples().num_classes == 2
