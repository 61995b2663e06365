import numpy as np
import pytest

from ssl_core import pretext
from ssl_core.pretext import joint
from ssl_core.pretext.base import IGNORED, Labels, Role, Vocabulary

STOP = 5
VOCABULARY = Vocabulary(size=60, special_ids=(0, 1, 2, 3, 4), mask_id=4, ends_sentence_V=np.arange(60) == STOP)
SECONDS = sorted(joint.SECONDS)


def a_text(num_rows=6, num_tokens=48, seed=0):
    """Documents of four sentences of three words."""
    rng = np.random.default_rng(seed)
    documents = [[*(np.r_[rng.integers(6, 60, 3), STOP] for _ in range(4)), [VOCABULARY.sep_id]] for _ in range(100)]
    return np.concatenate([part for document in documents for part in document])[: num_rows * num_tokens].reshape(num_rows, -1)


def examples_of(second, rng_seed=0, **settings):
    return joint.make_examples(a_text(), np.random.default_rng(rng_seed), joint.Config(second=second, **settings), VOCABULARY)


def alone(second):
    task = pretext.part(second)
    return task.make_examples(a_text(), np.random.default_rng(0), task.Config(), VOCABULARY)


@pytest.mark.parametrize("second", SECONDS)
def test_with_nothing_hidden_it_is_the_second_task_alone(second):
    ours, theirs = examples_of(second, mask_rate=0.0), alone(second)
    assert (ours.seen_ids_BT == theirs.seen_ids_BT).all()
    assert (ours.roles_BT == theirs.roles_BT).all()
    assert (ours.target_ids_BT == IGNORED).all()
    assert ours.num_views == theirs.num_views
    assert ours.labels_B is theirs.labels_B is None or (ours.labels_B == theirs.labels_B).all()


@pytest.mark.parametrize("second", SECONDS)
def test_with_hidden_tokens_the_second_task_asks_the_same(second):
    ours, theirs = examples_of(second, mask_rate=0.3), alone(second)
    restored_BT = np.where(ours.target_ids_BT == IGNORED, ours.seen_ids_BT, ours.target_ids_BT)
    assert (restored_BT == theirs.seen_ids_BT).all(), "the answers are what stood there"
    is_special_BT = np.isin(theirs.seen_ids_BT, VOCABULARY.special_ids)
    assert (ours.target_ids_BT[is_special_BT] == IGNORED).all(), "marks and padding are never hidden"
    assert 0.2 < ours.is_predicted_BT[~is_special_BT].mean() < 0.4, "some 1,000 draws at 0.3: seven standard errors"
    assert (ours.roles_BT[ours.seen_ids_BT == VOCABULARY.mask_id] == Role.HIDDEN).all()
    assert (ours.roles_BT == Role.PADDING).sum() == (theirs.roles_BT == Role.PADDING).sum()


@pytest.mark.parametrize("second", SECONDS)
def test_the_steps_lead_from_the_clean_text_to_the_example(second):
    ours = examples_of(second, mask_rate=0.3)
    assert len(ours.steps) == len(alone(second).steps) + 4
    assert (ours.steps[-1].ids_BT == ours.seen_ids_BT).all()
    assert (ours.steps[-1].roles_BT == ours.roles_BT).all()


def test_labels_are_handed_on_to_the_part_that_learns_them_and_to_no_other():
    ids_BT = a_text()
    labels = Labels(classes=np.ones(ids_BT.shape, dtype=np.int8), names=("no", "yes"))
    config = joint.Config(second="document_label", mask_rate=0.3)
    made = joint.make_examples(ids_BT, np.random.default_rng(0), config, VOCABULARY, None, labels)
    assert (made.labels_B == 1).all()
    assert made.num_classes == 2
    assert (made.target_ids_BT != IGNORED).any(), "the same rows hide tokens"
    assert joint.needs_label(config) == "usual"
    assert joint.needs_label(joint.Config(second="document_label", label="place")) == "place"
    assert [second for second in SECONDS if joint.needs_label(joint.Config(second=second, label="place"))] == ["document_label"]


@pytest.mark.parametrize("second", SECONDS)
def test_every_class_has_a_name(second):
    names, num_classes = joint.class_names(joint.Config(second=second)), examples_of(second).num_classes
    assert len(names) == num_classes


@pytest.mark.parametrize("second", SECONDS)
@pytest.mark.parametrize("row", [[7], [3], [7, 8, 9], [3, 3]])
def test_a_text_without_sentences_is_an_example_all_the_same(second, row):
    made = joint.make_examples(np.array([row]), np.random.default_rng(0), joint.Config(second=second), VOCABULARY)
    assert made.seen_ids_BT.shape == made.roles_BT.shape
