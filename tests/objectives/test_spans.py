import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from ssl_core import models, objectives
from ssl_core.objectives import spans
from ssl_core.pretext import span_masking
from ssl_core.training.batches import to_batch
from tests.training import tiny


def a_run(boundary=True, **settings):
    """A network with its heads, examples and their batch."""
    config = span_masking.Config(boundary_objective=boundary, mask_rate=0.3, **settings)
    spec = replace(tiny.spec("none.txt", "span_masking"), task_settings=config)
    ids_BT = np.random.default_rng(0).integers(5, tiny.VOCABULARY.size, (6, 16))
    examples = span_masking.make_examples(ids_BT, np.random.default_rng(1), config, tiny.VOCABULARY)
    return spec, objectives.build(spec, tiny.VOCABULARY).eval(), examples, to_batch(examples, tiny.CPU)


def test_boundaries_are_found_as_by_going_through_each_row():
    is_hidden_BT = np.zeros((3, 8), dtype=bool)
    is_hidden_BT[0, [0, 1, 4]] = is_hidden_BT[1, [5, 6, 7]] = is_hidden_BT[2, [0, 2, 3]] = True
    left_N, right_N, place_N = spans.boundaries(torch.from_numpy(np.flatnonzero(is_hidden_BT)), 8)
    # row 1 ends and row 2 begins with hidden tokens: they are two spans all the same
    assert left_N.tolist() == [-1, -1, 3, 12, 12, 12, -1, 17, 17]
    assert right_N.tolist() == [2, 2, 5, -1, -1, -1, 17, 20, 20]
    assert place_N.tolist() == [0, 1, 0, 0, 1, 2, 0, 0, 1]


def test_the_boundary_loss_is_that_of_a_loop_over_the_hidden_tokens():
    spec, network, examples, batch = a_run()
    hidden_BTD = models.family(network.config.model_type).hidden_BTD(network, batch.seen_ids_BT)
    heads, losses = network.heads, []
    for b, t in np.argwhere(examples.is_predicted_BT):
        begin = end = t
        while begin > 0 and examples.is_predicted_BT[b, begin - 1]:
            begin -= 1
        while end < 15 and examples.is_predicted_BT[b, end + 1]:
            end += 1
        assert 0 < begin <= end < 15, "here every span has both its boundaries"
        known = torch.cat((hidden_BTD[b, begin - 1], hidden_BTD[b, end + 1], heads["places"].weight[t - begin]))
        scores = network.get_output_embeddings()(heads["boundary"](known[None]))[0]
        losses.append(-float(scores.detach().log_softmax(-1)[batch.target_ids_N[len(losses)]]))
    look = spans.look(network, batch, spec.task_settings)
    # float32 sums in another order
    assert float(look.parts["boundary_nats"].mean_nats.detach()) == pytest.approx(np.mean(losses), abs=1e-5)
    assert float(look.total) == pytest.approx(sum(float(part.mean_nats) for part in look.parts.values()), abs=1e-6)
    assert next(iter(look.parts)) == "tokens"


def test_without_the_boundary_objective_the_loss_is_that_of_the_tokens_alone():
    spec, network, _, batch = a_run(boundary=False)
    look = spans.look(network, batch, spec.task_settings)
    assert list(look.parts) == ["tokens"]
    assert float(look.total) == pytest.approx(float(look.charted.mean_nats))
    assert not hasattr(network, "heads")


@pytest.mark.parametrize("boundary", [True, False])
def test_the_closed_form_counts_the_heads_that_are_built(boundary):
    spec, network, _, _ = a_run(boundary)
    learnt = sum(each.numel() for each in network.parameters())
    assert learnt == objectives.parameter_count(spec, tiny.VOCABULARY)


def test_a_span_at_the_edge_has_a_loss_and_all_heads_learn():
    spec, network, _, _ = a_run()
    ids_BT = np.arange(5, 7)[None]
    examples = span_masking.make_examples(ids_BT, np.random.default_rng(1), spec.task_settings, tiny.VOCABULARY)
    look = spans.look(network, to_batch(examples, tiny.CPU), spec.task_settings)
    assert math.isfinite(float(look.total))
    look.total.backward()
    for name, weight in network.heads.named_parameters():
        assert float(weight.grad.abs().sum()) > 0, name


def test_looks_at_parts_of_a_batch_add_up_to_a_look_at_the_whole():
    spec, network, _, batch = a_run()
    whole = spans.look(network, batch, spec.task_settings).parts
    parts = [spans.look(network, batch.rows(*rows), spec.task_settings).parts for rows in ((0, 2), (2, 6))]
    for name, each in whole.items():
        summed = sum(float(part[name].sum_nats) for part in parts)
        assert summed == pytest.approx(float(each.sum_nats), rel=1e-6), name  # float32 sums in another order
