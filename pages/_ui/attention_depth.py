"""Depth below the heads: the arithmetic of one square, BertViz's views, what to notice, limits and sources."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from pages._ui import address, attention_state, bertviz_section, inspected, menu, page, section
from pages._ui.asking import Question, together
from pages._ui.attention_view import SIDES
from pages._ui.network_choice import Side
from ssl_core.engine.questions import Answer
from ssl_core.i18n import _

MOST_PRODUCTS = 64
OF = "of"  # in the address: the network that depth is about, counted from 1


def sections(sides: Sequence[Side], asked: Sequence[Question]) -> None:
    """Show the sections on what the networks are ``asked``; each is filled when it is first opened."""
    arguments = (sides, asked)
    section.show(
        _("The arithmetic of one square"), _arithmetic, *arguments, icon=":material/function:", key="attention-arithmetic"
    )
    section.show(_("BertViz's views"), _bertviz, *arguments, icon=":material/polyline:", key="attention-bertviz")
    section.notice_and_limits("attention", "attention")


def _arithmetic(sides: Sequence[Side], asked: Sequence[Question]) -> None:
    together([_one_of(sides, asked, "arithmetic")], lambda answers: cell(answers[0]), place="attention-cell")


def _bertviz(sides: Sequence[Side], asked: Sequence[Question]) -> None:
    bertviz_section.show(_one_of(sides, asked, "bertviz"))


def _one_of(sides: Sequence[Side], asked: Sequence[Question], place: str) -> Question:
    """Let one network be chosen where there are several; return what it is asked."""
    if len(sides) == 1:
        return asked[0]
    widget, known = f"attention.{place}.{OF}", [str(number + 1) for number in range(len(sides))]
    st.session_state[widget] = number if (number := st.query_params.get(OF)) in known else known[0]
    titles = {number: menu.as_it_is(inspected.title_at(*side)) for number, side in zip(known, sides, strict=True)}
    chosen = st.segmented_control(
        _("Of which network"),
        known,
        format_func=titles.get,
        key=widget,
        required=True,
        on_change=address.take,
        args=(OF, widget),
    )
    return asked[known.index(chosen)]


def cell(answer: Answer) -> None:
    """Work out one weight of the chosen head: query times key, scaled, and what softmax makes of the whole row."""
    now, values = attention_state.shown(), answer.values
    kind = now["kind"] if now["kind"] in values["kinds"] else "self"
    shape = values["kinds"][kind]
    if not shape["has_queries"]:
        page.note(_("This family of networks works attention out in its own way, and gives away the result alone."))
        return
    layer, head = min(now["layer"], shape["num_layers"] - 1), min(now["head"], shape["num_heads"] - 1)
    looking, looked_at = (values if side == "read" else values["written"] for side in SIDES[kind])
    arrays = answer.arrays()
    weights_TS = arrays[f"weights_{kind}_LHTS"][layer, head]
    row, column = now["pinned"] or _strongest(weights_TS)
    row, column = min(row, weights_TS.shape[0] - 1), min(column, weights_TS.shape[1] - 1)
    query_K, key_SK = arrays[f"query_{kind}_LHTK"][layer, head, row], arrays[f"key_{kind}_LHSK"][layer, head]
    scale, bias_S = float(arrays[f"scale_{kind}_L"][layer]), _bias(arrays[f"bias_{kind}_LHTS"][layer], head, row, len(key_SK))
    products_K = query_K * key_SK[column]
    scores_S = key_SK @ query_K * scale + bias_S
    raised_S = np.exp(scores_S - scores_S.max())
    numbers = {
        "dot": products_K.sum(), "scale": scale, "bias": bias_S[column], "score": scores_S[column],
        "above": raised_S[column], "below": raised_S.sum(), "weight": weights_TS[row, column],
    }  # fmt: skip
    told = {name: _digits(each) for name, each in numbers.items()}
    told |= {name: _digits(numbers[name], 4) for name in ("above", "below")}  # else 1 / 1.003 reads 1 / 1
    told |= {"row": looking["tokens"][row], "column": looked_at["tokens"][column], "width": str(len(query_K))}
    st.html(_products(products_K))
    for line in _lines(bias_S[column]):
        st.html(f'<p class="attention-line">{escape(line.format(**told))}</p>')


def _strongest(weights_TS: Any) -> tuple[int, int]:
    """Return the cell with the largest weight, a later one of several; not the first token's, which may see itself alone."""
    row = int(np.argmax(weights_TS[:0:-1].max(axis=1))) if len(weights_TS) > 1 else 0
    row = weights_TS.shape[0] - 1 - row
    return row, int(np.argmax(weights_TS[row]))


def _bias(bias_HTS: Any, head: int, row: int, num_columns: int) -> Any:
    """Return what is added to each score of a row; sides of 1 stand for all."""
    chosen = bias_HTS[min(head, len(bias_HTS) - 1)]
    return np.broadcast_to(chosen[min(row, len(chosen) - 1)], (num_columns,))


def _lines(bias: float) -> list[str]:
    lines = [
        _("“{row}” asks with a query, “{column}” answers with a key, {width} numbers each. Their products add up to {dot}."),
    ]
    if np.isneginf(bias):
        return [*lines, _("But “{row}” may not see “{column}”: minus infinity is added, and the weight is 0.")]
    if bias:
        lines.append(_("Times {scale}, so that sums stay small, plus {bias} for the distance: the score {score}."))
    else:
        lines.append(_("Times {scale}, so that sums stay small: the score {score}."))
    lines.append(_("Softmax, each score less the row's largest: {above} / {below} = {weight}. That is the square."))
    return lines


def _products(products_K: Any) -> str:
    """Draw each product of a query's number with the key's as a bar up or down."""
    shown_K = products_K[:MOST_PRODUCTS]
    largest = float(np.abs(shown_K).max()) or 1.0
    bars = "".join(
        f'<i class="{"less" if each < 0 else "more"}" style="--size: {abs(float(each)) / largest:.3f}" title="{each:+.3f}"></i>'
        for each in shown_K
    )
    told = _("Dot product of query and key, dimension by dimension")
    return (
        f'<div class="attention-products" role="img" aria-label="{escape(told)}">{bars}</div>'
        f'<p class="pp-note">{escape(told)}</p>'
    )


def _digits(value: float, digits: int = 3) -> str:
    return f"{float(value):.{digits}g}".replace("-", "−")
