"""The half of the run store that only the engine and its workers use: who holds which run, and what it reports."""

import json
import time
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ssl_core import paths
from ssl_core.errors import UserError
from ssl_core.runs import record
from ssl_core.runs.connection import connect
from ssl_core.runs.tables import controls, engine_codes, engines, events, metrics, runs

ACTIVE = ("running", "paused")
Row = Mapping[str, Any]


class HeldRuns:
    """Rows about runs that somebody holds. A ``worker`` is a process mark, see ``ssl_core.engine.processes``.

    Where a ``worker`` is given and it does not hold the run any more (deleted, ended, taken over), nothing is written
    and the answer is False: that is how a worker that was given up learns that it must stop.
    """

    def __init__(self, url: str | None = None) -> None:
        self.engine = connect(url or paths.store_url())

    # ---- who holds a run -------------------------------------------------------------------------------------------

    def claim(self, worker: str) -> str | None:
        """Take the oldest queued run for ``worker`` and return its id, or None; no two callers get the same run."""
        oldest = sa.select(runs.c.id).where(runs.c.status == "queued").order_by(runs.c.created_at, runs.c.id).limit(1)
        taken = (
            sa.update(runs)
            .where(runs.c.id == oldest.scalar_subquery(), runs.c.status == "queued")
            .values(status="running", worker=worker, heartbeat_at=time.time(), attempt=runs.c.attempt + 1)
            .returning(runs.c.id)
        )
        with self.engine.begin() as connection:
            return connection.execute(taken).scalar()

    def hand_over(self, run_id: str, worker: str, *, holder: str | None = None) -> bool:
        """Note that ``worker`` holds the run from now on; with ``holder`` given only if that one held it until now."""
        handed = sa.update(runs).where(runs.c.id == run_id, runs.c.status.in_(ACTIVE))
        if holder is not None:
            handed = handed.where(runs.c.worker == holder)
        return bool(self._write(handed.values(worker=worker, heartbeat_at=time.time())))

    def requeue(self, run_id: str, worker: str) -> bool:
        """Put a run whose ``worker`` is lost back into the queue; False if someone else holds it by now."""
        return bool(self._write(_held(run_id, worker).values(status="queued", worker=None, heartbeat_at=None)))

    def unclaim(self, run_id: str, worker: str) -> bool:
        """Put a run back that ``worker`` claimed but never began, as if it had not; False if someone else holds it by now."""
        values = {"status": "queued", "worker": None, "heartbeat_at": None, "attempt": runs.c.attempt - 1}
        return bool(self._write(_held(run_id, worker).values(values)))

    def heartbeat(self, run_id: str, worker: str) -> bool:
        """Say that ``worker`` is alive; False if the run is no longer its own (deleted, ended, taken over)."""
        return bool(self._write(_held(run_id, worker).values(heartbeat_at=time.time())))

    def held(self) -> list[Row]:
        """Return ``id``, ``worker``, ``heartbeat_at``, ``attempt`` and ``status`` of every run that somebody holds."""
        columns = (runs.c.id, runs.c.worker, runs.c.heartbeat_at, runs.c.attempt, runs.c.status)
        with self.engine.connect() as connection:
            return [dict(each) for each in connection.execute(sa.select(*columns).where(runs.c.status.in_(ACTIVE))).mappings()]

    # ---- what it reports -------------------------------------------------------------------------------------------

    def mark(self, run_id: str, status: str, *, worker: str | None = None) -> bool:
        """Set a run that has not ended to running or paused; the first time, this is its start."""
        assert status in ACTIVE, f"{status} is set by finish or claim"
        started = sa.func.coalesce(runs.c.started_at, time.time())
        return bool(self._write(_held(run_id, worker).values(status=status, started_at=started)))

    def finish(
        self,
        run_id: str,
        status: str,
        *,
        result: Mapping[str, Any] | None = None,
        failure: UserError | None = None,
        worker: str | None = None,
    ) -> bool:
        """End a run as done, stopped or failed; False if it had ended already, which is then left as it was."""
        assert status in record.FINISHED, f"{status} is no end"
        values = {
            "status": status,
            "ended_at": time.time(),
            "result": json.dumps(result, ensure_ascii=False) if result is not None else None,
            "failure": json.dumps(failure.to_json(), ensure_ascii=False) if failure is not None else None,
        }
        ended = sa.update(runs).where(runs.c.id == run_id, runs.c.status.not_in(record.FINISHED))
        if worker is not None:
            ended = ended.where(runs.c.worker == worker)
        return bool(self._write(ended.values(values)))

    def add_metric(self, run_id: str, point: Mapping[str, float | None], *, worker: str | None = None) -> bool:
        """Keep one report; ``point`` has the keys of ``METRIC_NAMES``, NaN and None both meaning not measured."""
        clean = {name: None if value is None or value != value else value for name, value in point.items()}
        return self._add(sa.insert(metrics).values(run_id=run_id, **clean), run_id, worker)

    def add_event(
        self, run_id: str, kind: str, *, step: int, elapsed_s: float, payload: Mapping[str, Any], worker: str | None = None
    ) -> bool:
        """Keep one thing that happened."""
        saved = json.dumps(payload, ensure_ascii=False)
        added = sa.insert(events).values(run_id=run_id, kind=kind, step=step, elapsed_s=elapsed_s, payload=saved)
        return self._add(added, run_id, worker)

    def add_late_event(self, run_id: str, kind: str, *, step: int, payload: Mapping[str, Any]) -> bool:
        """Keep what became known of a run after its end; False if it was deleted, or goes on again."""
        saved = json.dumps(payload, ensure_ascii=False)
        with self.engine.begin() as connection:
            ended = sa.update(runs).where(runs.c.id == run_id, runs.c.status.in_(record.FINISHED))
            if not connection.execute(ended.values(id=run_id)).rowcount:
                return False
            at_s = sa.select(sa.func.coalesce(sa.func.max(metrics.c.elapsed_s), 0.0)).where(metrics.c.run_id == run_id)
            values = {"kind": kind, "step": step, "elapsed_s": at_s.scalar_subquery(), "payload": saved}
            connection.execute(sa.insert(events).values(run_id=run_id, **values))
        return True

    def forget_after(self, run_id: str, step: int) -> bool:
        """Drop reports and events later than ``step``, for a run that goes on from an older checkpoint; True."""
        with self.engine.begin() as connection:
            for table in (metrics, events):
                connection.execute(sa.delete(table).where(table.c.run_id == run_id, table.c.step > step))
        return True

    def latest_step(self, run_id: str, kind: str) -> int | None:
        """Return the step of the newest event of one kind, or None."""
        query = sa.select(sa.func.max(events.c.step)).where(events.c.run_id == run_id, events.c.kind == kind)
        with self.engine.connect() as connection:
            latest: int | None = connection.scalar(query)
        return latest

    def controls_after(self, run_id: str, control_id: int) -> list[Row]:
        """Return the controls newer than ``control_id``, oldest first, each with ``id``, ``action`` and ``payload``."""
        with self.engine.connect() as connection:
            found = connection.execute(_NEWER_CONTROLS, {"run": run_id, "seen": control_id}).mappings().all()
        return [{**each, "payload": json.loads(each["payload"])} for each in found]

    # ---- the engine about itself -----------------------------------------------------------------------------------

    def engine_row(self) -> Row | None:
        """Return what the engine last said of itself: process, device, state, heartbeat_at, and its code or None."""
        with self.engine.connect() as connection:
            found = connection.execute(_ENGINE).mappings().first()
        return dict(found) if found else None

    def engine_heartbeat(self, *, process: str, device: str, state: str) -> None:
        """Say that the engine is alive and what it does."""
        values = {"process": process, "state": state, "heartbeat_at": time.time()}
        if device:  # an engine that has only just begun does not know yet; the last one did
            values["device"] = device
        if not self._write(sa.update(engines).where(engines.c.id == 1).values(values)):
            self._write(sa.insert(engines).values({"id": 1, "device": "", **values}))

    def engine_is_of(self, process: str, code: str) -> None:
        """Say which code the engine ``process`` was loaded from; to be said before its first heartbeat."""
        with self.engine.begin() as connection:
            connection.execute(sa.delete(engine_codes))
            connection.execute(sa.insert(engine_codes).values(id=1, process=process, code=code))

    def can_write(self) -> bool:
        """Say whether anything can be written now; waits for a lock as long as any transaction does."""
        try:
            self._write(sa.update(engines).where(engines.c.id == 1).values(id=1))
        except sa.exc.OperationalError:
            return False
        return True

    def want_engine(self) -> None:
        """Say that somebody is here who may press Start, so that an idle engine stays warm."""
        self._write(sa.update(engines).where(engines.c.id == 1).values(wanted_at=time.time()))

    def _add(self, insertion: sa.Insert, run_id: str, worker: str | None) -> bool:
        with self.engine.begin() as connection:
            if worker is not None:
                # the update locks the run's row: nobody can take the run between the question and the insertion
                still_held = connection.execute(_held(run_id, worker).values(heartbeat_at=time.time())).rowcount
                if not still_held:
                    return False
            connection.execute(insertion)
        return True

    def _write(self, statement: sa.UpdateBase) -> int:
        with self.engine.begin() as connection:
            return connection.execute(statement).rowcount


_NEWER_CONTROLS = (
    sa.select(controls.c.id, controls.c.action, controls.c.payload)
    .where(controls.c.run_id == sa.bindparam("run"), controls.c.id > sa.bindparam("seen"))
    .order_by(controls.c.id)
)

_ENGINE = (
    sa.select(engines, engine_codes.c.code)
    .join_from(engines, engine_codes, engine_codes.c.process == engines.c.process, isouter=True)
    .where(engines.c.id == 1)
)


def _held(run_id: str, worker: str | None) -> sa.Update:
    active = sa.update(runs).where(runs.c.id == run_id, runs.c.status.in_(ACTIVE))
    return active if worker is None else active.where(runs.c.worker == worker)
