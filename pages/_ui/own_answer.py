"""A sentence of the learner's own after a run: the network that was kept is asked, and its answer stands over the others."""

import streamlit as st

from pages._ui import asking, probe_bars, style
from pages._ui.components import component
from ssl_core import paths, pretext
from ssl_core.engine import questions
from ssl_core.engine.questions import Answer
from ssl_core.i18n import _

KINDS = ("fill", "continue")
"""Ways of being shown in which a network can be asked for its likeliest words."""

HEIGHT, LINE = 178, 32


def may_be_asked(task: str, run_id: str) -> bool:
    """Return whether a finished run keeps a network that says which words it expects."""
    return pretext.task(task).PROBE in KINDS and (paths.run_folder(run_id) / "model").is_dir()


def show(task: str, run_id: str, text: str) -> None:
    """Ask the run's network about a sentence, in a place ``HEIGHT`` px high."""
    payload = {"model": questions.of_run(run_id), "text": text, "num_top": probe_bars.MAX_ROWS}
    with st.container(height=HEIGHT, border=False, key="live-own-answer"):
        asking.show("predictions", payload, lambda answer: _answer(task, text, answer), place="live.own", height=HEIGHT - LINE)


def _answer(task: str, text: str, answer: Answer) -> None:
    height = HEIGHT - LINE
    drawn = groups(pretext.task(task).PROBE, text, answer)
    data = {
        "setup": f"own {text}", "height": height, "rows": {"fewest": 1, "most": probe_bars.MAX_ROWS},
        "colour": style.task_colour(task), "label": _("What the model makes of your sentence"), "groups": drawn, "samples": [],
    }  # fmt: skip
    component("probe_bars")(key="live.own.bars", data=data, height=height)


def groups(kind: str, text: str, answer: Answer) -> list[probe_bars.Group]:
    """Return the bars of an answer: for each blank, or for the word after what was begun."""
    places = answer.values["places"]
    if kind == "continue":
        begun = {"position": 0, "top": places[-1]["top"]} if places else {"position": 0, "top": []}
        return probe_bars.filled(f"{text} ___", {"blanks": [begun], "tokens": []})
    return probe_bars.filled(text, {"blanks": places, "tokens": answer.values["tokens"]})
