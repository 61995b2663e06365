from dataclasses import replace

import numpy as np
import pytest
import torch

from ssl_core import objectives
from ssl_core.objectives import permutation
from ssl_core.pretext import permutation_lm
from ssl_core.pretext.base import IGNORED
from ssl_core.training.batches import to_batch
from tests.training import tiny


def a_run(rate=0.3):
    config = permutation_lm.Config(predicted_rate=rate)
    spec = replace(tiny.spec("none.txt", "permutation_lm"), task_settings=config)
    ids_BT = np.random.default_rng(0).integers(5, tiny.VOCABULARY.size, (6, 16))
    examples = permutation_lm.make_examples(ids_BT, np.random.default_rng(1), config, tiny.VOCABULARY)
    return spec, objectives.build(spec, tiny.VOCABULARY).eval(), examples, to_batch(examples, tiny.CPU)


@pytest.mark.parametrize("rate", [0.3, 1.0])
def test_the_loss_is_that_of_the_library_under_the_same_order(rate):
    spec, network, examples, batch = a_run(rate)
    ours = permutation.look(network, batch, spec.task_settings)
    is_hidden_BTT = ~permutation_lm.query_mask(examples.ranks_BT) & ~(
        (examples.ranks_BT[:, :, None] == 0) & (examples.ranks_BT[:, None, :] == 0)
    )
    every_BTT = torch.eye(16).expand(6, -1, -1)
    scores_BTV = network(
        batch.seen_ids_BT, perm_mask=torch.from_numpy(is_hidden_BTT).float(), target_mapping=every_BTT
    ).logits  # fmt: skip
    targets_BT = torch.from_numpy(examples.target_ids_BT)
    theirs = torch.nn.functional.cross_entropy(scores_BTV.flatten(0, 1), targets_BT.flatten(), ignore_index=IGNORED)
    assert float(ours.total.detach()) == pytest.approx(float(theirs.detach()), abs=1e-5)  # float32 sums in another order
    assert ours.charted.count == int(examples.is_predicted_BT.sum())


def test_looks_at_parts_of_a_batch_add_up_to_a_look_at_the_whole():
    spec, network, _, batch = a_run()
    whole = permutation.look(network, batch, spec.task_settings).charted
    parts = [permutation.look(network, batch.rows(*rows), spec.task_settings).charted for rows in ((0, 2), (2, 6))]
    assert sum(part.count for part in parts) == whole.count
    assert sum(float(part.sum_nats) for part in parts) == pytest.approx(float(whole.sum_nats), rel=1e-6)  # float32 sums


def test_nothing_is_learnt_beside_the_networks_own_numbers():
    spec, network, _, _ = a_run()
    assert sum(each.numel() for each in network.parameters()) == objectives.parameter_count(spec, tiny.VOCABULARY)
    assert not hasattr(network, "heads")
