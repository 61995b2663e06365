"""The presets: one press sets up a run that learns within a minute, on TinyWorld or on real text, in either language."""

import streamlit as st

from pages._ui import live_state
from pages._ui.by_hand import by_hand
from ssl_core import corpora
from ssl_core.i18n import LANGUAGES, _, current_language
from ssl_core.runs import presets
from ssl_core.runs.spec import RunSpec

SHORT = {"en": "EN", "zh": "中文"}
KEY, MORE, LANGUAGE = "live.preset", "live.preset_more", "live.preset_language"


def show(in_view: RunSpec | None) -> None:
    """Show the presets of one language as cards; ``in_view`` is the run on the page, if there is one."""
    chosen = live_state.preset_in_view()
    if in_view is not None:
        chosen = live_state.preset_like(in_view.task, in_view.corpus, in_view.model.family)
    language = _language(chosen)
    offered = {each.key: each for each in presets.PRESETS if each.language == language}
    titles = {key: each for key, each in offered.items() if presets.is_main(key)}
    st.session_state[KEY] = chosen if chosen in titles else None
    with st.container(key="live-offers"):
        with st.container(key="live-presets", horizontal=True, vertical_alignment="center"):
            st.radio(
                _("Ready-made runs"),
                list(titles),
                format_func=lambda key: _(titles[key].title),
                captions=[_(corpora.card(each.corpus).title) for each in titles.values()],
                horizontal=True,
                label_visibility="collapsed",
                key=KEY,
                index=None,
                on_change=_chosen,
                args=(KEY,),
            )
        with st.container(key="live-more", horizontal=True, vertical_alignment="center"):
            _more(offered, [key for key in offered if key not in titles], chosen)
            st.session_state[LANGUAGE] = language
            st.segmented_control(
                _("Language of the text"), list(LANGUAGES), format_func=SHORT.get, required=True, key=LANGUAGE,
                label_visibility="collapsed", on_change=_other_language, width="content",
            )  # fmt: skip


def _more(offered: dict[str, presets.Preset], others: list[str], chosen: str) -> None:
    """Offer the tasks that have no card."""
    if not others:
        return
    st.session_state[MORE] = chosen if chosen in others else None
    st.selectbox(
        _("Another pretext task"),
        others,
        format_func=lambda key: _(offered[key].title),
        index=None,
        placeholder=_("Another task …"),
        label_visibility="collapsed",
        width=350,
        key=MORE,
        on_change=_chosen,
        args=(MORE,),
    )


def _language(chosen: str) -> str:
    """Return the language whose presets are offered: that of the one in view, else the one asked for, else the reader's."""
    if chosen:
        return presets.preset(chosen).language
    return str(st.session_state.get(LANGUAGE) or current_language())


@by_hand
def _chosen(key: str) -> None:
    if st.session_state[key]:
        live_state.set_up(presets.spec(str(st.session_state[key])))


@by_hand
def _other_language() -> None:
    """Set up the first preset of the language that was pressed."""
    first = next(each for each in presets.PRESETS if each.language == st.session_state[LANGUAGE])
    live_state.set_up(presets.spec(first.key))
