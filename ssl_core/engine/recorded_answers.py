"""Answers that come with the app: what the pages about networks show while the engine is still starting.

    recorded_answers.find("attention", payload)      the answer to this very question, None where none was recorded

Of each model of the shelf and each kind of question at most one answer is kept, ``assets/answers/NAME.KIND.json``, its
arrays beside it. It stands for this question about these weights alone; ``tools/record_answers.py`` makes them anew.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from ssl_core import shelf
from ssl_core.engine.questions import Answer

FOLDER = Path(__file__).parents[2] / "assets" / "answers"
_DIGITS = 6  # that count: float32 has no more, and other processors differ in the next


def find(kind: str, payload: Mapping[str, Any]) -> Answer | None:
    """Return the recorded answer to this very question; None where there is none."""
    model = payload.get("model")
    name = shelf.name_of(model.get("run")) if isinstance(model, Mapping) else None
    if name not in shelf.names():
        return None
    found = _read(_path(name, kind))
    if found is None or found["payload"] != _as_json(payload) or found["weights"] != shelf.card(name).weights:
        return None
    file = _path(name, kind).with_suffix(".safetensors")
    return Answer(id="", status="answered", values=found["values"], file=file if file.exists() else None)


def keep(kind: str, payload: Mapping[str, Any], answer: Answer) -> Path:
    """Write an answer of a shelf model into the app's own folder; return its file."""
    name = shelf.name_of(payload["model"]["run"])
    assert name is not None, "only models that come with the app have recorded answers"
    path = _path(name, kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {"kind": kind, "payload": _as_json(payload), "weights": shelf.card(name).weights, "values": _short(answer.values)}
    path.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    if arrays := answer.arrays():
        packed = save({each: np.ascontiguousarray(array) for each, array in arrays.items()})
        path.with_suffix(".safetensors").write_bytes(packed)
    _read.cache_clear()
    return path


def _as_json(payload: Mapping[str, Any]) -> Any:
    return json.loads(json.dumps(payload))


def _path(name: str, kind: str) -> Path:
    return FOLDER / f"{name}.{kind}.json"


@lru_cache(maxsize=32)
def _read(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _short(value: Any) -> Any:
    """Return values with no more digits than count."""
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, Mapping):
        return {name: _short(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_short(each) for each in value]
    return value
