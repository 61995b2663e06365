"""Guess first: how many tokens will this be? One move of the slider, then the truth over it."""

from html import escape

import streamlit as st

from pages._ui import address, menu
from ssl_core.i18n import _

_GUESSES, _SLIDER = "tokenizers.guesses", "tokenizers.guess"
_PARAMETER, _OFF = "guess", "off"  # in the URL
HEIGHT_PX = 132


def is_open(text: str) -> bool:
    """Return whether the number is still to be guessed."""
    return st.query_params.get(_PARAMETER) != _OFF and text not in _guesses()


def show(text: str, title: str) -> None:
    """Ask, with one gesture."""
    with st.container(key="tokenizers-guess", border=True, height=HEIGHT_PX):
        most = max(12, len("".join(text.split()).encode("utf-8", "replace")))
        left, right = st.columns([3.2, 1.0], vertical_alignment="bottom")
        with left:
            st.slider(
                _("Guess first: into how many tokens will {name} cut it?").format(name=menu.as_it_is(title)),
                1, most, value=max(2, most // 3), key=f"{_SLIDER} {text}", on_change=_guessed, args=(text,),
            )  # fmt: skip
        with right:
            st.button(_("Just show me"), key="tokenizers.show", on_click=_skip, width="stretch")


def truth(text: str, counts: list[tuple[str, int | None]]) -> None:
    """Lay the truth over the guess: a bar for each tokenizer."""
    guess = _guesses().get(text)
    known = [count for _title, count in counts if count is not None]
    most = max([*known, guess or 0, 1]) * 1.04
    rows = "".join(_bar(title, count, most) for title, count in counts)
    line = f'<i class="guess" style="--at:{guess / most:.4f}"></i>' if guess else ""
    said = _said(guess, counts[0][1], counts[0][0])
    with st.container(key="tokenizers-truth", border=True, height=HEIGHT_PX):
        st.html(f'<div class="token-bars"><p role="status">{escape(said)}</p><ul>{rows}{line}</ul></div>')


def _bar(title: str, count: int | None, most: float) -> str:
    width = 0.0 if count is None else 100 * count / most
    number = "…" if count is None else f"{count:,}"
    return f'<li><span>{escape(title)}</span><div><i style="width:{width:.1f}%"></i></div><b>{number}</b></li>'


def _said(guess: int | None, count: int | None, title: str) -> str:
    if count is None:
        return _("{title} is being learned …").format(title=title)
    if guess is None:
        return _("{title}: {count} tokens.").format(title=title, count=count)
    if guess == count:
        return _("You guessed {guess}, and {count} it is ({title}).").format(guess=guess, count=count, title=title)
    return _("You guessed {guess} (dotted); {title} makes {count}.").format(guess=guess, count=count, title=title)


def _guesses() -> dict[str, int]:
    found: dict[str, int] = st.session_state.setdefault(_GUESSES, {})
    return found


def _guessed(text: str) -> None:
    _guesses()[text] = int(st.session_state[f"{_SLIDER} {text}"])


def _skip() -> None:
    address.put(_PARAMETER, _OFF)
