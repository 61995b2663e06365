"""What each preset learns in one minute: ``python -m benchmarks.learning``.

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
    "preset", "uniform", "unigram", "bigram", "floor", "after 60 s", "gain", "closed", "gain by seed", "steps", "seconds",
)  # fmt: skip
NOTE = (
    "After 60 s, gain and steps are medians over the seeds. Gain: nats below unigram. Closed: the share of the gap from "
    "unigram to the floor that is closed; the floor is known only where a grammar of our own made the text."
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[each.key for each in presets.PRESETS], metavar="PRESET")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    parser.add_argument("--home", help="keep the runs in this folder (default: a temporary one)")
    chosen = parser.parse_args()
    with contextlib.nullcontext(chosen.home) if chosen.home else tempfile.TemporaryDirectory() as home:
        rows = []
        for key in chosen.only:
            prepare(key, home)
            results = [trained(key, seed, chosen.seconds, home) for seed in range(chosen.seeds)]
            rows.append(row(key, results))
            print(" | ".join(rows[-1]), flush=True)
    if chosen.write:
        table.write("learning", HEADER, rows, NOTE)


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
        *(f"{lines[name]:.2f}" for name in ("uniform_nats", "unigram_nats", "bigram_nats")),
        f"{lines['floor_nats']:.2f}" if lines["floor_nats"] is not None else "unknown",
        f"{statistics.median(each['val_loss_nats'] for each in results):.2f}",
        f"**{statistics.median(gains):.2f}**",
        closed(sorted(results, key=gain)[len(results) // 2]),
        ", ".join(f"{each:.2f}" for each in gains),
        f"{statistics.median(each['steps'] for each in results):,.0f}",
        f"{max(each['elapsed_s'] for each in results):.1f}",
    ]


if __name__ == "__main__":
    main()
