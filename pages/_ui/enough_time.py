"""How far a run's budget takes it on this machine; where that is too short, what it misses and what helps, one click each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from pages._ui import chart_data, live_state, machine_pace, recordings, run_facts, run_words
from pages._ui.number_strip import minutes
from pages._ui.run_facts import short_count
from ssl_core import pretext
from ssl_core.i18n import _, sentences
from ssl_core.models.config import SIZES
from ssl_core.runs.moment import moment
from ssl_core.runs.record import RunRecord
from ssl_core.runs.spec import RunSpec
from ssl_core.training import estimates


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """One thing that lets a run come further here: its label, and the run."""

    name: str
    label: str
    spec: RunSpec


def show(spec: RunSpec, recorded: RunRecord | None) -> None:
    """Say whether a run will get below the baselines in its budget here, and offer what helps where it won't."""
    outlook = machine_pace.outlook(spec, recorded)
    with room(said(spec, outlook)):
        for each in helps(spec, outlook) if outlook is not None and not outlook.is_enough else ():
            st.button(each.label, key=f"live.{each.name}", on_click=_take, args=(each.spec,))


def for_run(record: RunRecord) -> None:
    """Say of a run what is unusual about it, else the same as before its start, or once it is over what it had no time for."""
    begun, broken = run_words.taken_over(record), run_words.mistake(record.spec)
    remarks = sentences(f"← {begun}" if begun else "", f"✗ {broken}" if broken else "")
    spec = RunSpec.from_json(record.spec) if not remarks else None
    if spec is not None and record.status in ("done", "stopped"):
        _for_finished(spec, record)
        return
    if record.status == "failed" and not remarks:  # why it failed is told in full above, and nothing else
        return
    with room(remarks if spec is None else said(spec, machine_pace.outlook(spec, recordings.like(spec)))):
        pass


def missed(spec: RunSpec, record: RunRecord) -> machine_pace.Outlook | None:
    """Return the first baseline that a finished run had too few steps for, and stayed above; None where there is none."""
    passed, usual = estimates.milestones(record), machine_pace.milestones(spec, recordings.like(spec))
    not_passed = replace(
        usual,
        plateau=usual.plateau if passed.plateau is None else None,
        bigram=usual.bigram if passed.bigram is None else None,
    )
    found = machine_pace.ahead(not_passed, moment(record).step)
    return None if found is None or found.is_enough else found


def _for_finished(spec: RunSpec, record: RunRecord) -> None:
    """Say what a run of so few steps stayed above, and offer what takes it further; else what it got below."""
    found = missed(spec, record)
    words = _("It takes about {needed} steps to get clearly below “{line}”; this run made {steps}.")
    with room(_filled(words, spec, found) if found is not None else reached(spec, record)):
        if found is not None and machine_pace.shortage(spec, recordings.like(spec)) is not None:
            for each in helps(spec, found):
                st.button(each.label, key=f"live.{each.name}", on_click=_take, args=(each.spec,))


def reached(spec: RunSpec, record: RunRecord) -> str:
    """Say below which baseline a finished run got, and when; "" where it had none."""
    passed, steps = estimates.milestones(record), moment(record).step
    for line, step in (("bigram_nats", passed.bigram), ("unigram_nats", passed.plateau)):
        if step is not None:
            words = _("It got clearly below “{line}” after {step} of {steps} steps.")
            return words.format(line=_named(spec, line), step=f"{step:,}", steps=f"{steps:,}")
    if not chart_data.baselines(record):
        return ""
    words = _("It did not get clearly below “{line}” in its {steps} steps.")
    return words.format(line=_named(spec, "unigram_nats"), steps=f"{steps:,}")


@contextmanager
def room(words: str) -> Iterator[None]:
    """Keep a line between the transport and the pictures, in every state: what comes into it moves nothing."""
    with st.container(key="live-enough", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="pp-note" role="status">{escape(words)}</p>')
        yield


def said(spec: RunSpec, outlook: machine_pace.Outlook | None) -> str:
    """Say how far a run gets here, or what is not known yet: how fast runs are here, or how many steps these settings need."""
    if outlook is not None:
        return told(spec, outlook)
    if machine_pace.of(spec) is None:
        return run_facts.not_measured()
    return _("How many steps these settings need to get clearly below the baselines has not been measured.")


def told(spec: RunSpec, outlook: machine_pace.Outlook) -> str:
    """Say what a run needs and what it gets."""
    words = _("Too short here: it takes about {needed} steps to get clearly below “{line}”, and this machine makes {steps}.")
    if outlook.is_enough:
        words = _(
            "Long enough here: it takes about {needed} steps to get clearly below “{line}”, and this machine makes {steps}."
        )
    return _filled(words, spec, outlook)


def _filled(words: str, spec: RunSpec, outlook: machine_pace.Outlook) -> str:
    return words.format(needed=short_count(outlook.needed), line=_named(spec, outlook.line), steps=short_count(outlook.steps))


def _named(spec: RunSpec, line: str) -> str:
    return _((chart_data.LINES | getattr(pretext.task(spec.task), "LINES", {}))[line])


def helps(spec: RunSpec, short: machine_pace.Outlook) -> list[Help]:
    """Return what takes a run below the baseline on this machine: more time, or a smaller network in the same time."""
    pace, found = machine_pace.of(spec), []
    assert pace is not None, "a shortage is only known where the pace is"
    seconds = estimates.round_seconds(short.needed * pace.seconds_per_step)
    found.append(
        Help(name="longer", label=_("Take {time}").format(time=minutes(seconds)), spec=estimates.with_seconds(spec, seconds))
    )
    smaller = estimates.smaller(spec)
    pace = machine_pace.of(smaller) if smaller is not None else None
    if smaller is not None and pace is not None and estimates.steps_within(smaller, pace) >= short.needed:
        label = _("Take the network “{size}”").format(size=_(SIZES[smaller.model.size]))
        found.append(Help(name="smaller", label=label, spec=smaller))
    return found


def _take(spec: RunSpec) -> None:
    live_state.set_up(spec)
    st.session_state[live_state.REDRAW] = True  # the button stands in a part that runs by itself
