"""What a learner takes home of a run: its numbers, its settings, its network, and the line that repeats it."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ssl_core import paths
from ssl_core.runs import flags, settled
from ssl_core.runs.record import METRIC_NAMES, RunRecord
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.store import RunStore

WHOLE_NUMBERS = frozenset({"step", "tokens"})


def metrics_csv(record: RunRecord) -> str:
    """Return all reports as a table, one line each, empty where nothing was measured."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(METRIC_NAMES)
    writer.writerows(zip(*(map(_cell(name), record.metrics[name]) for name in METRIC_NAMES), strict=True))
    return text.getvalue()


def config_json(record: RunRecord) -> str:
    """Return the run's settings, its pace and what it computed with: ``python -m ssl_core train --config FILE`` repeats it."""
    chosen = settled.arithmetic(record) or {}
    computed_with = {name: chosen[name] for name in settled.NAMES if name in chosen}
    saved = {**record.spec, "training": {**record.spec["training"], **computed_with, "pace": list(_pace(record))}}
    return json.dumps(saved, ensure_ascii=False, indent=2) + "\n"


def reproduce_command(record: RunRecord) -> str:
    """Return one line for a shell that trains the same run again; on the same machine it gives the same numbers."""
    return flags.command(settled.as_begun(RunSpec.from_json(record.spec), record), pace=_pace(record))


def model_zip(run_id: str, store: RunStore | None = None) -> Path | None:
    """Return a zip file with the trained network in ``save_pretrained`` form, or None where there is none yet.

    Raises: UserError if there is no such run.
    """
    (store or RunStore()).row(run_id)  # lets no id through that could lead elsewhere
    folder = paths.run_folder(run_id) / "model"
    if not folder.is_dir():
        return None
    packed = folder.with_suffix(".zip")
    if not packed.exists():
        with paths.written_whole(packed) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(each for each in folder.rglob("*") if each.is_file()):
                archive.write(file, f"{run_id}/{file.relative_to(folder).as_posix()}")
    return packed


def _pace(record: RunRecord) -> tuple[int, ...]:
    result: Mapping[str, Any] = record.result or {}
    return tuple(result.get("pace") or record.spec["training"].get("pace", ()))


def _cell(name: str) -> Any:
    def text(value: float) -> str:
        if np.isnan(value):
            return ""
        return str(int(value)) if name in WHOLE_NUMBERS else f"{value:.8g}"

    return text
