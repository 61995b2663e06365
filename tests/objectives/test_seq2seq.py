import numpy as np
import pytest
import torch

from ssl_core import models, objectives, pretext
from ssl_core.models.config import ModelConfig
from ssl_core.objectives import seq2seq
from ssl_core.pretext.base import IGNORED
from ssl_core.training.batches import to_batch
from tests.training import tiny

TASKS = [("span_corruption", "t5"), ("denoising", "bart")]


def a_look(task, family, num_rows=6):
    declared = pretext.task(task)
    vocabulary = pretext.vocabulary_for(task, declared.Config(), tiny.VOCABULARY)
    ids_BT = np.random.default_rng(0).integers(3, vocabulary.size, (num_rows, 16))
    examples = declared.make_examples(ids_BT, np.random.default_rng(1), declared.Config(), vocabulary)
    batch = to_batch(examples, tiny.CPU)
    model = models.build(ModelConfig(family=family, size="tiny", context_tokens=16), vocabulary.size_with_sentinels, 0).eval()
    with torch.no_grad():
        return model, batch, seq2seq.look(model, batch, declared.Config())


@pytest.mark.parametrize(("task", "family"), TASKS)
def test_what_is_learnt_is_the_loss_of_the_library_and_what_is_charted_that_of_the_tokens_that_count(task, family):
    model, batch, look = a_look(task, family)
    with torch.no_grad():
        is_there = (batch.seen_ids_BT != 0).long()
        logits = model(input_ids=batch.seen_ids_BT, attention_mask=is_there, decoder_input_ids=batch.decoder_ids_BU).logits
    everything = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), batch.decoder_target_ids_BU.flatten(), ignore_index=IGNORED
    )
    assert look.total.item() == pytest.approx(float(everything), abs=1e-5)  # float32, in another order
    assert float(look.parts["everything"].mean_nats) == pytest.approx(float(everything), abs=1e-5)
    nats, hits, other_hits = [], [], []
    for b, u in np.argwhere(batch.decoder_target_ids_BU.numpy() != IGNORED):
        target, log_p = int(batch.decoder_target_ids_BU[b, u]), logits[b, u].log_softmax(-1)
        if batch.decoder_counts_BU[b, u]:
            nats.append(-float(log_p[target]))
        (hits if batch.decoder_counts_BU[b, u] else other_hits).append(int(log_p.argmax()) == target)
    assert next(iter(look.parts)) == "counted", "the first part is what the chart shows"
    assert look.charted.count == len(nats)
    assert float(look.charted.mean_nats) == pytest.approx(np.mean(nats), abs=1e-5)
    expected = {"counted_accuracy": np.mean(hits), "others_accuracy": np.mean(other_hits)}
    assert seq2seq.measures([look]) == pytest.approx(expected)


@pytest.mark.parametrize(("task", "family"), TASKS)
def test_looks_at_parts_of_a_batch_add_up_to_a_look_at_the_whole(task, family):
    model, batch, whole = a_look(task, family)
    with torch.no_grad():
        parts = [seq2seq.look(model, batch.rows(*rows), None) for rows in ((0, 2), (2, 6))]
    for name in whole.parts:
        assert sum(each.parts[name].count for each in parts) == whole.parts[name].count
        summed = sum(float(each.parts[name].sum_nats) for each in parts)
        assert summed == pytest.approx(float(whole.parts[name].sum_nats), rel=1e-5)  # float32 sums in another order
    assert seq2seq.measures(parts) == pytest.approx(seq2seq.measures([whole]))


@pytest.mark.parametrize(("task", "family"), TASKS)
def test_what_a_task_says_of_its_measures_is_what_is_measured(task, family):
    *_, look = a_look(task, family)
    measured = {*list(look.parts)[1:], *seq2seq.measures([look])}
    assert set(pretext.measures(task)) == measured


@pytest.mark.parametrize(("task", "family"), TASKS)
def test_nothing_is_learnt_beside_the_networks_own_numbers(task, family, tmp_path):
    spec = tiny.spec(tmp_path / "none.txt", task)
    vocabulary = pretext.vocabulary_for(task, spec.task_settings, tiny.VOCABULARY)
    model = objectives.build(spec, vocabulary)
    assert not hasattr(model, "heads")
    assert model.num_parameters() == objectives.parameter_count(spec, vocabulary)
