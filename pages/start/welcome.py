"""Start: the way from raw text to a useful model, and one recorded run that replays by itself."""

import streamlit as st

from pages._ui import language, live_words, loss_chart, menu, page, pipeline, probe_panel, recordings, shelf_strip, transport
from ssl_core.i18n import _, current_language
from ssl_core.runs import presets

CHART_PX = 372
MOST = 2  # as many as have room beside the title: of each task the one on TinyWorld
WIDTHS = (1.45, 1.0)


@language.fragment()
def replay() -> None:
    """Show a recorded run of the reader's choice at the second the transport is at."""
    titles = {each.key: _(each.title) for each in presets.PRESETS}
    known = [each for each in presets.PRESETS if recordings.recording(each.key)]
    offered = [each.key for each in known if each.language == current_language()][:MOST] or [each.key for each in known][:MOST]
    if not offered:
        st.markdown(_("No run was recorded here yet. Start one: it takes a minute."))
        return
    head, choice = st.columns([0.8, 1.0], gap="medium", vertical_alignment="center")
    with choice:
        chosen = st.segmented_control(
            _("A recorded run replays here"), offered, format_func=titles.get, default=offered[0], required=True,
            key=f"welcome.recorded.{current_language()}", width="stretch",
        )  # fmt: skip
    record = recordings.recording(chosen)
    now = record.until(transport.show(chosen, float(record.metrics["elapsed_s"][-1])))
    with head:
        page.lead(*live_words.phase(now))
    chart, probes = st.columns(WIDTHS, gap="medium")
    with chart:
        loss_chart.show(now, key="welcome.chart", height=CHART_PX)
    with probes:
        probe_panel.show(now, height=CHART_PX, key="welcome.probes")
    loss_chart.numbers(record, key="welcome.numbers")


with st.container(key="welcome-top", horizontal=True, vertical_alignment="center"):
    page.header(_("Pretraining Playground"), _("How does a language model learn from text that nobody labelled?"))
    with st.container(key="welcome-start", width="content"):
        menu.link("live", _("Watch a model learn now"), icon=":material/play_arrow:", run="")
pipeline.show()
replay()
shelf_strip.show()
