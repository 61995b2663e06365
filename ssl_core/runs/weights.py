"""Which weights of a run can be looked at right now: its newest, those kept along the way, or what it began with.

A run begins with random weights, which are drawn again from its seed, or with trained ones, of which it keeps a copy.

A model of the shelf can stand wherever a run is named: its key (``shelf:encoder-en``) is the run's id then. A network that
others trained (``elsewhere:minilm-l6``) can be looked into likewise, but was no run of ours.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from ssl_core import paths, shelf
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.models import elsewhere
from ssl_core.runs import record
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.store import Row, RunStore
from ssl_core.runs.tables import metrics

STEPS = "steps"
"""The folder of a run that holds the weights kept along the way."""

START = "start"
"""The folder of a run that holds its own copy of the trained weights it began with, and their tokenizer."""

TOKENIZER_FILE = "tokenizer.json"


class NoWeightsYet(UserError):  # noqa: N818  not wrong, only early
    """The run has only just begun: weights come by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Where the weights of a run are, and of which step."""

    run_id: str
    form: str
    """"model": exported; "checkpoint": the last one of a run that goes on; "steps": on the way; at step 0 "untrained" (random
    ones, in no file) or "start" (those of another network, before this run trained them on)."""
    step: int
    content: str = ""  # where other weights may lie there under the same step one day: what tells them apart

    @property
    def version(self) -> str:
        """What changes whenever other weights would be read."""
        return f"{self.run_id} {self.form} {self.step} {self.content}".rstrip()

    @property
    def folder(self) -> Path:
        """The folder that holds them; the untrained ones are in none."""
        return model_folder(self.run_id) if self.form == "model" else paths.run_folder(self.run_id) / self.form


def find(store: RunStore, run_id: str, step: int | None = None) -> Weights:
    """Return the newest weights of a run, or those of a step; with step 0 what it began with: random ones, or its start.

    Raises: UserError if there is no such run or it keeps no such step; NoWeightsYet if it has only just begun.
    """
    if (name := shelf.name_of(run_id)) is not None:
        return _on_shelf(name, step)
    if (network := elsewhere.named(run_id)) is not None:
        return Weights(run_id=run_id, form="elsewhere", step=0, content=network.version)
    row = store.row(run_id)
    if step == 0 and (form := _form_at_0(row)):
        return Weights(run_id=run_id, form=form, step=0)
    newest, kept = _newest(store, row), steps_in(paths.run_folder(run_id) / STEPS)
    if step is not None and step in kept and (newest is None or step != newest.step):
        return Weights(run_id=run_id, form=STEPS, step=step)
    if newest is None and row["status"] in record.FINISHED:
        raise UserError(
            N_("This run ended before it kept any weights. Start it again, or look at what it began with (step 0).")
        )
    if newest is None or step == 0:  # what it begins with is copied while it gets ready
        raise NoWeightsYet(N_("This run has no weights to look at yet; the first ones come a moment after its start."))
    if step is not None and step != newest.step:
        raise _not_kept(step, _all(kept, newest))
    return newest


def steps(store: RunStore, run_id: str) -> list[int]:
    """Return the steps whose weights can be looked at, in order; 0, what it began with, is always among them.

    Raises: UserError if there is no such run.
    """
    if (name := shelf.name_of(run_id)) is not None:
        return [0, shelf.card(name).steps]
    return _all(steps_in(paths.run_folder(run_id) / STEPS), _newest(store, store.row(run_id)))


def spec_of(store: RunStore, run_id: str) -> RunSpec:
    """Return how a network was trained.

    Raises: UserError if there is no such run.
    """
    name = shelf.name_of(run_id)
    return RunSpec.from_json(shelf.card(name).spec if name is not None else json.loads(store.row(run_id)["spec"]))


def model_folder(run_id: str) -> Path:
    """Return the folder of a trained network as it was exported, with its tokenizer.

    Raises: UserError if it should be on the shelf and is not.
    """
    name = shelf.name_of(run_id)
    return shelf.folder(name) if name is not None else paths.run_folder(run_id) / "model"


def kept_tokenizer(run_id: str) -> Path | None:
    """Return the file with the tokenizer of a network, if it lies with its weights or with those it began with.

    Raises: UserError if it should be on the shelf and is not.
    """
    places = (model_folder(run_id), paths.run_folder(run_id) / START)
    return next((path for folder in places if (path := folder / TOKENIZER_FILE).exists()), None)


def forget_after(run_id: str, step: int) -> None:
    """Drop what was kept later than ``step``: the run goes on from there, and may go another way."""
    folder = paths.run_folder(run_id) / STEPS
    for each in steps_in(folder):
        if each > step:
            step_file(folder, each).unlink(missing_ok=True)


def step_file(folder: Path, step: int) -> Path:
    """Return the file for the weights of a step."""
    return folder / f"{step:08d}.safetensors"


def steps_in(folder: Path) -> list[int]:
    """Return the steps that a folder holds files of, in order."""
    return sorted(int(path.stem) for path in folder.glob("*.safetensors") if path.stem.isdecimal())


def _on_shelf(name: str, step: int | None) -> Weights:
    card, key = shelf.card(name), shelf.key(name)
    if step not in (None, 0, card.steps):
        raise _not_kept(step, [0, card.steps])
    form, of_step = ("untrained", 0) if step == 0 else ("model", card.steps)
    return Weights(run_id=key, form=form, step=of_step, content=card.weights)


def _form_at_0(row: Row) -> str:
    """Return the form of what a run began with; "" while the copy of its start is still to be made."""
    if not json.loads(row["spec"]).get("start"):
        return "untrained"
    return START if (paths.run_folder(row["id"]) / START).is_dir() else ""


def _not_kept(step: int | None, kept: list[int]) -> UserError:
    return UserError(
        N_("The weights of step {step} were not kept. Choose one of these steps: {steps}."),
        step=step, steps=", ".join(map(str, kept)),
    )  # fmt: skip


def _all(kept: list[int], newest: Weights | None) -> list[int]:
    return sorted({0, *kept, *([newest.step] if newest is not None else [])})


def _newest(store: RunStore, row: Row) -> Weights | None:
    folder = paths.run_folder(row["id"])
    has_ended = row["status"] in record.FINISHED
    # a run that goes on may have a model as well: an older one, or, just before its end, its last
    for form in ("model", "checkpoint") if has_ended else ("checkpoint", "model"):
        if any((folder / form).glob("*.safetensors")):
            return Weights(run_id=row["id"], form=form, step=_step(store, row, form))
    return None


def _step(store: RunStore, row: Row, form: str) -> int:
    if form == "checkpoint":
        return store.latest_step(row["id"], "checkpoint") or 0
    if row["result"]:
        result = json.loads(row["result"])
        return int(result.get("best_step") or result["steps"])
    with store.engine.connect() as connection:
        last = connection.scalar(sa.select(sa.func.max(metrics.c.step)).where(metrics.c.run_id == row["id"]))
    return int(last or 0)
