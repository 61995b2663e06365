"""``runs``: list, show, stop and delete what the store holds."""

import argparse
import json
import time
from typing import Any

from ssl_core import mistakes, pretext
from ssl_core.engine.adoption import Watch
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.models import arithmetic
from ssl_core.runs import downloads, settled
from ssl_core.runs.record import METRIC_NAMES, RunRecord
from ssl_core.runs.store import RunStore

STATUSES = {
    "queued": N_("queued"),
    "running": N_("running"),
    "paused": N_("paused"),
    "done": N_("done"),
    "stopped": N_("stopped"),
    "failed": N_("failed"),
}
LINES = {
    "uniform_nats": N_("all tokens alike"),
    "unigram_nats": N_("word frequencies only"),
    "bigram_nats": N_("bigram model, both sides"),
    "floor_nats": N_("the best possible"),
}


def list_runs(chosen: argparse.Namespace) -> int:
    """Print all runs, the newest first."""
    rows = _store().rows()
    facts = [_facts(row) for row in rows]
    if chosen.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
        return 0
    if not facts:
        print(_("No runs yet. Train one: python -m ssl_core train"))
    for each in facts:
        best = f"{each['best_loss_nats']:.3f}" if each["best_loss_nats"] is not None else "–"
        date = time.strftime("%Y-%m-%d %H:%M", time.localtime(each["created_at"]))
        print(f"{each['id']}  {date}  {_(STATUSES[each['status']]):<8} {best:>6}  {each['name']}")
    return 0


def show(chosen: argparse.Namespace) -> int:
    """Print one run.

    Raises: UserError if there is no such run.
    """
    record = _store().record(chosen.run_id)
    if chosen.json:
        print(json.dumps(_whole(record), ensure_ascii=False, indent=2))
        return 0
    print(f"{record.id}  {record.name}")
    print(_("Status: {status}").format(status=_(STATUSES[record.status])))
    if record.failure is not None:
        print(UserError.from_json(record.failure))
    if mistake := record.spec.get("mistake"):
        print(_("Broken on purpose: {mistake}").format(mistake=_(mistakes.mistake(mistake).TITLE)))
    if taken := taken_over(record):
        print(taken)
    if (computed_with := settled.arithmetic(record)) is not None:
        print(_("Computed with {arithmetic}.").format(arithmetic=arithmetic.sentence(computed_with)))
    num_reports = len(record.metrics["step"])
    if num_reports:
        print(
            _("{steps:,} steps, {tokens:,} tokens in {seconds:.1f} s").format(
                steps=int(record.metrics["step"][-1]),
                tokens=int(record.metrics["tokens"][-1]),
                seconds=record.metrics["elapsed_s"][-1],
            )
        )
    for name, value in figures(record):
        print(f"  {name:<28} {value:.3f}")
    print(_("To train it again:"))
    print(f"  {downloads.reproduce_command(record)}")
    return 0


def stop(chosen: argparse.Namespace) -> int:
    """Ask a run to stop.

    Raises: UserError if there is no such run, or it has ended.
    """
    if not RunStore().control(chosen.run_id, "stop"):
        raise UserError(N_("Run {run_id} has ended already."), run_id=chosen.run_id)
    return _say(chosen, {"id": chosen.run_id, "asked": "stop"}, _("Run {run_id} is asked to stop."))


def delete(chosen: argparse.Namespace) -> int:
    """Delete a run.

    Raises: UserError if there is no such run, or it has not ended.
    """
    _store().delete(chosen.run_id)
    return _say(chosen, {"id": chosen.run_id, "deleted": True}, _("Run {run_id} is deleted."))


def figures(record: RunRecord) -> list[tuple[str, float]]:
    """Return the final losses, the lines they are held against and what else was measured, as the task names it all."""
    task, result = record.spec["task"], record.result or {}
    baselines, measures = result.get("baselines", {}), result.get("measures", {})
    lines = LINES | getattr(pretext.task(task), "LINES", {})
    named = [
        (_("validation loss, nats"), result.get("val_loss_nats")),
        (_("test loss, nats"), result.get("test_loss_nats")),
        *((_(title), baselines.get(name)) for name, title in lines.items()),
        *((_(each.title), measures.get(name)) for name, each in pretext.measures(task).items()),
    ]
    return [(name, value) for name, value in named if value is not None]


def taken_over(record: RunRecord) -> str:
    """Say which trained weights a run began with, and how many; "" where it began with random ones."""
    start, begun = record.spec.get("start", ""), record.latest("started")
    taken = begun.payload.get("taken_over") if begun is not None else None
    if not start or taken is None:
        return ""
    return _("Started from {start} at step {step:,}: {taken:,} parameters taken over, {fresh:,} began anew.").format(
        start=start, step=taken["step"], taken=taken["parameters"], fresh=taken["fresh"]
    )


def _say(chosen: argparse.Namespace, facts: dict[str, Any], text: str) -> int:
    print(json.dumps(facts) if chosen.json else text.format(run_id=chosen.run_id))
    return 0


def _store() -> RunStore:
    """Return the store, after labelling runs whose command is gone: no engine may be there to do it."""
    store = RunStore()
    Watch(store).label_abandoned_commands()
    return store


def _facts(row: Any) -> dict[str, Any]:
    spec = json.loads(row["spec"])
    names = ("id", "name", "status", "created_at", "started_at", "ended_at", "best_loss_nats")
    return {
        **{name: row[name] for name in names},
        "task": spec["task"],
        "corpus": spec["corpus"],
        "mistake": spec.get("mistake", ""),
        "start": spec.get("start", ""),
    }


def _whole(record: RunRecord) -> dict[str, Any]:
    names = ("id", "name", "status", "created_at", "started_at", "ended_at", "spec", "result")
    values = {name: getattr(record, name) for name in names}
    values["failure"] = str(UserError.from_json(record.failure)) if record.failure is not None else None
    points = zip(*(record.metrics[name] for name in METRIC_NAMES), strict=True)
    values["metrics"] = [
        {name: None if value != value else float(value) for name, value in zip(METRIC_NAMES, point, strict=True)}
        for point in points
    ]
    values["measured"] = [
        {"step": each.step, "elapsed_s": each.elapsed_s, **each.payload} for each in record.events_of("measured")
    ]
    values["arithmetic"] = settled.arithmetic(record)
    values["command"] = downloads.reproduce_command(record)
    return values
