"""A hidden token and what a model says to it: guess first, then its answer and the score."""

import pytest
from streamlit.testing.v1 import AppTest

from ssl_core.i18n import set_language


def a_page():
    import streamlit as st

    from pages._ui import lab_ask
    from ssl_core.engine.questions import Answer
    from ssl_core.i18n import set_language

    set_language(st.session_state.get("shell.current_language", "en"))
    top = [{"token": token, "probability": p} for token, p in (("cat", 0.6), ("<b>dog</b>", 0.3), ("sat", 0.06), ("on", 0.01))]
    place = {"position": 1, "top": top, "probability": st.session_state.get("truth_probability")}
    answer = Answer(id="1", status="answered", values={"places": [place]})
    lab_ask._answer(answer, "mat", "a text 1 run")


def opened(language="en", **more):
    set_language(language)
    page = AppTest.from_function(a_page, default_timeout=60)
    page.session_state["shell.current_language"] = language
    for name, value in more.items():
        page.session_state[name] = value
    page.run()
    assert not page.exception, page.exception
    return page


def said(page):
    return "".join(each.proto.body for each in page.get("html"))


@pytest.fixture(autouse=True)
def english_again():
    yield
    set_language("en")


def test_the_truth_is_among_the_choices_and_no_answer_shows_yet():
    page = opened()
    assert "mat" in page.button_group[0].options
    assert len(page.button_group[0].options) == 4
    assert "%" not in said(page)


@pytest.mark.parametrize(("choice", "words"), [("cat", "You foresaw it"), ("mat", "You said “mat”")])
def test_a_guess_is_kept_with_its_score(choice, words):
    page = opened(truth_probability=0.004)
    page.button_group[0].select(choice).run()
    assert words in said(page)
    assert f"Your score: {int(choice == 'cat')} of 1." in said(page)
    assert "it gives 0.4 %" in said(page)
    assert "60.0 %" in said(page)


def test_who_only_looks_has_no_score():
    page = opened()
    page.button(key="lab.reveal").click().run()
    assert "The model puts “cat” first." in said(page)
    assert "score" not in said(page)


def test_tokens_stay_text():
    page = opened()
    page.button(key="lab.reveal").click().run()
    assert "<b>dog</b>" not in said(page)
    assert "&lt;b&gt;dog" in said(page)
