"""Train each mistake once, and the right run beside it, and keep what the page "Break it" replays."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from ssl_core import mistakes  # noqa: E402
from ssl_core.runs import pairs  # noqa: E402
from ssl_core.runs.record import RunRecord, save_recording  # noqa: E402
from ssl_core.runs.spec import RunSpec  # noqa: E402
from tools import record_presets  # noqa: E402

CORPORA = ("tinyworld-en", "tinyworld-zh")
FOLDER = ROOT / "assets" / "recorded" / "pairs"
MAX_POINTS, KEPT_LOOKS = 110, 3


def main() -> None:
    """Record the mistakes named on the command line, or all of them; what is there already stays unless --again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mistakes", nargs="*", default=list(mistakes.MENU))
    parser.add_argument("--corpus", choices=CORPORA)
    parser.add_argument("--again", action="store_true")
    asked = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    record_presets.MAX_POINTS = MAX_POINTS
    for spec in _specs(asked.mistakes, [asked.corpus] if asked.corpus else list(CORPORA)):
        path = FOLDER / f"{pairs.recorded_name(spec)}.json"
        if asked.again or not path.exists():
            recorded = _trained(spec)
            save_recording(replace(recorded, id=path.stem, name=path.stem), path)
            print(f"{path.name}: {path.stat().st_size // 1024} KB", _figures(recorded), flush=True)


def _specs(keys: list[str], corpora: list[str]) -> Iterator[RunSpec]:
    for corpus in corpora:
        for key in keys:
            yield from reversed(pairs.pair(key, mistakes.tasks_of(key)[0], corpus, steps=pairs.RECORDED_STEPS))


def _trained(spec: RunSpec) -> RunRecord:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(os.environ.get("PLAYGROUND_HOME") or folder)
        home.mkdir(parents=True, exist_ok=True)
        record_presets.train(spec, home)
        return _thinned(record_presets.found(spec, home))


def _thinned(record: RunRecord) -> RunRecord:
    """Keep few points, and of the looks at the probes the first and the last ones."""
    looks = sorted({each.step for each in record.events_of("probe")})
    kept = {*looks[:1], *looks[1 - KEPT_LOOKS :]}
    events = tuple(each for each in record.events if each.kind != "probe" or each.step in kept)
    return record_presets.thinned(replace(record, events=events))


def _figures(record: RunRecord) -> dict[str, object]:
    result = record.result or {}
    names = ("val_loss_nats", "test_loss_nats", "measures", "steps")
    lines = result.get("baselines", {})
    last = {"train_loss_nats": float(record.metrics["train_loss_nats"][-1])}
    return {**{name: result.get(name) for name in names}, **last, "floor": lines.get("floor_nats")}


if __name__ == "__main__":
    main()
