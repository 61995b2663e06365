"""The page of heads: a guess before the map, dependencies against blind guesses, and births along the training."""

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui import heads_gold, heads_map, heads_time
from pages._ui.inspected import Model
from ssl_core.attention import heads
from ssl_core.engine import client
from ssl_core.engine.questions import Answer
from ssl_core.i18n import set_language
from tests.pages.opening import HOSTILE, add_run, open_page, open_section, texts

VALUES_LH = [[0.1, 0.2], [0.9, 0.3]]
LABEL = {"layer": 1, "head": 0, "label": "previous_token", "metric": "to_previous", "value": 0.9, "uniform": 0.1}
METRICS = {
    "step": 5, "num_layers": 2, "num_heads": 2, "labels": [LABEL],
    "metrics": [
        {"key": "to_previous", "num_tokens": 9, "values_LH": VALUES_LH, "uniform_L": [0.1, 0.1]},
        {"key": "to_cls", "num_tokens": 0, "values_LH": None, "uniform_L": None},
    ],
}  # fmt: skip
ARC = {
    "key": "verb", "titles": {"en": "<b>verb</b>", "zh": "动词"},
    "best": {"layer": 1, "head": 0, "direction": "to_governor", "share": 0.8, "interval": [0.7, 0.9], "is_above": True},
    "directions": {"to_governor": {"guesses": {"offset": {"share": 0.5}, "place": {"share": 0.6}, "distance": {"share": 0.4}}}},
}  # fmt: skip
GOLD = {"step": 5, "num_stories": 256, "dependencies": [ARC, {**ARC, "best": None}]}
MODEL = Model(key="r", title="a run", language="en", task="causal_lm", corpus="tinyworld-en", steps=tuple(range(40)))


@pytest.fixture(autouse=True)
def no_engine(monkeypatch):
    monkeypatch.setattr(client, "ensure_engine", lambda *_: None)
    set_language("en")


def answered(values):
    return Answer(id="a", status="answered", values=values)


def a_map():
    from pages._ui import heads_map
    from tests.pages.test_heads_page import METRICS, MODEL, answered

    heads_map.show(answered(METRICS), "to_previous", MODEL)


def test_the_map_waits_for_a_guess_and_then_says_which_head_it_is():

    app = AppTest.from_function(a_map, default_timeout=60).run()
    assert "heads-map" not in texts(app)
    app.selectbox[0].set_value(2).run()
    app.button(key="heads.sure").click().run()
    assert not app.exception
    assert "You guessed right. Layer 2, head 1 has most: 90 %. One that looks at all alike would have 10 %." in texts(app)
    assert "previous token" in texts(app)
    assert "attention?model=r&amp;step=5&amp;layer=2&amp;head=1&amp;lang=en" in texts(app), "the step that is looked at"
    assert "--heads: 2" in texts(app), "so that the squares of many heads do not overlap"
    other = AppTest.from_function(a_map, default_timeout=60).run()
    other.button(key="heads.sure").click().run()
    assert "It is another one." in texts(other)


def test_a_measure_that_does_not_apply_says_so():
    assert heads_map.table(METRICS, "to_cls") is None
    assert heads_map.table(METRICS, "induction") is None


def test_a_dependency_stands_beside_the_best_of_the_blind_guesses():
    row = heads_gold._row(ARC)
    assert "layer 2, head 1: 80 %; baseline 60 %" in row
    assert "<b>verb" not in row.replace("<b>&lt;b&gt;verb", ""), "names are shown letter by letter"
    assert heads_gold.rows(answered(GOLD))[0]["Best baseline"].startswith("60 %, always the same word")
    assert len(heads_gold.rows(answered(GOLD))) == 1


def test_a_head_is_born_where_it_keeps_its_label():
    with_label, without = {"labels": [LABEL]}, {"labels": []}
    steps = [0, 1, 2, 3]
    born = heads_time.births(steps, [without, with_label, without, with_label], "to_previous")
    assert born == {(1, 0): (3, "previous_token")}, "it was lost in between"
    assert heads_time.births(steps, [without, with_label, with_label, with_label], "to_previous") == {
        (1, 0): (1, "previous_token")
    }
    assert heads_time.births(steps, [with_label, with_label, with_label, without], "to_previous") == {}
    assert heads_time.births(steps, [with_label] * 4, "entropy") == {}


def test_the_chart_names_the_heads_that_were_born_and_draws_the_others_pale():
    drawn = heads_time.figure(MODEL, [0, 1, 2], "to_previous", [VALUES_LH] * 3, [(1, 0)], {(1, 0): (1, "previous_token")})
    named = [each["name"] for number, each in enumerate(drawn["curves"]) if number in drawn["legend"]]
    assert named == ["Layer 2, head 1"]
    assert len(drawn["curves"]) == 4
    assert drawn["curves"][-1]["points"] == [[0, 0.9], [1, 0.9], [2, 0.9]]
    assert drawn["flags"][0]["x"] == 1


def test_where_no_head_was_born_those_that_end_highest_are_named():
    assert heads_time.highest([[0.1, 0.4], [0.9, 0.3]]) == [(1, 0), (0, 1), (1, 1)]

    def without_births():
        from pages._ui import heads_time
        from tests.pages.test_heads_page import METRICS, MODEL, answered

        heads_time._draw(MODEL, [0, 1, 2], "to_previous", [answered({**METRICS, "labels": []})] * 3)

    told = texts(AppTest.from_function(without_births, default_timeout=60).run())
    assert "No head gets a label by this measure and keeps it. In colour: those that end highest." in told


def test_of_many_steps_a_dozen_are_asked_and_both_ends_are_among_them():
    found = heads_time.spread(range(100, 140))
    assert (len(found), found[0], found[-1]) == (heads_time.MOST_STEPS, 100, 139)
    assert heads_time.spread([0, 5]) == [0, 5]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_run_is_asked_and_every_section_opens(language, store):
    app = open_page("heads", language, model=add_run(store, "done"))
    for key in ("time", "numbers", "sources", "notice", "limits"):
        app = open_section(app, f"heads-{key}")
    assert not app.exception
    assert "1906.04341" in texts(app)


@pytest.mark.parametrize("address", [{"measure": HOSTILE}, {"measure": "../x"}, {"model": HOSTILE}, {"step": "-5"}])
def test_no_address_breaks_the_page(address, store):
    app = open_page("heads", "en", **{"model": add_run(store, "done"), **address})
    assert not app.exception


def test_every_measure_can_be_written_in_its_unit():
    assert heads_map.amount(0.5, "to_previous") == "50 %"
    assert heads_map.amount(1.234, "entropy") == "1.23"
    assert all(heads.metric(key).UNIT in ("share", "nats", "tokens") for key in heads.MENU)


@pytest.mark.parametrize(("corpus", "is_told"), [("tinyworld-en", False), ("bbc-news", True)])
def test_a_low_count_is_no_failure_of_a_network_that_never_read_these_stories(corpus, is_told):
    def page(corpus):
        from dataclasses import replace

        from pages._ui import heads_gold
        from tests.pages.test_heads_page import GOLD, MODEL, answered

        heads_gold.show(answered(GOLD), replace(MODEL, corpus=corpus))

    said = AppTest.from_function(page, args=(corpus,)).run().html[0].body
    assert "1 of 1 kinds of dependency have a head that beats the baselines, on 256 TinyWorld stories." in said
    assert ("never read TinyWorld" in said) == is_told
