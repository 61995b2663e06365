"""The run store: what must survive a closed browser, a killed engine and a restart lives here and nowhere else.

What pages and the command line ask for is in this file; what only the engine and its workers use is in ``held``.
"""

import json
import re
import shutil
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa

from ssl_core import paths, pretext, shelf
from ssl_core.corpora import local_files
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.runs import record
from ssl_core.runs.held import ACTIVE, HeldRuns, Row
from ssl_core.runs.reading import Reading, read
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.tables import controls, metrics, runs

__all__ = ["ACTIONS", "ACTIVE", "MAX_NAME_CHARACTERS", "Row", "RunStore", "unknown_run"]

ACTIONS = frozenset({"pause", "resume", "step", "stop", "probe"})
MAX_NAME_CHARACTERS = 120


class RunStore(HeldRuns):
    """Rows about runs. Every method is one transaction; any process may call any of them at any time."""

    # ---- asked for by a page or the command line -------------------------------------------------------------------

    def submit(
        self,
        spec: RunSpec,
        *,
        name: str = "",
        submit_key: str | None = None,
        guess: Sequence[tuple[float, float]] = (),
        worker: str | None = None,
    ) -> str:
        """Queue a run and return its id; the same ``submit_key`` again returns the first run's id.

        ``guess`` holds (share of the budget 0..1, nats). With ``worker`` given the run is claimed from the start, so
        that no engine takes it.
        """
        run_id = uuid.uuid4().hex[:12]
        now = time.time()
        row = {
            "id": run_id,
            "name": _one_line(name) or _one_line(_usual_name(spec)),
            "status": "running" if worker else "queued",
            "spec": json.dumps(spec.to_json(), ensure_ascii=False),
            "submit_key": submit_key,
            "created_at": now,
            "guess": json.dumps([list(point) for point in guess]),
            "worker": worker,
            "heartbeat_at": now if worker else None,
            "attempt": 1 if worker else 0,
        }
        try:
            self._write(sa.insert(runs).values(row))
        except sa.exc.IntegrityError:
            with self.engine.connect() as connection:
                first = connection.scalar(sa.select(runs.c.id).where(runs.c.submit_key == submit_key))
            if first is None:  # the insertion broke for another reason than the key
                raise
            return str(first)
        return run_id

    def control(self, run_id: str, action: str, payload: Mapping[str, Any] | None = None) -> bool:
        """Ask a run to pause, resume, take one step, stop, or watch one more probe sentence (``{"text": …}``).

        A queued run that is asked to stop is stopped at once. Returns False if the run has ended: nobody will answer.
        Raises: UserError if there is no such run.
        """
        assert action in ACTIONS, f"unknown action {action}"
        if action == "stop" and self._write(
            sa.update(runs).where(runs.c.id == run_id, runs.c.status == "queued").values(status="stopped", ended_at=time.time())
        ):
            return True
        if self.row(run_id)["status"] in record.FINISHED:
            return False
        self._write(
            sa.insert(controls).values(
                run_id=run_id, action=action, payload=json.dumps(payload or {}, ensure_ascii=False), created_at=time.time()
            )
        )
        return True

    def rename(self, run_id: str, name: str) -> None:
        """Give a run another name (1 to 120 characters)."""
        name = _one_line(name)
        if not name:
            raise UserError(N_("A run needs a name of at least one character."))
        if not self._write(sa.update(runs).where(runs.c.id == run_id).values(name=name)):
            raise unknown_run(run_id)

    def delete(self, run_id: str) -> None:
        """Delete a finished run: its files and its rows.

        Raises: UserError if there is no such run, it has not ended, or its files can't be removed.
        """
        if self.row(run_id)["status"] not in record.FINISHED:
            raise UserError(N_("This run is still going. Stop it first, then delete it."))
        folder = paths.run_folder(run_id)  # safe as a path: row() let the id through
        try:
            if folder.exists():
                shutil.rmtree(folder)
        except OSError as reason:
            raise UserError(N_("The files of this run can't be removed: {reason}"), reason=str(reason)) from reason
        self._write(sa.delete(runs).where(runs.c.id == run_id, runs.c.status.in_(record.FINISHED)))

    # ---- read ------------------------------------------------------------------------------------------------------

    def row(self, run_id: str) -> Row:
        """Return one run's row.

        Raises: UserError if there is no such run, whatever was given as its id.
        """
        if isinstance(run_id, str) and re.fullmatch(r"[0-9a-f]{1,32}", run_id):
            with self.engine.connect() as connection:
                found = connection.execute(sa.select(runs).where(runs.c.id == run_id)).mappings().first()
            if found is not None:
                return dict(found)
        raise unknown_run(run_id)

    def rows(self, *, statuses: Sequence[str] | None = None, limit: int = 500) -> list[Row]:
        """Return runs, newest first; ``best_loss_nats`` is the lowest validation loss so far."""
        best = sa.select(sa.func.min(metrics.c.val_loss_nats)).where(metrics.c.run_id == runs.c.id).scalar_subquery()
        query = sa.select(runs, best.label("best_loss_nats")).order_by(runs.c.created_at.desc(), runs.c.id).limit(limit)
        if statuses is not None:
            query = query.where(runs.c.status.in_(statuses))
        with self.engine.connect() as connection:
            return [dict(each) for each in connection.execute(query).mappings()]

    def record(self, run_id: str) -> record.RunRecord:
        """Return one run with all its metrics and events.

        Raises: UserError if there is no such run.
        """
        return self.reading(run_id).record

    def reading(self, run_id: str, before: Reading | None = None) -> Reading:
        """Return one run for looking at it again and again: with the reading ``before`` given, only what is new is read.

        Raises: UserError if there is no such run.
        """
        row = self.row(run_id)
        with self.engine.connect() as connection:
            return read(connection, row, before)

    def counts(self) -> dict[str, int]:
        """Return how many runs there are of each status."""
        query = sa.select(runs.c.status, sa.func.count()).group_by(runs.c.status)
        with self.engine.connect() as connection:
            return {str(status): int(count) for status, count in connection.execute(query)}

    def queue_place(self, run_id: str) -> int:
        """Return how many runs stand before this one in the queue."""
        row = self.row(run_id)
        with self.engine.connect() as connection:
            is_before = sa.or_(
                runs.c.created_at < row["created_at"], sa.and_(runs.c.created_at == row["created_at"], runs.c.id < run_id)
            )
            query = sa.select(sa.func.count()).where(runs.c.status == "queued", is_before)
            return int(connection.scalar(query) or 0)


def unknown_run(run_id: str) -> UserError:
    """Return the message for an id that names no run."""
    return UserError(N_("There is no run {run_id!r} here. Open the list of runs and choose one."), run_id=str(run_id)[:40])


def _one_line(name: str) -> str:
    """Return a name without line ends and without characters that steer a terminal."""
    return "".join(each for each in " ".join(name.split()) if each.isprintable())[:MAX_NAME_CHARACTERS]


def _usual_name(spec: RunSpec) -> str:
    """Return a name that tells runs apart in any language: task, text, what it starts from, time of day."""
    start = f"← {shelf.name_of(spec.start) or spec.start[:6]}" if spec.start else ""
    named = [pretext.task(spec.task).ABBREVIATION, PurePath(local_files.parted(spec.corpus)[0]).stem, start, spec.mistake]
    parts = [*named, time.strftime("%H:%M:%S")]
    return " · ".join(filter(None, parts))
