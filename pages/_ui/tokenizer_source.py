"""Where a tokenizer comes from: learned from a text by a process of its own, kept with a run, or somebody else's."""

from dataclasses import dataclass
from subprocess import Popen
from typing import Any

import streamlit as st
from tokenizers import Tokenizer

from pages._ui import run_reading, tokenizer_state
from ssl_core import corpora
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.runs import tokenizers
from ssl_core.tokenization import elsewhere, shelf
from ssl_core.tokenization.config import TokenizerConfig

MOST_AT_ONCE = 2  # processes that train; the others wait
MOST_REMEMBERED = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A tokenizer on the page, or why it is not there yet."""

    place: str
    name: str  # as in the URL
    title: str
    tokenizer: Tokenizer | None = None
    problem: UserError | None = None

    @property
    def is_waiting(self) -> bool:
        """Say whether it will be there in a moment."""
        return self.tokenizer is None and self.problem is None


def shown(place: str, name: str, titles: dict[str, str], corpus_key: str) -> Shown:
    """Return what stands in a place; where a tokenizer is not learned yet, that is begun."""
    title = titles.get(name, name)
    try:
        if name.startswith(tokenizer_state.RUN):
            found: Tokenizer | None = _of_run(name.removeprefix(tokenizer_state.RUN))
        elif name.startswith(tokenizer_state.MODEL):
            found = _of_model(name.removeprefix(tokenizer_state.MODEL))
        else:
            found = learned(corpus_key, tokenizer_state.config_of(name))
    except UserError as problem:
        return Shown(place=place, name=name, title=title, problem=problem)
    return Shown(place=place, name=name, title=title, tokenizer=found)


def try_again(corpus_key: str, config: TokenizerConfig) -> None:
    """Forget that learning failed."""
    _processes().pop((corpus_key, config), None)


def learned(key: str, config: TokenizerConfig) -> Tokenizer | None:
    """Return the tokenizer that a text's runs learn; None while it is learned, which is begun here.

    Raises: UserError if it can't be learned.
    """
    if (found := _kept(key, corpora.load(key).fingerprint, config)) is not None:
        return found
    process = _processes().get((key, config))
    if process is not None and process.poll() is None:
        return None
    if process is not None:
        if (reason := shelf.failure(key, config)) is not None:
            raise reason
        if process.returncode:
            raise UserError(N_("Learning ended without a result (exit code {code}). Try again."), code=process.returncode)
    if sum(each.poll() is None for each in _processes().values()) < MOST_AT_ONCE:
        _processes()[key, config] = shelf.start(key, config)
    return None


def _kept(key: str, fingerprint: str, config: TokenizerConfig) -> Tokenizer | None:
    found: Tokenizer | None = _remembered().get((fingerprint, config))
    return found if found is not None else _read(key, config)


def _read(key: str, config: TokenizerConfig) -> Tokenizer | None:
    corpus = corpora.load(key)
    found = shelf.kept(corpus, config)
    if found is not None:
        remembered = _remembered()
        remembered[corpus.fingerprint, config] = found
        while len(remembered) > MOST_REMEMBERED:
            remembered.pop(next(iter(remembered)))
    return found


@st.cache_resource(show_spinner=False)
def _remembered() -> dict[Any, Tokenizer]:
    """Return the tokenizers that this server has read."""
    return {}


@st.cache_resource(show_spinner=False)
def _processes() -> dict[tuple[str, TokenizerConfig], "Popen[bytes]"]:
    """Return the processes that train for this server."""
    return {}


@st.cache_resource(max_entries=8, show_spinner=False, ttl=60)
def _of_run(run_id: str) -> Tokenizer:
    return tokenizers.of_run(run_id, run_reading.store())


@st.cache_resource(max_entries=8, show_spinner=False)
def _of_model(key: str) -> Tokenizer:
    return elsewhere.load(key)
