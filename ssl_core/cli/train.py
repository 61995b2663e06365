"""``train``: one run in the foreground, through the same store and the same conductor as the app's."""

import argparse
import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssl_core import corpora, paths, pretext
from ssl_core.cli.printing import JsonLines, Lines, ProgressBar, Shown, plain
from ssl_core.cli.saved_runs import figures, taken_over
from ssl_core.cli.stopping import StopSignals
from ssl_core.config import knobs
from ssl_core.engine.conductor import conduct
from ssl_core.engine.output import logged_to
from ssl_core.engine.processes import mark_of
from ssl_core.engine.settings import prepare_threads
from ssl_core.engine.worker import training_session
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.models import arithmetic
from ssl_core.runs import flags, presets, settled, starts
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.store import RunStore
from ssl_core.training.config import BUDGETS
from ssl_core.training.stages import OnStage

if TYPE_CHECKING:
    from ssl_core.training.session import TrainingSession

OK, FAILED = 0, 1
MAX_CONFIG_BYTES = 1_000_000


def run(chosen: argparse.Namespace) -> int:
    """Train, print and return the exit code.

    Raises: UserError if the settings make no sense.
    """
    spec, store, worker = spec_of(chosen), RunStore(), str(mark_of("command"))
    prepare_threads()
    _check_device(spec.training.device)
    corpora.card(spec.corpus)  # a text that is gone or can't be read is told before a run is kept
    starts.check(store, spec)
    run_id = store.submit(spec, name=chosen.name or "", worker=worker)
    shown: Shown = JsonLines() if chosen.json else ProgressBar(spec) if sys.stdout.isatty() else Lines(spec)
    print(_("Run {run_id} gets ready. Ctrl-C stops it and keeps what it has learnt.").format(run_id=run_id), file=sys.stderr)
    open_session = partial(_opened, run=(store, run_id))
    with logged_to(paths.run_folder(run_id) / "worker.log"), StopSignals(shown) as stop:
        status = conduct(store, run_id, worker, open_session=open_session, on_report=shown.report, should_stop=stop.is_asked)
    shown.close()
    if shown.is_cut_off:
        raise BrokenPipeError
    code = _tell(store, run_id, status, as_json=chosen.json)
    return stop.exit_code or code


def spec_of(chosen: argparse.Namespace) -> RunSpec:
    """Return the run that a command line describes: the usual one, or that of a file, with what else is given.

    Raises: UserError if it makes no sense.
    """
    given = vars(chosen)
    values = {flag.name: flag.parse(given[name]) for flag in flags.flags() if given[name := f"flag {flag.name}"] is not None}
    if chosen.text_column is not None and chosen.corpus is None:
        raise UserError(N_("--text-column says which column of a table to read. Name the table with --corpus."))
    corpus = flags.absolute_corpus(chosen.corpus, chosen.text_column) if chosen.corpus is not None else None
    if chosen.config is not None:
        spec = _read_config(Path(chosen.config))
        spec |= {name: value for name, value in (("task", chosen.task), ("corpus", corpus)) if value is not None}
    else:
        task = "masked_lm" if chosen.task is None else chosen.task
        spec = flags.usual_run(task, corpus or presets.PRESETS[0].corpus).to_json()
    _check_task_flags(spec.get("task", "masked_lm"), values)
    if chosen.start_from is not None:
        spec = _started(RunSpec.from_json(spec), chosen.start_from, is_usual=chosen.config is None).to_json()
    if spec.get("start"):
        flags.refuse_fixed(spec, values)
    spec = flags.with_values(spec, values)
    training = spec.setdefault("training", {})
    for unit in BUDGETS:
        if given[unit] is not None:
            training |= {"budget": _number(unit, given[unit]), "budget_unit": unit, "pace": ()}
    if chosen.pace is not None:
        training["pace"] = flags.pace_from_text(chosen.pace)
    if chosen.probe:
        spec["probes"] = chosen.probe
    return RunSpec.from_json(spec)


def _opened(spec: RunSpec, on_stage: OnStage, run: tuple[RunStore, str]) -> "TrainingSession":
    """Open the training session, and say what it computes with."""
    session = training_session(spec, on_stage, run)
    said = arithmetic.sentence(session.arithmetic.to_json())
    print(_("Computed with {arithmetic}.").format(arithmetic=said), file=sys.stderr)
    return session


def _started(spec: RunSpec, text: str, *, is_usual: bool) -> RunSpec:
    """Return a run as it starts from what ``text`` names; a learning rate that a file gives stays as it is."""
    key, step = starts.read(text)
    begun = starts.starting_from(RunStore(), spec, key, step)
    return begun if is_usual else replace(begun, training=spec.training)


def _check_device(wanted: str) -> None:
    """Refuse a device that this machine lacks before a run is kept; what is always there costs no look.

    Raises: UserError if this machine has no such device.
    """
    if wanted not in ("auto", "cpu"):
        from ssl_core.training import devices  # brings torch, so not before the threads are set up

        devices.choose(wanted)


def _check_task_flags(task: str, values: dict[str, Any]) -> None:
    known = knobs(pretext.task(task).Config)
    for flag in flags.flags():
        if flag.name in values and flag.part == "task_settings" and flag.field not in known:
            raise UserError(N_("--{name} is no setting of the task {task}."), name=flag.name, task=task)


def _tell(store: RunStore, run_id: str, status: str, *, as_json: bool) -> int:
    record = store.record(run_id)
    if record.failure is not None:
        print(UserError.from_json(record.failure), file=sys.stderr)
    if as_json:
        failure = str(UserError.from_json(record.failure)) if record.failure is not None else None
        whole = {**(record.result or {}), "run_id": run_id, "status": status, "failure": failure}
        if (chosen := settled.arithmetic(record)) is not None:
            whole["computed_with"] = arithmetic.sentence(chosen)
        print(json.dumps({"result": plain(whole)}, ensure_ascii=False))
    else:
        if taken := taken_over(record):
            print(taken, file=sys.stderr)
        for name, value in figures(record):
            print(f"{name:<28} {value:.3f}")
        print(_("Run {run_id}: {folder}").format(run_id=run_id, folder=paths.run_folder(run_id)), file=sys.stderr)
    return OK if status in ("done", "stopped") else FAILED


def _read_config(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            written = file.read(MAX_CONFIG_BYTES + 1)  # a device or a pipe tells no size and may never end
        if len(written) > MAX_CONFIG_BYTES:
            raise UserError(N_("{path} is too large for a run's settings."), path=path)
        saved = json.loads(written.decode("utf-8"))
    except OSError as reason:
        raise UserError(N_("{path} can't be read: {reason}."), path=path, reason=reason.strerror or reason) from reason
    except (ValueError, RecursionError) as reason:
        raise UserError(N_("{path} holds no JSON: {reason}."), path=path, reason=reason) from reason
    return RunSpec.from_json(saved).to_json()


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UserError(N_("--{name} is {text!r}; give {wanted}."), name=name, text=text, wanted=_("a number")) from None
