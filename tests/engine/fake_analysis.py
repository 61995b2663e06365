"""Answering without networks: what a question says is what happens. Processes are real, and there at once."""

import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from typing import Any

import numpy as np

from ssl_core import paths
from ssl_core.engine import analyst
from ssl_core.engine.launcher import WarmUp, end_fork_server, started
from ssl_core.errors import UserError


@dataclass
class FakeReply:
    values: dict[str, Any]
    arrays: dict[str, Any] = field(default_factory=dict)


def answer_one(kind: str, payload: dict[str, Any]) -> FakeReply:
    """Sleep, refuse, break or end as told; else say who answered."""
    if "sleep_s" in payload:
        time.sleep(payload["sleep_s"])
    if "refuse" in payload:
        raise UserError(payload["refuse"])
    if "break" in payload:
        raise RuntimeError(payload["break"])
    if "exit" in payload:
        os._exit(payload["exit"])
    arrays = {"numbers": np.arange(payload["arrays"], dtype=np.float32)} if "arrays" in payload else {}
    return FakeReply({"said": payload.get("say", ""), "kind": kind, "pid": os.getpid()}, arrays)


class FakeLauncher:
    """Forks analysts that answer as above, and counts them."""

    def __init__(self, target: Callable[..., None] | None = None) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["ssl_core.engine.analyst", __name__])
        self._target = target or analyse_fake
        self.started: list[BaseProcess] = []

    def warm_up(self) -> WarmUp:
        return WarmUp(is_preloaded=True, device="cpu")

    def launch(self, run_id: str, holder: str) -> BaseProcess:
        raise NotImplementedError

    def start(self, target: Callable[..., None], *arguments: Any) -> BaseProcess:
        assert target is analyst.main
        process = started(self._context.Process(target=self._target, args=(str(paths.home()), *arguments)))
        self.started.append(process)
        return process

    def break_off(self) -> None:
        end_fork_server()


def analyse_fake(home: str, holder: str, idle_s: float) -> None:
    os.environ["PLAYGROUND_HOME"] = home  # the fork server has that of the first test
    analyst.main(holder, idle_s, open_answers=lambda store: answer_one)


def exit_at_once(home: str, holder: str, idle_s: float) -> None:
    os._exit(3)
