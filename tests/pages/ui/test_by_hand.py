"""A run of a fragment brings old values of other widgets along: they are no choice of the reader's; its own may be."""

from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState

from pages._ui import by_hand as module
from pages._ui import live_state, presets_bar
from pages._ui.by_hand import by_hand


@pytest.fixture
def runs(monkeypatch):
    """Say which fragments the script run at hand is of (None: of the whole page), and in which one the widget lies."""

    def start(fragments, widget_in=None):
        monkeypatch.setattr(module, "get_script_run_ctx", lambda: SimpleNamespace(fragment_ids_this_run=fragments))
        ThreadState.initialize(run_location=RunLocation.CALLBACK, fragment_id=widget_in)

    return start


@pytest.mark.parametrize(
    ("fragments", "widget_in", "acts"),
    [
        (None, None, True),
        ([], None, True),
        (None, "a section", True),
        (["the guess"], None, False),
        (["the guess"], "a section", False),
        (["a section"], "a section", True),
        (["the guess", "a section"], "a section", True),
    ],
)
def test_only_a_run_of_the_whole_page_or_of_the_widgets_own_fragment_acts(fragments, widget_in, acts, runs):
    runs(fragments, widget_in)
    heard = []
    by_hand(heard.append)("a choice")
    assert bool(heard) == acts


def test_an_old_card_that_a_tick_brings_along_takes_no_newer_choice_back(runs, monkeypatch):
    chosen = []
    monkeypatch.setattr(live_state, "set_up", chosen.append)
    monkeypatch.setattr(st, "session_state", {presets_bar.KEY: "mlm-en"})
    runs(["the guess"])
    presets_bar._chosen(presets_bar.KEY)
    assert not chosen
    runs(None)
    presets_bar._chosen(presets_bar.KEY)
    assert [each.task for each in chosen] == ["masked_lm"]
