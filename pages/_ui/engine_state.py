"""What the engine does, in the sidebar's last lines."""

from html import escape

import streamlit as st

from pages._ui import language, page
from pages._ui.sharing import ManyShared
from ssl_core import paths
from ssl_core.engine import client
from ssl_core.i18n import N_, _

LOOK_EVERY_S, FRESH_S = 3.0, 1.0
SIGNS = {"running": "●", "paused": "‖", "idle": "○", "starting": "◔", "absent": "✕", "broken": "✕"}
TITLES = {
    "running": N_("Engine: training"),
    "paused": N_("Engine: paused"),
    "idle": N_("Engine: idle"),
    "starting": N_("Engine: starting"),
    "absent": N_("Engine: not there"),
    "broken": N_("Engine: can't start"),
}

_shared: ManyShared[client.EngineState] = ManyShared(FRESH_S)


def show(*, is_told_elsewhere: bool = False) -> None:
    """Show what the engine does; it looks again every few seconds unless ticks of the page tell of it, too."""
    language.fragment(run_every=None if is_told_elsewhere else LOOK_EVERY_S)(_show)(is_told_elsewhere)


def html() -> str:
    """Return whether the engine is idle, training or paused, on what, and how many runs wait."""
    now = _shared.get(paths.store_url(), lambda _before: client.engine_state())
    counts = [
        (now.num_running, _("{number} running")),
        (now.num_paused, _("{number} paused")),
        (now.queue_length, _("{number} waiting")),
    ]
    told = [text.format(number=number) for number, text in counts if number]
    detail = " · ".join([*([now.device.upper()] if now.device else []), *told])
    if now.log:
        detail = _("It says why in {log}").format(log=now.log)
    return (
        f'<p class="pp-engine" data-state="{now.state}"><i aria-hidden="true">{SIGNS[now.state]}</i>'
        f"<span><b>{_(TITLES[now.state])}</b><small>{escape(detail)}</small></span></p>"
    )


def _show(is_told_elsewhere: bool) -> None:
    st.html(page.drawn(html()) if is_told_elsewhere else html())
