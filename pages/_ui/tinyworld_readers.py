"""What readers expect at one place of a story, as bars: the perfect reader, and below it one to compare it with."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages._ui import address, asking, probe_bars, run_reading, run_words, tinyworld_story, tinyworld_view
from pages._ui.components import component
from pages._ui.tinyworld_view import View
from ssl_core import pretext
from ssl_core.corpora.tinyworld.story_readers import PERFECT, SIMPLE
from ssl_core.engine import questions
from ssl_core.engine.questions import Answer
from ssl_core.i18n import _

NUM_ROWS = 5
GROUP_PX = 148
READS = {"next": "continue", "blank": "fill"}
WITH_WEIGHTS = ("running", "paused", "done", "stopped")
TRUE = "✓"


def chosen(view: View) -> str:
    """Return whom the perfect reader is compared with: the key of a simple reader, or a run's id."""
    titles = _titles(view)
    asked = st.query_params.get(tinyworld_view.AGAINST, "")
    return asked if asked in titles else SIMPLE[0].key


def _titles(view: View) -> dict[str, str]:
    runs = {row["id"]: row["name"] for row in _runs(view)}
    return {**{each.key: _(each.title) for each in SIMPLE}, **runs}


def _choose(view: View, against: str) -> None:
    titles = _titles(view)
    key = f"tinyworld.against {view.language} {view.mode}"
    st.session_state[key] = against
    st.selectbox(
        _("Compare with"), list(titles), format_func=titles.get, key=key, on_change=_chosen, args=(key,),
        label_visibility="collapsed",
    )  # fmt: skip


def surprise(view: View, against: str) -> list[float] | None:
    """Return the other reader's surprise at each word in nats; None where a model has not answered yet."""
    if any(each.key == against for each in SIMPLE):
        return tinyworld_story.surprise(view, against)
    kind, payload = _scores(view, against)
    answer = questions.ask(run_reading.store(), kind, payload, asker=f"tinyworld surprise {against}", wait_s=asking.WAIT_S)
    if answer.status != "answered":
        return None
    token_nats = answer.values["scores"][0]["token_nats"]
    return [-float(each) for each in token_nats] if len(token_nats) == len(view.words) else None


def show(view: View, against: str) -> None:
    """Show both readers' likeliest words at the place that is asked about."""
    _bars(_(PERFECT.title), _top(view, PERFECT.key), key="tinyworld.exact")
    _choose(view, against)
    if any(each.key == against for each in SIMPLE):
        _bars("", _top(view, against), key="tinyworld.other")
        return
    payload = {"model": questions.of_run(against), "words": list(view.words), "hidden": [view.at], "num_top": NUM_ROWS}
    asking.show("predictions", payload, lambda answer: _model(view, answer), place="tinyworld.model", height=GROUP_PX)


def _model(view: View, answer: Answer) -> None:
    places = [each for each in answer.values["places"] if each["word"] == view.at]
    rows = [_row(str(each["token"]), float(each["probability"]), view) for each in places[0]["top"]] if places else []
    _bars("", rows, key="tinyworld.other")


def _scores(view: View, run_id: str) -> tuple[str, dict[str, Any]]:
    return "sentence_scores", {"model": questions.of_run(run_id), "sentences": [list(view.words)]}


def _top(view: View, reader: str) -> list[dict[str, Any]]:
    share_V = tinyworld_view.expected(view.language, view.words, view.mode, reader)[view.at]
    best = share_V.argsort(kind="stable")[::-1][:NUM_ROWS]
    return [_row(view.machine.words[number], float(share_V[number]), view) for number in best if share_V[number] > 0]


def _row(word: str, share: float, view: View) -> dict[str, Any]:
    shown = _("(the story ends)") if word == view.machine.words[0] else word
    mark = f" {TRUE}" if word == view.words[view.at] else ""
    return {"key": word, "word": f"{shown}{mark}", "share": round(share, 4), "percent": probe_bars.percent(share)}


def _bars(title: str, rows: Sequence[dict[str, Any]], *, key: str) -> None:
    summary = ", ".join(f"{row['word']} {row['percent']}" for row in rows)
    group = {
        "key": key, "blank": 0, "sentence": [{"text": title}] if title else [], "rows": list(rows), "refused": "",
        "summary": f"{title}: {summary}",
    }  # fmt: skip
    data = {
        "setup": key, "height": GROUP_PX, "rows": {"fewest": NUM_ROWS, "most": NUM_ROWS}, "colour": "#E69F00",
        "label": title or _("Compare with"), "groups": [group], "samples": [],
    }  # fmt: skip
    component("probe_bars")(key=key, data=data, height=GROUP_PX)


def _runs(view: View) -> list[dict[str, Any]]:
    """Return the runs on this world whose models can guess in this way, newest first."""
    found = []
    for row in run_reading.rows():
        spec = run_words.spec(row)
        if spec.get("corpus") == f"tinyworld-{view.language}" and row["status"] in WITH_WEIGHTS:
            task = str(spec.get("task"))
            if task in pretext.MENU and READS[view.mode] == pretext.task(task).PROBE:
                found.append(row)
    return found[:20]


def _chosen(key: str) -> None:
    address.put(tinyworld_view.AGAINST, st.session_state[key], usual=None)
