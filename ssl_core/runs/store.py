"""The run store: what must survive a closed browser, a killed engine and a restart lives here and nowhere else."""

import json
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from ssl_core import paths
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.runs import record
from ssl_core.runs.connection import connect
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.tables import controls, engines, events, metrics, runs

ACTIONS = frozenset({"pause", "resume", "step", "stop", "probe"})
ACTIVE = ("running", "paused")
MAX_NAME_CHARACTERS = 120
Row = Mapping[str, Any]


class RunStore:
    """Rows about runs. Every method is one transaction; any process may call any of them at any time."""

    def __init__(self, url: str | None = None) -> None:
        self.engine = connect(url or paths.store_url())

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
            "name": name[:MAX_NAME_CHARACTERS] or f"{spec.task} · {spec.corpus}",
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
                return str(connection.scalar(sa.select(runs.c.id).where(runs.c.submit_key == submit_key)))
        return run_id

    def control(self, run_id: str, action: str, payload: Mapping[str, Any] | None = None) -> None:
        """Ask a run to pause, resume, take one step, stop, or watch one more probe sentence (``{"text": …}``).

        A queued run that is asked to stop is stopped at once.
        Raises: UserError if there is no such run.
        """
        assert action in ACTIONS, f"unknown action {action}"
        if action == "stop" and self._write(
            sa.update(runs).where(runs.c.id == run_id, runs.c.status == "queued").values(status="stopped", ended_at=time.time())
        ):
            return
        self.row(run_id)
        self._write(
            sa.insert(controls).values(
                run_id=run_id, action=action, payload=json.dumps(payload or {}, ensure_ascii=False), created_at=time.time()
            )
        )

    def rename(self, run_id: str, name: str) -> None:
        """Give a run another name (1 to 120 characters)."""
        name = " ".join(name.split())[:MAX_NAME_CHARACTERS]
        if not name:
            raise UserError(N_("A run needs a name of at least one character."))
        if not self._write(sa.update(runs).where(runs.c.id == run_id).values(name=name)):
            raise unknown_run(run_id)

    def delete(self, run_id: str) -> None:
        """Delete a finished run's rows; its files are the caller's to remove.

        Raises: UserError if there is no such run, or it has not ended.
        """
        if self.row(run_id)["status"] not in record.FINISHED:
            raise UserError(N_("This run is still going. Stop it first, then delete it."))
        self._write(sa.delete(runs).where(runs.c.id == run_id, runs.c.status.in_(record.FINISHED)))

    # ---- read ------------------------------------------------------------------------------------------------------

    def row(self, run_id: str) -> Row:
        """Return one run's row.

        Raises: UserError if there is no such run, whatever was given as its id.
        """
        if re.fullmatch(r"[0-9a-f]{1,32}", run_id):
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
        row = self.row(run_id)
        with self.engine.connect() as connection:
            columns = [metrics.c[name] for name in record.METRIC_NAMES]
            points = connection.execute(sa.select(*columns).where(metrics.c.run_id == run_id).order_by(metrics.c.id)).all()
            happened = connection.execute(sa.select(events).where(events.c.run_id == run_id).order_by(events.c.id)).mappings()
            run_events = tuple(
                record.RunEvent(
                    id=each["id"],
                    kind=each["kind"],
                    step=each["step"],
                    elapsed_s=each["elapsed_s"],
                    payload=json.loads(each["payload"]),
                )
                for each in happened
            )
        values = np.array([tuple(point) for point in points], dtype=np.float64).reshape(len(points), len(columns))
        return record.RunRecord(
            **{name: row[name] for name in ("id", "name", "status", "created_at", "started_at", "ended_at")},
            spec=json.loads(row["spec"]),
            metrics={name: values[:, column] for column, name in enumerate(record.METRIC_NAMES)},
            events=run_events,
            guess=tuple((share, nats) for share, nats in json.loads(row["guess"] or "[]")),
            result=json.loads(row["result"]) if row["result"] else None,
            failure=json.loads(row["failure"]) if row["failure"] else None,
        )

    def queue_place(self, run_id: str) -> int:
        """Return how many runs stand before this one in the queue."""
        row = self.row(run_id)
        with self.engine.connect() as connection:
            query = sa.select(sa.func.count()).where(runs.c.status == "queued", runs.c.created_at < row["created_at"])
            return int(connection.scalar(query) or 0)

    # ---- used by the engine and its workers ------------------------------------------------------------------------

    def claim(self, worker: str) -> str | None:
        """Take the oldest queued run for ``worker`` and return its id, or None; no two callers get the same run."""
        oldest = sa.select(runs.c.id).where(runs.c.status == "queued").order_by(runs.c.created_at).limit(1).scalar_subquery()
        taken = (
            sa.update(runs)
            .where(runs.c.id == oldest, runs.c.status == "queued")
            .values(status="running", worker=worker, heartbeat_at=time.time(), attempt=runs.c.attempt + 1)
            .returning(runs.c.id)
        )
        with self.engine.begin() as connection:
            return connection.execute(taken).scalar()

    def hand_over(self, run_id: str, worker: str) -> None:
        """Note that ``worker`` holds the run from now on."""
        self._write(sa.update(runs).where(runs.c.id == run_id).values(worker=worker, heartbeat_at=time.time()))

    def requeue(self, run_id: str, worker: str) -> bool:
        """Put a run whose ``worker`` is lost back into the queue; False if someone else holds it by now."""
        lost = sa.update(runs).where(runs.c.id == run_id, runs.c.worker == worker, runs.c.status.in_(ACTIVE))
        return bool(self._write(lost.values(status="queued", worker=None, heartbeat_at=None)))

    def heartbeat(self, run_id: str, worker: str) -> bool:
        """Say that ``worker`` is alive; False if the run is no longer its own (deleted, ended, taken over)."""
        own = sa.update(runs).where(runs.c.id == run_id, runs.c.worker == worker, runs.c.status.in_(ACTIVE))
        return bool(self._write(own.values(heartbeat_at=time.time())))

    def mark(self, run_id: str, status: str) -> None:
        """Set a run that has not ended to running or paused; the first time, this is its start."""
        assert status in ACTIVE, f"{status} is set by finish or claim"
        started = sa.func.coalesce(runs.c.started_at, time.time())
        self._write(
            sa.update(runs).where(runs.c.id == run_id, runs.c.status.in_(ACTIVE)).values(status=status, started_at=started)
        )

    def finish(
        self, run_id: str, status: str, *, result: Mapping[str, Any] | None = None, failure: UserError | None = None
    ) -> bool:
        """End a run as done, stopped or failed; False if it had ended already, which is then left as it was."""
        assert status in record.FINISHED, f"{status} is no end"
        values = {
            "status": status,
            "ended_at": time.time(),
            "result": json.dumps(result, ensure_ascii=False) if result is not None else None,
            "failure": json.dumps(failure.to_json(), ensure_ascii=False) if failure is not None else None,
        }
        return bool(
            self._write(sa.update(runs).where(runs.c.id == run_id, runs.c.status.not_in(record.FINISHED)).values(values))
        )

    def add_metric(self, run_id: str, point: Mapping[str, float | None]) -> None:
        """Keep one report; ``point`` has the keys of ``METRIC_NAMES``, NaN and None both meaning not measured."""
        clean = {name: None if value is None or value != value else value for name, value in point.items()}
        self._write(sa.insert(metrics).values(run_id=run_id, **clean))

    def add_event(self, run_id: str, kind: str, *, step: int, elapsed_s: float, payload: Mapping[str, Any]) -> None:
        """Keep one thing that happened."""
        saved = json.dumps(payload, ensure_ascii=False)
        self._write(sa.insert(events).values(run_id=run_id, kind=kind, step=step, elapsed_s=elapsed_s, payload=saved))

    def forget_after(self, run_id: str, step: int) -> None:
        """Drop reports and events later than ``step``, for a run that goes on from an older checkpoint."""
        with self.engine.begin() as connection:
            for table in (metrics, events):
                connection.execute(sa.delete(table).where(table.c.run_id == run_id, table.c.step > step))

    def controls_after(self, run_id: str, control_id: int) -> list[Row]:
        """Return the controls newer than ``control_id``, oldest first, each with ``id``, ``action`` and ``payload``."""
        query = sa.select(controls).where(controls.c.run_id == run_id, controls.c.id > control_id).order_by(controls.c.id)
        with self.engine.connect() as connection:
            found = connection.execute(query).mappings().all()
        return [{**each, "payload": json.loads(each["payload"])} for each in found]

    def engine_row(self) -> Row | None:
        """Return what the engine last said of itself (``process``, ``device``, ``state``, ``heartbeat_at``)."""
        with self.engine.connect() as connection:
            found = connection.execute(sa.select(engines)).mappings().first()
        return dict(found) if found else None

    def engine_heartbeat(self, *, process: str, device: str, state: str) -> None:
        """Say that the engine is alive and what it does."""
        values = {"process": process, "device": device, "state": state, "heartbeat_at": time.time()}
        if not self._write(sa.update(engines).where(engines.c.id == 1).values(values)):
            self._write(sa.insert(engines).values(id=1, **values))

    def _write(self, statement: sa.UpdateBase) -> int:
        with self.engine.begin() as connection:
            return connection.execute(statement).rowcount


def unknown_run(run_id: str) -> UserError:
    """Return the message for an id that names no run."""
    return UserError(N_("There is no run {run_id!r} here. Open the list of runs and choose one."), run_id=str(run_id)[:40])
