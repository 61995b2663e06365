"""What the page of mistakes shows, kept in the URL: a mistake, a task, a text, the guess, and the two runs."""

import uuid

import streamlit as st

from pages._ui import address, run_reading
from ssl_core import mistakes, pretext
from ssl_core.engine import client
from ssl_core.i18n import _, current_language
from ssl_core.runs import pairs
from ssl_core.runs.record import RunRecord
from ssl_core.runs.store import RunStore

MISTAKE, TASK, TEXT, GUESS, RIGHT, BROKEN = "mistake", "task", "text", "guess", "right", "broken"
SKIPPED = "skipped"
CORPORA = {"en": "tinyworld-en", "zh": "tinyworld-zh"}
_PRESS = "break.press"


def key() -> str:
    """Return which mistake is looked at."""
    asked = st.query_params.get(MISTAKE, "")
    return asked if asked in mistakes.MENU else mistakes.MENU[0]


def task() -> str:
    """Return the task it is made in."""
    asked, possible = st.query_params.get(TASK, ""), mistakes.tasks_of(key())
    return asked if asked in possible else possible[0]


def text() -> str:
    """Return the language of the text that is read, "en" or "zh"."""
    asked = st.query_params.get(TEXT, "")
    return asked if asked in CORPORA else current_language()


def corpus() -> str:
    """Return the text that is read."""
    return CORPORA[text()]


def guess() -> str:
    """Return the shape that was guessed, ``SKIPPED``, or "" while there is no guess."""
    asked = st.query_params.get(GUESS, "")
    return asked if asked in (*mistakes.mistake(key()).CHOICES, SKIPPED) else ""


def choose(name: str, value: str) -> None:
    """Look at something else: its guess is still open, and no runs belong to it yet."""
    address.forget(*((GUESS, RIGHT, BROKEN) if name != TEXT else (RIGHT, BROKEN)), *((TASK,) if name == MISTAKE else ()))
    address.put(name, value)
    st.session_state.pop(_PRESS, None)


def keep_guess(shape: str) -> None:
    """Put the guess into the URL."""
    address.put(GUESS, shape)


def run_ids() -> tuple[str, str]:
    """Return the ids of the right and the broken run, "" where none were started."""
    return st.query_params.get(RIGHT, ""), st.query_params.get(BROKEN, "")


def records() -> tuple[RunRecord, RunRecord] | None:
    """Return the two runs in the URL, or None where none are named.

    Raises: UserError if one of them is gone.
    """
    right, broken = run_ids()
    return (run_reading.record(right), run_reading.record(broken)) if right and broken else None


def forget_runs() -> None:
    """Leave the runs in the URL; the recording takes their place, and the guess stays."""
    choose(TEXT, text())


def start(seconds: float) -> None:
    """Queue both runs, once for each setting however often the press arrives, and put them into the URL.

    Raises: UserError if the run makes no sense.
    """
    setting = (key(), task(), corpus(), seconds, run_ids())
    pressed, press = st.session_state.get(_PRESS, (None, ""))
    if pressed != setting:
        press = uuid.uuid4().hex
        st.session_state[_PRESS] = (setting, press)
    specs = pairs.pair(key(), task(), corpus(), seconds=seconds)
    names = (_("{task} · right"), _("{task} · broken: {mistake}"))
    words = {"task": pretext.task(task()).ABBREVIATION, "mistake": _(mistakes.mistake(key()).TITLE)}
    store = RunStore()
    for parameter, spec, name in zip((RIGHT, BROKEN), specs, names, strict=True):
        made = store.submit(spec, submit_key=f"{press} {parameter}", name=name.format(**words))
        address.put(parameter, made)
    client.ensure_engine()
