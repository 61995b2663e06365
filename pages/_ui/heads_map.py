"""The map of a network's heads by one measure, with a guess first; the table of all measures, and where they come from."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages._ui import address, heads_gold, page, plain_table, source
from pages._ui.asking import together
from pages._ui.inspected import MODEL, STEP, Model
from ssl_core.attention import heads
from ssl_core.attention.heads.labels import RULES
from ssl_core.engine.questions import Answer
from ssl_core.i18n import _, current_language, sentences

MEASURE, FIRST = "measure", "to_previous"
MOST_COLOUR = 48  # per cent, so that figures stay readable on it in both themes
_GUESSES = "heads.guesses"
RULES_BY_KEY = {each.key: each for each in RULES}
_NOBODY = "?"


def choose() -> str:
    """Let the learner choose a measure; it goes into the URL."""
    asked = st.query_params.get(MEASURE, FIRST)
    st.session_state["heads.measure"] = asked if asked in heads.MENU else FIRST
    titles = {key: _(heads.metric(key).TITLE) for key in heads.MENU}
    st.selectbox(
        _("Measure"),
        list(titles),
        format_func=titles.get,
        key="heads.measure",
        on_change=address.take,
        args=(MEASURE, "heads.measure"),
    )
    return str(st.session_state["heads.measure"])


def show(answer: Answer, key: str, model: Model) -> None:
    """Show the map: first the question which head has most of the measure, then every head's value."""
    values, told = answer.values, table(answer.values, key)
    if told is None:
        page.note(_("This measure asks about something that these texts do not have, or this network cannot see."))
        return
    guesses: dict[str, str] = st.session_state.setdefault(_GUESSES, {})
    place = f"{model.key} {values['step']} {key}"
    best = max(
        ((layer, head) for layer in range(values["num_layers"]) for head in range(values["num_heads"])),
        key=lambda each: told["values_LH"][each[0]][each[1]],
    )
    if place not in guesses:
        _ask(values, place, key)
        return
    st.html(f'<p class="heads-told" role="status">{escape(_verdict(guesses[place], best, told, key))}</p>')
    st.html(_map(values, told, key, model))


def _ask(values: Mapping[str, Any], place: str, key: str) -> None:
    with st.container(key="heads-guess", border=True):
        question = _("Which head has most of this: {measure}?").format(measure=_(heads.metric(key).TITLE))
        st.html(f'<p class="heads-question">{escape(question)}</p><p class="pp-note">{escape(_(heads.metric(key).HELP))}</p>')
        with st.container(horizontal=True, vertical_alignment="bottom"):
            layer, head = f"heads.layer {place}", f"heads.head {place}"
            st.selectbox(_("Layer"), range(1, values["num_layers"] + 1), key=layer)
            st.selectbox(_("Head"), range(1, values["num_heads"] + 1), key=head)
            st.button(_("That one"), type="primary", key="heads.sure", on_click=_sure, args=(place, layer, head))
            st.button(_("Just show me"), key="heads.skip", on_click=_guessed, args=(place, _NOBODY))


def _sure(place: str, layer: str, head: str) -> None:
    """Take what is chosen now: a press may come before the page has run with the last choice."""
    _guessed(place, f"{st.session_state[layer]}.{st.session_state[head]}")


def _guessed(place: str, guess: str) -> None:
    st.session_state.setdefault(_GUESSES, {})[place] = guess


def _verdict(guess: str, best: tuple[int, int], told: Mapping[str, Any], key: str) -> str:
    layer, head = best
    words = _("Layer {layer}, head {head} has most: {value}. One that looks at all alike would have {uniform}.").format(
        layer=layer + 1,
        head=head + 1,
        value=amount(told["values_LH"][layer][head], key),
        uniform=amount(told["uniform_L"][layer], key),
    )
    if guess == _NOBODY:
        return words
    return sentences(_("You guessed right.") if guess == f"{layer + 1}.{head + 1}" else _("It is another one."), words)


def _map(values: Mapping[str, Any], told: Mapping[str, Any], key: str, model: Model) -> str:
    """Draw a square for each head: the darker, the more; its link leads to where that head looks."""
    rows = told["values_LH"]
    low, high = heads.metric(key).RANGE
    low, high = low or 0.0, high if high is not None else max(max(row) for row in rows) or 1.0
    names: dict[tuple[int, int], str] = {}
    for each in values["labels"]:  # the one that says most stands first
        names.setdefault((each["layer"], each["head"]), _(RULES_BY_KEY[each["label"]].title))
    network = {MODEL: model.key}
    if model.steps and values["step"] != model.steps[-1]:
        network[STEP] = values["step"]
    head_cells = "".join(f'<th scope="col">{head + 1}</th>' for head in range(values["num_heads"]))
    body = ""
    for layer, row in enumerate(rows):
        cells = ""
        for head, value in enumerate(row):
            address = urlencode({**network, "layer": layer + 1, "head": head + 1, "lang": current_language()})
            share = min(max((value - low) / (high - low), 0.0), 1.0)
            name = names.get((layer, head), "")
            cells += (
                f'<td style="--share: {MOST_COLOUR * share:.1f}%"><a href="attention?{escape(address)}" target="_self" '
                f'title="{escape(name)}"><b>{escape(amount(value, key))}</b><small>{escape(name)}</small></a></td>'
            )
        body += f'<tr><th scope="row">{escape(_("layer {layer}").format(layer=layer + 1))}</th>{cells}</tr>'
    return (
        f'<div class="heads-map" tabindex="0" role="group" aria-label="{escape(_("All heads: a row for each layer"))}">'
        f'<table style="--heads: {values["num_heads"]}">'
        f"<thead><tr><td></td>{head_cells}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def table(values: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    """Return one measure of an answer, None where it applies to none of the texts."""
    return next((each for each in values["metrics"] if each["key"] == key and each["values_LH"] is not None), None)


def amount(value: float, key: str) -> str:
    """Write a value in the measure's unit: shares in per cent."""
    return f"{100 * value:.0f} %" if heads.metric(key).UNIT == "share" else f"{value:.2f}"


def numbers(asked: tuple[str, Mapping[str, Any]], gold: tuple[str, Mapping[str, Any]]) -> None:
    """Show all measures of all heads as a table that can be sorted, the rule that gave each label, and the dependencies."""
    together([asked, gold], _numbers, place="heads-numbers")


def _numbers(answers: Sequence[Answer]) -> None:
    _table(answers[0].values)
    plain_table.show(heads_gold.rows(answers[1]))


def _table(values: Mapping[str, Any]) -> None:
    shown = [each for each in values["metrics"] if each["values_LH"] is not None]
    labels: dict[tuple[int, int], list[str]] = {}
    for each in values["labels"]:
        labels.setdefault((each["layer"], each["head"]), []).append(_(RULES_BY_KEY[each["label"]].title))
    rows = [
        {
            _("Layer"): layer + 1,
            _("Head"): head + 1,
            **{_(heads.metric(each["key"]).TITLE): round(each["values_LH"][layer][head], 3) for each in shown},
            _("Called"): ", ".join(labels.get((layer, head), [])),
        }
        for layer in range(values["num_layers"])
        for head in range(values["num_heads"])
    ]
    st.dataframe(rows, hide_index=True)
    for key in dict.fromkeys(each["label"] for each in values["labels"]):
        page.note(f"{_(RULES_BY_KEY[key].title)}: {RULES_BY_KEY[key].told()}.")


def sources() -> None:
    """Show each measure's formula and source."""
    for key in heads.MENU:
        metric = heads.metric(key)
        st.markdown(f"**{_(metric.TITLE)}** · {_(metric.HELP)} {source.linked(_(metric.SOURCE))}")
        st.latex(metric.FORMULA)
