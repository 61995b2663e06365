"""A tick of a fragment brings old values of other widgets along: they are no choice of the reader's."""

from types import SimpleNamespace

import pytest
import streamlit as st

from pages._ui import by_hand as module
from pages._ui import live_state, presets_bar
from pages._ui.by_hand import by_hand


@pytest.fixture
def runs(monkeypatch):
    """Say which fragments the script run at hand is of; None: of the whole page."""
    return lambda fragments: monkeypatch.setattr(
        module, "get_script_run_ctx", lambda: SimpleNamespace(fragment_ids_this_run=fragments)
    )


@pytest.mark.parametrize(("fragments", "acts"), [(None, True), ([], True), (["the guess"], False)])
def test_only_a_run_of_the_whole_page_acts(fragments, acts, runs):
    runs(fragments)
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
