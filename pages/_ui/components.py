"""The playground's own screen parts: HTML, CSS and JavaScript from assets/components/."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).parents[2] / "assets" / "components"


@cache
def component(name: str, *parts: str) -> Any:
    """Return the mounting command of ``assets/components/<name>``; its data reach the browser as JSON, never as HTML.

    The scripts ``parts`` come before its own.
    """
    html, css = ((FOLDER / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
    script = "\n".join((FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in (*parts, name))
    return st.components.v2.component(f"playground_{name}", html=html, css=css, js=script)
