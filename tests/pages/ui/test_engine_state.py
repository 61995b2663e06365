"""What the sidebar says of the engine, in both languages."""

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui import engine_state
from ssl_core.engine.client import EngineState


def shown(language):
    def script(lang):
        import streamlit as st

        from pages._ui import engine_state, language

        st.query_params["lang"] = lang
        language.use()
        engine_state.show()

    app = AppTest.from_function(script, args=(language,)).run()
    assert not app.exception
    return "".join(each.proto.body for each in app.get("html"))


@pytest.mark.parametrize(
    ("language", "title", "counts"),
    [("en", "Engine: paused", "CPU · 1 paused · 2 waiting"), ("zh", "引擎：已暂停", "CPU · 暂停 1 · 排队 2")],
)
def test_an_engine_whose_only_run_is_paused_says_so(monkeypatch, language, title, counts):
    paused = EngineState(state="paused", device="cpu", queue_length=2, num_running=0, num_paused=1)
    monkeypatch.setattr(engine_state.client, "engine_state", lambda: paused)
    told = shown(language)
    assert title in told
    assert counts in told


def test_every_state_has_a_sign_and_a_title():
    assert set(engine_state.SIGNS) == set(engine_state.TITLES)
