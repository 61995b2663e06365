"""A run that is being set up stands in the address, and a link opens the same set-up."""

import json

import pytest

from ssl_core.i18n import translate
from ssl_core.runs import presets
from ssl_core.runs.spec import RunSpec
from tests.pages.opening import HOSTILE, add_run, open_page, texts

MESSAGE = '<div class="pp-message"'
OWN = {"task": "causal_lm", "corpus": "bbc-news", "training.budget": "30", "model.size": "tiny", "seed": "5"}


def of(app):
    found = {name: value if isinstance(value, str) else value[-1] for name, value in app.query_params.items()}
    return {name: value for name, value in found.items() if name != "lang"}


def started(app, store):
    app.button(key="live.start").click().run()
    assert not app.exception
    (row,) = store.rows()
    return json.loads(row["spec"])


def test_what_the_page_opens_with_is_left_out():
    assert of(open_page("live")) == {}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_chosen_preset_stands_in_the_address_and_opens_again(language, store):
    app = open_page("live")
    app.button_group(key="live.preset_language").select(language).run()
    app.radio(key="live.preset").set_value(f"lm-news-{language}").run()
    spec = presets.spec(f"lm-news-{language}")
    assert of(app)["task"] == "causal_lm"
    assert of(app)["corpus"] == spec.corpus
    assert RunSpec.from_json(started(open_page("live", **of(app)), store)) == spec


def test_a_link_sets_up_what_it_names(store):
    app = open_page("live", **OWN)
    assert of(app) == OWN
    made = started(app, store)
    assert (made["task"], made["corpus"], made["seed"]) == ("causal_lm", "bbc-news", 5)
    assert (made["training"]["budget"], made["model"]["size"]) == (30, "tiny")
    assert "training.budget" not in of(app), "of a run its id is enough"


def test_a_change_in_the_form_is_written_and_does_not_begin_afresh():
    app = open_page("live", **OWN)
    app.session_state["live-settings"] = True
    app.run()
    next(each for each in app.number_input if each.label == "Seed").set_value(9).run()
    assert of(app) == {**OWN, "seed": "9"}
    app.run()
    assert of(app) == {**OWN, "seed": "9"}


def test_another_link_in_the_same_window_sets_up_anew():
    app = open_page("live", **OWN)
    app.query_params["seed"] = "8"
    app.run()
    assert of(app) == {**OWN, "seed": "8"}


def test_who_comes_back_from_another_run_finds_what_the_address_names(store):
    app = open_page("live", **OWN)
    app.query_params.clear()
    app.query_params["run"] = add_run(store, "done")
    app.run()
    app.query_params.clear()
    for name, value in OWN.items():
        app.query_params[name] = value
    app.run()
    assert of(app) == OWN
    assert app.session_state["live.task"] == OWN["task"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"task": HOSTILE}, {"corpus": HOSTILE}, {"corpus": "/etc/passwd"}, {"corpus": "../../etc/passwd"},
        {"training.budget": "nan"}, {"training.budget": "-1"}, {"model.size": HOSTILE}, {"seed": "9" * 5000},
        {"task": "causal_lm", "task_settings.mask_rate": "0.3"}, {"start": HOSTILE}, {"start": "shelf:../x"}, {"start": "ab@x"},
        {"corpus": "upload-000000000000"}, {"mistake": "none of them"}, {"corpus": ""}, {"corpus": "hub:a/b"},
    ],
    ids=lambda wrong: " ".join(wrong)[:30],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_cannot_be_set_up_is_refused_with_a_way_on(wrong, language, store):
    app = open_page("live", language, **wrong)
    assert not app.exception, app.exception
    assert MESSAGE in texts(app)
    assert "<script>alert" not in texts(app), "what was written stays text"
    next(each for each in app.button if each.label == translate("Set up a new run", language)).click().run()
    assert of(app) == {}
    assert MESSAGE not in texts(app)
    assert store.rows() == []
