import numpy as np
import pytest

from ssl_core.pretext.base import IGNORED, Role, Vocabulary
from ssl_core.pretext.next_sentence import Config, class_names, make_examples
from tests.pretext import told_apart

WINDOWS_BT, LENGTHS = told_apart.windows()


def examples(ids_BT=WINDOWS_BT, seed=1, vocabulary=told_apart.VOCABULARY, **settings):
    return make_examples(np.asarray(ids_BT), np.random.default_rng(seed), Config(**settings), vocabulary)


def test_true_pairs_are_neighbours_and_strangers_are_from_another_document():
    made = examples()
    for label, (a, b) in zip(made.labels_B.tolist(), told_apart.sides(made), strict=True):
        if label:
            assert b == (a[0], a[1] + 1)
        else:
            assert a[0] != b[0]
            assert b[1] > 0, "strangers stand second somewhere: they are no openings"


def test_strangers_from_the_same_document_are_from_another_place_of_it():
    made = examples(negatives="same_document")
    strangers = [pair for label, pair in zip(made.labels_B, told_apart.sides(made), strict=True) if not label]
    assert len(strangers) > 100
    assert all(a[0] == b[0] and b[1] not in (a[1], a[1] + 1) for a, b in strangers)
    assert any(b[1] < a[1] for a, b in strangers)
    assert any(b[1] > a[1] + 1 for a, b in strangers)


@pytest.mark.parametrize("true_rate", [0.5, 0.2])
def test_labels_are_as_frequent_as_the_knob_says(true_rate):
    labels = np.concatenate([examples(seed=seed, true_rate=true_rate).labels_B for seed in range(5)])
    band = 4 * np.sqrt(true_rate * (1 - true_rate) / len(labels))  # four standard deviations
    assert len(labels) > 2_000
    assert abs(labels.mean() - true_rate) < band


@pytest.mark.parametrize("true_rate", [0.0, 1.0])
def test_at_the_ends_of_the_knob_all_pairs_are_alike(true_rate):
    assert set(examples(true_rate=true_rate).labels_B.tolist()) == {int(true_rate)}


def test_the_same_pairs_are_asked_about_however_they_are_answered():
    first, other = (told_apart.sides(examples(true_rate=rate)) for rate in (0.0, 1.0))
    assert [a for a, _b in first] == [a for a, _b in other]


def test_the_steps_lead_from_the_clean_text_to_the_example():
    made = examples()
    clean, chosen, laid, final = made.steps
    assert {len(step.ids_BT) for step in made.steps} == {len(made.labels_B)}, "a row for each pair, at every stage"
    assert (clean.ids_BT == chosen.ids_BT).all()
    assert (final.ids_BT == made.seen_ids_BT).all()
    assert (final.roles_BT == made.roles_BT).all()
    for row, ((document, place), _b) in enumerate(told_apart.sides(made)):
        marked = chosen.ids_BT[row][chosen.roles_BT[row] == Role.KEPT_BUT_PREDICTED]
        tokens = {told_apart.FIRST + document * told_apart.MOST_SENTENCES + each for each in (place, place + 1)}
        assert set(marked.tolist()) == tokens | {told_apart.MARK}
        kept = laid.ids_BT[row][laid.roles_BT[row] == Role.KEPT]
        assert kept.tolist() == marked.tolist()
        is_replaced = made.roles_BT[row] == Role.REPLACED
        assert is_replaced.any() != bool(made.labels_B[row])
        assert (made.segments_BT[row][is_replaced] == 1).all(), "only B is ever put in"


def test_one_text_alone_gives_strangers_from_its_other_places():
    text = [token for place in range(4) for token in told_apart.sentence(0, place)]
    made = examples([text], true_rate=0.0)
    assert set(made.labels_B.tolist()) == {0}
    assert all(b[1] not in (a[1], a[1] + 1) for a, b in told_apart.sides(made))


def test_two_sentences_alone_are_a_true_pair():
    text = [*told_apart.sentence(0, 0), *told_apart.sentence(0, 1)]
    made = examples([text], true_rate=0.0)
    assert made.labels_B.tolist() == [1]
    assert told_apart.sides(made) == [((0, 0), (0, 1))]


@pytest.mark.parametrize("text", [[7], [7, 8, 9], [told_apart.SEP], [7, told_apart.MARK], [1, told_apart.SEP, 8], [0, 0]])
def test_where_there_are_no_two_sentences_nothing_is_asked(text):
    made = examples([text])
    assert not made.asks_anything
    assert (made.labels_B == IGNORED).all()
    assert (made.steps[-1].ids_BT == [text]).all()


def test_ten_thousand_tokens_give_no_more_pairs_than_can_be_read():
    text = [token for _ in range(1_250) for place in range(4) for token in told_apart.sentence(0, place, 2)]
    made = examples([text])
    assert len(text) == 10_000
    assert 0 < len(made.labels_B) <= 16


def test_a_vocabulary_without_marks_asks_nothing():
    plain = Vocabulary(size=40, special_ids=(0, 1, 2, 3, 4), mask_id=4)
    assert not examples(np.full((4, 16), 7), vocabulary=plain).asks_anything


def test_long_sentences_are_asked_about_by_what_the_window_shows_of_them():
    rows = [[7] * 20 + [told_apart.MARK] + [8] * 27, [9] * 40 + [told_apart.MARK] + [10] * 7]
    made = examples(rows, true_rate=1.0)
    assert made.labels_B.tolist() == [1, 1]
    assert made.seen_ids_BT.shape[1] <= 48, "they fit into the row that they come from"
    assert made.seen_ids_BT[0, :3].tolist() == [told_apart.CLS, 7, 7]


def test_every_answer_has_a_name():
    assert len(class_names(Config())) == examples().num_classes == 2
