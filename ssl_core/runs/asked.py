"""The part of the store that holds questions about models: what pages ask, who answers, and what was answered."""

import json
import logging
import time
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ssl_core import paths
from ssl_core.errors import UserError
from ssl_core.runs import patience
from ssl_core.runs.held import Row
from ssl_core.runs.tables import questions

UNFINISHED = ("waiting", "held")
MAX_KEPT = 1000
MAX_KEPT_BYTES = 256_000_000
WAITED_FOR_S = 600.0  # a question that nobody asked again for this long is waited for by nobody
_STILL_WANTED_S = 5.0  # who waits says so again no more often than this, because each time is a write
_STILL_WANTED_PATIENCE_S = 0.5
_FRAGMENT_S = 3600.0  # a half-written file of this age belongs to a process that is gone
log = logging.getLogger(__name__)


class AskedQuestions:
    """Rows about questions. Every method is one short transaction; any process may call any of them at any time.

    Where a ``worker`` (a process mark) does not hold the question any more, nothing is written and the answer is False.
    """

    def __init__(self, engine: sa.Engine) -> None:
        """``engine`` is that of the run store."""
        self._engine = engine

    # ---- asked for by a page ---------------------------------------------------------------------------------------

    def put(self, fingerprint: str, kind: str, payload: str, *, asker: str = "") -> Row:
        """Ask, or find what was asked before; return the question's row.

        Other questions of the same ``asker`` that still wait are dropped, but for one with the same payload, about weights
        that are newer by now: that one comes back instead, so that a page that asks a run in full swing gets its answer.
        """
        if (known := self._known(fingerprint, kind, payload, asker)) is not None:
            return self._wanted_again(known, asker)
        now = time.time()
        row = {
            "id": uuid.uuid4().hex, "kind": kind, "payload": payload, "fingerprint": fingerprint, "asker": asker,
            "status": "waiting", "created_at": now, "asked_at": now,
        }  # fmt: skip
        try:
            with self._engine.begin() as connection:
                if asker:
                    connection.execute(sa.delete(questions).where(questions.c.asker == asker, questions.c.status == "waiting"))
                connection.execute(sa.insert(questions).values(row))
        except sa.exc.IntegrityError:  # somebody asked the same at this very moment
            if (known := self._known(fingerprint, kind, payload, asker)) is None:
                raise
            return known
        return {**row, "answer": None, "failure": None, "file": None, "may_retry": False, "ended_at": None}

    def find(self, question_id: str) -> Row | None:
        """Return a question's row, or None where it was dropped."""
        return self._first(sa.select(questions).where(questions.c.id == question_id))

    def renew(self, question_id: str, *, asker: str = "") -> None:
        """Have a question that ended answered anew."""
        now = time.time()
        self._write(
            sa.update(questions)
            .where(questions.c.id == question_id, questions.c.status.not_in(UNFINISHED))
            .values(status="waiting", attempt=0, created_at=now, asked_at=now, asker=asker)
        )

    # ---- used by the engine and the process that answers -----------------------------------------------------------

    def has_waiting(self) -> bool:
        """Say whether there is anything to answer."""
        return self._first(sa.select(questions.c.id).where(questions.c.status == "waiting").limit(1)) is not None

    def held(self) -> list[Row]:
        """Return ``id``, ``worker`` and ``attempt`` of each question that is being answered."""
        columns = (questions.c.id, questions.c.worker, questions.c.attempt)
        with self._engine.connect() as connection:
            return [
                dict(each) for each in connection.execute(sa.select(*columns).where(questions.c.status == "held")).mappings()
            ]

    def claim(self, worker: str) -> Row | None:
        """Take the question that has waited longest, or None; no two callers get the same."""
        oldest = (
            sa.select(questions.c.id)
            .where(questions.c.status == "waiting")
            .order_by(questions.c.created_at, questions.c.id)
            .limit(1)
        )
        taken = (
            sa.update(questions)
            .where(questions.c.id == oldest.scalar_subquery(), questions.c.status == "waiting")
            .values(status="held", worker=worker, held_at=time.time(), attempt=questions.c.attempt + 1)
            .returning(questions.c.id, questions.c.kind, questions.c.payload, questions.c.attempt)
        )
        with self._engine.begin() as connection:
            found = connection.execute(taken).mappings().first()
        return dict(found) if found else None

    def answer(self, question_id: str, worker: str, answer: str, *, file: str | None = None, num_bytes: int = 0) -> bool:
        """Keep an answer (JSON), and the name of the file that belongs to it."""
        values = {"status": "answered", "answer": answer, "file": file, "num_bytes": num_bytes, "ended_at": time.time()}
        return bool(self._write(_held_by(question_id, worker).values(values)))

    def fail(self, question_id: str, worker: str, failure: UserError, *, may_retry: bool) -> bool:
        """Keep why there is no answer."""
        return bool(self._write(_held_by(question_id, worker).values(_failed(failure, may_retry=may_retry))))

    def give_back(self, question_id: str, worker: str) -> bool:
        """Let a question wait again that ``worker`` can't answer any more."""
        return bool(self._write(_held_by(question_id, worker).values(status="waiting", worker=None)))

    def fail_waiting(self, failure: UserError) -> int:
        """Let all questions fail that wait; return how many."""
        waiting = sa.update(questions).where(questions.c.status == "waiting")
        return self._write(waiting.values(_failed(failure, may_retry=True)))

    def prune(self, *, max_kept: int = MAX_KEPT, max_bytes: int = MAX_KEPT_BYTES) -> None:
        """Keep the answers that were wanted last, drop the others, and what nobody waits for any more, with all files."""
        columns = (questions.c.id, questions.c.num_bytes)
        ended = sa.select(*columns).where(questions.c.status.not_in(UNFINISHED)).order_by(questions.c.asked_at.desc())
        with self._engine.connect() as connection:
            sizes = connection.execute(ended).all()
        dropped, total = [], 0
        for number, (question_id, num_bytes) in enumerate(sizes):
            total += num_bytes
            if number >= max_kept or total > max_bytes:
                dropped.append(question_id)
        is_forgotten = sa.and_(questions.c.status == "waiting", questions.c.asked_at < time.time() - WAITED_FOR_S)
        is_dropped = sa.and_(questions.c.id.in_(dropped), questions.c.status.not_in(UNFINISHED))
        if dropped or self._first(sa.select(questions.c.id).where(is_forgotten).limit(1)) is not None:
            self._write(sa.delete(questions).where(sa.or_(is_dropped, is_forgotten)))
        self._sweep()

    def _sweep(self) -> None:
        """Remove files that belong to no question."""
        folder = paths.answers_folder()
        names = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
        with self._engine.connect() as connection:
            known = set(connection.scalars(sa.select(questions.c.id)))
        for path in names:
            is_half = path.name.startswith(".")
            if path.stem not in known and not (is_half and time.time() - path.stat().st_mtime < _FRAGMENT_S):
                path.unlink(missing_ok=True)

    # ---- common to all ---------------------------------------------------------------------------------------------

    def _known(self, fingerprint: str, kind: str, payload: str, asker: str) -> Row | None:
        found = self._first(sa.select(questions).where(questions.c.fingerprint == fingerprint))
        if found is None and asker:
            same = (questions.c.asker == asker, questions.c.kind == kind, questions.c.payload == payload)
            found = self._first(sa.select(questions).where(*same, questions.c.status.in_(UNFINISHED)))
        return found

    def _wanted_again(self, row: Row, asker: str) -> Row:
        """Note that somebody wants to know, if the last note is old, and that no single place may drop it any more."""
        changes: dict[str, Any] = {}
        if time.time() - row["asked_at"] > _STILL_WANTED_S:
            changes["asked_at"] = time.time()
        if row["status"] == "waiting" and row["asker"] not in ("", asker):
            changes["asker"] = ""
        if changes:
            try:
                with patience.of(_STILL_WANTED_PATIENCE_S):
                    self._write(sa.update(questions).where(questions.c.id == row["id"]).values(changes))
            except sa.exc.OperationalError as reason:  # no tick of a page breaks for that; it is said again soon
                log.warning("question %s: not noted that it is still wanted: %s", row["id"], reason.orig)
        return row

    def _first(self, query: sa.Select[Any]) -> Row | None:
        with self._engine.connect() as connection:
            found = connection.execute(query).mappings().first()
        return dict(found) if found else None

    def _write(self, statement: sa.UpdateBase) -> int:
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount


def _held_by(question_id: str, worker: str) -> sa.Update:
    return sa.update(questions).where(questions.c.id == question_id, questions.c.status == "held", questions.c.worker == worker)


def _failed(failure: UserError, *, may_retry: bool) -> Mapping[str, Any]:
    saved = json.dumps(failure.to_json(), ensure_ascii=False)
    return {"status": "failed", "failure": saved, "may_retry": may_retry, "ended_at": time.time(), "num_bytes": len(saved)}
