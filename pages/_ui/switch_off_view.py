"""Heads that are switched off: the guess, the prediction before and after, the map of what is missed, and pruning."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from pages._ui import address, inspected, loss_chart, page, style
from pages._ui import switch_off_state as state
from pages._ui.asking import together
from pages._ui.inspected import Model
from ssl_core.engine.questions import Answer
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _, sentences

CHART_PX = 340
GUESSES = {
    "nothing": N_("about as likely"),
    "worse": N_("less likely"),
    "better": N_("more likely"),
}
NUM_ROWS, NUM_NEW = 5, 2  # words shown: the likeliest, and of those that come to be among them
NUM_TOP = 50  # words asked for, so that what becomes of a likely one is known
CHANGED = 0.02  # in probability; below that nothing much happened
_GUESS, _JUDGED = "switch-off.guess", "switch-off.judged"


def sentence(model: Model) -> None:
    """Let the learner write the sentence that is predicted."""
    widget = "switch-off.text"
    st.session_state[widget] = st.query_params.get(state.TEXT, "")[: state.MAX_CHARACTERS]
    fills = inspected.reads(model) == "fill"
    told = _("A sentence with ___ for the word to guess") if fills else _("The beginning of a sentence")
    label = _("{told}, at most {limit} tokens").format(told=told, limit=model.context_tokens)
    st.text_input(
        label, key=widget, placeholder=state.example(model), max_chars=state.MAX_CHARACTERS,
        on_change=address.take, args=(state.TEXT, widget),
    )  # fmt: skip


def guess_and_heads() -> None:
    """Ask what will happen, and show which heads are off; they are chosen in the map."""
    off = state.off()
    words = (
        _("Off: {heads}").format(heads=", ".join(f"{layer + 1}.{head + 1}" for layer, head in off))
        if off
        else _("All heads are on. Choose one in the map to switch it off.")
    )
    with st.container(key="off-now", horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="off-now" role="status">{escape(words)}</p>')
        st.button(_("All on"), key="switch-off.all-on", icon=":material/undo:", on_click=_all_on, disabled=not off)
    titles = {key: _(title) for key, title in GUESSES.items()}
    st.pills(
        _("Your guess: without the next head the likeliest word gets …"), list(titles), format_func=titles.get,
        key=_GUESS, width="stretch",
    )  # fmt: skip


def predictions(answer: Answer) -> None:
    """Show the first guessed place: its likeliest tokens with all heads, and without those that are off."""
    off, places = bool(answer.values["silent"]), answer.values["places"]
    place = places[-1] if answer.values["reads"] == "continue" else places[0]
    after = {each["token"]: each["probability"] for each in place["after"]["top"]} if off else {}
    rows = [(each["token"], each["probability"], after.get(each["token"])) for each in place["top"][:NUM_ROWS]]
    known = {token for token, _before, _after in rows}
    rows += [(token, None, share) for token, share in list(after.items())[:NUM_ROWS] if token not in known][:NUM_NEW]
    st.html(f'<table class="off-words"><tbody>{"".join(_row(*each, off=off) for each in rows)}</tbody></table>')
    if answer.values["reads"] == "fill" and len(places) > 1:
        page.note(_("This sentence has several blanks; the first one is guessed here."))
    if off:
        st.html(f'<p class="off-told" role="status">{escape(_verdict(*rows[0], answer.values["loss_nats"]))}</p>')


def _row(token: str, before: float | None, after: float | None, *, off: bool) -> str:
    bars = "".join(
        f'<i class="{kind}" style="--share: {100 * (share or 0):.1f}%"></i>'
        for kind, share in (("before", before), *((("after", after),) if off else ()))
    )
    told = f"{_share(before)} → {_share(after)}" if off else _share(before)
    return f"<tr><th scope='row'>{escape(token)}</th><td>{bars}</td><td>{escape(told)}</td></tr>"


def _share(probability: float | None) -> str:
    return "–" if probability is None else f"{100 * probability:.1f} %"


def _verdict(token: str, before: float, after: float | None, losses: Mapping[str, Any] | None) -> str:
    """Say what became of the word that was likeliest, whether that was guessed, and what the loss does."""
    change = (after or 0.0) - before
    truth = "nothing" if abs(change) < CHANGED else "worse" if change < 0 else "better"
    (guess, sentence_then), said = st.session_state.get(_JUDGED, ("", "")), []
    if guess in GUESSES and sentence_then == st.query_params.get(state.TEXT, ""):
        said.append(
            _("You guessed right.") if guess == truth else _("It goes otherwise: {truth}.").format(truth=_(GUESSES[truth]))
        )
    said.append(_("“{token}”: {before} → {after}.").format(token=token, before=_share(before), after=_share(after)))
    if losses is not None and "refused" in losses:
        said.append(str(UserError.from_json(losses["refused"])))
    elif losses is not None:
        said.append(
            _("Loss on held-out text: {before:.3g} → {after:.3g} nats.").format(before=losses["before"], after=losses["after"])
        )
    return sentences(*said)


def importance(answer: Answer) -> None:
    """Show a button for each head with how much it is missed; pressing it switches it off, or on again."""
    values, off = answer.values, state.off()
    most = max((loss - values["loss_nats"] for row in values["without_LH"] for loss in row), default=1.0) or 1.0
    with st.container(key="off-map"):
        for layer, row in enumerate(values["without_LH"]):
            with st.container(key=f"off-layer-{layer}", horizontal=True):
                for head, loss in enumerate(row):
                    rise = loss - values["loss_nats"]
                    kind = "off" if [layer, head] in off else f"on-{round(4 * min(max(rise / most, 0.0), 1.0))}"
                    with st.container(key=f"off-head-{kind}-{layer}-{head}"):
                        st.button(
                            f"{layer + 1}.{head + 1}  {rise:+.2f}".replace("-", "−"), key=f"switch-off.{layer}.{head}",
                            on_click=_toggle, args=(layer, head), width="stretch",
                        )  # fmt: skip
    page.note(
        _("Loss with all heads: {loss:.3g} nats, on {count} tokens of held-out text.").format(
            loss=values["loss_nats"], count=f"{values['num_asked']:,}"
        )
    )


def prune(named: Mapping[str, Any]) -> None:
    """Ask for the curves of pruning, which take some seconds, and draw them."""
    together([("head_importance", {"model": named})], lambda answers: _curves(answers[0].values), place="switch-off-prune")


def _curves(values: Mapping[str, Any]) -> None:
    loss_chart.draw(figure(values), "switch-off.prune")
    page.note(
        _(
            "Heads go one after the other: those that are missed least first, against orders drawn at random. "
            "What is missed was found on other text than this loss is measured on."
        )
    )


def figure(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the chart: loss against the number of heads that are gone."""
    named = [(_("least missed first"), values["pruned"], style.colour(0), "")]
    named += [(_("at random"), each, "var(--pp-quiet)", "3 6") for each in values["at_random"]]
    curves = [
        loss_chart.curve(name, [list(each) for each in zip(curve["num_gone"], curve["loss_nats"], strict=True)], colour, dash)
        for name, curve, colour, dash in named
    ]
    losses = [loss for each in curves for _x, loss in each["points"]]
    num_heads, last = curves[0]["points"][-1]
    told = _("Loss from {first:.3g} nats with all heads to {last:.3g} without any.").format(first=losses[0], last=last)
    return loss_chart.several(
        "prune",
        curves,
        height=CHART_PX,
        summary=told,
        legend=[0, 1][: len(curves)],
        x={"low": 0.0, "high": float(num_heads), "title": _("heads switched off"), "unit": ""},
        y={"low": max(0.0, min(losses) - 0.2), "high": max(losses) + 0.2, "title": _("loss (nats per predicted token)")},
    )


def _toggle(layer: int, head: int) -> None:
    """Switch a head off, or on again; a guess is about this head alone, and the next one is open."""
    address.settle()
    off = state.off()
    guess = st.session_state.get(_GUESS) if [layer, head] not in off else None
    st.session_state[_JUDGED] = guess, st.query_params.get(state.TEXT, "")
    st.session_state[_GUESS] = None
    state.put_off([each for each in off if each != [layer, head]] if [layer, head] in off else [*off, [layer, head]])


def _all_on() -> None:
    state.put_off([])
