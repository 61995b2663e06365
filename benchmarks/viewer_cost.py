"""How much longer does a training step take when somebody watches?"""

import argparse
import statistics
import time
from dataclasses import replace

import psutil

from benchmarks import app_under_test, table
from ssl_core.engine.processes import ProcessMark
from ssl_core.runs import presets
from ssl_core.runs.store import RunStore


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--windows", type=int, default=8, help="pairs of windows, without and with a viewer")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of a window")
    asked = parser.parse_args()
    with app_under_test.server() as address, app_under_test.browser() as browser:
        store = RunStore()
        spec = presets.spec("mlm-en")
        seconds = (asked.seconds + 4) * 2 * asked.windows + 60
        run_id = store.submit(replace(spec, training=replace(spec.training, budget=seconds)))
        worker = _wait_for_worker(store, run_id)
        time.sleep(5)
        pairs = []
        for _ in range(asked.windows):
            alone = _cost(store, run_id, worker, asked.seconds)
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{address}/live?run={run_id}")
            page.wait_for_selector(".loss svg.canvas path")
            time.sleep(2)
            watched = _cost(store, run_id, worker, asked.seconds)
            page.close()
            pairs.append((alone, watched))
        store.control(run_id, "stop")
    ratios = [watched / alone for alone, watched in pairs]
    table.write(
        "viewer",
        ("", "without a viewer", "with one viewer", "ratio, median of pairs", "ratios"),
        [
            (
                "CPU time per step",
                f"{1000 * statistics.median(alone for alone, _ in pairs):.1f} ms",
                f"{1000 * statistics.median(watched for _, watched in pairs):.1f} ms",
                f"**{statistics.median(ratios):.3f}**",
                ", ".join(f"{each:.3f}" for each in sorted(ratios)),
            )
        ],
        f"{asked.windows} pairs of windows of {asked.seconds:g} s; the browser ran on the same machine.",
    )


def _wait_for_worker(store: RunStore, run_id: str) -> psutil.Process:
    while not len(store.record(run_id).metrics["step"]):
        time.sleep(0.1)
    mark = ProcessMark.parse(str(store.row(run_id)["worker"]))
    assert mark is not None, "a run with metrics has a worker"
    return psutil.Process(mark.pid)


def _cost(store: RunStore, run_id: str, worker: psutil.Process, seconds: float) -> float:
    """Return seconds of processor time per step over the next ``seconds``."""
    step, spent = _step_and_time(store, run_id, worker)
    time.sleep(seconds)
    later_step, later_spent = _step_and_time(store, run_id, worker)
    return (later_spent - spent) / (later_step - step)


def _step_and_time(store: RunStore, run_id: str, worker: psutil.Process) -> tuple[float, float]:
    """Return step and processor time at the moment a new report arrives, so that both belong together."""
    known = store.record(run_id).metrics["step"][-1]
    while (step := store.record(run_id).metrics["step"][-1]) == known:
        time.sleep(0.01)
    times = worker.cpu_times()
    return float(step), times.user + times.system


if __name__ == "__main__":
    main()
