"""Which networks can be looked into, and which one is: a run at one of its steps, or a model that comes with the app."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages._ui import run_reading, run_words
from ssl_core import corpora, pretext, shelf
from ssl_core.engine import questions
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _, current_language
from ssl_core.models import elsewhere
from ssl_core.runs import weights

MODEL, STEP = "model", "step"
AGAINST, AGAINST_STEP = "against", "against_step"
_NUM_RUNS = 20
_STANDS = ("running", "paused", "done", "stopped", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A network that can be looked into."""

    key: str  # what a question and the address call it
    title: str
    language: str
    task: str
    corpus: str
    steps: tuple[int, ...]  # that can be looked at


def available() -> list[Model]:
    """Return what is on the shelf, the page's language first, then the newest runs, then what others trained."""
    on_shelf = sorted(shelf.cards(), key=lambda each: each.language != current_language())
    found = [
        Model(
            key=shelf.key(each.name), title=_("{title} (comes with the app)").format(title=_(each.title)),
            language=each.language, task=each.spec["task"], corpus=each.spec["corpus"], steps=(0, each.steps),
        )
        for each in on_shelf
    ]  # fmt: skip
    return [*found, *_runs(), *_from_elsewhere()]


def chosen(models: list[Model], parameter: str = MODEL) -> Model | None:
    """Return the model that the address names; for the main one, else the first that there is.

    Raises: UserError if it names one that is not here.
    """
    key = st.query_params.get(parameter, "")
    if not key:
        return models[0] if models and parameter == MODEL else None
    found = next((each for each in models if each.key == key), None)
    if found is None:
        found = _older(key)
    if found is None:
        raise UserError(N_("There is no model {key!r} here. Choose one of the list."), key=key[:80])
    return found


def step(model: Model, parameter: str = STEP) -> int | None:
    """Return the step that the address names, if it is kept of this model; None for its newest state."""
    asked = st.query_params.get(parameter, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 12 and int(asked) in model.steps else None


def named(model: Model, step: int | None) -> dict[str, Any]:
    """Return what a question calls the model as it was at a step."""
    return questions.of_run(model.key, step)


def title_at(model: Model, step: int | None) -> str:
    """Return the model's title, and the step where it is not its newest state."""
    if step is None:
        return model.title
    words = _("{title}, step {step}") if step else _("{title}, untrained")
    return words.format(title=model.title, step=f"{step:,}")


def example(model: Model) -> str:
    """Return a sentence that the model can make something of, with nothing hidden."""
    return _EXAMPLES.get(model.corpus) or _EXAMPLES.get(model.language, _EXAMPLES["en"])


def reads(model: Model) -> str | None:
    """Return how the network is asked for words, as its pretext task says; None for one that others trained."""
    return pretext.task(model.task).PROBE if model.steps else None


def expects_words(model: Model) -> bool:
    """Return whether a network says which words it expects at a blank, or next."""
    return reads(model) in ("fill", "continue")


_EXAMPLES = {
    "en": "The prime minister said the players were happy because they won the game.",
    "zh": "国务院总理今天在北京会见了来自美国的客人。",
    "tinyworld-en": (
        "It is a dark morning and Nora is on the farm. The big horses near the barn run. Her grandfather is unhappy too."
    ),
    "tinyworld-zh": "星期五子轩兴奋地来到公园。早上他画了两幅简单的地图。子轩特别兴奋。",
}


def _from_elsewhere() -> list[Model]:
    return [
        Model(
            key=each.key, title=_("{name} (trained by others)").format(name=each.title), language=each.language,
            task=_AS_TASK[each.looks_back], corpus="", steps=(),
        )
        for each in elsewhere.offered()
    ]  # fmt: skip


_AS_TASK = {True: "causal_lm", False: "masked_lm"}  # whose colour a network of others takes


def _runs() -> list[Model]:
    found: list[Model] = []
    for row in run_reading.rows():
        if row["status"] in _STANDS and len(found) < _NUM_RUNS:
            found += _of_row(row)
    return found


def _of_row(row: Any) -> list[Model]:
    spec, known = run_words.spec(row), {each.key: each.language for each in corpora.cards()}
    if spec.get("task") not in pretext.MENU:
        return []
    try:
        steps = weights.steps(run_reading.store(), row["id"])
    except UserError:  # deleted a moment ago
        return []
    title = _("{name} ({when})").format(name=row["name"], when=run_words.when(row["created_at"]))
    corpus = str(spec.get("corpus", ""))
    return [
        Model(
            key=row["id"], title=title, language=known.get(corpus, "en"), task=str(spec["task"]), corpus=corpus,
            steps=tuple(steps),
        )
    ]  # fmt: skip


def _older(run_id: str) -> Model | None:
    """Return a run that is not among the newest any more."""
    row = next((each for each in run_reading.rows() if each["id"] == run_id), None)
    return next(iter(_of_row(row)), None) if row is not None else None
