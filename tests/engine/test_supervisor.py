"""The engine's turns, with real worker processes that lead fake sessions."""

import signal
import time

import psutil

from ssl_core import paths
from ssl_core.engine.processes import ProcessMark
from ssl_core.runs.spec import RunSpec
from tests.engine.fake_session import FakeLauncher
from tests.engine.submitted import failure, submit, wait_for, wait_for_checkpoint, wait_for_worker
from tests.engine.waiting import wait_until


def test_queued_runs_are_taken_and_done(store, begin):
    begin()
    runs = [submit(store, 5) for _ in range(3)]
    for run_id in runs:
        assert wait_for(store, run_id, "done")["attempt"] == 1


def test_a_killed_worker_fails_its_run_with_the_reason_and_no_other(store, begin):
    begin()
    victim, other = submit(store), submit(store)
    wait_for_worker(store, other)
    psutil.Process(wait_for_worker(store, victim).pid).send_signal(signal.SIGKILL)
    wait_for(store, victim, "failed")
    assert "signal 9" in failure(store, victim)
    assert "smaller model" in failure(store, victim)
    assert store.row(other)["status"] == "running"
    before = store.record(other).metrics["step"][-1]
    wait_until(lambda: store.record(other).metrics["step"][-1] > before, "the other run goes on")


def test_another_signal_is_named(store, begin):
    begin()
    run_id = submit(store)
    psutil.Process(wait_for_worker(store, run_id).pid).send_signal(signal.SIGSEGV)
    wait_for(store, run_id, "failed")
    assert "SIGSEGV" in failure(store, run_id)


def test_a_worker_that_ends_by_itself_before_it_takes_over_fails_the_run(store, begin, monkeypatch):
    monkeypatch.setattr(FakeLauncher, "launch", _launch_exiting)
    begin()
    run_id = submit(store)
    wait_for(store, run_id, "failed")
    assert "exit code 7" in failure(store, run_id)


def _launch_exiting(self, run_id, holder):
    process = self._context.Process(target=_exit_seven)
    process.start()
    return process


def _exit_seven():
    raise SystemExit(7)


def test_a_run_that_never_gets_a_process_fails_after_some_tries_with_a_clear_message(store, begin, monkeypatch):
    tries = []

    def refuse(self, run_id, holder):
        tries.append(run_id)
        raise OSError("no more processes")

    monkeypatch.setattr(FakeLauncher, "launch", refuse)
    begin(start_tries=3, start_again_s=0.0)
    run_id = submit(store)
    wait_for(store, run_id, "failed")
    assert tries == [run_id] * 3
    assert "in 3 tries: no more processes." in failure(store, run_id)


def test_no_more_runs_at_once_than_there_are_places(store, begin):
    begin(num_workers=1)
    first, second = submit(store), submit(store)
    wait_for_worker(store, first)
    assert store.row(second)["status"] == "queued"
    assert store.queue_place(second) == 0
    store.control(first, "stop")
    wait_for(store, first, "stopped")
    wait_for_worker(store, second)


def test_a_paused_run_leaves_its_place_to_another(store, begin):
    begin(num_workers=1)
    first, second = submit(store), submit(store, 5)
    wait_for_worker(store, first)
    store.control(first, "pause")
    wait_for(store, second, "done")
    assert store.row(first)["status"] == "paused"


def test_a_new_engine_adopts_what_goes_on_and_nothing_runs_twice(store, begin):
    supervisor, thread = begin()
    run_id = submit(store)
    worker = wait_for_worker(store, run_id)
    supervisor.is_stopping = True
    thread.join()
    second, _ = begin()
    wait_until(lambda: run_id in second._watch.seen_alive, "the new engine found it")
    before = store.record(run_id).metrics["step"][-1]
    wait_until(lambda: store.record(run_id).metrics["step"][-1] > before, "it goes on")
    assert (store.row(run_id)["worker"], store.row(run_id)["attempt"]) == (str(worker), 1)
    psutil.Process(worker.pid).kill()
    wait_for(store, run_id, "failed")
    assert "is gone" in failure(store, run_id), "an adopted worker is watched as well"


def test_a_run_lost_together_with_its_engine_goes_on_from_its_checkpoint_once(store, begin):
    run_id = submit(store)
    for attempt in (1, 2):
        supervisor, thread = begin()
        wait_until(lambda attempt=attempt: store.row(run_id)["attempt"] == attempt, "taken")
        worker = wait_for_worker(store, run_id)
        wait_for_checkpoint(store, run_id)
        if attempt == 2:
            wait_until(lambda: store.record(run_id).latest("taken_up"), "it was taken up again")
        supervisor.is_stopping = True
        thread.join()
        psutil.Process(worker.pid).kill()
    steps = store.record(run_id).metrics["step"]
    assert len(set(steps)) == len(steps), "no step is there twice"
    assert store.record(run_id).latest("taken_up").step > 0
    begin()
    wait_for(store, run_id, "failed")
    assert "lost twice" in failure(store, run_id)


def test_a_run_in_a_terminal_is_left_alone_and_labelled_when_its_command_is_gone(store, begin):
    begin()
    gone = ProcessMark(host=__import__("socket").gethostname(), pid=2**22 + 1, started_at=1.0, role="command")
    run_id = store.submit(RunSpec.from_json({}), worker=str(gone))
    wait_for(store, run_id, "failed")
    assert "command" in failure(store, run_id)


def test_a_worker_that_hangs_is_ended(store, begin):
    begin(silence_s=3.0)
    run_id = submit(store)
    worker = wait_for_worker(store, run_id)
    psutil.Process(worker.pid).suspend()
    wait_for(store, run_id, "failed")
    assert "stopped answering" in failure(store, run_id)
    wait_until(lambda: not worker.is_alive(), "and gone")


def test_an_idle_engine_ends_and_says_so(store, begin):
    _, thread = begin(idle_s=0.3)
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert store.engine_row()["state"] == "ended"


def test_an_engine_stays_while_somebody_may_press_start(store, begin):
    _, thread = begin(idle_s=5.0)
    wait_until(store.engine_row, "it is there")
    ends_at = time.monotonic() + 6.0  # longer than it stays idle; who asks every 0.2 s may be held up for seconds meanwhile
    while time.monotonic() < ends_at:
        store.want_engine()
        thread.join(timeout=0.2)
    assert thread.is_alive()


def test_a_busy_store_does_not_end_the_engine(store, begin, monkeypatch):
    from sqlalchemy.exc import OperationalError

    counts, calls = store.counts, []

    def counts_after_trouble():
        calls.append(1)
        if len(calls) < 3:
            raise OperationalError("select", {}, Exception("database or disk is full"))
        return counts()

    monkeypatch.setattr(store, "counts", counts_after_trouble)
    _, thread = begin()
    row = wait_for(store, submit(store, 3), "done")
    assert len(calls) >= 3, "the trouble was met"
    assert row["attempt"] == 1
    assert thread.is_alive()


def test_the_worker_log_holds_what_a_worker_said(store, begin):
    begin()
    run_id = submit(store, 3)
    wait_for(store, run_id, "done")
    assert (paths.run_folder(run_id) / "worker.log").exists()
