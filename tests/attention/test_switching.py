import numpy as np
import pytest
import torch

from ssl_core.attention import switching
from ssl_core.attention.recording import SELF, record
from ssl_core.errors import UserError
from ssl_core.training.batches import Batch
from tests.attention.networks import ids, network


def batches(num=2, rows=3, tokens=10):
    found = []
    for number in range(num):
        seen_BT = torch.tensor([ids(tokens, seed=10 * number + row) for row in range(rows)])
        positions_N = torch.tensor([1, 4, tokens + 2])
        found.append(Batch(seen_ids_BT=seen_BT, positions_N=positions_N, target_ids_N=torch.tensor([7, 8, 9])))
    return found


def zeroed(model, heads):
    """Zero the columns of the output matrix that read these heads: the oracle."""
    width = model.config.hidden_size // model.config.num_attention_heads
    with torch.no_grad():
        for layer, head in heads:
            model.bert.encoder.layer[layer].attention.output.dense.weight[:, head * width : (head + 1) * width] = 0.0
    return model


def plain_loss(model, some):
    with torch.no_grad():
        nats = [
            torch.nn.functional.cross_entropy(model(each.seen_ids_BT).logits.flatten(0, 1)[each.positions_N], each.target_ids_N)
            for each in some
        ]
    return float(sum(nats)) / len(nats)


@pytest.mark.parametrize("heads", [[], [(0, 1)], [(0, 0), (1, 1)], [(1, 0), (1, 1)]])
def test_the_loss_without_heads_is_that_of_zeroed_weights(heads):
    found = switching.loss_nats(network("bert"), batches(), switching.silenced(heads))
    assert found == pytest.approx(plain_loss(zeroed(network("bert"), heads), batches()), abs=1e-5)


def test_each_head_is_missed_by_itself_and_the_least_missed_goes_first():
    found_LH = switching.losses_without_each_LH(network("bert"), batches(), None)
    for layer in range(2):
        for head in range(2):
            expected = plain_loss(zeroed(network("bert"), [(layer, head)]), batches())
            assert found_LH[layer, head] == pytest.approx(expected, abs=1e-5)
    order = switching.least_important_first(np.array([[3.0, 1.0], [2.0, 4.0]], dtype=np.float32))
    assert order == [(0, 1), (1, 0), (0, 0), (1, 1)]


def test_pruning_adds_one_head_after_the_other():
    order = [(1, 1), (0, 0), (1, 0), (0, 1)]
    found = switching.prune(network("bert"), batches(), order, None)
    assert found.num_gone == (0, 1, 2, 3, 4)
    for count, loss in zip(found.num_gone, found.loss_nats, strict=True):
        assert loss == pytest.approx(plain_loss(zeroed(network("bert"), order[:count]), batches()), abs=1e-5)


def test_a_long_order_is_measured_now_and_then(monkeypatch):
    monkeypatch.setattr(switching, "MOST_POINTS", 2)
    found = switching.prune(network("bert"), batches(1), switching.every_head(network("bert")), None)
    assert found.num_gone == (0, 2, 4)


def test_a_mean_is_taken_over_all_tokens_and_replaces_what_the_head_says():
    model, some = network("bert"), batches()
    means_LHK = switching.mean_outputs_LHK(model, some)
    with torch.no_grad():
        layers = [record(model, each.seen_ids_BT).layers[SELF][1] for each in some]
        mixed = torch.cat([(each.weights_BHTS @ each.value_BHSK).transpose(1, 2).flatten(0, 1) for each in layers])
    torch.testing.assert_close(means_LHK[1], mixed.mean(dim=0), atol=1e-5, rtol=0)
    given = []
    hook = model.bert.encoder.layer[1].attention.output.dense.register_forward_pre_hook(lambda _m, a: given.append(a[0]))
    switching.logits_BTV(model, some[0].seen_ids_BT, switching.silenced([(1, 1)], means_LHK))
    hook.remove()
    K = means_LHK.shape[-1]
    assert torch.equal(given[0][..., K:], means_LHK[1, 1].expand_as(given[0][..., K:])), "it says the same everywhere"


def test_random_orders_are_of_all_heads_and_differ():
    heads = [(layer, head) for layer in range(3) for head in range(4)]
    first, second = switching.random_orders(heads, 2, np.random.default_rng(0))
    assert sorted(first) == sorted(second) == heads
    assert first != second


@pytest.mark.parametrize(("family", "why"), [("xlnet", "another family"), ("t5", "one part only")])
def test_networks_whose_heads_can_not_be_switched_off_are_refused(family, why):
    with pytest.raises(UserError, match=why):
        switching.every_head(network(family))
