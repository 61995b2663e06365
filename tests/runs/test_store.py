import multiprocessing
import os
import re
import threading
import time

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from ssl_core import paths
from ssl_core.errors import UserError
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.store import RunStore
from ssl_core.runs.tables import metadata, metrics

HOSTILE_IDS = ["../../etc/passwd", "..", "<script>alert(1)</script>", "' or 1=1 --", "", "a" * 33, "ABCDEF", "abc\n", None, 7]


def submit(store, **more):
    return store.submit(RunSpec.from_json({}), **more)


def claim_all(home, start, found):
    os.environ["PLAYGROUND_HOME"] = home
    store = RunStore()
    start.wait()
    taken = []
    while (run_id := store.claim(f"worker {os.getpid()}")) is not None:
        taken.append(run_id)
    found.put(taken)


def test_eight_processes_that_claim_at_once_never_get_the_same_run(store, home):
    submitted = {submit(store) for _ in range(40)}
    context = multiprocessing.get_context("forkserver")
    start, found = context.Event(), context.Queue()
    claimers = [context.Process(target=claim_all, args=(str(home), start, found)) for _ in range(8)]
    for each in claimers:
        each.start()
    start.set()
    taken = [run_id for _ in claimers for run_id in found.get(timeout=60)]
    for each in claimers:
        each.join()
    assert len(taken) == 40
    assert set(taken) == submitted


def test_runs_are_claimed_oldest_first(store):
    submitted = [submit(store) for _ in range(3)]
    assert [store.queue_place(run_id) for run_id in submitted] == [0, 1, 2]
    assert [store.claim("w") for _ in range(4)] == [*submitted, None]


def test_the_same_submit_key_gives_the_same_run(store):
    first = submit(store, submit_key="one press")
    assert submit(store, submit_key="one press") == first
    assert submit(store, submit_key="another press") != first
    assert len(store.rows()) == 2


def test_the_same_submit_key_from_many_threads_gives_one_run(store):
    found = []
    threads = [threading.Thread(target=lambda: found.append(submit(store, submit_key="k"))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(set(found)) == 1
    assert len(store.rows()) == 1


def test_a_run_in_a_terminal_is_never_claimed(store):
    run_id = submit(store, worker="here:1:1.00:command")
    assert store.row(run_id)["status"] == "running"
    assert store.claim("engine") is None


def test_a_lost_run_is_requeued_only_by_who_still_sees_it_held(store):
    run_id = submit(store)
    store.claim("first")
    assert not store.requeue(run_id, "somebody else")
    assert store.requeue(run_id, "first")
    assert store.claim("second") == run_id
    assert store.row(run_id)["attempt"] == 2
    assert not store.requeue(run_id, "first"), "it is another's by now"


def test_a_run_is_handed_over_only_by_its_holder(store):
    run_id = submit(store)
    store.claim("engine 1")
    assert not store.hand_over(run_id, "worker", holder="engine 2")
    assert store.hand_over(run_id, "worker", holder="engine 1")
    assert not store.hand_over(run_id, "worker 2", holder="engine 1"), "once only"
    assert store.row(run_id)["worker"] == "worker"


def test_who_does_not_hold_a_run_writes_nothing(store):
    run_id = submit(store)
    store.claim("holder")
    point = {"step": 1, "elapsed_s": 1.0, "tokens": 1}
    assert not store.heartbeat(run_id, "other")
    assert not store.add_metric(run_id, point, worker="other")
    assert not store.add_event(run_id, "paused", step=1, elapsed_s=1.0, payload={}, worker="other")
    assert not store.mark(run_id, "paused", worker="other")
    assert not store.finish(run_id, "done", worker="other")
    assert store.add_metric(run_id, point, worker="holder")
    record = store.record(run_id)
    assert (record.status, len(record.metrics["step"]), len(record.events)) == ("running", 1, 0)


def test_what_has_ended_stays_as_it_ended(store):
    run_id = submit(store)
    store.claim("w")
    assert store.finish(run_id, "failed", failure=UserError("Because of {x}.", x=1))
    assert not store.finish(run_id, "done", result={})
    assert not store.heartbeat(run_id, "w")
    assert UserError.from_json(store.record(run_id).failure).message() == "Because of 1."


@pytest.mark.parametrize("run_id", HOSTILE_IDS)
def test_an_id_that_names_no_run_gets_a_clear_message_and_touches_nothing(store, home, run_id):
    kept = home.parent / "kept.txt"
    kept.write_text("kept")
    for ask in (store.row, store.record, store.delete, store.queue_place, lambda each: store.control(each, "stop")):
        with pytest.raises(UserError, match="There is no run"):
            ask(run_id)
    with pytest.raises(UserError, match="There is no run"):
        store.rename(run_id, "x")
    assert kept.read_text() == "kept"


def test_only_a_finished_run_is_deleted_and_its_files_with_it(store):
    run_id = submit(store)
    folder = paths.run_folder(run_id)
    folder.mkdir(parents=True)
    (folder / "worker.log").write_text("hello")
    with pytest.raises(UserError, match="still going"):
        store.delete(run_id)
    store.control(run_id, "stop")
    store.delete(run_id)
    assert not folder.exists()
    assert store.rows() == []


def test_deleting_a_run_takes_its_reports_along(store):
    run_id = submit(store)
    store.claim("w")
    store.add_metric(run_id, {"step": 1, "elapsed_s": 1.0, "tokens": 1})
    store.finish(run_id, "done")
    store.delete(run_id)
    with store.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(metrics)) == 0


def test_stopping_a_queued_run_ends_it_at_once(store):
    run_id = submit(store)
    assert store.control(run_id, "stop")
    assert store.row(run_id)["status"] == "stopped"
    assert store.claim("w") is None


def test_nobody_answers_a_control_of_a_run_that_has_ended(store):
    run_id = submit(store)
    store.control(run_id, "stop")
    assert not store.control(run_id, "pause")


def test_controls_come_in_order_and_once(store):
    run_id = submit(store)
    for action, payload in (("pause", {}), ("probe", {"text": "a ___"}), ("resume", {})):
        assert store.control(run_id, action, payload)
    first = store.controls_after(run_id, 0)
    assert [each["action"] for each in first] == ["pause", "probe", "resume"]
    assert first[1]["payload"] == {"text": "a ___"}
    assert store.controls_after(run_id, first[-1]["id"]) == []


def test_a_name_cannot_steer_a_terminal(store):
    run_id = submit(store, name="a\x1b[31mred\x07\u202eb")
    assert store.row(run_id)["name"] == "a[31mredb"


def test_runs_without_a_name_are_told_apart_by_task_text_and_time(store):
    assert re.fullmatch(r"MLM · bbc-news · \d\d:\d\d:\d\d", store.row(submit(store))["name"])


def test_html_in_a_name_is_kept_as_it_is_and_cut_to_one_line(store):
    run_id = submit(store, name="<b>bold</b>\n" + "x" * 500)
    name = store.row(run_id)["name"]
    assert name.startswith("<b>bold</b> xxx")
    assert len(name) == 120
    with pytest.raises(UserError, match="at least one character"):
        store.rename(run_id, " \n ")


def test_rows_tell_the_best_loss_and_come_newest_first(store, monkeypatch):
    older = submit(store)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 5)
    newer = submit(store)
    for loss in (4.0, 3.0, float("nan"), None, 3.5):
        store.add_metric(older, {"step": 1, "elapsed_s": 1.0, "tokens": 1, "val_loss_nats": loss})
    rows = store.rows()
    assert [row["id"] for row in rows] == [newer, older]
    assert [row["best_loss_nats"] for row in rows] == [None, 3.0]
    assert [row["id"] for row in store.rows(statuses=["done"])] == []


def test_statuses_are_counted(store):
    for _ in range(3):
        submit(store)
    store.claim("w")
    assert store.counts() == {"queued": 2, "running": 1}


def test_going_on_from_a_checkpoint_forgets_what_came_after(store):
    run_id = submit(store)
    for step in range(6):
        store.add_metric(run_id, {"step": step, "elapsed_s": float(step), "tokens": step})
        store.add_event(run_id, "checkpoint", step=step, elapsed_s=0.0, payload={})
    assert store.latest_step(run_id, "checkpoint") == 5
    assert store.latest_step(run_id, "probe") is None
    store.forget_after(run_id, 3)
    record = store.record(run_id)
    assert list(record.metrics["step"]) == [0, 1, 2, 3]
    assert [each.step for each in record.events] == [0, 1, 2, 3]


def test_the_engines_row_keeps_a_device_that_it_does_not_know_yet(store):
    store.engine_heartbeat(process="a", device="cpu", state="idle")
    store.engine_heartbeat(process="b", device="", state="starting")
    row = store.engine_row()
    assert (row["process"], row["device"], row["state"]) == ("b", "cpu", "starting")


def open_store(home, start, errors):
    os.environ["PLAYGROUND_HOME"] = home
    start.wait()
    try:
        RunStore().counts()
        errors.put(None)
    except sa.exc.SQLAlchemyError as reason:
        errors.put(repr(reason))


def test_many_processes_may_open_a_new_store_at_once(home):
    context = multiprocessing.get_context("forkserver")
    start, errors = context.Event(), context.Queue()
    openers = [context.Process(target=open_store, args=(str(home / "new"), start, errors)) for _ in range(6)]
    for each in openers:
        each.start()
    start.set()
    assert [errors.get(timeout=60) for _ in openers] == [None] * 6
    for each in openers:
        each.join()


def test_every_statement_is_sql_that_postgresql_takes_too(store, monkeypatch):
    seen = []
    sa.event.listen(store.engine, "before_execute", lambda _connection, clause, *_rest: seen.append(clause))
    run_id = submit(store, submit_key="k")
    store.claim("w")
    store.heartbeat(run_id, "w")
    store.add_metric(run_id, {"step": 1, "elapsed_s": 1.0, "tokens": 1}, worker="w")
    store.add_event(run_id, "paused", step=1, elapsed_s=1.0, payload={}, worker="w")
    store.mark(run_id, "paused", worker="w")
    store.control(run_id, "resume")
    store.controls_after(run_id, 0)
    store.engine_heartbeat(process="p", device="cpu", state="idle")
    store.want_engine()
    store.rows(), store.record(run_id), store.counts(), store.held(), store.queue_place(run_id)
    store.forget_after(run_id, 0)
    store.requeue(run_id, "w")
    store.control(run_id, "stop")
    store.delete(run_id)
    assert len(seen) > 20
    for statement in [*seen, *(CreateTable(table) for table in metadata.sorted_tables)]:
        assert not isinstance(statement, sa.TextClause), f"written by hand for one database: {statement}"
        portable = str(statement.compile(dialect=postgresql.dialect()))
        assert "OR REPLACE" not in portable
        assert str(statement.compile(dialect=sqlite.dialect()))
