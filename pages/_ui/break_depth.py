"""Depth below the two runs: why, where it was met, what both models say, the code, and the numbers."""

import inspect
from typing import Any

import streamlit as st

from pages._ui import break_state, break_view, loss_chart, menu, page, probe_panel, section, source
from ssl_core import mistakes, models
from ssl_core.i18n import _
from ssl_core.runs.spec import RunSpec

PROBES_PX = 350


def sections(mistake: Any, live: break_view.Pair | None) -> None:
    """Show what there is to know beyond the curves; why stands open once the guess is made."""
    pair = live or break_view.recorded_pair()
    has_guess, key = bool(break_state.guess()), break_state.key()
    with st.container(key="break-depth"):
        section.show(
            _("Why it goes like that"), _why, mistake, pair, icon=":material/lightbulb:", key=f"break-why-{key}-{has_guess}",
            is_open=has_guess,
        )  # fmt: skip
        section.show(_("Where it was seen"), _seen, mistake, icon=":material/travel_explore:", key=f"break-seen-{key}")
        if pair is not None:
            title = _("What both models make of the same sentences")
            section.show(title, _probes, pair, icon=":material/chat:", key=f"break-probes-{key}")
            section.show(_("Show the numbers"), _numbers, pair, icon=":material/table:", key=f"break-numbers-{key}")
        section.show(_("The mistake in this app's own code"), _code, key, icon=":material/code:", key=f"break-code-{key}")
        section.show(_("What this does not show"), _limits, icon=":material/rule:", key="break-limits")


def _why(mistake: Any, pair: break_view.Pair | None) -> None:
    st.markdown(page.prose_parts("break_it-why")[break_state.key()])
    told = getattr(mistake, "WHY_HERE", {})
    if pair is not None and told:
        family = models.family(RunSpec.from_json(pair[0].spec).model.family)
        st.markdown(_(told[family.NORMS]).format(family=_(family.TITLE)))


def _seen(mistake: Any) -> None:
    for each in mistake.SEEN_IN:
        st.markdown(f"- {_(each.what)} {source.linked(each.where)}")


def _probes(pair: break_view.Pair) -> None:
    titles = (_("Right"), _("Broken"))
    for column, record, title in zip(st.columns(2, gap="medium"), pair, titles, strict=True):
        with column:
            st.markdown(f"**{title}**")
            probe_panel.show(record, height=PROBES_PX, key=f"break.probes.{title}")


def _numbers(pair: break_view.Pair) -> None:
    for record, title in zip(pair, (_("Right"), _("Broken")), strict=True):
        st.markdown(f"**{title}**")
        loss_chart.table(record)
    if break_state.run_ids()[0]:
        menu.link("runs", _("Both in the list of runs"), overlay=",".join(each.id for each in pair))


def _code(key: str) -> None:
    st.code(inspect.getsource(mistakes.mistake(key)), language="python", wrap_lines=True)


def _limits() -> None:
    st.markdown(page.prose("break_it-limits"))
