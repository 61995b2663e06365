"""What a run is, in a few words: its state, task, text, and when it was."""

import json
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any

import streamlit as st
from babel.dates import format_date, format_timedelta, get_timezone

from pages._ui import run_reading
from ssl_core import corpora, mistakes, pretext, shelf
from ssl_core.i18n import N_, _, current_language
from ssl_core.runs.record import RunRecord

STATES = {  # status: sign, title; the sign keeps them apart where colours do not
    "queued": ("◔", N_("waiting")),
    "running": ("▶", N_("running")),
    "paused": ("‖", N_("paused")),
    "done": ("✓", N_("done")),
    "stopped": ("■", N_("stopped")),
    "failed": ("✕", N_("failed")),
}
A_DAY_S = 86_400


def task(spec: Mapping[str, Any]) -> str:
    """Return the task's title, or its key where this house no longer knows it."""
    key = str(spec.get("task", ""))
    return _(pretext.task(key).TITLE) if key in pretext.MENU else key


def mistake(spec: Mapping[str, Any]) -> str:
    """Say which mistake a run makes on purpose; "" where it makes none."""
    key = str(spec.get("mistake", ""))
    return _("broken: {mistake}").format(mistake=_(mistakes.mistake(key).TITLE)) if key in mistakes.MENU else ""


def start(spec: Mapping[str, Any]) -> str:
    """Say which trained weights a run starts from; "" where it starts from random ones."""
    key, step = str(spec.get("start", "")), spec.get("start_step")
    if not key:
        return ""
    name = shelf.name_of(key)
    if name is not None:
        title = of_shelf(shelf.card(name)) if name in shelf.names() else name
    else:
        title = next((row["name"] for row in run_reading.rows() if row["id"] == key), key)
    if step == 0:
        return _("starts from {start} as it was before its training").format(start=title)
    if step is not None:
        return _("starts from {start}, step {step}").format(start=title, step=f"{step:,}")
    return _("starts from {start}").format(start=title)


def begins_trained(spec: Mapping[str, Any]) -> bool:
    """Return whether a run begins with what another one learned; the weights at its step 0 had not learned anything."""
    return bool(spec.get("start")) and spec.get("start_step") != 0


def taken_over(record: RunRecord) -> str:
    """Say what a run starts from, and how much of its network that is; "" where it starts from random weights."""
    said, begun = start(record.spec), record.latest("started")
    taken = begun.payload.get("taken_over") if begun is not None else None
    if not said or not taken:
        return said
    return _("{start}: {taken} parameters taken over, {fresh} begin anew").format(
        start=said, taken=f"{taken['parameters']:,}", fresh=f"{taken['fresh']:,}"
    )


def text(spec: Mapping[str, Any]) -> str:
    """Return the title of the text a run reads; of a file its name, of a text that is gone its key."""
    key = str(spec.get("corpus", ""))
    return _(_titles().get(key, PurePath(key).name))


def dated(row: Mapping[str, Any]) -> str:
    """Return a run's name and when it was."""
    return _("{name} ({when})").format(name=row["name"], when=when(row["created_at"]))


def of_shelf(card: shelf.Card) -> str:
    """Return what a model that comes along is called among runs."""
    return _("{title} (ready-made)").format(title=_(card.title))


def when(created_at: float) -> str:
    """Return a moment as a reader would say it: "3 min. ago", later the date, in the reader's own time zone."""
    locale = "zh_Hans_CN" if current_language() == "zh" else "en"
    passed_s = time.time() - created_at
    if passed_s < A_DAY_S:
        return str(format_timedelta(-max(passed_s, 1), add_direction=True, format="short", locale=locale))
    then = datetime.fromtimestamp(created_at, get_timezone(_timezone()))
    return str(format_date(then, "short" if locale.startswith("zh") else "medium", locale=locale))


def spec(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a run of the list was asked for."""
    return dict(json.loads(row["spec"]))


@st.cache_data(ttl=5, show_spinner=False)
def _titles() -> dict[str, str]:
    return {card.key: card.title for card in corpora.cards()}


def _timezone() -> str:
    try:
        get_timezone(st.context.timezone)
    except LookupError:  # a browser may say anything
        return "UTC"
    return st.context.timezone or "UTC"
