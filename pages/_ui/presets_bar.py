"""The presets: one press sets up a run that learns within a minute."""

import streamlit as st

from pages._ui import live_state
from ssl_core import corpora
from ssl_core.i18n import LANGUAGES, _, current_language
from ssl_core.runs import presets
from ssl_core.runs.presets import Preset
from ssl_core.runs.spec import RunSpec

KEY = "live.preset"


def in_order(language: str) -> list[Preset]:
    """Return the presets, those on text in the reader's language first."""
    return sorted(presets.PRESETS, key=lambda each: each.language != language)


def show(in_view: RunSpec | None) -> None:
    """Show the presets as cards; ``in_view`` is the run on the page, if there is one."""
    ordered = in_order(current_language())
    chosen = live_state.preset_like(in_view.task, in_view.corpus) if in_view is not None else live_state.preset_in_view()
    titles = {each.key: each for each in ordered}
    st.session_state[KEY] = chosen or None
    with st.container(key="live-presets"):
        st.radio(
            _("Ready-made runs"),
            list(titles),
            format_func=lambda key: _(titles[key].title),
            captions=[_caption(each) for each in ordered],
            horizontal=True,
            label_visibility="collapsed",
            key=KEY,
            index=None,
            on_change=_chosen,
        )


def _caption(preset: Preset) -> str:
    card = corpora.card(presets.spec(preset.key).corpus)
    return f"{LANGUAGES[preset.language]} · {_(card.title)}"


def _chosen() -> None:
    live_state.set_up(presets.spec(str(st.session_state[KEY])))
