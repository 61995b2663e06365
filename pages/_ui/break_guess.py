"""Guess first: four things the curve may do, drawn; one press, and the truth is laid over it."""

from base64 import b64encode
from functools import cache
from html import escape
from typing import Any

import streamlit as st

from pages._ui import break_state
from ssl_core.i18n import _
from ssl_core.mistakes import shapes
from ssl_core.mistakes.base import WATCHED

WIDTH, HEIGHT, EDGE = 160, 62, 5
TOP = 1.18  # in heights: room for curves that rise
INK, BROKEN = "#8b93a0", "#e06a1b"  # seen on light and dark ground


def ask(mistake: Any) -> None:
    """Ask what the curve will do."""
    watched = _(WATCHED[mistake.WATCHED])
    st.markdown(f"**{_('Guess first: what will {curve} do?').format(curve=watched)}**")
    for start in range(0, len(mistake.CHOICES), 2):
        for column, shape in zip(st.columns(2, gap="small"), mistake.CHOICES[start : start + 2], strict=False):
            with column, st.container(key=f"break-choice-{shape}", gap=None):
                st.html(picture(shape))
                st.button(
                    _(shapes.SHAPES[shape].title), key=f"break.guess.{shape}", on_click=break_state.keep_guess, args=(shape,),
                    width="stretch",
                )  # fmt: skip
    st.button(
        _("Just show me"), key="break.show", type="tertiary", on_click=break_state.keep_guess, args=(break_state.SKIPPED,)
    )


def told(mistake: Any, *, is_over: bool, not_shown: str = "") -> None:
    """Lay the truth over the guess once it is there; ``not_shown`` says why these runs do not show it."""
    guess = break_state.guess()
    rows = [] if guess == break_state.SKIPPED else [(_("You guessed"), guess)]
    if is_over and not not_shown:
        rows.append((_("What happens"), mistake.TRUTH))
    cells = "".join(
        f"<div><dt>{escape(title)}</dt><dd>{picture(shape)}<b>{escape(_(shapes.SHAPES[shape].title))}</b></dd></div>"
        for title, shape in rows
    )
    st.html(f'<p class="break-verdict" role="status"><b>{escape(not_shown or verdict(mistake, is_over=is_over))}</b></p>'
            f'<dl class="break-told">{cells}</dl>')  # fmt: skip


def verdict(mistake: Any, *, is_over: bool) -> str:
    """Say in one sentence whether the guess was right."""
    guess = break_state.guess()
    if not is_over:
        return _("Your guess is kept. Watch the curves.") if guess != break_state.SKIPPED else _("Watch the curves.")
    if guess == break_state.SKIPPED:
        return _("Result:")
    return _("You guessed right.") if guess == mistake.TRUTH else _("It goes otherwise than you guessed.")


@cache
def picture(shape: str) -> str:
    """Return a shape as an image: the right run thin and grey, the broken one thick."""

    def path(height: shapes.Height) -> str:
        spots = [
            f"{EDGE + share * (WIDTH - 2 * EDGE):.1f} {EDGE + (1 - value / TOP) * (HEIGHT - 2 * EDGE):.1f}"
            for share, value in shapes.points(height)
        ]
        return "M" + "L".join(spots)

    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" stroke-linecap="round">'
        f'<path d="M{EDGE} 2V{HEIGHT - 2}H{WIDTH - 2}" stroke="{INK}" stroke-width="1"/>'
        f'<path d="{path(shapes.right)}" stroke="{INK}" stroke-width="2" stroke-dasharray="3 4"/>'
        f'<path d="{path(shapes.SHAPES[shape].height)}" stroke="{BROKEN}" stroke-width="3.5"/></svg>'
    )
    return f'<img class="break-shape" alt="" src="data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}">'
