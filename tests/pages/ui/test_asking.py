"""A place on a page that asks a model, without a browser; the engine is played by this process."""

import json
import time

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui import asking
from ssl_core.engine.analyst import Analyst
from ssl_core.engine.processes import mark_of
from ssl_core.errors import UserError
from ssl_core.runs.asked import AskedQuestions
from ssl_core.runs.spec import RunSpec
from tests.engine.fake_analysis import answer_one


def a_page():
    import streamlit as st

    from pages._ui import asking
    from ssl_core.i18n import set_language

    set_language(st.session_state.get("shell.current_language", "en"))
    payload = {"say": st.text_input("say"), **st.session_state.get("more", {})}
    asking.show("predictions", payload, lambda answer: st.markdown(f"said {answer.values['said']}"), place="here", height=120)


@pytest.fixture
def asked(store):
    return AskedQuestions(store.engine)


@pytest.fixture
def work(asked):
    analyst = Analyst(asked, str(mark_of("engine")), answer_one)
    return lambda: analyst.work(idle_s=-1.0)


def opened(language="en", **more):
    page = AppTest.from_function(a_page, default_timeout=60)
    page.session_state["shell.current_language"] = language
    page.session_state["more"] = more
    return page.run()


def line(page):
    return page.get("html")[0].proto.body


def type_in(page, text):
    return page.text_input[0].set_value(text).run()


@pytest.mark.parametrize(("language", "words"), [("en", "The engine is starting"), ("zh", "引擎正在启动")])
def test_without_an_engine_the_page_says_that_it_starts(store, language, words):
    page = opened(language)
    assert words in line(page)
    assert not page.exception
    assert not page.markdown


def test_with_an_engine_it_says_that_it_asks_and_then_shows_the_answer(store, work):
    store.engine_heartbeat(process=str(mark_of("engine")), device="cpu", state="idle")
    page = opened()
    type_in(page, "hello")
    assert "Asking the model" in line(page)
    work()
    page.run()
    assert page.markdown[0].value == "said hello"


def test_who_waits_for_long_sees_how_long(store, monkeypatch):
    page = opened()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 13.0)
    store.engine_heartbeat(process=str(mark_of("engine")), device="cpu", state="idle")
    assert "10 s so far" in line(page.run())


def test_an_older_answer_stays_while_a_newer_one_is_awaited(store, work):
    page = type_in(opened(), "first")
    work()
    type_in(page.run(), "second")
    assert page.markdown[0].value == "said first"
    work()
    assert page.run().markdown[0].value == "said second"


def test_an_answer_about_another_network_does_not_stay(store, work, monkeypatch):
    monkeypatch.setattr(asking, "_network", lambda payload: payload.get("network", ""))  # the store holds no weights here
    page = type_in(opened(network="one", step=1), "first")
    work()
    assert page.run().markdown[0].value == "said first"
    page.session_state["more"] = {"network": "one", "step": 2}
    assert page.run().markdown[0].value == "said first", "another step of the same network"
    page.session_state["more"] = {"network": "other", "step": 2}
    assert not page.run().markdown


def test_a_question_is_about_a_network_whatever_its_step():
    named = [asking._network({"model": {"run": run, "step": step}}) for run, step in (("a", 1), ("a", None), ("b", 1))]
    assert named == ["a", "a", "b"]
    assert asking._network({"text": "of no network"}) == ""


def test_typing_on_leaves_no_queue(store, asked, work):
    page = opened()
    for text in ("a", "ab", "abc"):
        type_in(page, text)
    assert json.loads(asked.claim("w")["payload"])["say"] == "abc"
    assert not asked.has_waiting()


def test_two_visitors_ask_without_dropping_each_others_questions(store, work):
    pages = [type_in(opened(), text) for text in ("one", "two")]
    work()
    assert [page.run().markdown[0].value for page in pages] == ["said one", "said two"]


def test_what_a_person_can_put_right_stands_as_text_where_the_answer_would(store, work):
    page = opened(refuse="**Bold** <script>")
    work()
    page.run()
    assert page.text[0].value == "**Bold** <script>"
    assert not page.button
    assert not page.markdown


def test_what_broke_can_be_tried_again(store, asked, work):
    page = opened(**{"break": "x"})
    work()
    page.run()
    assert "broke off" in page.text[0].value
    page.button[0].click().run()
    assert asked.has_waiting()
    assert "engine is starting" in line(page)


def test_a_run_without_weights_yet_says_what_is_waited_for(store):
    run_id = store.submit(RunSpec.from_json({}))
    page = opened(model={"run": run_id, "step": None})
    assert "first ones come a moment after its start" in line(page)
    store.finish(run_id, "failed", failure=UserError("x"))
    assert "ended before it kept" in page.run().text[0].value
