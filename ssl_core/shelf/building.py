"""Training a model for the shelf: the usual session, saved every few minutes, so that a broken-off build goes on."""

import hashlib
import json
import math
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout

from ssl_core import paths, shelf
from ssl_core.corpora import card as card_of_corpus
from ssl_core.corpora import mixed
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.runs.spec import RunSpec
from ssl_core.shelf import judging, opening
from ssl_core.shelf.recipes import Recipe
from ssl_core.training import checkpoints, export
from ssl_core.training.loop import StepReport
from ssl_core.training.session import TrainingSession

SAVE_EVERY_S = 120.0
ROUNDING_S = 0.1
COLUMNS = ("step", "tokens", "seconds", "train_nats", "val_nats")


@dataclass(slots=True)
class _Progress:
    """The loss curve so far: a row for each validation, with the mean training loss since the one before."""

    spec: Mapping[str, Any]
    rows: list[list[float | None]] = field(default_factory=list)
    is_finished: bool = False
    sum_nats: float = 0.0
    num_steps: int = 0
    processor_s: float = 0.0

    def add(self, report: StepReport) -> None:
        if math.isfinite(report.train_loss_nats):
            self.sum_nats, self.num_steps = self.sum_nats + report.train_loss_nats, self.num_steps + 1
        if report.val_loss_nats is not None:
            train_nats = round(self.sum_nats / self.num_steps, 4) if self.num_steps else None
            seconds, val_nats = round(report.elapsed_s, 1), round(report.val_loss_nats, 4)
            self.rows.append([report.step, report.tokens, seconds, train_nats, val_nats])
            self.sum_nats, self.num_steps = 0.0, 0
        self.is_finished = report.is_last


def work_folder(name: str) -> Path:
    """Return where a build keeps what it needs to go on."""
    return paths.home() / "shelf" / name


@contextmanager
def alone(name: str) -> Iterator[Path]:
    """Give the folder in which one model is built, to one build at a time.

    Raises: UserError if another build of it is at work.
    """
    folder = work_folder(name)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "building.lock", timeout=0):
            yield folder
    except Timeout as taken:
        raise UserError(N_("Another build of {name} is at work. Wait for it, or end it first."), name=name) from taken


def train(
    session: TrainingSession,
    folder: Path,
    *,
    on_report: Callable[[StepReport], None] = lambda report: None,
    should_stop: Callable[[], bool] = lambda: False,
    save_every_s: float = SAVE_EVERY_S,
) -> bool:
    """Train to the end, going on where an earlier build of the same run was broken off; False if asked to stop before."""
    progress = _read(session, folder)
    if progress.is_finished:
        return True
    saved_at, worked_s = time.monotonic(), progress.processor_s - time.process_time()
    for report in session.steps():
        progress.add(report)
        on_report(report)
        asked = not report.is_last and should_stop()
        if report.is_last or asked or time.monotonic() - saved_at > save_every_s:
            progress.processor_s = round(worked_s + time.process_time(), 3)
            _save(session, folder, progress)
            saved_at = time.monotonic()
        if asked:
            return False
    return True


def install(session: TrainingSession, recipe: Recipe, folder: Path, target: Path) -> shelf.Card:
    """Write the trained network in half precision, with its card, to ``target``; what stood there goes.

    Raises: UserError if the network can't be shown on a sentence of the recipe.
    """
    progress = _read(session, folder)
    result = session.result()
    with paths.written_whole(target) as partial:
        spec, tokenizer = session.spec, session.tokenized.tokenizer
        export.save(partial, session.model, tokenizer, spec.model.context_tokens, dtype=torch.float16)
        weights = hashlib.sha256((partial / export.WEIGHTS_FILE).read_bytes()).hexdigest()
        card = shelf.Card(
            name=recipe.name,
            title=recipe.title,
            language=recipe.language,
            limits=recipe.limits,
            command=recipe.command,
            spec=spec.to_json(),
            data=_data(session),
            parameters=result["parameters"],
            vocabulary=result["vocabulary"],
            steps=result["steps"],
            tokens=result["tokens"],
            seconds=round(session.clock(), 1),
            processor_seconds=progress.processor_s,
            device=result["device"],
            val_nats=result["val_loss_nats"],
            test_nats=result["test_loss_nats"],
            bits_per_byte=result["bits_per_byte"],
            lines=result["baselines"],
            curve={name: [row[number] for row in progress.rows] for number, name in enumerate(COLUMNS)},
            held_out=judging.figures(opening.opened_from(partial, spec), recipe.judged),
            samples=_samples(session, recipe),
            weights=weights,
        )
        text = json.dumps(card.to_json(), ensure_ascii=False, indent=1)
        (partial / shelf.CARD_FILE).write_text(text + "\n", encoding="utf-8")
        if target.exists():
            shutil.rmtree(target)
    return card


def _samples(session: TrainingSession, recipe: Recipe) -> tuple[Mapping[str, Any], ...]:
    shown = session.probe({str(number): text for number, text in enumerate(recipe.shown_on)})
    found: list[Mapping[str, Any]] = []
    for each in shown.values():
        if isinstance(each, UserError):
            raise each
        found.append(each)
    return tuple(found)


def _data(session: TrainingSession) -> dict[str, Any]:
    tokenized, key = session.tokenized, session.spec.corpus
    cards = [card_of_corpus(each) for each in key.split(mixed.JOINT)]
    return {
        "texts": [{"key": each.key, "title": each.title, "num_documents": each.num_documents} for each in cards],
        "train_tokens": len(tokenized.train_ids),
        "validation_tokens": len(tokenized.validation_ids),
        "test_tokens": len(tokenized.test_ids),
        "unknown_rate": tokenized.unknown_rate,
    }


def _read(session: TrainingSession, folder: Path) -> _Progress:
    """Return how far an earlier build of this very run came, the session taken there; else a fresh start."""
    fresh = _Progress(session.spec.to_json())
    try:
        found = _Progress(**json.loads((folder / "progress.json").read_text(encoding="utf-8")))
        is_this_run = RunSpec.from_json(found.spec) == session.spec  # settings that are newer than it had their default
    except (OSError, ValueError, TypeError, UserError):  # nothing there, not whole, or made by other code
        return fresh
    if not is_this_run or not (folder / checkpoints.FILE_NAME).exists():
        return fresh
    session.load_checkpoint(folder)
    rows = [row for row in found.rows if (row[2] or 0.0) <= session.clock() + ROUNDING_S]
    return replace(found, rows=rows, is_finished=found.is_finished and rows == found.rows)


def _save(session: TrainingSession, folder: Path, progress: _Progress) -> None:
    """Keep the curve, then the checkpoint; points beyond the checkpoint are dropped when they are read."""
    with paths.written_whole(folder / "progress.json") as partial:
        partial.write_text(json.dumps(asdict(progress)), encoding="utf-8")
    session.save_checkpoint(folder)
