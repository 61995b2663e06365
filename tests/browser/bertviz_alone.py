"""A page with nothing but BertViz's views of made-up attention, for tests: its tokens are as hostile as a sentence can be."""

from typing import Any

import numpy as np
import streamlit as st

from pages._ui import bertviz_section, language, style
from ssl_core.engine.questions import Answer

TOKENS = [
    "</script><script>window.wasRun = true</script>", "<img src=x onerror='window.wasRun = true'>", "<!--<script>",
    "<svg onload='window.wasRun = true'>", "the", "end",
]  # fmt: skip
LAYERS, HEADS, WIDTH = 2, 3, 8


class Made(Answer):
    """An answer whose arrays are at hand."""

    def arrays(self) -> dict[str, Any]:
        """Return attention that adds up to 1."""
        shape = (LAYERS, HEADS, len(TOKENS))
        rng = np.random.default_rng(0)
        return {
            "weights_self_LHTS": rng.dirichlet(np.ones(len(TOKENS)), shape),
            "query_self_LHTK": rng.normal(size=(*shape, WIDTH)),
            "key_self_LHSK": rng.normal(size=(*shape, WIDTH)),
            "scale_self_L": np.ones(LAYERS),
        }


VALUES = {
    "step": 5, "looks_back": False, "tokens": TOKENS, "segments": [0, 0, 0, 1, 1, 1], "written": None,
    "is_mark": [False] * len(TOKENS), "words": list(range(len(TOKENS))),
    "kinds": {"self": {"num_layers": LAYERS, "num_heads": HEADS, "has_queries": True}},
}  # fmt: skip

if __name__ == "__main__":
    language.use()
    st.set_page_config(layout="wide")
    style.apply()
    st.title("Views", anchor=False)
    bertviz_section.views(Made(id="made", status="answered", values=VALUES))
