"""How the engine behaves on this machine; each setting can be given in the environment."""

import os
from dataclasses import dataclass

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.models.processor import BY_MEASUREMENT, GIVEN_THREADS, given_threads, num_cores


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """Limits and waiting times, in seconds where the name ends so."""

    num_workers: int  # runs at once
    idle_s: float  # the engine ends after this long without anything to do
    prewarms: bool = True  # prepares the presets' texts while nothing runs
    poll_s: float = 0.1
    heartbeat_s: float = 0.5
    look_around_s: float = 1.0  # between two looks at runs that other processes hold
    start_tries: int = 3  # so often a run gets a worker started before it fails
    start_again_s: float = 0.5  # before the second try; twice as long before each further one
    launch_s: float = 60.0  # a start that takes longer hangs and is broken off; twice as long after each one that was
    silence_s: float = 60.0  # a run whose holder was silent for this long is lost
    analyst_idle_s: float = 300.0  # the process that answers questions ends after this long without one
    question_limit_s: float = 120.0  # a question that takes longer is given up
    deaf_s: float = 30.0  # the process that answers is ended if it takes none for this long although some wait

    @classmethod
    def from_environment(cls) -> "EngineSettings":
        """Read PLAYGROUND_WORKERS, PLAYGROUND_ENGINE_IDLE_S and PLAYGROUND_PREWARM.

        Raises: UserError if one of them is no sensible number.
        """
        return cls(
            num_workers=num_workers(),
            idle_s=_number("PLAYGROUND_ENGINE_IDLE_S", default=15 * 60, minimum=1),
            prewarms=_number("PLAYGROUND_PREWARM", default=1, minimum=0) > 0,
        )


WAITING = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
"""How a thread waits for the others of its run at the end of each product: for some microseconds busily, then asleep.

Steps a second of masked LM on BBC news, two threads on two cores; alone, and each of two such runs side by side (with one
thread: 8.3 alone, 8.1 side by side). Busily for as long as OpenMP likes: 14.1 and 0.3. Asleep at once: 10.1 and 7.5. Busily for
100, 1,000, 3,000, 10,000 turns: 10.8, 13.1, 14.8, 13.8 and 7.6, 6.7, 5.3, 2.9. GNU's OpenMP only; others take the first.
"""


def num_workers() -> int:
    """Return how many runs go on at once: PLAYGROUND_WORKERS, else one for each two cores, but two to compare side by side."""
    return int(_number("PLAYGROUND_WORKERS", default=max(min(2, num_cores()), num_cores() // 2), minimum=1))


def prepare_threads() -> None:
    """Set up the environment for torch's threads and memory; must come before torch is imported, in this process or a child."""
    given = given_threads()
    os.environ[GIVEN_THREADS] = str(given or BY_MEASUREMENT)
    os.environ["OMP_NUM_THREADS"] = str(given or 1)  # until a run says how many it wants
    if WAITING.keys().isdisjoint(os.environ):  # who sets one of them means it
        os.environ.update(WAITING)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start threads at import, which no fork survives
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Each width of a batch gets products of its own, some megabytes each, and 1,024 of them are kept by default: where no two
    # batches are alike, that took 450 MB a run and saved nothing (1,370 MB with them, 920 MB with 64; the same time a step).
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64")


def _number(name: str, *, default: float, minimum: float) -> float:
    text = os.environ.get(name, "")
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not value >= minimum:
        raise UserError(N_("{name} is {text!r}; give a number from {minimum:g} up."), name=name, text=text, minimum=minimum)
    return value
