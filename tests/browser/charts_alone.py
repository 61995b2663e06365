"""A page with each picture that is read by arrow keys, once with something to read and once without, for tests."""

import streamlit as st

from pages._ui import language, loss_chart, style
from pages._ui.components import component
from tests.browser.chart_alone import record

WORDS = [{"rank": rank, "share": 1000 / rank, "word": f"word{rank}", "words": f"rank {rank}"} for rank in range(1, 9)]


def show(*, is_full: bool) -> None:
    """Show a loss chart, a chart of ranks and a matrix."""
    name = "full" if is_full else "empty"
    with st.container(key=f"{name}-loss"):
        loss_chart.compare([record()] if is_full else [], key=f"chart.{name}")
    text = {"name": "text", "colour": "red", "isOther": False, "points": WORDS, "line": None}
    ranks = {"height": 300, "x": "rank", "y": "times", "summary": "ranks", "texts": [text] if is_full else []}
    with st.container(key=f"{name}-ranks"):
        component("rank_chart", "loss_chart_parts", "read_by_keys")(key=f"rank.{name}", data=ranks, height=300)
    tokens = ["a", "b"] if is_full else []
    labels = {"rows": "looks", "columns": "at", "may": "may", "mayNot": "may not", "keys": "keys"}
    matrix = {
        "title": "t",
        "help": "h",
        "colour": "red",
        "rows": tokens,
        "columns": tokens,
        "may": ["10", "11"],
        "labels": labels,
    }
    with st.container(key=f"{name}-matrix"):
        component("lab_matrix", "read_by_keys")(key=f"cells.{name}", data=matrix)


if __name__ == "__main__":
    language.use()
    st.set_page_config(layout="wide")
    style.apply()
    st.title("Charts", anchor=False)
    show(is_full=False)
    show(is_full=True)
