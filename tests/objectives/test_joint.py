from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
import torch

from ssl_core import objectives, pretext
from ssl_core.models import modernbert
from ssl_core.objectives import joint, tokens
from ssl_core.pretext.base import Labels, Vocabulary
from ssl_core.tokenization.base import PAD_ID
from ssl_core.training.batches import to_batch
from ssl_core.training.session import TrainingSession
from tests.pretext.test_joint import SECONDS, a_text
from tests.training import tiny

TASK = pretext.task("joint")
STOP = 5
VOCABULARY = Vocabulary(size=60, special_ids=(0, 1, 2, 3, 4), mask_id=4, ends_sentence_V=np.arange(60) == STOP)


def built(tmp_path, settings, family="bert"):
    spec = tiny.spec(tmp_path / "none.txt", "joint")
    spec = replace(spec, task_settings=settings, model=replace(spec.model, family=family, context_tokens=48))
    return spec, objectives.build(spec, VOCABULARY)


def batch_of(settings):
    ids_BT = a_text()
    labels = () if TASK.needs_label(settings) is None else (None, told(ids_BT))
    return to_batch(TASK.make_examples(ids_BT, np.random.default_rng(1), settings, VOCABULARY, *labels), tiny.CPU)


def told(ids_BT):
    """Three labels in turn, one a document."""
    number_N = np.cumsum(ids_BT.reshape(-1) == VOCABULARY.sep_id)
    return Labels(classes=(np.append(0, number_N[:-1]) % 3).reshape(ids_BT.shape), names=("a", "b", "c"))


def second_of(settings):
    """The second task's own objective and settings."""
    return import_module(f"ssl_core.objectives.{pretext.part(settings.second).OBJECTIVE}"), TASK.second_settings(settings)


def gradients(model, look):
    model.zero_grad()
    look.total.backward()
    found = {name: torch.zeros_like(each) if each.grad is None else each.grad for name, each in model.named_parameters()}
    return {name: each.clone() for name, each in found.items()}


@pytest.mark.parametrize("second", SECONDS)
def test_the_second_part_alone_is_that_task_alone(tmp_path, second):
    settings = TASK.Config(second=second, token_weight=0.0, second_weight=1.0)
    _, model = built(tmp_path, settings)
    batch, (objective, its_settings) = batch_of(settings), second_of(settings)
    ours, theirs = joint.look(model, batch, settings), objective.look(model, batch, its_settings)
    assert ours.total.item() == pytest.approx(theirs.total.item(), abs=1e-6)  # float32
    mine = gradients(model, ours)
    for name, expected in gradients(model, theirs).items():
        torch.testing.assert_close(mine[name], expected, atol=1e-6, rtol=1e-5)  # float32 sums in another order
    assert not mine["cls.predictions.bias"].any(), "a weight of 0 switches the blanks off exactly"


@pytest.mark.parametrize("second", SECONDS)
def test_the_blanks_alone_are_masked_language_modelling_alone(tmp_path, second):
    settings = TASK.Config(second=second, token_weight=1.0, second_weight=0.0)
    _, model = built(tmp_path, settings)
    batch = batch_of(settings)
    hidden_BTD = model.bert(
        batch.seen_ids_BT, attention_mask=(batch.seen_ids_BT != PAD_ID).long(), token_type_ids=batch.segments_BT
    ).last_hidden_state
    logits_NV = model.cls(hidden_BTD).flatten(0, 1)[batch.positions_N]
    expected = torch.nn.functional.cross_entropy(logits_NV, batch.target_ids_N)
    look = joint.look(model, batch, settings)
    assert look.total.item() == pytest.approx(expected.item(), abs=1e-5)  # float32
    found = gradients(model, look)
    assert not any(each.any() for name, each in found.items() if name.startswith("heads.")), "switched off exactly"


@torch.no_grad()
def test_the_losses_are_added_by_their_weights(tmp_path):
    one = TASK.Config(token_weight=1.0, second_weight=1.0)
    _, model = built(tmp_path, one)
    batch = batch_of(one)
    parts = {name: float(part.mean_nats) for name, part in joint.look(model, batch, one).parts.items()}
    weighed = joint.look(model, batch, TASK.Config(token_weight=0.3, second_weight=2.5))
    assert float(weighed.total) == pytest.approx(0.3 * parts["tokens"] + 2.5 * parts["second"], abs=1e-5)  # float32
    assert {name: float(part.mean_nats) for name, part in weighed.parts.items()} == parts, "they are told as they are"


@torch.no_grad()
def test_what_is_scored_from_a_pass_is_what_the_task_of_blanks_scores():
    model = tiny.network(family="modernbert").eval()
    ids_BT = np.random.default_rng(0).integers(5, tiny.VOCABULARY.size, (4, 16))
    masked = pretext.task("masked_lm")
    batch = to_batch(masked.make_examples(ids_BT, np.random.default_rng(1), masked.Config(), tiny.VOCABULARY), tiny.CPU)
    ours = tokens.of_hidden(model, modernbert.hidden_BTD(model, batch.seen_ids_BT), batch, None)
    assert float(ours.total) == pytest.approx(float(tokens.look(model, batch, None).total), abs=1e-6)  # float32
    nothing = replace(batch, positions_N=batch.positions_N[:0], target_ids_N=batch.target_ids_N[:0])
    assert float(tokens.of_hidden(model, modernbert.hidden_BTD(model, batch.seen_ids_BT), nothing, None).total) == 0


@pytest.mark.parametrize("second", SECONDS)
@pytest.mark.parametrize("family", TASK.FAMILIES)
def test_the_numbers_that_are_learnt_are_counted(tmp_path, second, family):
    spec, model = built(tmp_path, TASK.Config(second=second), family)
    assert sum(each.numel() for each in model.parameters()) == objectives.parameter_count(spec, VOCABULARY)


@pytest.mark.parametrize("second", SECONDS)
def test_the_second_tasks_measures_are_told(tmp_path, second):
    settings = TASK.Config(second=second)
    _, model = built(tmp_path, settings)
    batch, (objective, its_settings) = batch_of(settings), second_of(settings)
    with torch.no_grad():
        found = joint.measures([joint.look(model, batch, settings)])
        expected = objective.measures([objective.look(model, batch, its_settings)])
    assert "accuracy" in found
    assert found == pytest.approx(expected, abs=1e-5)  # float32


@pytest.mark.usefixtures("shared_cache")
@pytest.mark.parametrize("second", [each for each in SECONDS if each in pretext.MENU])
def test_a_run_tells_both_losses_beside_each_other(small_text, second):
    spec = tiny.spec(small_text, "joint", budget=2)
    settings = TASK.Config(second=second)
    session = TrainingSession(replace(spec, task_settings=settings, model=replace(spec.model, context_tokens=64)))
    *_, last = session.steps()
    assert 0 < last.val_loss_nats < 2 * session.baselines.uniform_nats, "nats per hidden token"
    assert last.measures["second"] > 0
    assert session.baselines.bigram_nats < session.baselines.unigram_nats < session.baselines.uniform_nats
