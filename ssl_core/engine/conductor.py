"""Leads one run from its settings to its end: gets it ready, takes its steps, obeys, watches, saves and finishes."""

import json
import logging
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from ssl_core import models, paths
from ssl_core.engine import outcomes
from ssl_core.engine.heartbeat import Heartbeat
from ssl_core.engine.remote import Remote, StopAsked
from ssl_core.engine.reporting import LostRun, Report, Reporter
from ssl_core.engine.watched import Watched
from ssl_core.errors import UserError
from ssl_core.runs import weights
from ssl_core.runs.patience import patiently
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.store import RunStore
from ssl_core.training.stages import OnStage

log = logging.getLogger(__name__)


class Session(Protocol):
    """What a run needs of a training session, see ``ssl_core.training.session``."""

    clock: Any
    num_parameters: int
    taken_over: Any
    device: Any
    tokenized: Any
    arithmetic: Any

    @property
    def baselines(self) -> Any: ...  # noqa: D102
    def steps(self) -> Iterator[Any]: ...  # noqa: D102
    def is_snapshot_due(self) -> bool: ...  # noqa: D102
    def probe(self, sentences: Mapping[str, str]) -> Mapping[str, Mapping[str, Any] | UserError]: ...  # noqa: D102
    def save_checkpoint(self, folder: Path) -> None: ...  # noqa: D102
    def load_checkpoint(self, folder: Path) -> None: ...  # noqa: D102
    def is_keeping_due(self) -> bool: ...  # noqa: D102
    def keep_weights(self, folder: Path) -> None: ...  # noqa: D102
    def export(self, folder: Path) -> None: ...  # noqa: D102
    def result(self) -> dict[str, Any]: ...  # noqa: D102
    def waits_for_lines(self, at_most_s: float, /) -> bool: ...  # noqa: D102


OpenSession = Callable[[RunSpec, OnStage], Session]


def conduct(
    store: RunStore,
    run_id: str,
    worker: str,
    *,
    open_session: OpenSession,
    on_report: Callable[[Any], None] = lambda report: None,
    should_stop: Callable[[], bool] = lambda: False,
    late_lines_s: float = 0.0,
) -> str:
    """Lead a run that ``worker`` holds to its end, and return how it ended: done, stopped, failed or "lost".

    ``on_report`` hears every step, ``should_stop`` is asked between any two. For a line that is still being worked out when
    the run has ended, ``late_lines_s`` are waited, so that it stands on the chart from then on.
    """
    reporter = Reporter(store, run_id, worker)
    log_path = str(paths.run_folder(run_id) / "worker.log")
    with Heartbeat(store, run_id, worker) as heartbeat:
        conductor = _Conductor(reporter, heartbeat, open_session, on_report, should_stop)
        try:
            row = patiently(lambda: store.row(run_id))
            ended = conductor.lead(RunSpec.from_json(json.loads(row["spec"])), row["attempt"])
        except LostRun:
            log.warning("run %s is no longer ours", run_id)
            return "lost"
        except KeyboardInterrupt:
            reporter.finish("stopped")
            raise
        except Exception as reason:
            log.exception("run %s broke off", run_id)
            reporter.finish("failed", result=conductor.result, failure=outcomes.of_exception(reason, log_path))
            return "failed"
    conductor.show_late_lines(late_lines_s)
    return ended


class _Conductor:
    """One run, step by step."""

    def __init__(
        self,
        reporter: Reporter,
        heartbeat: Heartbeat,
        open_session: OpenSession,
        on_report: Callable[[Any], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self._reporter, self._open_session, self._on_report = reporter, open_session, on_report
        self._folder = paths.run_folder(reporter.run_id)
        self._remote = Remote(reporter, heartbeat, watch=self._watch, should_stop=should_stop)
        self._watched: Watched | None = None
        self.result: dict[str, Any] | None = None
        self._lines: Mapping[str, Any] = {}
        self._ended: Session | None = None

    def lead(self, spec: RunSpec, attempt: int) -> str:
        try:
            session = self._get_ready(spec, attempt)
        except StopAsked:
            return self._end("stopped")
        try:
            self._take_steps(session)
            status = "done"
        except StopAsked:
            status = "stopped"
        session.clock.pause()
        self._reporter.catch_up()
        self.result = session.result()
        self._show_lines(session)
        if self.result.get("reason") == "patience":
            self._reporter.event("early_stopped", {"best_step": self.result["best_step"]})
        self._export(session)
        self._ended = session
        return self._end(status)

    def show_late_lines(self, at_most_s: float) -> None:
        """Tell a line of a run that has ended, once it is worked out."""
        if self._ended is None or not self._ended.waits_for_lines(at_most_s):
            return
        lines, run_id, step = self._ended.baselines.to_json(), self._reporter.run_id, self._reporter.step
        patiently(lambda: self._reporter.store.add_late_event(run_id, "baselines", step=step, payload=lines))

    def _get_ready(self, spec: RunSpec, attempt: int) -> Session:
        def on_stage(stage: str, share: float = 0.0, /) -> None:
            self._remote.read_before_start()
            self._reporter.event("prepared", {"stage": stage, "share": round(share, 3)})

        session = self._open_session(spec, on_stage)
        self._watched = Watched(self._reporter, session.probe, spec.probes)
        self._reporter.mark("running")
        if attempt > 1:
            self._go_on(session, attempt)
        vocabulary_size, taken = session.tokenized.vocabulary.size, session.taken_over
        self._reporter.event(
            "started",
            {
                "device": str(session.device),
                "arithmetic": session.arithmetic.to_json(),
                "parameters": session.num_parameters,
                "vocabulary": vocabulary_size,
                "seconds_per_step": models.estimated_seconds_per_step(spec, vocabulary_size),
                "attempt": attempt,
                "taken_over": asdict(taken) if taken is not None else None,
            },
        )
        self._show_lines(session)
        return session

    def _show_lines(self, session: Session) -> None:
        """Tell the lines on the chart, again when one was worked out meanwhile."""
        lines = session.baselines.to_json()
        if lines != self._lines:
            self._lines = lines
            self._reporter.event("baselines", lines)

    def _go_on(self, session: Session, attempt: int) -> None:
        """Take a run up again from its last checkpoint, or from the start where there is none."""
        checkpoint = self._folder / "checkpoint"
        store, run_id = self._reporter.store, self._reporter.run_id
        latest = patiently(lambda: store.latest_step(run_id, "checkpoint")) if checkpoint.exists() else None
        if latest is not None:
            session.load_checkpoint(checkpoint)
            self._reporter.step, self._reporter.elapsed_s = latest, session.clock()
        known_until = -1 if latest is None else latest
        self._reporter.forget_after(known_until)
        weights.forget_after(run_id, known_until)
        self._remote.recall()
        self._reporter.event("taken_up", {"attempt": attempt})

    def _take_steps(self, session: Session) -> None:
        for report in session.steps():
            self._take(report, session)
            if report.is_last:
                return
            self._remote.obey(session.clock)

    def _take(self, report: Report, session: Session) -> None:
        is_single_step = self._remote.is_single_step
        if report.step:
            self._remote.step_taken()
        self._on_report(report)
        self._reporter.report(report, at_once=is_single_step)
        if report.measures:
            self._reporter.event("measured", report.measures)
        self._show_lines(session)
        if self._watched is not None and (session.is_snapshot_due() or is_single_step):
            self._watched.look()
            if report.step and not report.is_last:
                self._save(session)
        if report.step and not report.is_last and (session.is_keeping_due() or is_single_step):
            session.keep_weights(self._folder / weights.STEPS)

    def _save(self, session: Session) -> None:
        session.save_checkpoint(self._folder / "checkpoint")
        self._reporter.event("checkpoint", {"folder": "checkpoint"})

    def _watch(self, control_id: int, text: str) -> None:
        assert self._watched is not None, "controls are obeyed once the run is ready"
        self._watched.add(control_id, text)

    def _export(self, session: Session) -> None:
        """Keep the trained network; what was only there to go on from can go."""
        model = self._folder / "model"
        if model.exists():
            shutil.rmtree(model)
        session.export(model)
        shutil.rmtree(self._folder / "checkpoint", ignore_errors=True)

    def _end(self, status: str) -> str:
        return status if self._reporter.finish(status, result=self.result) else "lost"
