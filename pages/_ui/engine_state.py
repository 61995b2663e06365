"""What the engine does, in the sidebar's last lines."""

from html import escape

import streamlit as st

from pages._ui import language
from ssl_core.engine import client
from ssl_core.i18n import N_, _

SIGNS = {"running": "●", "paused": "‖", "idle": "○", "starting": "◔", "absent": "✕", "broken": "✕"}
TITLES = {
    "running": N_("Engine: training"),
    "paused": N_("Engine: paused"),
    "idle": N_("Engine: idle"),
    "starting": N_("Engine: starting"),
    "absent": N_("Engine: not there"),
    "broken": N_("Engine: can't start"),
}


@language.fragment(run_every=3)
def show() -> None:
    """Show whether the engine is idle, training or paused, on what, and how many runs wait."""
    now = _state()
    counts = [
        (now.num_running, _("{number} running")),
        (now.num_paused, _("{number} paused")),
        (now.queue_length, _("{number} waiting")),
    ]
    told = [text.format(number=number) for number, text in counts if number]
    detail = " · ".join([*([now.device.upper()] if now.device else []), *told])
    if now.log:
        detail = _("It says why in {log}").format(log=now.log)
    st.html(
        f'<p class="pp-engine" data-state="{now.state}"><i aria-hidden="true">{SIGNS[now.state]}</i>'
        f"<span><b>{_(TITLES[now.state])}</b><small>{escape(detail)}</small></span></p>"
    )


@st.cache_data(ttl=1, show_spinner=False)
def _state() -> client.EngineState:
    return client.engine_state()
