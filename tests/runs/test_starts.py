"""What a run takes over from what it starts from, as settings."""

import json
from dataclasses import replace

import pytest

from ssl_core import paths, shelf
from ssl_core.errors import UserError
from ssl_core.runs import flags, presets, starts, weights
from ssl_core.runs.spec import RunSpec

USUAL = presets.spec("mlm-en")
ENCODER = "shelf:encoder-en"


def test_tokenizer_and_network_are_those_of_the_start_and_nothing_else(store):
    usual = replace(USUAL, model=replace(USUAL.model, dropout=0.1))
    spec, theirs = starts.starting_from(store, usual, ENCODER), RunSpec.from_json(shelf.card("encoder-en").spec)
    assert (spec.start, spec.start_step, spec.tokenizer) == (ENCODER, None, theirs.tokenizer)
    assert spec.model == replace(theirs.model, dropout=0.1)
    assert replace(spec, start="", tokenizer=usual.tokenizer, model=usual.model) == usual
    starts.check(store, spec)


@pytest.mark.parametrize(
    ("task", "corpus", "key", "step", "share"),
    [
        ("masked_lm", "bbc-news", ENCODER, None, starts.GENTLER),
        ("masked_lm", "peoples-daily", "shelf:encoder-zh", None, starts.GENTLER),  # one of the two texts that it read
        ("masked_lm", "king-james", ENCODER, None, 1),
        ("masked_lm", "bbc-news+king-james", ENCODER, None, 1),
        ("joint", "bbc-news", ENCODER, None, 1),
        ("masked_lm", "bbc-news", ENCODER, 0, 1),  # its untrained twin has read nothing
    ],
)
def test_steps_are_gentler_where_the_start_knows_text_and_task(store, task, corpus, key, step, share):
    usual = presets.recipe(task, corpus)
    spec = starts.starting_from(store, usual, key, step)
    assert spec.training.learning_rate == pytest.approx(share * usual.training.learning_rate)
    assert replace(spec.training, learning_rate=usual.training.learning_rate) == usual.training
    assert starts.starting_from(store, spec, key).training == spec.training, "gentler once, if at all"


def test_a_spec_with_a_start_comes_back_from_json_and_an_older_one_has_none(store):
    spec = starts.starting_from(store, USUAL, ENCODER, 0)
    assert RunSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec
    saved = USUAL.to_json()
    del saved["start"], saved["start_step"]
    assert RunSpec.from_json(saved) == USUAL


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        ({"start": "../x"}, "can't start from '../x'; give the id of a run"),
        ({"start": "elsewhere:minilm-l6"}, "can't start from 'elsewhere:minilm-l6'"),
        ({"start": 5}, "can't start from '5'"),
        ({"start": "abc", "start_step": -1}, "step to start from is -1"),
        ({"start": "abc", "start_step": True}, "step to start from is True"),
        ({"start_step": 3}, "Step 3 of what"),
    ],
)
def test_a_start_from_outside_is_checked(saved, message):
    with pytest.raises(UserError) as refused:
        RunSpec.from_json(saved)
    assert message in refused.value.message()


def test_a_start_that_does_not_fit_is_refused_with_the_tasks_that_do(store):
    with pytest.raises(UserError, match=r"family 'llama'\. Tasks that can: causal_lm"):
        starts.starting_from(store, USUAL, "shelf:decoder-en")
    for key in ("shelf:nobody", "abc"):
        with pytest.raises(UserError, match=f"starts from, {key}, is not here"):
            starts.starting_from(store, USUAL, key)
    with pytest.raises(UserError, match="step 7 were not kept"):
        starts.starting_from(store, USUAL, ENCODER, 7)


@pytest.mark.parametrize("start", [("shelf:encoder-en", None), ("0a1b", 40)])
def test_a_start_is_read_as_it_was_written(start):
    assert starts.read(starts.written(*start)) == start


@pytest.mark.parametrize("text", ["abc@", "abc@x", "abc@-1", "abc@1@2"])
def test_what_is_no_step_is_told(text):
    with pytest.raises(UserError, match="is no step"):
        starts.read(text)


def test_the_line_of_a_run_names_its_start_and_nothing_that_it_fixes(store):
    line = flags.command(starts.starting_from(store, USUAL, ENCODER, 0))
    words = f"--start-from {ENCODER}@0 --seconds 60 --seed 0 --learning-rate {USUAL.training.learning_rate:g}"
    assert line == f"python -m ssl_core train --task masked_lm --corpus tinyworld-en {words}"


def test_a_run_is_named_after_its_start(store):
    spec = starts.starting_from(store, USUAL, ENCODER)
    assert "tinyworld-en · ← encoder-en · " in store.row(store.submit(spec))["name"]


def test_step_0_waits_for_the_copy_of_the_start(store):
    run_id = store.submit(starts.starting_from(store, USUAL, ENCODER), worker="w")
    with pytest.raises(weights.NoWeightsYet):
        weights.find(store, run_id, 0)
    (paths.run_folder(run_id) / weights.START).mkdir(parents=True)
    found = weights.find(store, run_id, 0)
    assert (found.form, found.step, found.folder.name) == (weights.START, 0, "start")
    assert weights.steps(store, run_id) == [0]
