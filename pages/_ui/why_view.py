"""Why a network says a word: six explanations beside the measured effect of each token, and the prediction layer by layer."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from pages._ui import page
from pages._ui.asking import together
from ssl_core.engine.questions import Answer
from ssl_core.i18n import _


def explanations(asked: Mapping[str, Any]) -> None:
    """Show each method's scores over the sentence, and how far its order agrees with leaving tokens out."""
    together([("explanations", asked)], lambda answers: _explained(answers[0]), place="why")


def _explained(answer: Answer) -> None:
    values = answer.values
    share = f"{100 * values['target']['probability']:.1f} %"
    told = _("Why “{token}” ({share})? First column: how far its ln p falls when a token is taken away.")
    st.html(f'<p class="off-told">{escape(told.format(token=values["target"]["token"], share=share))}</p>')
    columns = [(_("measured: left out"), values["leave_one_out"], None)]
    columns += [(_(each["title"]), each["scores"], each["size"]) for each in values["methods"]]
    head = "".join(f"<th scope='col'><span>{escape(title)}</span></th>" for title, *_others in columns)
    agreement = "".join(f"<td class='tau'>{_kendall(size)}</td>" for *_others, size in columns)
    cells = zip(*(_cells(scores) for _title, scores, _size in columns), strict=True)
    body = "".join(
        f"<tr><th scope='row'>{escape(token)}</th>{''.join(row)}</tr>"
        for token, row in zip(values["tokens"], cells, strict=True)
    )
    st.html(
        f'<div class="why" tabindex="0" role="group" aria-label="{escape(_("Explanations by token"))}"><table><thead>'
        f"<tr><td></td>{head}</tr></thead><tbody><tr><th scope='row'>{escape(_('rank correlation τ'))}</th>{agreement}</tr>"
        f"{body}</tbody></table></div>"
    )
    page.note(_("τ: Kendall's rank correlation with the first column, signs aside. 1: same order, 0: none, −1: the reverse."))


def _cells(scores: Sequence[float | None]) -> list[str]:
    largest = max((abs(each) for each in scores if each is not None), default=0.0) or 1.0
    return [_cell(each, largest) for each in scores]


def _kendall(size: Mapping[str, Any] | None) -> str:
    return "" if size is None or size["kendall"] is None else f"{size['kendall']:.2f}".replace("-", "−")


def _cell(score: float | None, largest: float) -> str:
    """Draw a score as a share of the largest, with its sign."""
    if score is None:
        return '<td title="–"></td>'
    shown, kind = f"{score / largest:+.1f}", "less" if score < 0 else "more"
    shown = "0.0" if shown == "-0.0" else shown
    return f'<td class="{kind}" style="--share: {55 * abs(score) / largest:.0f}%" title="{score:+.3f}">{shown}</td>'


def lens(asked: Mapping[str, Any]) -> None:
    """Show what the network would say if it stopped after each layer."""
    together([("logit_lens", asked)], lambda answers: _stops(answers[0].values), place="lens")


def _stops(values: Mapping[str, Any]) -> None:
    names = [
        _("after layer {layer}").format(layer=number) if number else _("before the first layer")
        for number in range(len(values["stops"]))
    ]
    head = "".join(f"<th scope='col'>{escape(each)}</th>" for each in names)
    body = "".join(
        f"<tr><th scope='row'>{escape(token)}</th>{''.join(map(_stop, places))}</tr>"
        for token, places in zip(values["tokens"], zip(*values["stops"], strict=True), strict=True)
    )
    st.html(
        f'<div class="why lens" tabindex="0" role="group" aria-label="{escape(_("Prediction at each token, layer by layer"))}">'
        f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    told = (
        _("Beside each token: what would be written after it. The darker, the surer.")
        if values["reads"] == "continue"
        else _("Beside each token: what would stand there. The darker, the surer.")
    )
    page.note(told)


def _stop(place: Mapping[str, Any]) -> str:
    token, probability = place["top"][0]
    told = ", ".join(f"{each} {100 * share:.0f} %" for each, share in place["top"])
    return f'<td style="--share: {55 * probability:.0f}%" title="{escape(told)}">{escape(token)}</td>'
