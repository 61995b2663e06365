"""What the masking lab shows, kept in the URL: text, corpus, one or two tasks, their knobs, and the number of the draw."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages._ui import address, tokenizer_state
from ssl_core import pretext
from ssl_core.config import Config, knobs
from ssl_core.corpora import Card
from ssl_core.errors import UserError
from ssl_core.i18n import N_, current_language

TEXT, CORPUS, SEED = "text", "corpus", "seed"
SIDES = ("task", "other")
KNOB_OF = {"task": "k.", "other": "o."}  # what the knobs of each side begin with in the URL
NONE = "none"
MAX_SEED = 1_000_000
_FIRST = "lab.first"
_USUAL_CORPUS = {"en": "tinyworld-en", "zh": "tinyworld-zh"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One side of the lab: a task with its settings, and what in the address could not be used."""

    side: str
    task: str
    config: Config
    problem: UserError | None = None


def corpus_key(cards: dict[str, Card]) -> str:
    """Return whose tokens and neighbours the lab uses."""
    asked = st.query_params.get(CORPUS, "")
    usual = _USUAL_CORPUS[current_language()]
    return asked if asked in cards else usual if usual in cards else next(iter(cards))


def cards() -> dict[str, Card]:
    """Return the texts that are on this machine."""
    return tokenizer_state.cards()


def text() -> str | None:
    """Return the typed or picked text, or None where the first of the corpus is meant."""
    return st.query_params.get(TEXT)


def seed() -> int:
    """Return the number of the draw."""
    asked = address.whole(st.query_params.get(SEED, ""))
    return min(int(st.session_state.get(_FIRST, 0)) if asked is None else asked, MAX_SEED)


def begin_at(first: int) -> None:
    """Let the draws begin with this one, where the address names none."""
    st.session_state[_FIRST] = first


def draw_again() -> None:
    """Go on to the next draw."""
    address.settle()
    keep(SEED, str((seed() + 1) % MAX_SEED))


def keep(name: str, value: str) -> None:
    """Put a choice into the URL."""
    address.put(name, value, usual=None)


def task(side: str) -> str:
    """Return which task stands on a side; the second is "none" unless asked for."""
    asked = st.query_params.get(side, "")
    return asked if asked in pretext.MENU else pretext.MENU[0] if side == SIDES[0] else NONE


def unknown_task(side: str) -> UserError | None:
    """Return a message where the address names a task that there is not."""
    asked = st.query_params.get(side, "")
    if not asked or asked == NONE or asked in pretext.MENU:
        return None
    return UserError(N_("There is no pretext task {key!r} here; the usual one is shown."), key=asked[:60])


def asked(side: str) -> Asked:
    """Return a side's task with the settings in the URL; settings that don't exist or don't fit leave a message."""
    key, kind = task(side), pretext.task(task(side)).Config
    usual = kind()
    given = {
        name.removeprefix(KNOB_OF[side]): value for name, value in st.query_params.items() if name.startswith(KNOB_OF[side])
    }
    try:
        known = knobs(kind)
        values = {name: _value(value, getattr(usual, name)) if name in known else value for name, value in given.items()}
        return Asked(side=side, task=key, config=kind.from_json({**usual.to_json(), **values}), problem=unknown_task(side))
    except UserError as problem:
        return Asked(side=side, task=key, config=usual, problem=problem)


def keep_knobs(side: str, values: dict[str, Any], usual: Config) -> None:
    """Put the settings that are not the usual ones into the URL, and take all others out of it."""
    wanted = {f"{KNOB_OF[side]}{name}": _text(value) for name, value in values.items() if value != getattr(usual, name)}
    address.forget(*(each for each in st.query_params if each.startswith(KNOB_OF[side]) and each not in wanted))
    for name, value in wanted.items():
        if st.query_params.get(name) != value:
            keep(name, value)


def choose_task(side: str, key: str) -> None:
    """Put another task on a side; its knobs begin as usual."""
    address.forget(*(each for each in st.query_params if each.startswith(KNOB_OF[side])))
    keep(side, key)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:.12g}" if isinstance(value, float) else str(value)


def _value(text: str, usual: Any) -> Any:
    """Read a setting as the type it has; what can't be read stays as it is, and the settings say what is wrong with it."""
    if isinstance(usual, bool):
        return {"true": True, "false": False}.get(text.lower(), text)
    try:
        return type(usual)(text) if isinstance(usual, (int, float)) else text
    except ValueError:
        return text
