"""Which networks can be looked into, and which one is: a run at one of its steps, or a model that comes with the app."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

import streamlit as st

from pages._ui import address, run_reading, run_words
from ssl_core import corpora, pretext, shelf
from ssl_core.engine import questions
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _, current_language
from ssl_core.models import elsewhere
from ssl_core.runs import weights
from ssl_core.runs.store import Row

MODEL, STEP = "model", "step"
AGAINST, AGAINST_STEP = "against", "against_step"
THIRD, THIRD_STEP = "third", "third_step"
MOST_TOKENS = 128  # of a network that others trained
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
    is_ours: bool = True  # trained by this app, here or before it was shipped
    begins_trained: bool = False  # with the weights of another network, not with random ones
    context_tokens: int = MOST_TOKENS  # that it reads at once, marks among them
    steps: tuple[int, ...] = ()  # that can be looked at; known of the one that was chosen


def available() -> list[Model]:
    """Return what is on the shelf, the page's language first, then the newest runs, then what others trained."""
    on_shelf = sorted(shelf.cards(), key=lambda each: each.language != current_language())
    found = [
        Model(
            key=shelf.key(each.name), title=run_words.of_shelf(each), language=each.language, task=each.spec["task"],
            corpus=each.spec["corpus"], context_tokens=each.spec["model"]["context_tokens"],
        )
        for each in on_shelf
    ]  # fmt: skip
    started = [row for row in run_reading.rows() if row["status"] in _STANDS]
    return [*found, *islice(_runs(started), _NUM_RUNS), *_from_elsewhere()]


def chosen(models: list[Model], parameter: str = MODEL) -> Model | None:
    """Return the model that the address names, with its steps; for the main one, else the first that there is.

    Raises: UserError if it names one that is not here.
    """
    key = st.query_params.get(parameter, "")
    if not key and (parameter != MODEL or not models):
        return None
    listed = (each for each in models if each.key == key or not key)
    older = _runs(row for row in run_reading.rows() if row["id"] == key)
    found = next(chain(listed, older), None)
    if found is None:
        if (network := elsewhere.named(key)) is not None:
            raise _not_offered(network)
        raise UserError(N_("There is no model {key!r} here. Choose one of the list."), key=key[:80])
    return replace(found, steps=_steps(found))


def _not_offered(network: elsewhere.Network) -> UserError:
    if not elsewhere.is_here(network):  # and there is no way to the hub
        return elsewhere.out_of_reach(network)
    told = N_("{title} does not say which words it expects, so it can't be asked here. Choose a network of the list.")
    return UserError(told, title=network.title)


def step(model: Model, parameter: str = STEP) -> int | None:
    """Return the step that the address names, if it is kept of this model; None for its newest state."""
    asked = address.whole(st.query_params.get(parameter, ""))
    return asked if asked in model.steps else None


def named(model: Model, step: int | None) -> dict[str, Any]:
    """Return what a question calls the model as it was at a step."""
    return questions.of_run(model.key, step)


def texts(model: Model) -> dict[str, Any]:
    """Return which held-out text a question about a model's heads is to read: its own, if that is known."""
    return {"corpus": model.corpus} if model.corpus else {}


def title_at(model: Model, step: int | None) -> str:
    """Return the model's title, and the step where it is not its newest state."""
    if step is None:
        return model.title
    if step:
        return _("{title}, step {step}").format(title=model.title, step=f"{step:,}")
    words = _("{title}, before fine-tuning") if model.begins_trained else _("{title}, untrained")
    return words.format(title=model.title)


def step_title(model: Model, step: int) -> str:
    """Write a step as a reader would say it."""
    if step:
        return f"{step:,}"
    return _("before fine-tuning") if model.begins_trained else _("untrained")


def example(model: Model) -> str:
    """Return a sentence that the model can make something of, with nothing hidden."""
    return _EXAMPLES.get(model.corpus) or _EXAMPLES.get(model.language, _EXAMPLES["en"])


def reads(model: Model) -> str | None:
    """Return how the network is asked for words, as its pretext task says; None for one that others trained."""
    return pretext.task(model.task).PROBE if model.is_ours else None


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
            task=_AS_TASK[each.looks_back], corpus="", is_ours=False,
        )
        for each in elsewhere.offered()
    ]  # fmt: skip


_AS_TASK = {True: "causal_lm", False: "masked_lm"}  # whose colour a network of others takes


def _runs(rows: Iterable[Row]) -> Iterator[Model]:
    """Give the runs among these that can be looked into."""
    languages = {each.key: each.language for each in corpora.cards()}
    for row in rows:
        spec = run_words.spec(row)
        corpus = str(spec.get("corpus", ""))
        if spec.get("task") in pretext.MENU:
            language = languages.get(corpus, "en")
            yield Model(
                key=row["id"], title=run_words.dated(row), language=language, task=spec["task"], corpus=corpus,
                begins_trained=run_words.begins_trained(spec), context_tokens=_context(spec),
            )  # fmt: skip


def _context(spec: dict[str, Any]) -> int:
    known = spec.get("model", {}).get("context_tokens")
    return known if isinstance(known, int) else MOST_TOKENS


def _steps(model: Model) -> tuple[int, ...]:
    return tuple(weights.steps(run_reading.store(), model.key)) if model.is_ours else ()
