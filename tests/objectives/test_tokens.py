import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForMaskedLM

from ssl_core import models, objectives, pretext
from ssl_core.objectives import tokens
from ssl_core.pretext.base import IGNORED
from ssl_core.training.batches import to_batch
from tests.training import tiny


def batch_of(task, num_rows=6):
    ids_BT = np.random.default_rng(0).integers(5, tiny.VOCABULARY.size, (num_rows, 16))
    declared = pretext.task(task)
    examples = declared.make_examples(ids_BT, np.random.default_rng(1), declared.Config(), tiny.VOCABULARY)
    return examples, to_batch(examples, tiny.CPU)


def test_the_loss_is_that_of_the_library_over_the_same_positions():
    examples, batch = batch_of("masked_lm")
    config = BertConfig(
        vocab_size=40, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=16, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    model = BertForMaskedLM(config).eval()
    theirs = model(
        batch.seen_ids_BT, labels=torch.from_numpy(np.where(examples.is_predicted_BT, examples.target_ids_BT, IGNORED))
    )
    ours = tokens.look(model, batch, None)
    assert float(ours.total) == pytest.approx(float(theirs.loss), abs=1e-6)
    assert float(ours.charted.mean_nats) == pytest.approx(float(theirs.loss), abs=1e-6)


def test_looks_at_parts_of_a_batch_add_up_to_a_look_at_the_whole():
    _, batch = batch_of("causal_lm")
    model = tiny.network().eval()
    whole = tokens.look(model, batch, None).charted
    parts = [tokens.look(model, batch.rows(*rows), None).charted for rows in ((0, 2), (2, 6))]
    assert sum(part.count for part in parts) == whole.count
    summed = sum(float(part.sum_nats) for part in parts)
    assert summed == pytest.approx(float(whole.sum_nats), rel=1e-6)  # float32 sums in another order


@pytest.mark.parametrize("task", ["masked_lm", "causal_lm"])
def test_nothing_is_learnt_beside_the_networks_own_numbers(task, tmp_path):
    spec = tiny.spec(tmp_path / "none.txt", task)
    assert objectives.parameter_count(spec, tiny.VOCABULARY) == models.parameter_count(spec.model, tiny.VOCABULARY.size)
    model = objectives.build(spec, tiny.VOCABULARY)
    assert not hasattr(model, "heads")
    assert sum(each.numel() for each in model.parameters()) == objectives.parameter_count(spec, tiny.VOCABULARY)
