"""The learner's own probe sentence: typed before a run, while it goes on, or after it."""

import streamlit as st

from pages._ui import asking, live_state, own_answer, remark
from ssl_core import pretext
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.runs.spec import MAX_PROBE_CHARACTERS, MAX_PROBES
from ssl_core.runs.store import RunStore

INVITATIONS = {
    "fill": N_("Your own sentence, with ___ for the blank"),
    "continue": N_("Your own beginning, to be continued"),
    "restore": N_("Your own sentence, with ___ for the blank"),
    "spot": N_("Your own sentence, with a wrong word in it"),
    "pair": N_("Your own two sentences, with | between them"),
}
_TYPED, _REMARK, _ASKED = "live.sentence", "live.sentence_remark", "live.sentence_asked"


def for_setup(task: str, probes_key: str) -> None:
    """Take a sentence for the run being set up; it joins the others in the form."""
    _input(task, _join, probes_key)


def for_run(task: str, run_id: str) -> None:
    """Take a sentence for a run that goes on; it is looked at after the next step."""
    _input(task, _send, run_id)


def for_finished(task: str, run_id: str, last_step: int | None) -> None:
    """Take a sentence that the network of a finished run is asked about; where none was kept, say so.

    ``last_step`` is the last of those that can be looked back at, if there are some.
    """
    why_not = "" if own_answer.may_be_asked(run_id) else _("There is no saved model of this run.")
    _input(task, _ask, run_id, last_step, why_not=why_not)


def look_back_key(run_id: str) -> str:
    """Return under which key the step is kept at which a finished run is looked at."""
    return f"live.look_back.{run_id}"


def asked_of(run_id: str) -> str:
    """Return the sentence that the network of a finished run was last asked about, "" before there is one."""
    asked, text = st.session_state.get(_ASKED, ("", ""))
    return text if asked == run_id else ""


def remark_standing() -> str:
    """Return what was said about the sentence sent last, for the moment that it is said."""
    return remark.standing(_REMARK)


def _input(task: str, take: object, *arguments: object, why_not: str = "") -> None:
    """Show the field; its label stands in it while it is empty, where it may take two lines, as no placeholder may."""
    invitation = INVITATIONS.get(pretext.task(task).PROBE, N_("Your own sentence"))
    said = why_not or remark_standing() or _(invitation)
    st.text_input(
        said.replace("_", r"\_"),  # a label is Markdown
        placeholder=" ",
        max_chars=MAX_PROBE_CHARACTERS,
        disabled=bool(why_not),
        key=_TYPED,
        on_change=take,  # type: ignore[arg-type]
        args=arguments,
    )


def _taken() -> str:
    text = str(st.session_state.get(_TYPED) or "").strip()
    st.session_state[_TYPED] = ""
    return text


def _join(probes_key: str) -> None:
    text = _taken()
    lines = [line.strip() for line in str(st.session_state.get(probes_key) or "").splitlines() if line.strip()]
    if not text or text in lines:
        return
    if len(lines) >= MAX_PROBES:
        remark.leave(_REMARK, UserError(N_("{limit} sentences are as many as fit; take one out first."), limit=MAX_PROBES))
        return
    st.session_state[probes_key] = "\n".join([text, *lines])
    st.session_state[live_state.REDRAW] = True


def _send(run_id: str) -> None:
    text = _taken()
    if not text:
        return
    try:
        RunStore().control(run_id, "probe", {"text": text})
    except UserError as problem:
        remark.leave(_REMARK, problem)
    else:
        remark.leave(_REMARK, UserError(N_("Added. The model looks at it after its next step.")))


def _ask(run_id: str, last_step: int | None) -> None:
    if text := _taken():
        st.session_state[_ASKED] = (run_id, text)
        asking.ask_again(own_answer.PLACE)
        if last_step is not None:
            st.session_state[look_back_key(run_id)] = last_step  # it is the network at the end that answers
