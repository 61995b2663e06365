"""Train every preset once, in a home of its own, and keep the runs that the pages replay (assets/recorded/)."""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from ssl_core.runs import presets  # noqa: E402
from ssl_core.runs.record import RunRecord, save_recording  # noqa: E402
from ssl_core.runs.spec import RunSpec  # noqa: E402
from ssl_core.runs.store import RunStore  # noqa: E402

MAX_POINTS = 300
LEFT_OUT = ("checkpoint",)  # names folders of the machine that trained


def main() -> None:
    """Record the presets named on the command line, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="*", default=[each.key for each in presets.PRESETS])
    parser.add_argument("--home", type=Path, help="take the runs from this home, where they were trained before")
    asked = parser.parse_args()
    for key in asked.presets:
        with contextlib.nullcontext(asked.home) if asked.home else tempfile.TemporaryDirectory() as home:
            if not asked.home:
                train(presets.spec(key), Path(home))
            recorded = thinned(found(presets.spec(key), Path(home)))
        path = ROOT / "assets" / "recorded" / f"{key}.json"
        save_recording(replace(recorded, id=key, name=presets.preset(key).title), path)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB, {recorded.result}")


def train(spec: RunSpec, home: Path) -> None:
    """Train a run in ``home``, on the command line."""
    config = home / "config.json"
    config.write_text(json.dumps(spec.to_json()), encoding="utf-8")
    command = [sys.executable, "-m", "ssl_core", "train", "--config", str(config), "--json"]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"PLAYGROUND_HOME": str(home)}, check=True, stdout=subprocess.DEVNULL)


def found(spec: RunSpec, home: Path) -> RunRecord:
    """Return the run in ``home`` that was trained with exactly these settings, the newest if there are several."""
    store = RunStore(f"sqlite:///{home.resolve() / 'runs.sqlite'}")
    done = store.rows(statuses=["done"])
    run_id = next((row["id"] for row in done if RunSpec.from_json(json.loads(row["spec"])) == spec), None)
    if run_id is None:
        raise SystemExit(f"No finished run of {spec.task} on {spec.corpus} with these settings in {home}.")
    return store.record(run_id)


def thinned(record: RunRecord) -> RunRecord:
    """Keep every validation and evenly chosen other reports, and drop what only means something on this machine."""
    is_validation = np.isfinite(record.metrics["val_loss_nats"])
    others = np.flatnonzero(~is_validation)
    room = max(MAX_POINTS - int(is_validation.sum()), 1)
    chosen = others[np.unique(np.linspace(0, len(others) - 1, min(room, len(others))).astype(int))] if len(others) else others
    kept = np.sort(np.concatenate([np.flatnonzero(is_validation), chosen]))
    return replace(
        record,
        metrics={name: values[kept] for name, values in record.metrics.items()},
        events=tuple(each for each in record.events if each.kind not in LEFT_OUT),
    )


if __name__ == "__main__":
    main()
