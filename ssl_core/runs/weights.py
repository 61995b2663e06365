"""Which weights of a run can be looked at right now: its trained ones, those of its last checkpoint, or its random start."""

import json
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from ssl_core import paths
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.runs import record
from ssl_core.runs.store import Row, RunStore
from ssl_core.runs.tables import metrics


class NoWeightsYet(UserError):  # noqa: N818  not wrong, only early
    """The run has only just begun: weights come by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Where the weights of a run are, and of which step."""

    run_id: str
    form: str  # "model": the exported network; "checkpoint": the last one of a run that goes on; "untrained": its random start
    step: int

    @property
    def version(self) -> str:
        """What changes whenever other weights would be read."""
        return f"{self.run_id} {self.form} {self.step}"

    @property
    def folder(self) -> Path:
        """The folder that holds them; the untrained ones are in none."""
        return paths.run_folder(self.run_id) / self.form


def find(store: RunStore, run_id: str, step: int | None = None) -> Weights:
    """Return the newest weights of a run, or with step 0 its untrained twin.

    Raises: UserError if there is no such run or it keeps no such step; NoWeightsYet if it has only just begun.
    """
    row = store.row(run_id)
    if step == 0:
        return Weights(run_id=run_id, form="untrained", step=0)
    newest = _newest(store, row)
    if newest is None and row["status"] in record.FINISHED:
        raise UserError(
            N_("This run ended before it kept any weights. Start it again, or look at its untrained twin (step 0).")
        )
    if newest is None:
        raise NoWeightsYet(N_("This run has no weights to look at yet; the first ones come a moment after its start."))
    if step is not None and step != newest.step:
        raise UserError(
            N_("Of this run there are the weights of step {newest} and of step 0; step {step} was not kept."),
            newest=newest.step, step=step,
        )  # fmt: skip
    return newest


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
