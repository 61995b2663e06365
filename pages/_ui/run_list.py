"""The list of runs: one line a run, a page at a time."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from pages._ui import address, menu, run_actions, run_reading, run_words
from pages._ui.number_strip import three_digits
from ssl_core.i18n import _
from ssl_core.runs.moment import moment

PAGE_LENGTH = 12
OVERLAY = "overlay"
MAX_OVERLAID = 8
ACTIVE = ("running", "paused")
Row = Mapping[str, Any]


def chosen(rows: Sequence[Row]) -> list[str]:
    """Return the ids of the runs to lay over each other: those in the URL, else the newest three that have a loss."""
    asked = st.query_params.get(OVERLAY)
    if asked is None:
        return [row["id"] for row in rows if row["best_loss_nats"] is not None][:3]
    known = {row["id"] for row in rows}
    return [each for each in dict.fromkeys(asked.split(",")) if each in known][:MAX_OVERLAID]


def sifted(rows: Sequence[Row], words: str, order: str) -> list[Row]:
    """Return the runs whose name, task or text has all the words, in the order asked for."""
    wanted = words.casefold().split()
    found = [row for row in rows if all(word in _words(row) for word in wanted)] if wanted else list(rows)
    if order == "loss":
        found.sort(key=lambda row: float("inf") if row["best_loss_nats"] is None else row["best_loss_nats"])
    return found


def show(rows: Sequence[Row], overlaid: Mapping[str, str]) -> None:
    """Show one page of the list; ``overlaid`` has the ids of the runs in the chart, and the colours of their curves."""
    titles = (_("Task and text"), _("State"), _("Lowest loss"), _("Started"))
    head = "".join(f"<span>{escape(each)}</span>" for each in titles)
    st.html(
        f'<div class="run-head" aria-hidden="true"><span>{escape(_("Name"))}</span><div class="run-facts">{head}</div></div>'
    )
    num_pages = max(1, -(-len(rows) // PAGE_LENGTH))
    key = f"runs.page.of_{num_pages}"  # fewer pages after a search: begin with the first again
    number = int(st.session_state.get(key, 1))
    with st.container(key="run-list", gap=None):
        for row in rows[(number - 1) * PAGE_LENGTH : number * PAGE_LENGTH]:
            _line(row, overlaid)
    if num_pages > 1:
        st.pagination(num_pages, key=key)


def facts(row: Row, spec: Mapping[str, Any], share: float | None, colour: str) -> str:
    """Return one run's task, text, state, loss and date as HTML; ``colour`` is that of its curve, "" if it has none here."""
    sign, title = run_words.STATES[row["status"]]
    bar = f'<progress max="1" value="{share:.3f}" aria-label="{escape(_("Progress"))}"></progress>' if share is not None else ""
    loss = row["best_loss_nats"]
    unit = f"<small> {escape(_('nats'))}</small>" if loss is not None else ""
    begun = f" · ← {words}" if (words := run_words.start(spec)) else ""
    broken = f" · ✗ {words}" if (words := run_words.mistake(spec)) else ""
    what = f"<span>{escape(run_words.task(spec))}</span><small>{escape(run_words.text(spec) + begun + broken)}</small>"
    return (
        f'<div class="run-facts"><span class="what"><i style="background: {colour or "none"}"></i>{what}</span>'
        f'<span class="state" data-state="{row["status"]}"><i aria-hidden="true">{sign}</i> {escape(_(title))}{bar}</span>'
        f'<span class="loss">{escape(three_digits(loss))}{unit}</span>'
        f'<span class="when">{escape(run_words.when(row["created_at"]))}</span></div>'
    )


def _line(row: Row, overlaid: Mapping[str, str]) -> None:
    key = row["id"]
    with st.container(key=f"run-{key}", gap=None):
        st.session_state[f"runs.overlay.{key}"] = key in overlaid
        is_full = len(overlaid) >= MAX_OVERLAID and key not in overlaid
        st.checkbox(
            _("Lay over the others"), key=f"runs.overlay.{key}", label_visibility="collapsed", disabled=is_full,
            on_change=_toggle, args=(key,),
        )  # fmt: skip
        menu.link("live", menu.as_it_is(row["name"]), icon="", run=key)
        st.html(facts(row, run_words.spec(row), _share(row), overlaid.get(key, "")))
        action = st.menu_button(
            _("More"), run_actions.offered(row), format_func=lambda each: _(run_actions.TITLES[each]),
            key=f"runs.more.{key}", type="tertiary",
        )  # fmt: skip
        if action:
            run_actions.open_later(action, row)


def _share(row: Row) -> float | None:
    """Return how much of its budget a run that goes on has used."""
    record = run_reading.found(row["id"]) if row["status"] in ACTIVE else None
    return moment(record).share if record is not None else None


def _toggle(key: str) -> None:
    address.settle()
    overlaid = chosen(run_reading.rows())
    kept = [each for each in overlaid if each != key]
    address.put(OVERLAY, ",".join(kept if key in overlaid else [*kept, key]), usual=None)


def _words(row: Row) -> str:
    spec = run_words.spec(row)
    told = (row["name"], run_words.task(spec), run_words.text(spec), run_words.start(spec), run_words.mistake(spec))
    return " ".join(told).casefold()
