"""The choice of what a run begins with, among the settings of the live page."""

import json
from dataclasses import replace

import pytest

from pages._ui import inspected, live_state, live_words, run_lessons, run_words
from ssl_core import paths, shelf
from ssl_core.i18n import LANGUAGES, in_language
from ssl_core.runs import presets, starts
from ssl_core.runs.spec import RunSpec
from tests.pages.live_runs import LINES, curve, event, made
from tests.pages.opening import add_run, open_page, open_section, texts

STEP_LABEL = "Weights of step"
ENCODER = {"en": "shelf:encoder-en", "zh": "shelf:encoder-zh"}


def settings(language="en", **parameters):
    return open_section(open_page("live", language, **parameters), "live-settings")


def chosen_in(store):
    return RunSpec.from_json(json.loads(store.rows()[0]["spec"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_start_that_fits_is_taken_with_its_tokenizer_and_network(language, store):
    with in_language(language):  # in which the titles of the choices are compared
        app = settings(language)
        choice = app.selectbox(key=live_state.START)
        assert choice.value == ""
        kept = len(choice.options)
        choice.set_value(ENCODER[language]).run()
        assert not app.exception, app.exception
        shown = {
            each.key.rsplit(".", 1)[1]: each for each in app.selectbox if ".model." in each.key or ".tokenizer." in each.key
        }
        assert {name: each.disabled for name, each in shown.items()} == {"kind": True, "family": True, "size": True}
        assert next(each for each in app.slider if each.key.endswith("model.dropout")).disabled is False
        assert len(app.selectbox(key=live_state.START).options) == kept == 2, "the other models have another task or language"
        app.button(key="live.start").click().run()
    usual = presets.spec("mlm-en" if language == "en" else "mlm-zh")
    assert chosen_in(store) == starts.starting_from(store, usual, ENCODER[language])


def test_another_task_forgets_a_start_that_it_can_not_train_and_random_weights_bring_the_usual_back(store):
    app = settings()
    app.selectbox(key=live_state.START).set_value(ENCODER["en"]).run()
    app.selectbox(key=live_state.TASK).set_value("causal_lm").run()
    assert not app.exception, app.exception
    assert app.selectbox(key=live_state.START).value == ""
    app.selectbox(key=live_state.TASK).set_value("masked_lm").run()
    app.selectbox(key=live_state.START).set_value(ENCODER["en"]).run()
    app.selectbox(key=live_state.START).set_value("").run()
    app.button(key="live.start").click().run()
    assert chosen_in(store) == presets.spec("mlm-en")


def test_earlier_weights_of_a_start_can_be_chosen(store):
    app = settings()
    app.selectbox(key=live_state.START).set_value(ENCODER["en"]).run()
    step = app.selectbox(key=live_state.START_STEP)
    assert (step.value, step.options) == (None, ["the newest", "0, as it began"])
    step.set_value(0).run()
    assert not app.exception, app.exception
    app.button(key="live.start").click().run()
    assert chosen_in(store) == starts.starting_from(store, presets.spec("mlm-en"), ENCODER["en"], 0)
    run_id = store.rows()[0]["id"]
    again = settings(run=run_id)
    assert again.selectbox(key=live_state.START_STEP).value == 0
    again.selectbox(key=live_state.START).set_value("").run()
    assert STEP_LABEL not in [each.label for each in again.selectbox]
    again.selectbox(key=live_state.START).set_value(ENCODER["en"]).run()
    assert again.selectbox(key=live_state.START_STEP).value is None, "another choice begins with the newest"


def test_a_finished_run_is_offered_and_one_that_started_from_it_says_so(store):
    run_id = add_run(store, "done", name="the first")
    (paths.run_folder(run_id) / "model").mkdir(parents=True)
    spec = starts_from(run_id)
    begun = store.submit(spec, worker="w")
    taken = {"parameters": 1234567, "fresh": 89, "step": 40}
    store.add_event(begun, "started", step=0, elapsed_s=0.0, payload={"device": "cpu", "parameters": 1, "taken_over": taken})
    app = settings(run=begun)
    assert not app.exception, app.exception
    assert app.selectbox(key=live_state.START).value == run_id
    assert "starts from the first: 1,234,567 parameters taken over, 89 begin anew" in texts(app)
    assert "starts from the first" in texts(open_page("runs"))
    store.delete(run_id)
    gone = settings(run=begun)
    assert not gone.exception, gone.exception
    assert gone.selectbox(key=live_state.START).value == "", "there is nothing to start from any more"


def test_a_run_whose_start_was_deleted_can_be_tried_from_random_weights(store):
    spec = starts_from("0123456789ab")
    run_id = store.submit(spec, worker="w")
    store.finish(run_id, "failed", failure=starts.gone(spec))
    app = open_page("live", run=run_id)
    assert "0123456789ab, is not here" in texts(app)
    app.button(key="live.remedy").click().run()
    again = next(row for row in store.rows() if row["id"] != run_id)
    assert RunSpec.from_json(json.loads(again["spec"])) == replace(spec, start="")


def test_what_a_start_knew_already_is_not_told_as_learned_here():
    losses, lines = [5.95, 5.4, 4.9], [event("baselines", 0, **LINES)]
    fresh = made("mlm-en", "done", lines, metrics=curve(losses))
    tuned = replace(fresh, spec={**fresh.spec, "start": "abc"})
    told, usual = run_lessons.afterwards(tuned), run_lessons.afterwards(fresh)
    assert "before its first step on this text it lost 5.95 nats; who guesses blindly loses 7.00" in told
    assert "**Word frequencies only**" in usual
    assert "**Word frequencies only**" not in told
    assert "A trained start" not in usual
    assert "**Some context**: from step 2 on" in told
    begun = replace(tuned, metrics=curve([5.95]))
    assert live_words.phase(begun)[1].startswith("It was trained on something else")
    assert live_words.phase(replace(fresh, metrics=curve([5.95])))[1].startswith("It knows how frequent")


def starts_from(run_id):
    spec = presets.spec("mlm-en")
    return starts.begun_like(spec, spec, run_id)


@pytest.mark.parametrize(("language", "expected"), [("en", "MLM, before fine-tuning"), ("zh", "MLM，微调前")])
def test_step_0_of_a_run_with_a_start_is_no_untrained_network(language, expected):
    told = {"key": "a", "title": "MLM", "language": "en", "task": "masked_lm", "corpus": "bbc-news"}
    with in_language(language):
        tuned, fresh = inspected.Model(**told, begins_trained=True), inspected.Model(**told)
        assert inspected.title_at(tuned, 0) == expected
        assert inspected.title_at(tuned, 5) == inspected.title_at(fresh, 5)
        assert inspected.step_title(tuned, 0) != inspected.step_title(fresh, 0)


def test_a_start_is_named_by_its_title_and_step():
    title = run_words.of_shelf(shelf.card("encoder-en"))
    assert run_words.start({"start": ENCODER["en"]}) == f"starts from {title}"
    assert run_words.start({"start": ENCODER["en"], "start_step": 0}) == f"starts from {title} as it was before its training"
    assert run_words.start({"start": "abc", "start_step": 7}) == "starts from abc, step 7"
    assert run_words.start({"start": "abc"}) == "starts from abc"
    assert run_words.start({"task": "masked_lm"}) == ""
