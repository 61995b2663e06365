"""Files that were made to do harm: how soon a person is told, what they take, and what others notice of them meanwhile."""

import argparse
import asyncio
import statistics
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from benchmarks import app_under_test, table, upload_client, upload_files, viewers
from benchmarks.viewer_client import Seen, Viewer
from ssl_core.corpora import apart
from ssl_core.runs.store import RunStore

MB = 2**20
NUM_VIEWERS = 4  # the pace of so few is half a second
PAGE, SECTION, UPLOADER, ELSEWHERE = "data", "data-own", "data.upload", "runs"
MIN_TIMES = 2
LOOK_S = 0.03
REST_S = 3.0  # after the page was left, before the app's memory is looked at


@dataclass(slots=True, kw_only=True)
class Trial:
    """What one kind of file led to, or a while without any."""

    name: str
    num_bytes: int = 0
    since: float = field(default_factory=time.monotonic)
    until: float = 0.0
    outcomes: list[upload_client.Outcome] = field(default_factory=list)
    app_mb: tuple[float, float, float] = (0.0, 0.0, 0.0)  # before, at most, after
    reader_mb: float = 0.0


class Memory:
    """The most that the app and the readers of its files have held since ``start_anew``."""

    def __init__(self, app_pid: int) -> None:
        self._app, self._ends = psutil.Process(app_pid), threading.Event()
        self._readers: dict[int, psutil.Process] = {}
        self._strangers: dict[int, float] = {}
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.start_anew()

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_reason: object) -> None:
        self._ends.set()
        self._thread.join()

    def start_anew(self) -> None:
        """Forget the peaks so far."""
        self.app_mb = self.now_mb()
        self.reader_mb = 0.0

    def now_mb(self) -> float:
        """Return what the app holds now."""
        return float(self._app.memory_info().rss / MB)

    def _look(self) -> None:
        while not self._ends.wait(LOOK_S):
            self.app_mb = max(self.app_mb, self.now_mb())
            for pid in psutil.pids():
                if pid not in self._strangers and pid not in self._readers:
                    self._meet(pid)
            for pid, reader in list(self._readers.items()):
                try:
                    self.reader_mb = max(self.reader_mb, _peak_mb(reader))
                except (psutil.Error, OSError):
                    del self._readers[pid]

    def _meet(self, pid: int) -> None:
        try:
            process = psutil.Process(pid)
            if process.ppid() == self._app.pid and apart.__name__ in process.cmdline():
                self._readers[pid] = process
            elif process.create_time() < time.time() - 1:  # one that was just forked has its parent's name for a moment
                self._strangers[pid] = process.create_time()
        except psutil.Error:  # gone already
            return


def _peak_mb(process: psutil.Process) -> float:
    """Return the most that a process has held, by the system's own count where it keeps one; 0 for one that is ending."""
    status = Path(f"/proc/{process.pid}/status")
    if status.exists():
        peaks = [int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return peaks[0] if peaks else 0.0
    return float(process.memory_info().rss / MB)


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=12.0, help="for how long each file is uploaded again and again")
    parser.add_argument("--only", nargs="+", default=[], help="parts of the names of files")
    parser.add_argument("--dry", action="store_true", help="print the table, leave the README as it is")
    asked = parser.parse_args()
    files = {
        name: each for name, each in upload_files.files().items() if not asked.only or any(part in name for part in asked.only)
    }
    with app_under_test.served() as server, Memory(server.process.pid) as memory:
        store = RunStore()
        run_id = viewers.start_run(store)
        trials, seen = asyncio.run(_measure(server.url, run_id, memory, files, asked.seconds))
        store.control(run_id, "stop")
    rows = [_row(each, seen) for each in trials]
    table.write("uploads", HEADER, rows, _note(asked.seconds), dry=asked.dry)
    for each in trials:
        for message in sorted({outcome.message for outcome in each.outcomes}):
            print(f"{each.name}: {message or 'can be used'}")


async def _measure(
    url: str, run_id: str, memory: Memory, files: dict[str, tuple[str, upload_files.Make]], seconds: float
) -> tuple[list[Trial], list[Seen]]:
    """Upload each file for a while, after a while without any; return what came of it, and what the viewers saw."""
    watching = [Viewer(url, run_id) for _ in range(NUM_VIEWERS)]
    tasks = [asyncio.create_task(each.watch(time.monotonic() + 86400)) for each in watching]
    await asyncio.sleep(viewers.SETTLE_S)
    trials = [Trial(name="nobody uploads")]
    memory.start_anew()
    await asyncio.sleep(seconds)
    trials[0].until, trials[0].app_mb = time.monotonic(), (memory.app_mb,) * 3
    for name, (filename, make) in files.items():
        data = await asyncio.to_thread(make)
        trials.append(await _upload_for(seconds, url, Trial(name=name, num_bytes=len(data)), filename, data, memory))
    assert not any(task.done() for task in tasks), "a viewer was cut off"
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return trials, [each.seen for each in watching]


async def _upload_for(seconds: float, url: str, trial: Trial, filename: str, data: bytes, memory: Memory) -> Trial:
    memory.start_anew()
    before = memory.app_mb
    async with upload_client.Tab(url) as tab:
        await tab.open(PAGE)
        await tab.open_section(SECTION)
        trial.since = time.monotonic()
        while time.monotonic() < trial.since + seconds or len(trial.outcomes) < MIN_TIMES:
            trial.outcomes.append(await tab.upload(UPLOADER, filename, data))
            await tab.drop(UPLOADER)
        trial.until = time.monotonic()
        await tab.open(ELSEWHERE)
        await asyncio.sleep(REST_S)
        trial.app_mb, trial.reader_mb = (before, memory.app_mb, memory.now_mb()), memory.reader_mb
    return trial


HEADER = (
    "file",
    "size",
    "is",
    "until the page says so, median / longest",
    "app's memory before / at most / after",
    "reader's memory at most",
    "another viewer's tick, median / 95 % / longest",
    "ticks",
)


def _row(trial: Trial, seen: list[Seen]) -> tuple[str, ...]:
    ticks = [tick for each in seen for tick in each.ticks if trial.since <= tick.asked_at < trial.until]
    answered = [tick.seconds for tick in ticks if tick.seconds is not None]
    assert answered, f"no tick was answered: {trial.name}"
    missed = f", {len(ticks) - len(answered)} missed" if len(ticks) > len(answered) else ""
    took = [each.seconds for each in trial.outcomes]
    return (
        trial.name,
        _size(trial.num_bytes),
        ("refused" if trial.outcomes[0].message else "taken") if took else "–",
        f"**{statistics.median(took):.2f} s** / {max(took):.2f} s" if took else "–",
        " / ".join(f"{each:.0f}" for each in trial.app_mb) + " MB",
        f"{trial.reader_mb:.0f} MB" if trial.reader_mb else "–",
        f"{np.median(answered):.2f} s / {np.quantile(answered, 0.95):.2f} s / **{max(answered):.2f} s**",
        f"{len(ticks)}{missed}",
    )


def _size(num_bytes: int) -> str:
    if not num_bytes:
        return "–"
    return f"{num_bytes / 1e6:.1f} MB" if num_bytes > 1e6 else f"{num_bytes / 1000:.0f} kB"


def _note(seconds: float) -> str:
    return (
        f"Each file was uploaded again and again for {seconds:g} s, twice at least, while a run trained on the same "
        f"cores and {NUM_VIEWERS} viewers looked on. A tick is counted from when it was asked for to the end of its run."
    )


if __name__ == "__main__":
    main()
