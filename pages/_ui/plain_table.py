"""Tables that show every text letter by letter; ``st.table`` takes cells and heads for Markdown."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st


def show(rows: Sequence[Mapping[str, Any]]) -> None:
    """Show rows of cells by the names of their columns, which are those of the first row."""
    if not rows:
        return
    heads = list(rows[0])
    head = "".join(f'<th scope="col">{_text(each)}</th>' for each in heads)
    body = "".join(f"<tr>{''.join(f'<td>{_text(row[each])}</td>' for each in heads)}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    st.html(f'<div class="pp-table" tabindex="0" role="group">{table}</div>')


def _text(value: Any) -> str:
    """Return a cell; a text of another direction does not turn its neighbours round."""
    return f"<bdi>{escape('' if value is None else str(value).strip())}</bdi>"
