"""Depth below an instrument: its formulas with these numbers in them, the numbers, what to notice, limits and sources."""

import streamlit as st

from pages._ui import page, plain_table, section, source
from pages._ui.loss_lab_part import Part, State
from ssl_core.formulas import formula
from ssl_core.i18n import _


def of_now(part: Part, state: State) -> None:
    """Show what changes with the instrument."""
    section.show(
        _("The formula, with these numbers"),
        _worked,
        part,
        state,
        icon=":material/function:",
        key=f"loss-lab-formula-{part.key}",
    )
    section.show(_("Show the numbers"), _numbers, part, state, icon=":material/table:", key=f"loss-lab-numbers-{part.key}")


def of_part(part: Part) -> None:
    """Show what stays as it is."""
    section.show(_("What to notice"), _prose, part, "notice", icon=":material/visibility:", key=f"loss-lab-notice-{part.key}")
    section.show(_("Limits and sources"), _sources, part, icon=":material/menu_book:", key=f"loss-lab-limits-{part.key}")


def _worked(part: Part, state: State) -> None:
    with st.container(key="loss-lab-worked"):
        for line in part.worked(state):
            st.latex(line)


def _numbers(part: Part, state: State) -> None:
    plain_table.show(part.rows(state))


def _prose(part: Part, heading: str) -> None:
    st.markdown(page.prose_parts(part.prose)[heading])


def _sources(part: Part) -> None:
    _prose(part, "limits")
    for stem in part.formulas:
        module = formula(stem)
        with st.container(key=f"loss-lab-source-{stem}"):
            st.markdown(f"**{_(module.TITLE)}** · {_(module.UNIT)} · {source.linked(module.SOURCE)}")
            st.latex(module.FORMULA)
