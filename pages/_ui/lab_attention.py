"""Labels and attention pattern of the example: who may look at whom while the answer is sought."""

from html import escape
from typing import Any

import streamlit as st

from pages._ui import page, style
from pages._ui.components import component
from pages._ui.lab_example import Made, shown
from ssl_core.i18n import _
from ssl_core.pretext import attention_patterns, tracing
from ssl_core.pretext.attention_patterns import DECODER, Pattern
from ssl_core.pretext.base import IGNORED, Role

MOST_BESIDE = 2  # three matrices in a row would have squares too small to read


def show(sides: list[Made]) -> None:
    """Show the matrices of each side, and the labels as the network gets them."""
    for made in sides:
        examples = made.examples
        st.markdown(f"**{_(made.task.TITLE)}**")
        found = attention_patterns.patterns(examples, pad_id=made.vocabulary.pad_id)
        columns = st.columns(MOST_BESIDE) if len(found) > 1 else [st.container()]
        for number, pattern in enumerate(found):
            with columns[number % len(columns)]:
                if len(found) > 1:
                    st.markdown(f"**{_(pattern.title)}**")
                component("lab_matrix", "read_by_keys")(
                    key=f"lab.matrix.{made.asked.side}.{number}", data=data_of(made, pattern)
                )
        _labels(made)


def data_of(made: Made, pattern: Pattern) -> dict[str, Any]:
    """Return what the matrix is drawn from; padding at the end is left out."""
    rows, columns = _tokens(made, pattern.looks), _tokens(made, pattern.looked_at)
    return {
        "title": _(pattern.title),
        "help": _(pattern.help),
        "colour": style.task_colour(made.asked.task),
        "rows": rows,
        "columns": columns,
        "may": ["".join("01"[int(each)] for each in row[: len(columns)]) for row in pattern.may_look_QK[: len(rows)]],
        "labels": {
            "rows": _("looks"),
            "columns": _("is looked at"),
            "may": _("“{row}” may look at “{column}”."),
            "mayNot": _("“{row}” may not look at “{column}”."),
            "keys": _("Arrow keys read it square by square."),
        },
    }


def _tokens(made: Made, whose: str) -> list[str]:
    examples = made.examples
    if whose == DECODER:
        assert examples.decoder_ids_BU is not None, "a decoder reads"
        assert examples.decoder_target_ids_BU is not None, "a decoder writes"
        is_asked = examples.decoder_target_ids_BU[0] != IGNORED
        end = int(is_asked.nonzero()[0][-1]) + 1 if is_asked.any() else 1
        return [shown(each, made) for each in examples.decoder_ids_BU[0][:end].tolist()]
    roles = examples.roles_BT[0].tolist()
    end = max((place for place, role in enumerate(roles) if role != Role.PADDING), default=0) + 1
    return [shown(each, made) for each in examples.seen_ids_BT[0][:end].tolist()]


def _labels(made: Made) -> None:
    """Show what the network is given, number by number."""
    examples = made.examples
    page.note(
        _("As numbers: what goes in, and the label at each place. −100 is ignored by the loss: it is PyTorch's ignore_index.")
    )
    tokens = _tokens(made, attention_patterns.SEEN)
    rows = {
        _("token"): tokens,
        _("number"): [str(each) for each in examples.seen_ids_BT[0].tolist()],
        _("label"): [_number(each) for each in examples.target_ids_BT[0].tolist()],
    }
    if examples.segments_BT is not None:
        rows[_("segment")] = [str(each) for each in examples.segments_BT[0].tolist()]
    if examples.ranks_BT is not None:
        rows[_("place in the order")] = [str(each) for each in examples.ranks_BT[0].tolist()]
    st.html(_table(rows, len(tokens)))
    if examples.decoder_target_ids_BU is not None:
        page.note(_("Here all labels are the decoder's: what it has read, and the token that it must write next."))
        st.html(_table(decoder_rows(made), len(_tokens(made, DECODER))))
    elif (checked := tracing.checked(examples)) is not None:
        page.note(_("Then the gaps are filled, and each token has a label: 1 where it was replaced, else 0."))
        tokens = [shown(each, made) for each, _role in checked]
        labels = ["−100" if role in (Role.SPECIAL, Role.PADDING) else str(int(role == Role.REPLACED)) for _id, role in checked]
        st.html(_table({_("token"): tokens, _("label"): labels}, len(tokens)))
    if examples.labels_B is not None:
        page.note(_("Label of the whole row: {label}").format(label=_number(int(examples.labels_B[0]))))


def decoder_rows(made: Made) -> dict[str, list[str]]:
    """Return what a decoder has read, and the label at each place, as rows of a table."""
    examples = made.examples
    assert examples.decoder_ids_BU is not None, "a decoder reads"
    assert examples.decoder_target_ids_BU is not None, "a decoder writes"
    return {
        _("token"): _tokens(made, DECODER),
        _("number"): [str(each) for each in examples.decoder_ids_BU[0].tolist()],
        _("label"): [_number(each) for each in examples.decoder_target_ids_BU[0].tolist()],
    }


def _number(label: int) -> str:
    return str(label).replace("-", "−")


def _table(rows: dict[str, list[str]], length: int) -> str:
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(each)}</td>" for each in cells[:length])}</tr>'
        for name, cells in rows.items()
    )
    return f'<div class="lab-labels" tabindex="0" role="group" aria-label="{escape(_("Labels"))}"><table>{body}</table></div>'
