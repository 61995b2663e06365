"""The instrument of the page of mistakes: what one writes, the guess, and both runs on one chart."""

from html import escape
from itertools import product
from typing import Any

import streamlit as st

from pages._ui import (
    break_chart,
    break_code,
    break_enough,
    break_guess,
    break_state,
    language,
    live_words,
    menu,
    pace,
    page,
    recordings,
    remark,
    replay,
    run_reading,
    run_words,
)
from pages._ui.number_strip import three_digits
from ssl_core import mistakes
from ssl_core.engine import client
from ssl_core.errors import UserError
from ssl_core.i18n import _, sentences
from ssl_core.mistakes.base import HONEST, IN_USE, WATCHED
from ssl_core.runs import pairs
from ssl_core.runs.moment import newest
from ssl_core.runs.record import RunRecord, until_step

CHART_PX = 356
REPLAY_TICK_S = 1.0
_FAILURE = "break.failure"
Pair = tuple[RunRecord, RunRecord]


def show(mistake: Any, live: Pair | None) -> None:
    """Show the mistake, the guess and the chart: of the runs in the URL, else of the recorded ones."""
    recorded = recorded_pair()
    is_over = live is not None and all(each.is_finished for each in live)
    left, right = st.columns((1.0, 1.42), gap="medium")
    with left:
        st.markdown(_(mistake.STORY))
        break_code.show(mistake)
        with st.container(key="break-guess", border=True):
            if break_state.guess():
                not_shown = break_enough.missing(live, recorded) if live is not None and is_over else ""
                break_guess.told(mistake, is_over=is_over or live is None, not_shown=not_shown)
            else:
                break_guess.ask(mistake)
    with right:
        if live is not None:
            language.fragment(run_every=None if is_over else pace.seconds())(_live)(mistake, recorded, is_over)
        else:
            language.fragment(run_every=REPLAY_TICK_S if recorded else None)(_recorded)(mistake, recorded)


def recorded_pair() -> Pair | None:
    """Return the recorded runs most like what is looked at: in this task on this text, else on the other, else in another."""
    key, corpus, task = break_state.key(), break_state.corpus(), break_state.task()
    texts = sorted(break_state.CORPORA.values(), key=lambda each: each != corpus)
    tasks = sorted(mistakes.tasks_of(key), key=lambda each: each != task)
    for made_in, text in product(tasks, texts):
        specs = pairs.pair(key, made_in, text, steps=pairs.RECORDED_STEPS)
        right, broken = (recordings.of_pair(pairs.recorded_name(each)) for each in specs)
        if right is not None and broken is not None:
            return right, broken
    return None


def _recorded_note(recorded: Pair, share: float) -> str:
    """Say that these curves were recorded, and of what where that is something else than was asked for."""
    note = _("Recorded: {share:.0%} of {steps} steps.").format(share=share, steps=pairs.RECORDED_STEPS)
    spec = recorded[1].spec
    if (spec["task"], spec["corpus"]) == (break_state.task(), break_state.corpus()):
        return note
    beside = _("This one is of another task or text: {task}, {text}.")
    return sentences(note, beside.format(task=run_words.task(spec), text=run_words.text(spec)))


def _recorded(mistake: Any, recorded: Pair | None) -> None:
    if break_state.run_ids()[0]:  # Start was pressed: the whole page turns to those runs
        st.rerun()
    _transport(break_enough.usual_seconds(recorded))
    if recorded is None:
        page.note(_("Nothing was recorded of this one: run both."))
        return
    hides = not break_state.guess()
    share = replay.share_now(f"pair {recorded[1].id}", pairs.SECONDS)
    right, broken = (until_step(each, share * pairs.RECORDED_STEPS) for each in recorded)
    break_chart.show(right, broken, "break.chart", watched=mistake.WATCHED, height=CHART_PX, hides_broken=hides)
    _below(mistake, (right, broken), _recorded_note(recorded, share), hides=hides)


def _live(mistake: Any, recorded: Pair | None, is_over: bool) -> None:
    try:
        live = break_state.records()
    except UserError:  # deleted a moment ago; the whole page says so
        st.rerun()
    if live is None or all(each.is_finished for each in live) != is_over:
        st.rerun()
    missing = break_enough.missing(live, recorded) if is_over else ""
    _transport_after(live, recorded, missing)
    hides = not break_state.guess()
    break_chart.show(live[0], live[1], "break.chart", watched=mistake.WATCHED, height=CHART_PX, hides_broken=hides)
    _below(mistake, live, "", hides=hides)
    with st.container(key="break-runs", gap=None):
        for record, title in zip(live, (_("Right"), _("Broken")), strict=True):
            with st.container(key=f"break-run-{record.id}", horizontal=True, vertical_alignment="center"):
                menu.link("live", title, icon=":material/show_chart:", run=record.id)
                st.html(f'<p class="pp-note" role="status">{escape(_stands(record))}</p>')


def _transport(seconds: float) -> None:
    """Offer to run both, for as long as it takes here."""
    with _row():
        _run_button("start", _("Run both, {time}").format(time=break_enough.duration(seconds)), seconds)
        st.html(f'<p class="pp-note">{escape(remark.standing(_FAILURE) or _promise(seconds))}</p>')


def _transport_after(live: Pair, recorded: Pair | None, missing: str) -> None:
    """Offer to run both again; where they had too little time, with more of it, and the recording beside it."""
    now = float(live[0].spec["training"]["budget"]) if unit_is_seconds(live[0]) else pairs.SECONDS
    with _row():
        if not missing:
            _run_button("start", _("Run both again"), now)
            st.html(f'<p class="pp-note">{escape(remark.standing(_FAILURE) or _promise(now))}</p>')
            return
        seconds = break_enough.longer_seconds(live, recorded)
        _run_button("longer", _("Run both for {time}").format(time=break_enough.duration(seconds)), seconds)
        st.button(
            _("See the recording"), key="break.recording", icon=":material/smart_display:", on_click=break_state.forget_runs
        )
        st.html(f'<p class="pp-note">{escape(remark.standing(_FAILURE) or _("More time, in the same two runs."))}</p>')


def unit_is_seconds(record: RunRecord) -> bool:
    """Return whether a run's budget counts seconds."""
    return break_chart.unit_of(record) == "seconds"


def _row() -> Any:
    return st.container(key="break-transport", horizontal=True, vertical_alignment="center")


def _run_button(name: str, label: str, seconds: float) -> None:
    st.button(label, key=f"break.{name}", icon=":material/play_arrow:", type="primary", on_click=_start, args=(seconds,))


def _promise(seconds: float) -> str:
    kept = _("The same run twice, once with the mistake. Both stay in the list of runs.")
    return sentences(_("This machine needs so long for it."), kept) if seconds > pairs.SECONDS else kept


def _below(mistake: Any, pair: Pair, note: str, *, hides: bool) -> None:
    """Say which losses these are, and where they have come to."""
    cells = [(_("right"), newest(pair[0], "val_loss_nats"))]
    if not hides:
        cells.append((_("broken"), newest(pair[1], "val_loss_nats")))
        if mistake.WATCHED != HONEST:
            cells.append((_("as its (mistaken) author measures it"), break_chart.watched_end(pair[1], mistake.WATCHED)))
    drawn = "".join(
        f"<div><dt>{escape(title)}</dt><dd>{escape(three_digits(value))} <small>{escape(_('nats'))}</small></dd></div>"
        for title, value in cells
    )
    st.html(f'<dl class="break-numbers">{drawn}</dl><p class="pp-note">{escape(sentences(_which(mistake), note))}</p>')


def _which(mistake: Any) -> str:
    if mistake.WATCHED == IN_USE:
        return _(
            "Solid: both judged on held-out text with nothing hidden, as texts are in use. Dotted: what their authors see, "
            "with tokens hidden as in training."
        )
    both = _("Solid: both judged on the same clean held-out text.")
    if mistake.WATCHED == HONEST:
        return both
    return sentences(both, _("Dotted: {curve}.").format(curve=_(WATCHED[mistake.WATCHED])))


def _stands(record: RunRecord) -> str:
    if record.status == "queued":
        store = run_reading.store()
        return live_words.queued(store.queue_place(record.id), None, client.engine_state(store)).title
    words = live_words.of(record)
    return sentences(words.title, words.detail) if record.status == "failed" else words.title


def _start(seconds: float) -> None:
    try:
        break_state.start(seconds)
    except UserError as failure:
        remark.leave(_FAILURE, failure)
