"""A worker: the process in which one run is trained. It puts store, session and conductor together."""

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from ssl_core import paths
from ssl_core.engine.abandoning import let_server_go
from ssl_core.engine.conductor import OpenSession, conduct
from ssl_core.engine.output import redirect_output
from ssl_core.engine.processes import mark_of
from ssl_core.runs import settled
from ssl_core.runs.patience import patiently
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.store import RunStore
from ssl_core.training.stages import OnStage

if TYPE_CHECKING:
    from ssl_core.training.session import TrainingSession

LATE_LINES_S = 300.0
"""So long a worker stays after its run for a floor that is still being worked out; it leaves its place to others meanwhile."""


def main(run_id: str, holder: str, open_session: OpenSession | None = None) -> None:
    """Take a run over from the engine ``holder`` that claimed it, and lead it to its end.

    Ends without a word if the run went to somebody else in between.
    """
    let_server_go()
    if hasattr(os, "setsid"):
        os.setsid()  # what ends the engine or the terminal does not end the run
    redirect_output(paths.run_folder(run_id) / "worker.log")
    store = RunStore()
    worker = str(mark_of("worker"))
    if not patiently(lambda: store.hand_over(run_id, worker, holder=holder)):
        return
    try:
        opened = open_session or partial(training_session, run=(store, run_id))
        conduct(store, run_id, worker, open_session=opened, late_lines_s=LATE_LINES_S)
    except SystemExit as ended:  # the ordinary way out would write the rest of the log to the full disk, and fail with 1
        os._exit(int(ended.code or 0))
    sys.stdout.flush()


def training_session(spec: RunSpec, on_stage: OnStage, run: tuple[RunStore, str] | None = None) -> "TrainingSession":
    """Open the real thing: corpus, tokenizer, network and loop.

    ``run`` is needed where the spec names trained weights to start from: they are copied into the folder of this run.
    Raises: UserError if these are gone or don't fit.
    """
    from transformers.utils import logging as transformers_logging

    from ssl_core.training import starts
    from ssl_core.training.session import TrainingSession

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # it would write into our own lines
    start = starts.of_run(*run, spec) if run is not None else None
    if run is not None:  # taken up again, it computes as it began
        store, run_id = run
        spec = settled.as_begun(spec, store.record(run_id))
    return TrainingSession(spec, on_stage=on_stage, start=start)
