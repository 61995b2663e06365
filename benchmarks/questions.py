"""How soon does a model answer, and how much longer does a training step take while it is asked?"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from threading import Event, Thread

import psutil

from benchmarks import app_under_test, table
from ssl_core.engine import questions
from ssl_core.engine.processes import ProcessMark
from ssl_core.engine.questions import Answer
from ssl_core.runs import presets
from ssl_core.runs.store import RunStore

SENTENCE = "the minister said on monday that the company will not sell its shares to the government this year"
PAUSES_S = (None, 0.5, 0.0)  # between two questions: nobody asks, a person types, a machine asks
_numbers = count()


def main() -> None:
    """Measure and write both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40, help="questions of each kind")
    parser.add_argument("--windows", type=int, default=24, help="triples of windows: nobody asks, a person asks, all the time")
    parser.add_argument("--seconds", type=float, default=2.5, help="length of a window")
    asked = parser.parse_args()
    with app_under_test.engine():
        store = RunStore()
        run_ids = {key: _trained(store, key) for key in ("mlm-en", "lm-en")}
        rows = [("the first question: a process starts", [_seconds(store, run_ids["mlm-en"])])]
        rows.append(("the first question to another model", [_seconds(store, run_ids["lm-en"])]))
        rows += [(f"warm, {key}", _many(store, run_ids[key], asked.times)) for key in run_ids]
        rows.append(("asked before", [_seconds(store, run_ids["lm-en"], SENTENCE) for _ in range(asked.times)][1:]))
        run_id = _going_on(store, "mlm-en", budget_s=60 + 3 * asked.windows * (asked.seconds + 2.5) + asked.times)
        rows += [(f"warm, {key}, while a run trains", _many(store, run_ids[key], asked.times)) for key in run_ids]
        table.write("answers", ("", "median", "95 %", "longest"), [_row(*row) for row in rows])
        _write_cost(_windows(store, run_id, run_ids["lm-en"], asked.windows, asked.seconds), asked)
        store.control(run_id, "stop")


def _trained(store: RunStore, key: str) -> str:
    spec = presets.spec(key)
    run_id = store.submit(replace(spec, training=replace(spec.training, budget=5)))
    while store.row(run_id)["status"] != "done":
        assert store.row(run_id)["status"] != "failed", store.row(run_id)["failure"]
        time.sleep(0.2)
    return run_id


def _going_on(store: RunStore, key: str, budget_s: float) -> str:
    spec = presets.spec(key)
    run_id = store.submit(replace(spec, training=replace(spec.training, budget=budget_s)))
    while not len(store.record(run_id).metrics["step"]):
        time.sleep(0.1)
    time.sleep(3)
    return run_id


def _seconds(store: RunStore, run_id: str, text: str | None = None) -> float:
    """Return the seconds from a question, new unless ``text`` is given, until its answer is in the hands of who asked."""
    began_at = time.perf_counter()
    _answer(store, run_id, text)
    return time.perf_counter() - began_at


def _answer(store: RunStore, run_id: str, text: str | None = None) -> Answer:
    text = text or f"{SENTENCE} {next(_numbers)} ___"
    answer = questions.ask(store, "predictions", {"model": questions.of_run(run_id), "text": text}, wait_s=60.0)
    assert answer.status == "answered", answer
    answer.arrays()
    return answer


def _many(store: RunStore, run_id: str, times: int) -> list[float]:
    _answer(store, run_id)
    found = []
    for _ in range(times):
        found.append(_seconds(store, run_id))
        time.sleep(0.1)
    return found


@contextmanager
def _asking(store: RunStore, run_id: str, pause_s: float | None) -> Iterator[None]:
    """Have somebody ask again and again, ``pause_s`` after each answer; None: nobody asks."""
    is_over = Event()

    def ask() -> None:
        while pause_s is not None and not is_over.wait(pause_s):
            _answer(store, run_id)

    thread = Thread(target=ask)
    thread.start()
    yield
    is_over.set()
    thread.join()


def _windows(store: RunStore, run_id: str, asked_id: str, num_windows: int, seconds: float) -> list[list[tuple[float, float]]]:
    """Return for each round (seconds, processor seconds) per step while nobody asks, a person does, and all the time."""
    mark = ProcessMark.parse(str(store.row(run_id)["worker"]))
    assert mark is not None, "a run with metrics has a worker"
    worker = psutil.Process(mark.pid)
    rounds = []
    for number in range(num_windows):
        found = {}
        for place in range(len(PAUSES_S)):  # in another order each time, because a machine's pace drifts
            pause_s = PAUSES_S[(place + number) % len(PAUSES_S)]
            with _asking(store, asked_id, pause_s):
                time.sleep(0.5)
                found[pause_s] = _cost(lambda: _stand(store, run_id, worker), seconds)
        rounds.append([found[pause_s] for pause_s in PAUSES_S])
    return rounds


def _cost(stand: Callable[[], tuple[float, float, float]], seconds: float) -> tuple[float, float]:
    step, at, spent = stand()
    time.sleep(seconds)
    later_step, later_at, later_spent = stand()
    return (later_at - at) / (later_step - step), (later_spent - spent) / (later_step - step)


def _stand(store: RunStore, run_id: str, worker: psutil.Process) -> tuple[float, float, float]:
    """Return step, time and processor time at the moment a new report arrives, so that they belong together."""
    known = store.record(run_id).metrics["step"][-1]
    while (step := store.record(run_id).metrics["step"][-1]) == known:
        time.sleep(0.01)
    times = worker.cpu_times()
    return float(step), time.monotonic(), times.user + times.system


def _write_cost(rounds: list[list[tuple[float, float]]], asked: argparse.Namespace) -> None:
    names = ("nobody asks", "a person asks, every half second", "asked all the time")
    rows = []
    for place, name in enumerate(names):
        ratios = [each[place][0] / each[0][0] for each in rounds]
        rows.append(
            (
                name,
                f"{1000 * statistics.median(each[place][0] for each in rounds):.1f} ms",
                f"{1000 * statistics.median(each[place][1] for each in rounds):.1f} ms",
                f"**{statistics.median(ratios):.3f}**" if place else "1",
                "{:.3f} – {:.3f}".format(*_quarters(ratios)) if place else "",
            )
        )
    table.write(
        "asking",
        ("", "time per step", "processor time per step", "ratio of times, median of rounds", "middle half of ratios"),
        rows,
        f"{asked.windows} rounds of three windows of {asked.seconds:g} s.",
    )


def _quarters(values: list[float]) -> tuple[float, float]:
    first, _, third = statistics.quantiles(values, n=4)
    return first, third


def _row(name: str, seconds: list[float]) -> tuple[str, str, str, str]:
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return name, f"**{statistics.median(ordered):.3f} s**", f"{p95:.3f}", f"{ordered[-1]:.3f}"


if __name__ == "__main__":
    main()
