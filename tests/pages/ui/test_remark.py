"""Remarks: put into words when they are shown, gone after a while."""

import streamlit as st

from pages._ui import remark
from ssl_core.errors import UserError
from ssl_core.i18n import in_language


def test_a_remark_speaks_the_language_of_whoever_reads_it(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    remark.leave("note", UserError("Added. The model looks at it after its next step."))
    with in_language("zh"):
        assert remark.standing("note").startswith("加上了")


def test_a_remark_is_gone_after_a_while(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    remark.leave("note", UserError("Added."))
    monkeypatch.setattr(remark, "STAYS_S", 0.0)
    assert remark.standing("note") == ""


def test_where_nothing_was_left_nothing_stands(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    assert remark.standing("note") == ""
