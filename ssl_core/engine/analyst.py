"""The analyst: the process that answers questions about models, one after the other, beside the training."""

import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from sqlalchemy.exc import OperationalError

from ssl_core import paths
from ssl_core.engine import outcomes
from ssl_core.engine.abandoning import end_with, let_server_go
from ssl_core.engine.output import MAX_LOG_BYTES, redirect_output
from ssl_core.engine.own_memory import Growth
from ssl_core.engine.processes import ProcessMark, mark_of
from ssl_core.errors import UserError
from ssl_core.runs.asked import AskedQuestions
from ssl_core.runs.held import Row
from ssl_core.runs.patience import patiently
from ssl_core.runs.store import RunStore

NICENESS = 5  # at 10 a busy machine let answers wait for seconds, and training gained nothing that could be measured
LOOK_EVERY_S = 0.03
LOOK_RARELY_S = 0.1  # once nobody has asked for a while
AWHILE_S = 10.0
LOOK_AT_HOLDER_EVERY_S = 1.0
TIDY_AFTER_S = 1.0  # without a question
PRUNE_EVERY = 50
log = logging.getLogger(__name__)


class Reply(Protocol):
    """An answer, see ``ssl_core.analysis.base``."""

    @property
    def values(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def arrays(self) -> Mapping[str, npt.NDArray[np.generic]]: ...  # noqa: D102


AnswerOne = Callable[[str, Mapping[str, Any]], Reply]
"""From a kind and a payload to the reply."""


def main(holder: str, idle_s: float, open_answers: Callable[[RunStore], AnswerOne] | None = None) -> None:
    """Answer what waits in the store until the engine ``holder`` is gone or nobody asks for ``idle_s`` seconds."""
    let_server_go()
    end_with(holder)
    if hasattr(os, "setsid"):
        os.setsid()  # what ends the terminal does not end an answer
    redirect_output(_log_file())
    give_way()
    store = RunStore()
    answer_one = (open_answers or from_models)(store)
    Analyst(AskedQuestions(store.engine), holder, answer_one).work(idle_s)


def from_models(store: RunStore) -> AnswerOne:
    """Answer with the real thing: networks, on one thread."""
    import torch

    from ssl_core import analysis
    from ssl_core.analysis.subjects import Subjects

    torch.set_num_threads(1)
    open_subject = Subjects(store)

    def answer_one(kind: str, payload: Mapping[str, Any]) -> Reply:
        reply: Reply = analysis.kind(kind).answer(payload, open_subject)
        return reply

    return answer_one


def log_path() -> Path:
    """Return where the analyst writes what no page shows."""
    return paths.home() / "logs" / "analyst.log"


def give_way() -> None:
    """Let training and pages go first on a busy machine."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with suppress(OSError):  # Linux weighs whole terminal sessions, and this is one; elsewhere there is no such file
        Path("/proc/self/autogroup").write_text(str(NICENESS), encoding="ascii")


class Analyst:
    """Takes questions from the store; whatever goes wrong with one is kept as its failure, and the next one is taken."""

    def __init__(self, asked: AskedQuestions, holder: str, answer_one: AnswerOne, growth: Growth | None = None) -> None:
        self._asked, self._answer_one, self._growth = asked, answer_one, growth or Growth()
        self._holder, self._mark = ProcessMark.parse(holder), str(mark_of("analyst"))
        self._num_answered = 0
        self._looked_at_holder_s = 0.0

    def work(self, idle_s: float) -> None:
        """Answer until idle for long, without an engine, or grown too large."""
        log.info("analyst %s begins", self._mark)
        self._prune()
        asked_at, is_tidy = time.monotonic(), True
        while self._has_engine():
            quiet_s = time.monotonic() - asked_at
            if self._answer_next():
                asked_at, is_tidy = time.monotonic(), False
            elif not is_tidy and quiet_s > TIDY_AFTER_S:
                is_tidy = True
                if self._growth.is_too_large():  # the next question starts a fresh one
                    log.info("grown by %.0f MB: makes room", self._growth.grown_bytes / 1e6)
                    break
            elif quiet_s > idle_s:
                break
            else:
                time.sleep(LOOK_EVERY_S if quiet_s < AWHILE_S else LOOK_RARELY_S)
        log.info("analyst %s ends after %d answers", self._mark, self._num_answered)

    def _has_engine(self) -> bool:
        now = time.monotonic()
        if now - self._looked_at_holder_s < LOOK_AT_HOLDER_EVERY_S:
            return True
        self._looked_at_holder_s = now
        return self._holder is not None and self._holder.is_alive()

    def _answer_next(self) -> bool:
        """Answer one question; False if none waits."""
        try:
            row = self._asked.claim(self._mark) if self._asked.has_waiting() else None
        except OperationalError as reason:
            log.warning("the store did not answer: %s", reason.orig)
            return False
        if row is None:
            return False
        try:
            self._keep(row, self._answer_one(row["kind"], json.loads(row["payload"])))
        except Exception as reason:
            if not isinstance(reason, UserError):
                log.exception("question %s, %s", row["id"], row["kind"])
            failure = outcomes.of_answering(reason, str(log_path()))
            may_retry = not isinstance(reason, UserError)
            patiently(lambda: self._asked.fail(row["id"], self._mark, failure, may_retry=may_retry))
        self._num_answered += 1
        if self._num_answered % PRUNE_EVERY == 0:
            self._prune()
        return True

    def _keep(self, row: Row, reply: Reply) -> None:
        values = json.dumps(reply.values, ensure_ascii=False)
        file, num_bytes = None, len(values)
        if reply.arrays:
            path = paths.answers_folder() / f"{row['id']}.safetensors"
            with paths.written_whole(path) as partial:
                save_file({name: np.ascontiguousarray(array) for name, array in reply.arrays.items()}, partial)
            file, num_bytes = path.name, num_bytes + path.stat().st_size
        patiently(lambda: self._asked.answer(row["id"], self._mark, values, file=file, num_bytes=num_bytes))

    def _prune(self) -> None:
        try:
            self._asked.prune()
        except OperationalError as reason:  # there is a next time
            log.warning("old answers stay: %s", reason.orig)


def _log_file() -> Path:
    path = log_path()
    if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
        path.unlink()
    return path
