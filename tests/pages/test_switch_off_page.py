"""The page without heads: what is off stands in the address, and what happens is told in this sentence's numbers."""

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui import switch_off_view
from ssl_core.engine import client
from ssl_core.engine.questions import Answer
from ssl_core.i18n import set_language
from tests.pages.opening import HOSTILE, add_run, open_page, open_section, texts


@pytest.fixture(autouse=True)
def no_engine(monkeypatch):
    monkeypatch.setattr(client, "ensure_engine", lambda *_: None)
    set_language("en")


def top(*pairs):
    return [{"token": token, "probability": share} for token, share in pairs]


PLACE = {
    "top": top(("<i>dog</i>", 0.6), ("cat", 0.3)), "token": None, "probability": None,
    "after": {"top": top(("cat", 0.5), ("<i>dog</i>", 0.2), ("cow", 0.1)), "probability": None},
}  # fmt: skip
ABLATION = {
    "reads": "fill", "step": 5, "silent": [[0, 1]], "places": [PLACE],
    "loss_nats": {"before": 1.0, "after": 1.5, "num_sequences": 4, "num_asked": 9},
}  # fmt: skip
IMPORTANCE = {
    "step": 5, "num_layers": 2, "num_heads": 2, "loss_nats": 1.0, "without_LH": [[1.2, 1.0], [0.98, 1.1]], "num_asked": 2016,
    "pruned": {"num_gone": [0, 1, 4], "loss_nats": [1.0, 1.1, 3.0], "order": []},
    "at_random": [{"num_gone": [0, 1, 4], "loss_nats": [1.0, 2.0, 3.0], "order": []}],
}  # fmt: skip


def answered(values):
    return Answer(id="a", status="answered", values=values)


def without_heads():
    import streamlit as st

    from pages._ui import switch_off_state, switch_off_view
    from tests.pages.test_switch_off_page import ABLATION, IMPORTANCE, answered

    switch_off_view.guess_and_heads()
    switch_off_view.predictions(answered(ABLATION))
    switch_off_view.importance(answered(IMPORTANCE))
    st.text(repr(switch_off_state.off()))


def shown(**address):
    app = AppTest.from_function(without_heads, default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def address(app):
    return {name: each[0] if isinstance(each, list) else each for name, each in app.query_params.items()}


def test_a_press_switches_a_head_off_and_another_on_again():
    app = shown()
    app.button(key="switch-off.0.1").click().run()
    assert address(app)["off"] == "1.2"
    app.button(key="switch-off.1.0").click().run()
    assert address(app)["off"] == "1.2,2.1"
    app.button(key="switch-off.0.1").click().run()
    assert address(app)["off"] == "2.1"
    app.button(key="switch-off.all-on").click().run()
    assert "off" not in address(app)


def test_the_guess_is_judged_by_what_became_of_the_likeliest_word():
    app = shown()
    app.pills[0].set_value("worse").run()
    app.button(key="switch-off.0.1").click().run()
    assert "“<i>dog</i>”: 60.0 % → 20.0 %." in texts(app).replace("&lt;", "<").replace("&gt;", ">")
    assert "<i>dog</i>" not in texts(app), "tokens are shown letter by letter"
    assert "1 → 1.5 nats" in texts(app)
    assert "You guessed right." in texts(app)
    app.pills[0].set_value("nothing").run()
    assert "You guessed right." in texts(app), "the guess before the press is judged, not one after it"
    app.button(key="switch-off.1.0").click().run()
    assert "It goes otherwise: less likely." in texts(app)


def test_each_head_is_guessed_anew_and_a_guess_is_about_one_sentence():
    app = shown()
    app.pills[0].set_value("worse").run()
    app.button(key="switch-off.0.1").click().run()
    assert app.pills[0].value is None
    app.query_params["text"] = "another ___"
    assert "You guessed" not in texts(app.run())
    del app.query_params["text"]
    app.button(key="switch-off.1.0").click().run()
    assert "You guessed" not in texts(app), "none was made about this head"


def test_where_the_text_is_gone_what_becomes_of_the_words_is_told_all_the_same():
    gone = {"refused": {"template": "The text {text} is gone.", "values": {"text": "novel.txt"}}}
    assert switch_off_view._verdict("dog", 0.6, 0.2, gone) == "“dog”: 60.0 % → 20.0 %. The text novel.txt is gone."


def test_a_word_that_is_hardly_expected_any_more_counts_as_less_likely():
    told = switch_off_view._verdict("dog", 0.6, None, None)
    assert told == "“dog”: 60.0 % → –."


def test_the_map_says_what_each_head_is_worth():
    labels = [each.label for each in shown().button if each.key != "switch-off.all-on"]
    assert labels[:4] == ["1.1  +0.20", "1.2  +0.00", "2.1  −0.02", "2.2  +0.10"]


@pytest.mark.parametrize("off", ["", "x", "0.1", "1", "1.1.1", "-1.2", "٣.1", "99999999.1", "1." * 5000, HOSTILE])
def test_an_address_that_names_no_heads_switches_none_off(off):
    assert "[]" in texts(shown(off=off))


def test_pruning_is_drawn_from_all_heads_to_none():
    drawn = switch_off_view.figure(IMPORTANCE)
    assert drawn["curves"][0]["points"] == [[0, 1.0], [1, 1.1], [4, 3.0]]
    assert drawn["x"]["high"] == 4.0
    assert [each["name"] for each in drawn["curves"]] == ["least missed first", "at random"]


def _asked_why():
    from pages._ui import why_view
    from ssl_core.engine.questions import Answer

    methods = [{"title": "Rollout", "scores": [0.5, -1.0, 0.0, None], "size": {"kendall": -0.25, "spearman": 0.0}}]
    values = {
        "target": {"token": "x", "probability": 0.5}, "tokens": ["<b>m</b>", "n", "o", "p"],
        "leave_one_out": [1.0, -0.012, 0.5, None], "methods": methods,
    }  # fmt: skip
    why_view._explained(Answer(id="a", status="answered", values=values))


def test_each_token_has_a_row_with_its_shares_of_the_largest_score_and_their_sign():
    table = AppTest.from_function(_asked_why).run().html[1].body
    rows = table.split("<tr>")[2:]
    assert len(rows) == 5, "the agreement, and a row for each token: a long sentence never grows to the right"
    assert ">−0.25<" in rows[0]
    assert "&lt;b&gt;m" in rows[1]
    assert ">+1.0<" in rows[1]
    assert ">+0.5<" in rows[1]
    assert 'title="-0.012"' in rows[2]
    assert ">0.0<" in rows[2]
    assert ">-1.0<" in rows[2]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_run_is_asked_and_every_section_opens(language, store):
    app = open_page("switch_off", language, model=add_run(store, "done"))
    for key in ("prune", "why", "lens", "notice", "limits"):
        app = open_section(app, f"switch-off-{key}")
    assert not app.exception
    assert "1905.10650" in texts(app)


@pytest.mark.parametrize(
    "odd", [{"text": HOSTILE}, {"text": "a" * 100_000}, {"model": "../x"}, {"model": HOSTILE}, {"off": HOSTILE}]
)
def test_no_address_breaks_the_page(odd, store):
    assert not open_page("switch_off", "en", **{"model": add_run(store, "done"), **odd}).exception


def test_a_network_that_expects_no_words_is_told_as_such(store):
    app = open_page("switch_off", model="elsewhere:minilm-l6")
    assert "MiniLM-L6 does not say which words it expects" in texts(app)
    assert not app.exception


def test_another_network_begins_with_all_its_heads(store):
    app = open_page("switch_off", model=add_run(store, "done"), off="1.1")
    app.selectbox(key="switch-off.model").set_value("shelf:encoder-en").run()
    assert address(app)["model"] == "shelf:encoder-en"
    assert "off" not in address(app)


def test_of_several_blanks_it_says_which_one_is_guessed():
    def two_blanks():
        from pages._ui import switch_off_view
        from tests.pages.test_switch_off_page import ABLATION, PLACE, answered

        switch_off_view.predictions(answered({**ABLATION, "places": [PLACE, PLACE]}))

    assert "the first one is guessed" in texts(AppTest.from_function(two_blanks, default_timeout=60).run())
