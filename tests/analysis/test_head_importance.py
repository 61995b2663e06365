import dataclasses

import pytest

from ssl_core.analysis import head_importance, validation_text
from ssl_core.analysis.subjects import Subjects
from ssl_core.attention import switching
from ssl_core.errors import UserError
from tests.analysis.asked import opening, subject, trained
from tests.training import tiny


@pytest.fixture
def open_subject(store, small_text, shared_cache):
    run_id = trained(store, tiny.spec(small_text, task="causal_lm"))
    return lambda named: Subjects(store)({"run": run_id})


def test_heads_are_ranked_by_what_their_absence_costs_and_pruned_in_that_order(open_subject):
    values = head_importance.answer({"model": {}, "num_sequences": 4, "num_random": 2}, open_subject).values
    assert (values["num_layers"], values["num_heads"], values["num_sequences"]) == (2, 2, 4)
    found = open_subject({})
    batches = validation_text.held_out(found, 4).batches
    for layer, row in enumerate(values["without_LH"]):
        for head, loss in enumerate(row):
            expected = switching.loss_nats(found.model, batches, switching.silenced([(layer, head)]))
            assert loss == pytest.approx(expected, abs=1e-5)
    costs = [values["without_LH"][layer][head] for layer, head in values["ranking"]]
    assert costs == sorted(costs, reverse=True)
    pruned = values["pruned"]
    assert [list(head) for head in pruned["order"]] == values["ranking"][::-1], "least missed first"
    unseen = validation_text.held_out(found, 4, "test").batches
    for count, loss in zip(pruned["num_gone"], pruned["loss_nats"], strict=True):
        expected = switching.loss_nats(found.model, unseen, switching.silenced(pruned["order"][:count]))
        assert loss == pytest.approx(expected, abs=1e-5), "measured on text that had no say in the order"
    for curve in values["at_random"]:
        assert curve["loss_nats"][0] == pruned["loss_nats"][0]
        assert curve["loss_nats"][-1] == pytest.approx(pruned["loss_nats"][-1], abs=1e-6), "without any head all are the same"
    assert len(values["at_random"]) == 2


def test_the_ranking_can_be_had_without_the_curves_and_with_means(open_subject):
    values = head_importance.answer(
        {"model": {}, "num_sequences": 4, "instead": "mean", "with_curves": False}, open_subject
    ).values
    assert (values["pruned"], values["at_random"]) == (None, [])
    found = open_subject({})
    batches = validation_text.held_out(found, 4).batches
    means_LHK = switching.mean_outputs_LHK(found.model, batches)
    expected = switching.loss_nats(found.model, batches, switching.silenced([(1, 0)], means_LHK))
    assert values["without_LH"][1][0] == pytest.approx(expected, abs=1e-5)


def test_models_that_can_not_be_asked_are_told():
    with pytest.raises(UserError, match="another family"):
        head_importance.answer({"model": {}}, opening(subject(family="xlnet")))
    with pytest.raises(UserError, match="neither to fill blanks nor to write on"):
        head_importance.answer({"model": {}}, opening(dataclasses.replace(subject(), reads="compare")))
    with pytest.raises(UserError, match="not trained here"):
        head_importance.answer({"model": {}}, opening(subject()))
