"""Which trained models can be asked to fill a blank, and how a question is put to each."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages._ui import live_state, menu, run_reading, run_words
from pages._ui.lab_text import Reading, config_of
from ssl_core import corpora, paths, pretext, shelf
from ssl_core.corpora.base import language_of
from ssl_core.i18n import N_, _, current_language
from ssl_core.runs import presets

FILLS = "fill"
BLANK = "___"
_NUM_RUNS = 20
_LEAVES = "lab.leaves"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A trained model that fills blanks."""

    key: str  # unique among those that are offered
    title: str
    named: dict[str, Any]  # what a question calls it: see ssl_core.analysis.subjects
    same_tokens: bool  # it reads with the very tokenizer that the lab uses
    corpus: str = ""  # which text it was trained on


def available(reading: Reading) -> list[Model]:
    """Return the models that can be asked, first those that were trained on this very text, then those on its language.

    Among equals finished runs that fill blanks come first, newest first, then what is on the shelf.
    """
    found = [*_of_runs(reading), *_of_shelf(reading)]
    return sorted(found, key=lambda model: _distance(model.corpus, reading))


def _distance(corpus: str, reading: Reading) -> int:
    """Tell how far the text that a model knows is from this one: 0 the same, 1 one of its language, 2 any other."""
    if corpus == reading.corpus:
        return 0
    card = next((each for each in corpora.cards() if each.key == corpus), None)
    is_world = card is None or corpora.load(card.key).machine is not None  # what a grammar made has few words of any language
    return 2 if is_world or card.language != language_of(reading.text) else 1


def question(model: Model, reading: Reading, at: int) -> dict[str, Any]:
    """Return the payload that asks a model for the token ``at``: by its numbers where it knows them, else by its letters."""
    if model.same_tokens:
        return {"model": model.named, "ids": reading.ids_T[:-1].tolist(), "hidden": [at]}
    start, end = reading.places[at]
    last = reading.places[-1][1]
    return {"model": model.named, "text": f"{reading.text[:start]}{BLANK}{reading.text[end:last]}"}


def how_to_get_one() -> None:
    """Say that no model is there yet, and lead to the run that makes one in a minute."""
    st.markdown(_(NONE_YET))
    st.button(_("Train one in a minute"), icon=":material/play_arrow:", key="lab.train", type="primary", on_click=_set_up)
    if st.session_state.pop(_LEAVES, False):
        menu.go("live", run="")


NONE_YET = N_("No trained model is here yet that fills blanks. The first of the ready-made runs makes one in a minute.")


def _of_runs(reading: Reading) -> list[Model]:
    found = []
    for row in run_reading.rows():
        spec = run_words.spec(row)
        task = str(spec.get("task", ""))
        if row["status"] not in ("done", "stopped") or task not in pretext.MENU or pretext.task(task).PROBE != FILLS:
            continue
        if not (paths.run_folder(row["id"]) / "model").is_dir():
            continue
        usual = config_of(corpora.card(reading.corpus)).to_json()
        same = spec.get("corpus") == reading.corpus and spec.get("tokenizer") == usual
        found.append(
            Model(
                key=row["id"],
                title=run_words.dated(row),
                named={"run": row["id"]},
                same_tokens=same,
                corpus=str(spec.get("corpus")),
            )
        )
        if len(found) == _NUM_RUNS:
            break
    return found


def _of_shelf(reading: Reading) -> list[Model]:
    """Return the models that come with the app and know the language of the text; what a grammar made, they never read."""
    if corpora.load(reading.corpus).machine is not None:
        return []
    found = [each for each in shelf.cards() if pretext.task(each.spec["task"]).PROBE == FILLS]
    return [
        Model(
            key=shelf.key(each.name), title=run_words.of_shelf(each), named={"run": shelf.key(each.name)}, same_tokens=False,
            corpus=str(each.spec["corpus"]),
        )
        for each in found
        if each.language == language_of(reading.text)
    ]  # fmt: skip


def _set_up() -> None:
    """Set up the first ready-made run in the reader's language whose model fills blanks."""
    language = str(st.session_state.get("shell.current_language", current_language()))
    fitting = [each for each in presets.PRESETS if pretext.task(each.task).PROBE == FILLS]
    live_state.set_up(presets.spec(next((each for each in fitting if each.language == language), fitting[0]).key))
    st.session_state[_LEAVES] = True
