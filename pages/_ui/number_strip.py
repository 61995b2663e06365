"""The numbers below a chart: step, speed, time left, losses, learning rate, device."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from ssl_core.i18n import _
from ssl_core.models import arithmetic
from ssl_core.runs.moment import Moment

NOT_YET, HIDDEN = "–", "▢"


def show(
    now: Moment,
    device: str,
    computed_with: Mapping[str, Any] | None = None,
    *,
    is_over: bool = False,
    hides_loss: bool = False,
    is_recorded: bool = False,
) -> None:
    """Show the newest numbers of a run in one line; with ``hides_loss`` the losses stay covered.

    ``computed_with`` holds the values of a ``models.arithmetic.Arithmetic``, where the run kept them.
    """
    st.html(html(now, device, computed_with, is_over=is_over, hides_loss=hides_loss, is_recorded=is_recorded))


def html(
    now: Moment,
    device: str,
    computed_with: Mapping[str, Any] | None = None,
    *,
    is_over: bool = False,
    hides_loss: bool = False,
    is_recorded: bool = False,
) -> str:
    """Return what ``show`` shows."""
    measured = (now.val_loss_nats, now.train_loss_nats)
    losses = [(HIDDEN, _("until you guess")) if hides_loss else (three_digits(each), _("nats")) for each in measured]
    cells = [
        (_("step"), f"{now.step:,}", _("Recording") if is_recorded else ""),
        (_("tokens/s"), three_digits(now.tokens_per_s), ""),
        (_("time"), minutes(now.elapsed_s), "") if is_over else (_("time left"), minutes(now.seconds_left), ""),
        (_("validation loss"), *losses[0]),
        (_("training loss"), *losses[1]),
        (_("learning rate"), three_digits(now.learning_rate), ""),
        (_("device"), device or NOT_YET, arithmetic.told(computed_with)[0] if computed_with is not None else ""),
    ]
    return f'<dl class="live-numbers">{"".join(_cell(*cell) for cell in cells)}</dl>{_computed_with(computed_with)}'


def three_digits(value: float | None) -> str:
    """Return a number with three significant digits."""
    if value is None:
        return NOT_YET
    if abs(value) >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    if value == 0 or abs(value) >= 0.001:
        return f"{value:#.3g}".rstrip(".")
    return f"{value:.2e}".replace("e-0", "e-")


def minutes(seconds: float | None) -> str:
    """Return a duration as minutes and seconds."""
    if seconds is None:
        return NOT_YET
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{whole // 60}:{whole % 60:02}"


def _computed_with(chosen: Mapping[str, Any] | None) -> str:
    """Say in a line of its own what a run computes with, where that was chosen by measurement."""
    if chosen is None or not arithmetic.told(chosen)[1]:
        return ""
    return f'<p class="live-arithmetic">{escape(arithmetic.sentence(chosen))}</p>'


def _cell(name: str, value: str, unit: str) -> str:
    small = f" <small>{escape(unit)}</small>" if unit and value != NOT_YET else ""
    return f"<div><dt>{escape(name)}</dt><dd>{escape(value)}{small}</dd></div>"
