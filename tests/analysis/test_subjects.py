import shutil
from dataclasses import replace

import pytest
import torch

from ssl_core import paths, shelf
from ssl_core.analysis.base import num_bytes
from ssl_core.analysis.subjects import KeptSubjects, Subjects
from ssl_core.errors import UserError
from ssl_core.runs import weights
from ssl_core.shelf.opening import opened
from ssl_core.training.session import TrainingSession
from tests.analysis.asked import subject, trained
from tests.shelf import small_shelf
from tests.training import tiny

pytestmark = pytest.mark.usefixtures("shared_cache")


def weights_of(model):
    return {name: value.detach().clone() for name, value in model.named_parameters()}


def assert_same(model, expected):
    found = weights_of(model)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert torch.equal(found[name], value), name


@pytest.mark.parametrize(
    ("task", "family", "tokens"),
    [("masked_lm", "bert", "word"), ("masked_lm", "modernbert", "wordpiece"), ("causal_lm", "llama", "character")],
)
def test_a_finished_run_opens_with_its_trained_weights(store, small_text, task, family, tokens):
    spec = tiny.spec(small_text, task=task)
    spec = replace(spec, model=replace(spec.model, family=family), tokenizer=replace(spec.tokenizer, kind=tokens))
    session = TrainingSession(spec)
    list(session.steps())
    found = Subjects(store)({"run": trained(store, spec)})
    assert_same(found.model, weights_of(session.model))
    assert (found.step, found.context_tokens, found.model.training) == (6, 16, False)
    assert found.reads == ("fill" if task == "masked_lm" else "continue")
    text = "The small cat sees 3 dogs!"
    assert found.tokenizer.encode(text).ids == session.tokenized.tokenizer.encode(text).ids


def test_a_run_that_goes_on_opens_with_its_last_checkpoint(store, small_text):
    spec = tiny.spec(small_text)
    run_id = trained(store, spec, finish=None)
    session = TrainingSession(spec)
    list(session.steps())
    found = Subjects(store)({"run": run_id})
    assert_same(found.model, weights_of(session.model))
    assert found.step == 6


def test_a_step_on_the_way_opens_with_what_was_kept_of_it(store, small_text):
    spec = tiny.spec(small_text)
    run_id, session = trained(store, spec), TrainingSession(spec)
    for report in session.steps():
        if report.step == 3:
            session.keep_weights(paths.run_folder(run_id) / weights.STEPS)
            then = {name: value.half().float() for name, value in weights_of(session.model).items()}
    found = Subjects(store)({"run": run_id, "step": 3})
    assert_same(found.model, then)
    assert (found.step, Subjects(store)({"run": run_id}).step) == (3, 6)


@pytest.mark.parametrize("finish", ["done", None])
def test_step_0_is_the_random_start_of_the_very_run(store, small_text, finish):
    spec = tiny.spec(small_text)
    found = Subjects(store)({"run": trained(store, spec, finish=finish), "step": 0})
    assert_same(found.model, weights_of(TrainingSession(spec).model))
    assert found.step == 0


def test_what_was_opened_stays_open_until_the_weights_are_others(store, small_text):
    run_id = trained(store, tiny.spec(small_text), finish=None)
    open_subject = Subjects(store)
    first = open_subject({"run": run_id})
    assert open_subject({"run": run_id}) is first
    assert open_subject({"run": run_id, "step": 0}) is not first
    store.add_event(run_id, "checkpoint", step=9, elapsed_s=2.0, payload={"folder": "checkpoint"})
    assert open_subject({"run": run_id}) is not first


def test_the_network_asked_longest_ago_goes_when_they_take_too_much():
    size = subject().num_bytes
    kept = KeptSubjects(max_bytes=2 * size)
    first, second = kept.get("a", subject), kept.get("b", subject)
    assert kept.get("a", subject) is first
    third = kept.get("c", subject)
    assert kept.get("c", subject) is third
    assert kept.get("a", subject) is first
    assert kept.get("b", subject) is not second
    alone = KeptSubjects(max_bytes=1)
    assert alone.get("a", subject) is alone.get("a", subject), "one is kept however large it is"


def test_no_more_bytes_stay_open_than_may_however_many_networks_are_asked():
    size = subject().num_bytes
    kept = KeptSubjects(max_bytes=3 * size)
    for number in range(20):
        kept.get(str(number), subject)
        assert sum(each.num_bytes for each in kept._kept.values()) <= 3 * size
    assert list(kept._kept) == ["17", "18", "19"]


def test_the_bytes_of_a_network_are_those_of_its_tables_and_shared_ones_count_once():
    model = subject().model
    own = {each.data_ptr(): each.numel() * each.element_size() for each in (*model.parameters(), *model.buffers())}
    assert num_bytes(model) == sum(own.values()) > 0
    tied = sum(each.numel() * each.element_size() for each in model.state_dict().values())
    assert num_bytes(model) <= tied + sum(each.numel() * each.element_size() for each in model.buffers())


def test_damaged_weights_are_told(store, small_text):
    run_id = trained(store, tiny.spec(small_text))
    (paths.run_folder(run_id) / "model" / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(UserError, match="can't be read"):
        Subjects(store)({"run": run_id})


def test_a_deleted_run_is_none(store, small_text):
    run_id = trained(store, tiny.spec(small_text))
    open_subject = Subjects(store)
    open_subject({"run": run_id})
    store.delete(run_id)
    with pytest.raises(UserError, match="no run"):
        open_subject({"run": run_id})


def test_a_run_whose_files_are_gone_says_so(store, small_text):
    run_id = trained(store, tiny.spec(small_text))
    shutil.rmtree(paths.run_folder(run_id))
    with pytest.raises(UserError, match="ended before it kept any weights"):
        Subjects(store)({"run": run_id})


def test_a_model_of_the_shelf_opens_as_a_run_does(store, small_text, tmp_path, monkeypatch):
    monkeypatch.setattr(shelf, "FOLDER", tmp_path / "shelf")
    session, card = small_shelf.build(small_text, tmp_path / "shelf", tmp_path)
    found = Subjects(store)({"run": "shelf:encoder-en"})
    assert_same(found.model, weights_of(opened("encoder-en").model))
    assert (found.reads, found.step, found.context_tokens) == ("fill", card.steps, 16)
    text = "The small cat sees 3 dogs!"
    assert found.tokenizer.encode(text).ids == session.tokenized.tokenizer.encode(text).ids
    twin = Subjects(store)({"run": "shelf:encoder-en", "step": 0})
    assert_same(twin.model, weights_of(TrainingSession(session.spec).model))
