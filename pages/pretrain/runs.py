"""Pretrain: every run there is, and chosen ones laid over each other."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages._ui import chart_data, language, loss_chart, menu, page, recordings, run_actions, run_list, run_reading, style
from ssl_core.i18n import N_, _
from ssl_core.runs import presets
from ssl_core.runs.record import RunRecord

CHART_PX = 330
TICK_S = 3.0
AXES = {"seconds": N_("Seconds"), "steps": N_("Steps"), "tokens": N_("Tokens")}
ORDERS = {"newest": N_("Newest"), "loss": N_("Lowest loss")}


@language.fragment(run_every=TICK_S)
def show() -> None:
    """Show the chart of the chosen runs and the list."""
    rows = run_reading.rows()
    if not rows:
        _show_recorded()
        return
    overlaid = run_list.chosen(rows)
    records = [record for each in overlaid if (record := run_reading.found(each)) is not None]
    _overlay(records)
    words, order = _tools(len(rows))
    found = run_list.sifted(rows, words, order)
    if not found:
        st.markdown(_("No run has these words in its name, task or text."))
    colours = style.run_colours([str(each.spec["task"]) for each in records])
    run_list.show(found, dict(zip([each.id for each in records], colours, strict=True)))


def _tools(num_runs: int) -> tuple[str, str]:
    search, sort = st.columns([1.6, 1.0], vertical_alignment="bottom")
    with search:
        words = st.text_input(
            _("Find"), key="runs.find", label_visibility="collapsed", icon=":material/search:",
            placeholder=_("Find among {count} runs by name, task or text").format(count=num_runs),
        )  # fmt: skip
    with sort:
        order = st.segmented_control(
            _("Order"), list(ORDERS), default="newest", required=True, key="runs.order", label_visibility="collapsed",
            format_func=lambda each: _(ORDERS[each]), width="stretch",
        )  # fmt: skip
    return words, order


def _overlay(records: Sequence[RunRecord]) -> None:
    with st.container(key="runs-chart-head", horizontal=True, vertical_alignment="center"):
        if len(records) > 1 and not chart_data.is_one_kind(records):
            page.note(_("Different tasks or tokens, so different scales: compare shapes, not heights."))
        elif records:
            page.note(_("The same task on the same tokens: the lower curve predicts better."))
        else:
            page.note(_("Tick runs in the list to lay their curves over each other."))
        against = st.segmented_control(
            _("Against"), list(AXES), default="seconds", required=True, key="runs.against", label_visibility="collapsed",
            format_func=lambda each: _(AXES[each]),
        )  # fmt: skip
    loss_chart.compare(records, key="runs.chart", against=against, height=CHART_PX)


def _show_recorded() -> None:
    """Show the recorded runs where there is none yet."""
    recorded = [found for each in presets.PRESETS if (found := recordings.recording(each.key)) is not None]
    with st.container(key="runs-none", horizontal=True, vertical_alignment="center"):
        st.markdown(_("No run was started here yet. These were recorded, so that you see what to expect."))
        with st.container(key="runs-start", width="content"):
            menu.link("live", _("Start the first run"), icon=":material/play_arrow:")
    if recorded:
        loss_chart.compare(recorded, key="runs.recorded", height=CHART_PX)
    colours = style.run_colours([str(each.spec["task"]) for each in recorded])
    for each, colour in zip(recorded, colours, strict=True):
        row = {"status": each.status, "best_loss_nats": chart_data.lowest_loss(each), "created_at": each.created_at}
        facts = run_list.facts(row, each.spec, None, colour)
        st.html(f'<div class="run-recorded"><b>{escape(_(each.name))}</b>{facts}</div>')


page.header(_("Runs"), _("Which runs are there, and which of them learned most?"))
st.html(style.ASSETS / "runs.css")
show()
run_actions.show_dialog()
