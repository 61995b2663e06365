"""Asking the engine about a model: what pages call. Needs no torch.

    answer = questions.ask(store, "predictions", {"model": questions.of_run(run_id), "text": "the ___ cat"}, asker="page 1")
    if answer.status == "answered":
        answer.values["places"], answer.arrays()["probability_NV"]

A question is a row in the store. The same question about the same weights is answered once and then kept for a while.
"""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load_file

from ssl_core import analysis, paths
from ssl_core.engine import client
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.runs import weights
from ssl_core.runs.asked import AskedQuestions
from ssl_core.runs.held import Row
from ssl_core.runs.store import RunStore

MAX_PAYLOAD_CHARACTERS = 400_000
FAILURE_STANDS_S = 60.0  # who asks again later gets another try: what was wrong may have been put right
LOOK_EVERY_S = 0.01

analysis.own_code()  # now, while the files are those that were loaded

Arrays = dict[str, npt.NDArray[np.generic]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Where a question stands.

    ``status`` is "waiting", "answered" or "failed". ``values`` and ``arrays()`` are what its kind promises, see the files
    of ``ssl_core.analysis``. ``reason`` says why it failed, or why it must wait for more than its turn.
    """

    id: str
    status: str
    values: Mapping[str, Any] = field(default_factory=dict)
    reason: UserError | None = None
    may_retry: bool = False  # after a failure: asking the very same again may help
    asked_at: float | None = None  # seconds since 1970
    file: Path | None = None

    def arrays(self) -> Arrays:
        """Return the large arrays of an answer.

        Raises: UserError if they are not kept any more.
        """
        if self.file is None:
            return {}
        try:
            found: Arrays = load_file(self.file)
        except (OSError, SafetensorError) as error:
            raise UserError(N_("This answer is not kept any more. Ask again.")) from error
        return found


def of_run(run_id: str, step: int | None = None) -> dict[str, Any]:
    """Return what a payload says under "model": a run's newest weights, those of a step, or with 0 what it began with.

    What a run began with is its untrained twin, or, where it started from trained weights, these. The key of a model of the
    shelf, as ``shelf.key`` gives it, may stand for a run's id.
    """
    return {"run": run_id, "step": step}


def ask(
    store: RunStore,
    kind: str,
    payload: Mapping[str, Any],
    *,
    asker: str = "",
    wait_s: float = 0.0,
    again: bool = False,
) -> Answer:
    """Ask, or look what became of it; comes back at once, or with ``wait_s`` within that time after it was first asked.

    ``asker`` names the place that waits (a visitor and a spot on a page): what that place asked before and is not begun yet
    is dropped. ``again`` has an answer that failed tried anew. Whatever a person may have got wrong comes as a failed answer.
    Starts the engine if none is there.
    """
    assert kind in analysis.MENU, f"there is no kind of question {kind!r}"
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, default=_plain)
    asked = AskedQuestions(store.engine)
    try:
        if len(text) > MAX_PAYLOAD_CHARACTERS:
            raise UserError(N_("This is too much for one question. Ask about less text."))
        fingerprint = _fingerprint(store, kind, text)
    except weights.NoWeightsYet as reason:
        client.ensure_engine(store)
        return Answer(id="", status="waiting", reason=reason)
    except UserError as reason:
        return Answer(id="", status="failed", reason=reason)
    row = asked.put(fingerprint, kind, text, asker=asker)
    if _is_stale(row, again=again):
        asked.renew(row["id"], asker=asker)
        row = asked.find(row["id"]) or asked.put(fingerprint, kind, text, asker=asker)
    answer = _answer(row)
    if answer.status == "waiting":
        client.ensure_engine(store)
        while answer.status == "waiting" and time.time() < row["created_at"] + wait_s:
            time.sleep(LOOK_EVERY_S)
            answer = look(store, answer.id) or answer
    return answer


def look(store: RunStore, question_id: str) -> Answer | None:
    """Return where a question stands, without asking it again; None where it was dropped."""
    row = AskedQuestions(store.engine).find(question_id)
    return _answer(row) if row is not None else None


def _fingerprint(store: RunStore, kind: str, payload: str) -> str:
    """Return what two questions share that have the same answer."""
    named = json.loads(payload).get("model")
    version = weights.find(store, named["run"], named.get("step")).version if named else ""
    return hashlib.sha256(json.dumps([kind, payload, version, analysis.own_code()]).encode()).hexdigest()


def _is_stale(row: Row, *, again: bool) -> bool:
    if row["status"] == "failed":
        return again or bool(time.time() - row["ended_at"] > FAILURE_STANDS_S)
    return row["status"] == "answered" and row["file"] is not None and not (paths.answers_folder() / row["file"]).exists()


def _answer(row: Row) -> Answer:
    if row["status"] == "failed":
        failure = UserError.from_json(json.loads(row["failure"]))
        return Answer(id=row["id"], status="failed", reason=failure, may_retry=bool(row["may_retry"]))
    if row["status"] != "answered":
        return Answer(id=row["id"], status="waiting", asked_at=row["created_at"])
    file = paths.answers_folder() / row["file"] if row["file"] else None
    return Answer(id=row["id"], status="answered", values=json.loads(row["answer"]), file=file)


def _plain(value: Any) -> Any:
    """Let numpy's numbers and arrays be asked about."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise TypeError(f"a question can't hold {type(value).__name__}")
