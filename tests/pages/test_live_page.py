"""The live page: every state opens, one press makes one run, settings reach the run, and a learner's text stays text."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui import live_state
from ssl_core.i18n import LANGUAGES
from ssl_core.runs import presets
from tests.pages.opening import HOSTILE, add_run, open_page, open_section, texts

FIRST = presets.spec("mlm-en")


def press(app: AppTest, name: str) -> AppTest:
    return app.button(key=f"live.{name}").click().run()


def run_in(app: AppTest) -> str:
    named = app.query_params["run"]
    return named if isinstance(named, str) else named[0]


def widget(app: AppTest, kind: str, ending: str):
    return next(each for each in getattr(app, kind) if each.key.endswith(ending))


def spec_of(store, run_id: str) -> dict:
    return json.loads(store.row(run_id)["spec"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", ["queued", "running", "paused", "done", "stopped", "failed"])
def test_each_state_offers_what_can_be_done(status, language, store):
    app = open_page("live", language, run=add_run(store, status))
    assert not app.exception, app.exception
    offered = {each.key.removeprefix("live.") for each in app.button}
    expected = {
        "queued": {"stop"}, "running": {"pause", "step", "stop"}, "paused": {"resume", "step", "stop"},
        "done": {"again", "new"}, "stopped": {"again", "new"}, "failed": {"again", "remedy"},
    }[status]  # fmt: skip
    assert offered & {"start", "watch", "pause", "resume", "step", "stop", "again", "new", "remedy"} == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_presets_are_those_on_text_in_the_readers_language(language):
    app = open_page("live", language)
    shown = app.radio(key="live.preset")
    offered = [each for each in presets.PRESETS if each.language == language]
    assert shown.value == offered[0].key
    assert len(shown.options) + len(app.selectbox(key="live.preset_more").options) == len(offered)


def test_presets_of_the_other_language_are_one_click_away():
    app = open_page("live", "en")
    app.button_group(key="live.preset_language").select("zh").run()
    assert not app.exception
    assert app.radio(key="live.preset").value == "mlm-zh"
    assert app.title[0].value == "Live run", "the page speaks as before"


@pytest.mark.parametrize("preset", [each.key for each in presets.PRESETS])
def test_start_runs_the_preset_as_it_is(preset, store):
    app = open_page("live")
    app.button_group(key="live.preset_language").select(presets.preset(preset).language).run()
    choice = app.radio(key="live.preset") if presets.is_main(preset) else app.selectbox(key="live.preset_more")
    choice.set_value(preset).run()
    press(app, "start")
    assert not app.exception, app.exception
    (row,) = store.rows()
    assert json.loads(row["spec"]) == json.loads(json.dumps(presets.spec(preset).to_json()))


def test_start_shows_the_run_and_puts_it_into_the_address(store):
    app = press(open_page("live"), "start")
    (row,) = store.rows()
    assert run_in(app) == row["id"]
    assert "live.start" not in {each.key for each in app.button}


def test_a_second_press_that_comes_late_makes_no_second_run(store):
    app = open_page("live")
    press(app, "start")
    first = app.query_params.pop("run")
    app.session_state[live_state.WATCHES] = False
    app.run()  # the browser had not heard of the new address yet
    assert run_in(app) == (first if isinstance(first, str) else first[0])
    assert len(store.rows()) == 1


def test_running_again_makes_another_run(store):
    run_id = add_run(store, "done")
    app = press(open_page("live", run=run_id), "again")
    assert len(store.rows()) == 2
    new = run_in(app)
    assert new != run_id
    assert spec_of(store, new) == spec_of(store, run_id)


def test_a_failed_run_can_be_tried_with_less(store):
    run_id = add_run(store, "failed")
    app = press(open_page("live", run=run_id), "remedy")
    new = run_in(app)
    assert spec_of(store, new)["training"]["batch_size"] == FIRST.training.batch_size // 2


def test_a_new_setup_leaves_the_run_alone(store):
    run_id = add_run(store, "running")
    app = open_page("live", run=run_id)
    app.radio(key="live.preset").set_value("lm-en").run()
    assert "run" not in app.query_params
    assert store.row(run_id)["status"] == "running"
    assert "live.start" in {each.key for each in app.button}


@pytest.mark.parametrize("action", ["pause", "step", "stop"])
def test_the_transport_writes_controls(action, store):
    run_id = add_run(store, "running")
    press(open_page("live", run=run_id), action)
    assert [each["action"] for each in store.controls_after(run_id, 0)] == [action]


def test_cancelling_a_queued_run_stops_it_at_once(store):
    run_id = add_run(store, "queued")
    press(open_page("live", run=run_id), "stop")
    assert store.row(run_id)["status"] == "stopped"


def test_a_knob_reaches_the_run(store):
    app = open_section(open_page("live"), "live-settings")
    widget(app, "number_input", ".training.budget").set_value(7).run()
    widget(app, "selectbox", ".model.size").set_value("tiny").run()
    press(app, "start")
    spec = spec_of(store, store.rows()[0]["id"])
    assert (spec["training"]["budget"], spec["model"]["size"]) == (7, "tiny")


def test_another_task_brings_its_own_recipe_and_families(store):
    app = open_section(open_page("live"), "live-settings")
    app.selectbox(key=live_state.TASK).set_value("causal_lm").run()
    assert widget(app, "selectbox", ".model.family").value == presets.spec("lm-en").model.family
    press(app, "start")
    assert spec_of(store, store.rows()[0]["id"])["task"] == "causal_lm"


def test_settings_that_cannot_work_together_are_explained_before_the_start():
    app = open_section(open_page("live"), "live-settings")
    widget(app, "slider", ".task.mask_token_rate").set_value(0.95)
    widget(app, "slider", ".task.random_token_rate").set_value(0.5).run()
    assert not app.exception, app.exception
    assert app.button(key="live.start").disabled
    assert "add up to more than 1" in texts(app)


def test_an_own_sentence_joins_the_run_being_set_up(store):
    app = open_page("live")
    app.text_input(key="live.sentence").set_value(f"{HOSTILE} ___").run()
    assert not app.exception, app.exception
    assert all("<script>alert" not in each.body for each in app.html)
    press(app, "start")
    assert spec_of(store, store.rows()[0]["id"])["probes"][0] == f"{HOSTILE} ___"


def test_an_own_sentence_is_sent_to_a_run_that_goes_on(store):
    run_id = add_run(store, "running")
    app = open_page("live", run=run_id)
    app.text_input(key="live.sentence").set_value("the ___ was new").run()
    (control,) = store.controls_after(run_id, 0)
    assert (control["action"], control["payload"]) == ("probe", {"text": "the ___ was new"})


def test_a_run_made_on_the_command_line_from_a_file_that_is_gone_still_opens(store):
    spec = presets.recipe("masked_lm", "/nowhere/text.txt", "en")
    app = open_page("live", run=store.submit(spec))
    assert not app.exception, app.exception


def test_what_stands_in_closed_sections_is_made_when_they_open(store):
    app = open_page("live", run=add_run(store, "done"))
    made = [*app.code, *app.number_input, *app.latex]
    assert not made, "large scripts come with these, and nobody needs them yet"
    for key in ("live-table", "live-downloads", "live-settings", "live-source"):
        open_section(app, key)
    assert not app.exception, app.exception
    assert 'class="pp-table"' in texts(app), "the numbers"
    assert "ssl_core train" in app.code[0].value
    assert app.number_input, "the settings"
    assert app.latex, "the formula"


def test_settings_keep_what_they_were_given_when_they_close(store):
    app = open_section(open_page("live"), "live-settings")
    widget(app, "number_input", ".training.budget").set_value(7).run()
    app.session_state["live-settings"] = False
    press(app.run(), "start")
    assert spec_of(store, store.rows()[0]["id"])["training"]["budget"] == 7


def test_an_own_sentence_stays_when_the_settings_open():
    app = open_page("live")
    app.text_input(key="live.sentence").set_value("the ___ was new").run()
    open_section(app, "live-settings")
    lines = widget(app, "text_area", ".probes").value.splitlines()
    assert lines == ["the ___ was new", *FIRST.probes]


def test_a_failure_is_said_once(store):
    assert texts(open_page("live", run=add_run(store, "failed"))).count("The worker was killed.") == 1
