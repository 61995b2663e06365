"""Which processor this is, as far as the speed of arithmetic depends on it. Needs no torch."""

import hashlib
import os
import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ssl_core.errors import UserError
from ssl_core.i18n import N_

OVERRIDES = (
    "ATEN_CPU_CAPABILITY",
    "ONEDNN_MAX_CPU_ISA",
    "DNNL_MAX_CPU_ISA",
    "ONEDNN_DEFAULT_FPMATH_MODE",
    "MKL_ENABLE_INSTRUCTIONS",
    "MKL_DEBUG_CPU_TYPE",
    "MKL_CBWR",
)
"""Environment variables by which torch's libraries use other instructions than the processor has."""

GIVEN_THREADS, BY_MEASUREMENT = "PLAYGROUND_THREADS", "auto"
"""Hands on to child processes what OMP_NUM_THREADS was before this package set it."""

MOST_THREADS = 64


def fingerprint() -> str:
    """Return a key of processor, usable cores, instruction-set overrides and torch version.

    Returns: the processor's name and 8 hexadecimal digits of all the rest, which a name ("AMD EPYC") does not tell.
    """
    overrides = [f"{name}={os.environ[name]}" for name in OVERRIDES if os.environ.get(name)]
    known = "\n".join([_details(), str(num_cores()), _torch_version(), *overrides])
    return f"{name()} {hashlib.sha256(known.encode()).hexdigest()[:8]}"


def num_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def given_threads() -> int | None:
    """Return how many threads the environment wants each run to compute with (OMP_NUM_THREADS); None leaves it to the run.

    What a run takes by itself depends on the machine alone, never on what else is running: sums taken by another number
    of threads round differently, and the same seed on the same machine must give the same numbers.
    Raises: UserError if it is no sensible number.
    """
    given = os.environ.get(GIVEN_THREADS) or os.environ.get("OMP_NUM_THREADS", "")
    if given in ("", BY_MEASUREMENT):
        return None
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= MOST_THREADS:
        raise UserError(
            N_("{name} is {text!r}; give a whole number from 1 to {most}."),
            name="OMP_NUM_THREADS",
            text=given,
            most=MOST_THREADS,
        )
    return int(given)


@cache
def name() -> str:
    """Return the processor's name as its maker gives it."""
    for line in _details().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


@cache
def _details() -> str:
    """Return name, family, stepping and instructions of the first core."""
    if platform.system() == "Darwin":
        asked = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
        return f"model name: {subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()}"
    try:
        first = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n", 1)[0]
    except OSError:  # no Linux
        return f"{platform.machine()} {platform.processor()}"
    wanted = ("model name", "cpu family", "model\t", "stepping", "flags", "Features", "CPU part")
    return "\n".join(line for line in first.splitlines() if line.startswith(wanted))


@cache
def _torch_version() -> str:
    try:
        return version("torch")
    except PackageNotFoundError:
        return "none"
