"""The loss lab: instruments with a state in the address, a guess before each change, formulas with their numbers."""

import itertools
import math

import pytest

from pages._ui import loss_lab_guess, loss_lab_state, loss_lab_view
from ssl_core import formulas
from tests.pages.opening import HOSTILE, open_page, open_section, texts

PARTS = loss_lab_view.PARTS
ODD = ("", "x", "nan,nan", "inf", "1e999,0,0,0,0", "1,2", "9" * 600, HOSTILE, "0,0,0,0,0,0,0,0,0,0,0,0", "-0,-0,-0,-0,-0")


def page(part="softmax", language="en", **parameters):
    app = open_page("loss_lab", language, part=part, **parameters)
    assert not app.exception, app.exception
    return app


def state(app, part):
    return app.session_state[f"loss_lab.state.{part}"]


def answers(app):
    return next(each for each in app.button_group if each.key and each.key.startswith("loss_lab.guess"))


def choose(app, place):
    offered = answers(app)
    option = offered.options[place]
    return offered.select(option if isinstance(option, str) else option.content).run()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("key", PARTS)
def test_every_instrument_opens_with_all_its_sections(key, language):
    app = page(key, language)
    for section in ("formula", "numbers", "notice", "limits"):
        app = open_section(app, f"loss-lab-{section}-{key}")
        assert not app.exception, app.exception
    assert texts(app).count('class="pp-table"') == 1
    assert "nan" not in texts(app)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("key", PARTS)
def test_what_an_address_says_is_a_state_or_none(key, odd):
    part = PARTS[key]
    usual = part.write(part.usual())
    for asked in [{**usual, name: odd} for name in usual] + [dict.fromkeys(usual, odd)]:
        found = part.clean(part.read(asked))
        assert found is None or (part.clean(found) == found and math.isfinite(part.numbers(found)["loss"])), asked


@pytest.mark.parametrize("key", PARTS)
def test_an_odd_address_gives_the_usual_instrument(key):
    part = PARTS[key]
    assert state(page(key, **dict.fromkeys(part.write(part.usual()), HOSTILE)), key) == part.usual()


def test_a_part_that_is_none_gives_the_first():
    assert state(page(HOSTILE), "softmax")


@pytest.mark.parametrize("key", PARTS)
def test_a_state_survives_the_address(key):
    part = PARTS[key]
    changed = part.changes(part.usual())[0].state
    app = page(key, **part.write(changed))
    assert state(app, key) == part.clean(changed)


def test_what_lies_beyond_the_scale_is_brought_back_to_its_end():
    assert state(page(logits="99,-99,0,0,0", truth="4"), "softmax") == {"logits": [6.0, -6.0, 0.0, 0.0, 0.0], "truth": 4}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("key", PARTS)
def test_a_guess_moves_the_instrument_and_counts(key, language):
    app = page(key, language)
    part, before = PARTS[key], state(app, key)
    change = part.changes(before)[0]
    for _round in range(2):
        app = choose(app, 0)
        assert not app.exception, app.exception
        app = app.button(key=f"loss_lab.again {key}").click().run()
        assert not app.exception, app.exception
    assert state(app, key) != before or part.numbers(change.state)["loss"] == part.numbers(before)["loss"]
    assert {"en": "of 2", "zh": "2 次中"}[language] in texts(app)


def test_the_right_answer_is_right_and_goes_into_the_address():
    app = page()
    app = choose(app, 0)  # the true word's score doubles, so of three losses the smallest
    assert "✓ Right." in texts(app)
    assert "1 of 1 correct" in texts(app)
    assert app.query_params["logits"] in ("3,2,0.5,-0.5,-1.5", ["3,2,0.5,-0.5,-1.5"])


@pytest.mark.parametrize(("before", "truth"), [(1.16, 1.16), (0.7, 0.0), (0.0, 0.0), (0.4, 1.39), (3.0, 150.0), (0.01, 0.02)])
def test_three_answers_are_offered_that_can_be_told_apart(before, truth):
    offered = loss_lab_guess.options(before, truth)
    assert truth in offered
    assert len(offered) == 3
    assert all(after - each >= loss_lab_guess._APART_NATS for each, after in itertools.pairwise(offered))


@pytest.mark.parametrize("key", PARTS)
def test_every_change_leads_to_a_state_that_the_instrument_can_show(key):
    part = PARTS[key]
    now = part.usual()
    for round_ in range(12):  # one change after the other, as someone goes on who guesses each
        change = part.changes(now)[round_ % len(part.changes(now))]
        assert part.clean(change.state) == part.clean(part.clean(change.state)), "it stays as it is"
        assert part.numbers(change.state)["loss"] == pytest.approx(part.numbers(part.clean(change.state))["loss"], abs=1e-3)
        assert all(math.isfinite(each) for each in part.numbers(change.state).values())
        now = part.clean(change.state)


@pytest.mark.parametrize("key", PARTS)
def test_figures_and_formulas_are_those_that_exist(key):
    part = PARTS[key]
    assert {each.key for each in part.figures()} == set(part.numbers(part.usual()))
    assert part.figures()[0].key == "loss"
    assert set(part.formulas) <= set(formulas.MENU)
    assert any("1.16" in line for line in PARTS["softmax"].worked(PARTS["softmax"].usual()))


def test_every_formula_is_explained_by_some_instrument():
    assert {stem for part in PARTS.values() for stem in part.formulas} == set(formulas.MENU)


@pytest.mark.parametrize("sent", [None, "x", 3, [], {}, {"setup": 0}, {"setup": 0, "logits": "abc", "truth": 0},
                                  {"setup": 7, "logits": [0, 0, 0, 0, 0], "truth": 1},
                                  {"setup": 0, "logits": [0, 0, 0, 0, {}], "truth": True}])  # fmt: skip
def test_what_a_browser_sends_that_is_no_state_changes_nothing(sent, monkeypatch):
    kept = {}
    monkeypatch.setattr(loss_lab_state.st, "session_state", kept)
    monkeypatch.setattr(loss_lab_state.st, "query_params", {})
    before = loss_lab_state.of(PARTS["softmax"])
    loss_lab_state.dragged(PARTS["softmax"], sent)
    assert loss_lab_state.of(PARTS["softmax"]) == before


def test_what_is_dragged_is_kept_and_the_address_tells_it(monkeypatch):
    kept, address = {}, {}
    monkeypatch.setattr(loss_lab_state.st, "session_state", kept)
    monkeypatch.setattr(loss_lab_state.address, "put", lambda name, value, usual: address.update({name: value}))
    loss_lab_state.dragged(PARTS["contrast"], {"setup": 0, "anchors": [10, 370], "partners": [-20, 90.04], "temperature": 0.1})
    found = loss_lab_state.of(PARTS["contrast"])
    assert found == {"anchors": [10.0, 10.0], "partners": [340.0, 90.0], "temperature": 0.1}
    assert address == {"anchors": "10,10", "partners": "340,90", "temperature": "0.1"}


def test_the_other_instruments_leave_the_address():
    app = page("softmax", logits="1,1,1,1,1", truth="2")
    part = next(each for each in app.button_group if each.key == "loss_lab.part")
    names = [each if isinstance(each, str) else each.content for each in part.options]
    app = part.select(next(each for each in names if "InfoNCE" in each)).run()
    assert not app.exception, app.exception
    assert app.query_params["part"] in ("contrast", ["contrast"])
    assert "logits" not in app.query_params
