"""Recorded runs, so that no page is ever empty."""

import os
from functools import lru_cache
from pathlib import Path

from ssl_core import corpora
from ssl_core.runs import presets
from ssl_core.runs.record import RunRecord, load_recording

ASSETS = Path(__file__).parents[2] / "assets"


def folder() -> Path:
    """Return where the recordings are: PLAYGROUND_RECORDINGS, else the house's own."""
    return Path(os.environ.get("PLAYGROUND_RECORDINGS") or ASSETS / "recorded")


def recording(preset_key: str) -> RunRecord | None:
    """Return the recorded run of a preset, or None where none was recorded."""
    path = folder() / f"{preset_key}.json"
    return _load(path, path.stat().st_mtime) if path.exists() else None


def of_pair(name: str) -> RunRecord | None:
    """Return a recorded run of a pair, right or broken, by ``runs.pairs.recorded_name``, or None where there is none."""
    path = folder() / "pairs" / f"{name}.json"
    return _load(path, path.stat().st_mtime) if path.exists() else None


def like(task: str, corpus_key: str) -> RunRecord | None:
    """Return the recorded run most like what was asked for: the same task, on this text or else on one in its language."""
    language = next((each.language for each in corpora.cards() if each.key == corpus_key), "")
    same_task = [each for each in presets.PRESETS if each.task == task]
    best_first = sorted(same_task, key=lambda each: (each.corpus != corpus_key, each.language != language))
    return next((found for each in best_first if (found := recording(each.key)) is not None), None)


@lru_cache(maxsize=48)
def _load(path: Path, _changed_at: float) -> RunRecord:
    return load_recording(path)
