"""Results go into benchmarks/README.md, each table between its own markers."""

import datetime
import os
import platform
from collections.abc import Sequence
from pathlib import Path

README = Path(__file__).parent / "README.md"


def write(name: str, header: Sequence[str], rows: Sequence[Sequence[str]], note: str = "", *, dry: bool = False) -> None:
    """Put a table in place of the one called ``name``, and print it; ``dry`` prints only."""
    lines = [" | ".join(header), " | ".join("---" for _ in header), *(" | ".join(row) for row in rows)]
    body = "\n".join(f"| {line} |" for line in lines)
    text = f"{body}\n\n{note + ' ' if note else ''}Measured {datetime.date.today()} on {machine()}."
    print(text)
    if dry:
        return
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    page = README.read_text(encoding="utf-8")
    assert begin in page, f"benchmarks/README.md has no place for {name}"
    head, rest = page.split(begin, 1)
    tail = rest.split(end, 1)[1]
    README.write_text(f"{head}{begin}\n{text}\n{end}{tail}", encoding="utf-8")


def machine() -> str:
    """Return this machine in a few words."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores ({_processor()}), Python {platform.python_version()}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
