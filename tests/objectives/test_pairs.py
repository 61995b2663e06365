from dataclasses import replace

import numpy as np
import pytest
import torch

from ssl_core import models, objectives, pretext
from ssl_core.objectives import pairs
from ssl_core.objectives.base import Look, Part
from ssl_core.pretext.base import IGNORED
from ssl_core.training.batches import to_batch
from tests.pretext import told_apart
from tests.training import tiny

TASKS = ("next_sentence", "sentence_order", "relative_position")


def spec(tmp_path, task="next_sentence", family="modernbert"):
    own = tiny.spec(tmp_path / "none.txt", task)
    return replace(own, model=replace(own.model, family=family, context_tokens=48))


def batch_of(task, num_rows=6, **settings):
    declared = pretext.task(task)
    ids_BT = told_apart.windows()[0][:num_rows]
    examples = declared.make_examples(ids_BT, np.random.default_rng(1), declared.Config(**settings), told_apart.VOCABULARY)
    return examples, to_batch(examples, tiny.CPU)


@pytest.mark.parametrize("family", ["modernbert", "bert"])
@pytest.mark.parametrize("task", TASKS)
def test_what_is_learnt_beside_the_network_is_counted(tmp_path, task, family):
    own = spec(tmp_path, task, family)
    network = objectives.build(own, told_apart.VOCABULARY)
    assert sum(each.numel() for each in network.parameters()) == objectives.parameter_count(own, told_apart.VOCABULARY)
    assert network.heads["pair"][-1].out_features == batch_of(task)[0].num_classes


@pytest.mark.parametrize("family", ["modernbert", "bert"])
def test_scores_are_those_of_each_row_read_alone_without_its_padding(tmp_path, family):
    network = objectives.build(spec(tmp_path, family=family), told_apart.VOCABULARY).eval()
    examples, batch = batch_of("next_sentence")
    with torch.no_grad():
        together_BC = pairs.scores_BC(network, batch.seen_ids_BT, batch.segments_BT)
        for row, ids_W in enumerate(examples.seen_ids_BT):
            width = int((ids_W != told_apart.PAD).sum())
            ids_1W, segments_1W = batch.seen_ids_BT[[row], :width], batch.segments_BT[[row], :width]
            both = models.family(family).hidden_BTD(network, ids_1W, segments_BT=segments_1W)[0]
            is_word_W, is_second_W = ids_1W[0] > told_apart.SEP, segments_1W[0] == 1
            u_D, v_D = both[is_word_W & ~is_second_W].mean(dim=0), both[is_word_W & is_second_W].mean(dim=0)
            alone_C = network.heads["pair"](torch.cat([u_D, v_D, (u_D - v_D).abs(), u_D * v_D]))
            torch.testing.assert_close(together_BC[row], alone_C, atol=1e-5, rtol=1e-5)  # float32 in another order


def test_the_loss_counts_only_rows_that_ask(tmp_path):
    network = objectives.build(spec(tmp_path), told_apart.VOCABULARY).eval()
    _examples, batch = batch_of("next_sentence")
    half = replace(batch, labels_B=torch.where(torch.arange(len(batch.labels_B)) % 2 == 0, batch.labels_B, IGNORED))
    few = replace(
        batch,
        seen_ids_BT=batch.seen_ids_BT[::2],
        segments_BT=batch.segments_BT[::2],
        labels_B=batch.labels_B[::2],
    )
    one, other = (pairs.look(network, each, None) for each in (half, few))
    assert float(one.total.detach()) == pytest.approx(float(other.total.detach()), abs=1e-5)  # float32
    assert one.charted.count == other.charted.count == len(few.labels_B)
    assert pairs.measures([one]) == pairs.measures([other])


def test_looks_at_parts_of_a_batch_add_up_to_a_look_at_the_whole(tmp_path):
    network = objectives.build(spec(tmp_path), told_apart.VOCABULARY).eval()
    _examples, batch = batch_of("next_sentence")
    whole = pairs.look(network, batch, None)
    parts = [pairs.look(network, batch.rows(*rows), None) for rows in ((0, 5), (5, len(batch.labels_B)))]
    one, other = (sum(float(each.charted.sum_nats.detach()) for each in looks) for looks in (parts, [whole]))
    assert one == pytest.approx(other, rel=1e-5)  # float32 in another order
    assert pairs.measures(parts) == pairs.measures([whole])


def test_a_batch_that_asks_nothing_costs_nothing(tmp_path):
    network = objectives.build(spec(tmp_path), told_apart.VOCABULARY).eval()
    _examples, batch = batch_of("next_sentence")
    silent = pairs.look(network, replace(batch, labels_B=torch.full_like(batch.labels_B, IGNORED)), None)
    assert (float(silent.total.detach()), silent.charted.count, pairs.measures([silent])) == (0.0, 0, {})


def test_accuracy_and_recall_are_counted_over_all_looks():
    def seen(guess, label):
        return Look({"classes": Part(torch.zeros(()), len(label))},
                    {"guess": torch.tensor(guess), "label": torch.tensor(label)})  # fmt: skip

    found = pairs.measures([seen([0, 1, 1], [0, 0, 1]), seen([2, 2], [2, 1])])
    assert found == {"accuracy": 3 / 5, "recall_0": 1 / 2, "recall_1": 1 / 2, "recall_2": 1.0}


def test_the_order_may_be_right_where_the_distance_is_not(tmp_path):
    own = spec(tmp_path, "relative_position")
    network = objectives.build(own, told_apart.VOCABULARY).eval()
    _examples, batch = batch_of("relative_position", num_rows=40)
    with torch.no_grad():
        guesses = pairs.scores_BC(network, batch.seen_ids_BT, batch.segments_BT).argmax(dim=1).tolist()
    found = pairs.measures([pairs.look(network, batch, own.task_settings)])
    both = list(zip(guesses, batch.labels_B.tolist(), strict=True))
    assert found["order"] == pytest.approx(np.mean([(guess < 3) == (label < 3) for guess, label in both]))
    assert found["accuracy"] == pytest.approx(np.mean([guess == label for guess, label in both]))


@pytest.mark.parametrize("task", TASKS)
def test_what_is_measured_is_what_the_task_declares(tmp_path, task):
    network = objectives.build(spec(tmp_path, task), told_apart.VOCABULARY).eval()
    _examples, batch = batch_of(task, num_rows=40)
    settings = pretext.task(task).Config()
    assert set(pretext.measures(task)) <= set(pairs.measures([pairs.look(network, batch, settings)]))
