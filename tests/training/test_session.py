from dataclasses import replace

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer

from ssl_core import models
from ssl_core.errors import UserError
from ssl_core.runs.spec import RunSpec
from ssl_core.training.session import TrainingSession
from tests.training import tiny

pytestmark = pytest.mark.usefixtures("shared_cache")


def losses(reports):
    return [(each.step, each.train_loss_nats, each.val_loss_nats) for each in reports][1:]


def test_two_sessions_with_one_spec_give_the_same_numbers(small_text):
    spec = tiny.spec(small_text, task="masked_lm")
    assert losses(TrainingSession(spec).steps()) == losses(TrainingSession(spec).steps())
    assert losses(TrainingSession(spec).steps()) != losses(TrainingSession(replace(spec, seed=1)).steps())


def test_probes_and_checkpoints_change_nothing(small_text, tmp_path):
    spec = tiny.spec(small_text)
    watched = TrainingSession(spec)
    reports = []
    for report in watched.steps():
        reports.append(report)
        watched.probe({"0": "The small cat", "1": "A dog"})
        watched.save_checkpoint(tmp_path)
    assert losses(reports) == losses(TrainingSession(spec).steps())


@pytest.mark.parametrize("optimizer", ["adamw", "muon", "sgd"])
def test_a_run_goes_on_from_a_checkpoint_as_if_nothing_had_happened(small_text, tmp_path, optimizer):
    spec = tiny.spec(small_text, optimizer=optimizer)
    spec = replace(spec, model=replace(spec.model, dropout=0.1))
    through = TrainingSession(spec)
    for report in through.steps():
        if report.step == 3:
            through.save_checkpoint(tmp_path)
        last = report
    resumed = TrainingSession(spec)
    resumed.load_checkpoint(tmp_path)
    reports = list(resumed.steps())
    assert [each.step for each in reports] == [4, 5, 6]
    assert reports[-1].val_loss_nats == last.val_loss_nats
    assert resumed.result()["test_loss_nats"] == through.result()["test_loss_nats"]
    assert resumed.clock() > reports[0].elapsed_s - 60


def test_a_checkpoint_keeps_patience_and_its_best_weights(small_text, tmp_path):
    spec = tiny.spec(small_text, patience=50)
    first = TrainingSession(spec)
    for report in first.steps():
        if report.step == 4:
            break
    first.save_checkpoint(tmp_path)
    second = TrainingSession(spec)
    second.load_checkpoint(tmp_path)
    assert second._state.patience.best_step == first._state.patience.best_step
    for name, weight in first._state.patience.best_weights.items():
        assert torch.equal(weight, second._state.patience.best_weights[name])


def test_a_checkpoint_that_is_missing_or_of_another_network_is_refused(small_text, tmp_path):
    spec = tiny.spec(small_text)
    session = TrainingSession(spec)
    with pytest.raises(UserError, match="no checkpoint"):
        session.load_checkpoint(tmp_path / "nowhere")
    next(session.steps())
    session.save_checkpoint(tmp_path)
    other = TrainingSession(replace(spec, model=replace(spec.model, size="small")))
    with pytest.raises(UserError, match="belongs to this run"):
        other.load_checkpoint(tmp_path)


@pytest.mark.parametrize(("task", "auto"), [("masked_lm", AutoModelForMaskedLM), ("causal_lm", AutoModelForCausalLM)])
def test_an_exported_network_and_tokenizer_open_with_auto_classes(small_text, tmp_path, task, auto):
    session = TrainingSession(tiny.spec(small_text, task=task, budget=1))
    list(session.steps())
    session.export(tmp_path / "model")
    model, tokenizer = auto.from_pretrained(tmp_path / "model").eval(), AutoTokenizer.from_pretrained(tmp_path / "model")
    ids = tokenizer("the small cat sees", return_tensors="pt", add_special_tokens=False)["input_ids"]
    assert ids[0].tolist() == session.tokenized.tokenizer.encode("the small cat sees", add_special_tokens=False).ids
    assert tokenizer.mask_token_id == 4
    with torch.no_grad():
        theirs, ours = model(ids).logits, session.model.eval()(ids).logits
    torch.testing.assert_close(theirs, ours, atol=1e-6, rtol=0)  # the same weights


def test_the_result_has_the_figures_and_the_baselines(small_text):
    session = TrainingSession(tiny.spec(small_text))
    reports = list(session.steps())
    result = session.result()
    assert result["val_loss_nats"] == reports[-1].val_loss_nats
    assert set(result["baselines"]) == {"uniform_nats", "unigram_nats", "bigram_nats", "floor_nats", "num_targets"}
    assert result["steps"] == 6
    assert result["tokens"] == 6 * 4 * 16
    assert result["parameters"] == session.model.num_parameters()
    bits_per_token = result["val_loss_nats"] / 0.6931471805599453
    assert result["bits_per_byte"] == pytest.approx(bits_per_token / session.tokenized.bytes_per_token)


@pytest.mark.parametrize(
    "task", ["masked_lm", "replaced_token_detection", "permutation_lm", "span_corruption", "denoising", "joint"]
)
def test_only_a_text_predicted_from_left_to_right_costs_bits_per_byte(task, small_text):
    session = TrainingSession(tiny.spec(small_text, task=task))
    assert session.result()["bits_per_byte"] is None, "a detector's loss, or one of single gaps, is no code of the text"


def test_the_next_run_of_its_kind_is_estimated_by_how_fast_this_one_was(small_text):
    session = TrainingSession(tiny.spec(small_text, budget=25))
    for report in session.steps():
        if report.is_last:
            break  # as the engine does
    estimate = models.estimated_seconds_per_step(session.spec, session.tokenized.vocabulary.size, str(session.device))
    assert estimate == pytest.approx(report.elapsed_s / 25, abs=1e-6)  # kept to the microsecond


def test_a_run_that_is_stopped_tells_its_speed_too(small_text):
    session = TrainingSession(tiny.spec(small_text, budget=1000))
    for report in session.steps():
        if report.step == 25:
            break
    estimate = models.estimated_seconds_per_step(session.spec, session.tokenized.vocabulary.size, str(session.device))
    assert estimate == pytest.approx(report.elapsed_s / 25, abs=1e-6)


def test_the_validation_set_is_the_same_for_every_seed(small_text):
    spec = tiny.spec(small_text, task="masked_lm")
    assert TrainingSession(spec).baselines == TrainingSession(replace(spec, seed=5)).baselines


def test_a_context_longer_than_the_text_is_refused(small_text, tmp_path):
    short = tmp_path / "short.txt"
    short.write_text(small_text.read_text(encoding="utf-8")[:15_000], encoding="utf-8")
    spec = tiny.spec(short)
    with pytest.raises(UserError, match="too short for a context of 512"):
        TrainingSession(replace(spec, model=replace(spec.model, context_tokens=512)))


def test_a_spec_survives_its_trip_through_json(small_text):
    spec = tiny.spec(small_text)
    assert losses(TrainingSession(RunSpec.from_json(spec.to_json())).steps()) == losses(TrainingSession(spec).steps())
