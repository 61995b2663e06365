"""How long until a text of one's own is ready, the first time and after, and how much memory it takes, however large it is."""

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import table

MB = 2**20
KINDS = {"wordpiece": 1024, "character": 2048}
MADE_OF = {"English": ("bbc-news", "king-james", "python-docs"), "Chinese": ("peoples-daily", "chinese-reviews")}
SMALL_MB = 19.9  # just below the limit of uploads
LARGE_MB = (50, 200)
GIGABYTE_MB = 1024


def main() -> None:
    """Measure and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="how often the 20 MB texts are made ready anew")
    parser.add_argument("--large-only", action="store_true", help="leave the 20 MB texts out")
    parser.add_argument("--gigabyte", action="store_true", help="a text of 1 GB as well, which takes some minutes")
    parser.add_argument("--child", nargs=2, metavar=("PATH", "KIND"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(measured_here(Path(asked.child[0]), asked.child[1])))
        return
    with tempfile.TemporaryDirectory() as folder:
        if not asked.large_only:
            _small(Path(folder), asked.times)
        _large(Path(folder), [*LARGE_MB, *([GIGABYTE_MB] if asked.gigabyte else [])])


def measured_here(path: Path, kind: str) -> dict[str, float]:
    """Make a text ready in this process, and say what it took."""
    from ssl_core import corpora, tokenization
    from ssl_core.tokenization.config import TokenizerConfig

    config = TokenizerConfig(kind=kind, vocabulary_size=KINDS[kind])
    started = time.perf_counter()
    made = tokenization.tokenized(corpora.load(str(path)), config)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "peak_mb": _peak_mb(), "tokens": len(made.train_ids), "sample": made.learnt_from_characters}


def _peak_mb() -> float:
    """Return the most memory this process had. On Linux not from getrusage, which counts what its parent had before."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MB if sys.platform == "darwin" else 1024)


def _small(folder: Path, times: int) -> None:
    rows = []
    for name, keys in MADE_OF.items():
        path = _written(folder / f"{name}.txt", keys, SMALL_MB)
        for kind in KINDS:
            firsts, seconds = [], []
            for number in range(times):
                home = folder / f"home-{name}-{kind}-{number}"
                firsts.append(_child(path, kind, home))
                seconds.append(_child(path, kind, home)["seconds"])
            rows.append((
                f"{name}, {kind} {KINDS[kind]:,}",
                f"**{statistics.median(each['seconds'] for each in firsts):.1f} s**",
                f"**{statistics.median(seconds):.2f} s**",
                f"{max(each['peak_mb'] for each in firsts):.0f} MB",
                f"{firsts[0]['tokens'] / 1e6:.1f} M",
            ))  # fmt: skip
    header = ("20 MB of", "first time", "after", "peak memory", "train tokens")
    table.write("corpora", header, rows, f"Medians of {times}, each in a new process with an empty cache.")


def _large(folder: Path, sizes_mb: Sequence[int]) -> None:
    rows = []
    for size_mb in sizes_mb:
        path = _written(folder / "large.txt", MADE_OF["English"], size_mb)
        found = _child(path, "wordpiece", folder / f"home-{size_mb}")
        again = _child(path, "wordpiece", folder / f"home-{size_mb}")
        rows.append((
            f"{size_mb:,} MB", f"{found['seconds']:.0f} s", f"{found['peak_mb']:.0f} MB", f"{again['seconds']:.2f} s",
            f"{found['tokens'] / 1e6:.0f} M",
        ))  # fmt: skip
        path.unlink()
        header = ("plain text of", "first time", "peak memory", "after", "train tokens")
        table.write("large", header, rows, "English, WordPiece 1,024, one run each.")


def _written(path: Path, keys: Sequence[str], size_mb: float) -> Path:
    """Write a text of paragraphs drawn from the house's own, the same each time."""
    from ssl_core import corpora

    chooser = random.Random(0)
    paragraphs = [
        part for key in keys for document in corpora.load(key).documents() for part in document.text.split("\n") if part
    ]
    num_bytes = 0
    with path.open("w", encoding="utf-8") as file:
        while num_bytes < size_mb * MB:
            text = "\n".join(chooser.choices(paragraphs, k=chooser.randrange(2, 7))) + "\n\n"
            num_bytes += len(text.encode())
            file.write(text)
    return path


def _child(path: Path, kind: str, home: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.corpora", "--child", str(path), kind]
    environment = os.environ | {"PLAYGROUND_HOME": str(home)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
