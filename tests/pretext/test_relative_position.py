from collections import Counter

import numpy as np
import pytest

from ssl_core.pretext.relative_position import Config, class_names, make_examples
from tests.pretext import told_apart

WINDOWS_BT, LENGTHS = told_apart.windows(width=96)


def examples(ids_BT=WINDOWS_BT, seed=1, **settings):
    return make_examples(np.asarray(ids_BT), np.random.default_rng(seed), Config(**settings), told_apart.VOCABULARY)


def by_hand(a, b, num_distances):
    """The label, from where the two sentences stand: B after A from near to far, then B before A."""
    assert a[0] == b[0], "both of one document"
    apart = b[1] - a[1]
    assert apart != 0
    return min(abs(apart), num_distances) - 1 + (num_distances if apart < 0 else 0)


@pytest.mark.parametrize("num_distances", [1, 2, 3, 8])
@pytest.mark.parametrize("inner_only", [True, False])
def test_labels_tell_distance_and_order(num_distances, inner_only):
    made = examples(num_distances=num_distances, inner_only=inner_only)
    expected = [by_hand(a, b, num_distances) for a, b in told_apart.sides(made)]
    assert made.labels_B.tolist() == expected
    assert made.num_classes == 2 * num_distances == len(class_names(Config(num_distances=num_distances)))


def test_half_of_the_pairs_are_turned_round():
    labels = np.concatenate([examples(seed=seed).labels_B for seed in range(5)])
    band = 4 * np.sqrt(0.25 / len(labels))  # four standard deviations
    assert len(labels) > 1_000
    assert abs((labels >= 3).mean() - 0.5) < band


def test_all_pairs_of_a_document_are_asked_about():
    text = [told_apart.SEP, *(token for place in range(4) for token in told_apart.sentence(0, place, 2)), told_apart.SEP]
    rows = [text + [told_apart.PAD] * 12]  # so that all of it stands in the first half
    pairs = Counter(frozenset((a[1], b[1])) for a, b in told_apart.sides(examples(rows, inner_only=False)))
    assert pairs == Counter({frozenset((i, j)): 1 for j in range(4) for i in range(j)})
    inner = told_apart.sides(examples(rows))
    assert [{a[1], b[1]} for a, b in inner] == [{1, 2}]


def test_first_and_last_sentences_are_left_out():
    places = [(document, place) for pair in told_apart.sides(examples()) for document, place in pair]
    assert all(0 < place < LENGTHS[document] - 1 for document, place in places)


@pytest.mark.parametrize("text", [[7], [7, 8, 9], [told_apart.SEP], [7, told_apart.MARK], [0, 0]])
def test_where_there_are_no_two_sentences_nothing_is_asked(text):
    assert not examples([text]).asks_anything


def test_the_steps_lead_from_the_clean_text_to_the_example():
    made = examples()
    assert {len(step.ids_BT) for step in made.steps} == {len(made.labels_B)}
    assert (made.steps[-1].ids_BT == made.seen_ids_BT).all()


def test_answers_are_named_from_near_to_far_and_either_way():
    assert class_names(Config(num_distances=2)) == (
        "B 1 after A",
        "B 2+ after A",
        "B 1 before A",
        "B 2+ before A",
    )
