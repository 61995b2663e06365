import numpy as np
import pytest
import torch

from ssl_core.objectives import labels
from ssl_core.objectives.base import Look
from ssl_core.pretext import document_label
from ssl_core.pretext.base import IGNORED, Labels
from ssl_core.training.batches import to_batch
from tests.training import tiny

SEP = tiny.VOCABULARY.sep_id


def network(family="modernbert"):
    model = tiny.network(family=family).eval()
    torch.manual_seed(1)
    model.heads = torch.nn.ModuleDict(labels.heads(tiny.spec("none.txt", "masked_lm"), tiny.VOCABULARY))
    return model


def batch(classes=(0, 2, IGNORED, 1)):
    ids_BT = np.random.default_rng(0).integers(5, tiny.VOCABULARY.size, (len(classes), 10))
    ids_BT[:, [1, 8]] = SEP
    ids_BT[1, 5] = SEP
    told = Labels(classes=np.repeat(np.array(classes)[:, None], 10, axis=1), names=("a", "b", "c"))
    config = document_label.Config()
    made = document_label.make_examples(ids_BT, np.random.default_rng(0), config, tiny.VOCABULARY, None, told)
    return to_batch(made, tiny.CPU)


def scores_by_hand(model, row):
    """The mean vector of a text's words, read alone, by the head."""
    is_word = ~torch.isin(row, torch.tensor([0, 2, SEP]))
    hidden_TD = model.model(row[row != 0][None]).last_hidden_state[0]
    return model.heads["label"](hidden_TD[is_word[: len(hidden_TD)]].mean(dim=0))[:3]


@torch.no_grad()
def test_the_loss_is_that_of_each_labelled_text_read_alone():
    model, given = network(), batch()
    rows = [(scores_by_hand(model, row), label) for row, label in zip(given.seen_ids_BT, given.labels_B.tolist(), strict=True)]
    expected = [-float(scores.log_softmax(dim=0)[label]) for scores, label in rows if label != IGNORED]
    look = labels.look(model, given, None)
    assert len(expected) == 4, "two documents of the second window, none of the third"
    assert float(look.total) == pytest.approx(np.mean(expected), abs=1e-5)  # float32
    assert look.charted.count == 4
    right = [float(scores.argmax() == label) for scores, label in rows if label != IGNORED]
    assert labels.measures([look])["accuracy"] == pytest.approx(np.mean(right))


@torch.no_grad()
def test_shares_of_one_text_are_those_of_its_scores():
    model, given = network(), batch()
    shares_C = labels.class_shares_C(model, given.seen_ids_BT[:1], 3)
    torch.testing.assert_close(shares_C, scores_by_hand(model, given.seen_ids_BT[0]).softmax(dim=0), atol=1e-5, rtol=1e-4)


def test_what_the_most_frequent_label_alone_would_tell_is_told():
    seen = {"guess": torch.tensor([1, 1, 0, 2]), "label": torch.tensor([1, 2, 2, 2])}
    one = Look({}, seen)
    assert labels.measures([one, one]) == {"accuracy": 0.5, "majority": 0.75}
    nothing = Look({}, {name: each[:0] for name, each in seen.items()})
    assert labels.measures([nothing]) == {}


@pytest.mark.parametrize("family", ["modernbert", "bert"])
def test_classes_that_the_text_does_not_have_learn_nothing(family):
    model = network(family)
    labels.look(model, batch(), None).total.backward()
    gradient_CD = model.heads["label"].weight.grad
    assert gradient_CD[:3].any(dim=1).all()
    assert not gradient_CD[3:].any()


def test_the_numbers_that_are_learnt_are_counted():
    spec = tiny.spec("none.txt", "masked_lm")
    heads = labels.heads(spec, tiny.VOCABULARY)
    assert sum(each.numel() for head in heads.values() for each in head.parameters()) == labels.extra_parameters(spec, None)
