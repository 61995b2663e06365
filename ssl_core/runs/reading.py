"""Reading a run again and again: only what is new is read, and what did not change stays the same object."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Connection, Row

from ssl_core.runs.held import Row as RunRow
from ssl_core.runs.record import METRIC_NAMES, RunEvent, RunRecord
from ssl_core.runs.tables import events, metrics

_AS_THEY_ARE = ("id", "name", "status", "created_at", "started_at", "ended_at")
_SHOWN = (*_AS_THEY_ARE, "spec", "guess", "result", "failure", "attempt")
_POINTS = (metrics.c.id, *(metrics.c[name] for name in METRIC_NAMES))
_EVENTS = (events.c.id, events.c.kind, events.c.step, events.c.elapsed_s, events.c.payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A run as it was read, and where its next reading begins. The record may be shared: nobody changes it."""

    record: RunRecord
    row: tuple[Any, ...]  # what the record shows of the run's row, and its attempt
    last_point: Row[Any] | None
    last_event: Row[Any] | None


def read(connection: Connection, row: RunRow, before: Reading | None = None) -> Reading:
    """Return a run, read as a whole or, after a reading ``before``, by what was added since; ``before`` itself if nothing was.

    A run that goes on from a checkpoint drops its newest reports first: then the last one known is not there any more, and all
    is read again.
    """
    shown = tuple(row[name] for name in _SHOWN)
    attempt = _SHOWN.index("attempt")
    if before is not None and shown[attempt] != before.row[attempt]:
        before = None
    points = _rows(connection, _POINTS, before.last_point if before else None, row["id"])
    happened = _rows(connection, _EVENTS, before.last_event if before else None, row["id"])
    if points is None or happened is None:
        return read(connection, row)
    if before is not None and shown == before.row and not points and not happened:
        return before
    record = _record(row, points, happened, before.record if before is not None else None)
    return Reading(
        record=record,
        row=shown,
        last_point=points[-1] if points else before.last_point if before else None,
        last_event=happened[-1] if happened else before.last_event if before else None,
    )


def _rows(
    connection: Connection, columns: Sequence[sa.Column[Any]], last: Row[Any] | None, run_id: str
) -> Sequence[Row[Any]] | None:
    """Return the rows after ``last``; None if that one is not there as it was."""
    table = columns[0].table
    query = sa.select(*columns).where(table.c.run_id == run_id).order_by(table.c.id)
    if last is None:
        return connection.execute(query).all()
    found = connection.execute(query.where(table.c.id >= last.id)).all()
    return found[1:] if found and found[0] == last else None


def _record(row: RunRow, points: Sequence[Row[Any]], happened: Sequence[Row[Any]], known: RunRecord | None) -> RunRecord:
    values = np.array([tuple(point)[1:] for point in points], dtype=np.float64).reshape(len(points), len(METRIC_NAMES))
    measured = {name: values[:, column] for column, name in enumerate(METRIC_NAMES)}
    if known is not None:
        measured = {name: np.concatenate([known.metrics[name], new]) for name, new in measured.items()}
    for each in measured.values():
        each.flags.writeable = False
    return RunRecord(
        **{name: row[name] for name in _AS_THEY_ARE},
        spec=known.spec if known is not None else json.loads(row["spec"]),
        metrics=measured,
        events=(*(known.events if known is not None else ()), *map(_event, happened)),
        guess=tuple((share, nats) for share, nats in json.loads(row["guess"] or "[]")),
        result=json.loads(row["result"]) if row["result"] else None,
        failure=json.loads(row["failure"]) if row["failure"] else None,
    )


def _event(row: Row[Any]) -> RunEvent:
    return RunEvent(id=row.id, kind=row.kind, step=row.step, elapsed_s=row.elapsed_s, payload=json.loads(row.payload))
