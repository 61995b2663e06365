"""What each preset learns in its time: ``python -m benchmarks.learning``.

Each run is one fresh process of the command line, with as many threads as it takes by itself, alone on the machine.
``--only`` and ``--seeds`` make it shorter, ``--write`` puts the table into the README (only for the whole benchmark).
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

from benchmarks import table
from ssl_core.runs import presets

HEADER = (
    "preset", "uniform", "unigram", "bigram", "floor", "at the end", "gain", "closed", "gain by seed", "steps", "seconds",
)  # fmt: skip
MORE_HEADER = (*HEADER[:8], "beside the loss", *HEADER[9:])
NOTE = (
    "Loss at the end, gain, steps and figures beside the loss are medians over the seeds. Gain: nats below unigram. Closed: "
    "the share of the gap from unigram to the floor that is closed; the floor is known only where a grammar of our own made "
    "the text."
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[each.key for each in presets.PRESETS], metavar="PRESET")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seconds", type=float, help="instead of each preset's own budget")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    parser.add_argument("--home", help="keep the runs in this folder (default: a temporary one)")
    chosen = parser.parse_args()
    with contextlib.nullcontext(chosen.home) if chosen.home else tempfile.TemporaryDirectory() as home:
        rows: dict[bool, list[list[str]]] = {True: [], False: []}
        for key in chosen.only:
            prepare(key, home)
            seconds = chosen.seconds or presets.spec(key).training.budget
            results = [trained(key, seed, seconds, home) for seed in range(chosen.seeds)]
            rows[presets.is_main(key)].append(row(key, results))
            print(" | ".join(rows[presets.is_main(key)][-1]), flush=True)
    if chosen.write:
        for name, header, is_main in (("learning", HEADER, True), ("tasks", MORE_HEADER, False)):
            if rows[is_main]:
                table.write(name, header, rows[is_main], NOTE)


def prepare(key: str, home: str) -> None:
    """Train for one step, so that the text is tokenised before a minute is measured."""
    command(key, home, "--steps", "1")


def trained(key: str, seed: int, seconds: float, home: str) -> dict[str, Any]:
    """Return the result of one run by the command line."""
    lines = command(key, home, "--seconds", f"{seconds:g}", "--seed", str(seed))
    result: dict[str, Any] = json.loads(lines[-1])["result"]
    print(f"  {key} seed {seed}: {gain(result):.3f} nats below unigram after {result['elapsed_s']:.1f} s", flush=True)
    return result


def command(key: str, home: str, *options: str) -> list[str]:
    """Run ``train`` for a preset and return what it prints, line by line."""
    spec = presets.spec(key)
    parts = [sys.executable, "-m", "ssl_core", "train", "--task", spec.task, "--corpus", spec.corpus, "--json", *options]
    done = subprocess.run(parts, env={**os.environ, "PLAYGROUND_HOME": home}, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()


def gain(result: dict[str, Any]) -> float:
    return float(result["baselines"]["unigram_nats"] - result["val_loss_nats"])


def closed(result: dict[str, Any]) -> str:
    """Return how much of the gap from unigram to the floor a run closed, in percent."""
    lines = result["baselines"]
    if lines["floor_nats"] is None:
        return ""
    return f"{gain(result) / (lines['unigram_nats'] - lines['floor_nats']):.1%}"


def row(key: str, results: Sequence[dict[str, Any]]) -> list[str]:
    lines = results[0]["baselines"]
    gains = sorted(gain(each) for each in results)
    return [
        key,
        *(_nats(lines[name]) for name in ("uniform_nats", "unigram_nats", "bigram_nats", "floor_nats")),
        f"{statistics.median(each['val_loss_nats'] for each in results):.2f}",
        f"**{statistics.median(gains):.2f}**",
        closed(sorted(results, key=gain)[len(results) // 2]),
        ", ".join(f"{each:.2f}" for each in gains) if presets.is_main(key) else _measures(results),
        f"{statistics.median(each['steps'] for each in results):,.0f}",
        f"{max(each['elapsed_s'] for each in results):.1f}",
    ]


def _nats(value: float | None) -> str:
    return f"{value:.2f}" if value is not None else "unknown"


def _measures(results: Sequence[dict[str, Any]]) -> str:
    names = results[0].get("measures", {})
    return ", ".join(f"{name} {statistics.median(each['measures'][name] for each in results):.3f}" for name in names)


if __name__ == "__main__":
    main()
