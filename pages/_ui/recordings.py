"""Recorded runs, so that no page is ever empty."""

import os
from functools import lru_cache
from pathlib import Path

from ssl_core import corpora
from ssl_core.runs import fitting, presets
from ssl_core.runs.record import RunRecord, load_recording
from ssl_core.runs.spec import RunSpec

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


def like(spec: RunSpec) -> RunRecord | None:
    """Return the recorded run most like what was asked for: its own, else one of the same task.

    Of these, first one with the same baselines, then one on the same text, then one in the language of the text.
    """
    language = next((each.language for each in corpora.cards() if each.key == spec.corpus), "")
    known = [(each, found) for each in presets.PRESETS if each.task == spec.task and (found := recording(each.key)) is not None]
    by_likeness = sorted(
        known,
        key=lambda each: (
            not fitting.fits(spec, each[1].spec),
            not fitting.has_same_baselines(spec, each[1].spec),
            each[0].corpus != spec.corpus,
            each[0].language != language,
        ),
    )
    return by_likeness[0][1] if by_likeness else None


def own(spec: RunSpec) -> RunRecord | None:
    """Return the recorded run that shows what these settings do, or None where there is none."""
    found = like(spec)
    return found if found is not None and fitting.fits(spec, found.spec) else None


def with_same_vocabulary(spec: RunSpec) -> RunRecord | None:
    """Return a recorded run, of any task that asks for tokens, whose text is cut into the same tokens."""
    of_text = (recording(each.key) for each in presets.PRESETS if each.corpus == spec.corpus)
    return next((found for found in of_text if found is not None and _knows_vocabulary(spec, found)), None)


def _knows_vocabulary(spec: RunSpec, recorded: RunRecord) -> bool:
    started = recorded.latest("started")
    return fitting.has_same_vocabulary(spec, recorded.spec) and started is not None and "vocabulary" in started.payload


@lru_cache(maxsize=64)
def _load(path: Path, _changed_at: float) -> RunRecord:
    return load_recording(path)
