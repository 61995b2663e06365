import multiprocessing
import os
import time

import pytest
import sqlalchemy as sa

from ssl_core import paths
from ssl_core.errors import UserError
from ssl_core.runs import asked as asked_module
from ssl_core.runs.asked import AskedQuestions
from ssl_core.runs.connection import connect
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.store import RunStore
from ssl_core.runs.tables import metadata, questions


@pytest.fixture
def asked(store):
    return AskedQuestions(store.engine)


def put(asked, name, **more):
    return asked.put(f"fingerprint of {name}", "predictions", f'"{name}"', **more)["id"]


def answered(asked, name, **more):
    question_id = put(asked, name)
    while (row := asked.claim("w"))["id"] != question_id:
        asked.give_back(row["id"], "w")
    assert asked.answer(question_id, "w", "{}", **more)
    return question_id


def statuses(asked):
    with asked._engine.connect() as connection:
        return dict(connection.execute(sa.select(questions.c.payload, questions.c.status)).all())


def test_the_same_question_is_one_row_whoever_asks(asked):
    first = put(asked, "a", asker="one")
    assert put(asked, "a", asker="two") == first
    assert put(asked, "b") != first


def test_a_place_replaces_what_it_asked_before_unless_that_is_begun(asked):
    put(asked, "a", asker="page")
    put(asked, "b", asker="page")
    assert statuses(asked) == {'"b"': "waiting"}
    asked.claim("w")
    put(asked, "c", asker="page")
    put(asked, "d", asker="other page")
    assert statuses(asked) == {'"b"': "held", '"c"': "waiting", '"d"': "waiting"}


def test_what_two_places_wait_for_neither_can_drop(asked):
    put(asked, "a", asker="one")
    put(asked, "a", asker="two")
    put(asked, "b", asker="one")
    put(asked, "c", asker="two")
    assert set(statuses(asked)) == {'"a"', '"b"', '"c"'}


def test_a_place_that_asks_the_same_of_newer_weights_waits_for_its_first_answer(asked):
    """Else a page that looks at a run in full swing would never see any."""
    first = asked.put("of step 10", "predictions", '"a"', asker="page")["id"]
    assert asked.put("of step 20", "predictions", '"a"', asker="page")["id"] == first
    assert asked.put("of step 20", "predictions", '"a"', asker="another")["id"] != first
    asked.claim("w")
    asked.answer(first, "w", "{}")
    assert asked.put("of step 30", "predictions", '"a"', asker="page")["id"] != first


def test_questions_are_taken_in_the_order_they_were_asked_each_once(asked):
    ids = [put(asked, name) for name in "abc"]
    assert [asked.claim("w")["id"] for _ in range(3)] == ids
    assert asked.claim("w") is None
    assert not asked.has_waiting()
    assert [row["id"] for row in asked.held()] == ids


def test_only_who_holds_a_question_may_end_it_and_only_once(asked):
    question_id = put(asked, "a")
    assert not asked.answer(question_id, "w", "{}"), "not taken yet"
    asked.claim("w")
    assert not asked.answer(question_id, "another", "{}")
    assert asked.give_back(question_id, "w")
    assert not asked.fail(question_id, "w", UserError("Too late."), may_retry=True)
    assert asked.claim("another")["attempt"] == 2
    assert asked.answer(question_id, "another", '{"x": 1}')
    assert not asked.answer(question_id, "another", '{"x": 2}')
    assert asked.find(question_id)["answer"] == '{"x": 1}'


def test_only_what_ended_can_be_asked_anew(asked):
    question_id = put(asked, "a")
    asked.claim("w")
    asked.renew(question_id)
    assert asked.find(question_id)["status"] == "held"
    asked.fail(question_id, "w", UserError("No."), may_retry=True)
    asked.renew(question_id)
    assert asked.claim("w")["attempt"] == 1, "a new try counts from the start"


def claim_all(home, start, found):
    os.environ["PLAYGROUND_HOME"] = home
    asked = AskedQuestions(RunStore().engine)
    start.wait()
    taken = []
    while (row := asked.claim(f"worker {os.getpid()}")) is not None:
        taken.append(row["id"])
    found.put(taken)


def ask_all(home, start, found):
    os.environ["PLAYGROUND_HOME"] = home
    asked = AskedQuestions(RunStore().engine)
    start.wait()
    found.put([put(asked, number) for number in range(20)])


@pytest.mark.parametrize(("do", "num_different"), [(claim_all, 20), (ask_all, 20)])
def test_processes_at_once_neither_double_nor_lose_a_question(asked, home, do, num_different):
    if do is claim_all:
        for number in range(20):
            put(asked, number)
    context = multiprocessing.get_context("forkserver")
    start, found = context.Event(), context.Queue()
    processes = [context.Process(target=do, args=(str(home), start, found)) for _ in range(4)]
    for each in processes:
        each.start()
    start.set()
    lists = [found.get(timeout=60) for _ in processes]
    for each in processes:
        each.join()
    assert len({question_id for ids in lists for question_id in ids}) == num_different
    if do is claim_all:
        assert sum(map(len, lists)) == 20
    else:
        assert all(ids == lists[0] for ids in lists)


def test_the_answers_wanted_last_are_kept(asked, monkeypatch):
    ids = [answered(asked, name) for name in "abcd"]
    monkeypatch.setattr(asked_module, "_STILL_WANTED_S", -1.0)
    put(asked, "a")
    asked.prune(max_kept=2)
    assert set(statuses(asked)) == {'"a"', '"d"'}
    assert asked.find(ids[1]) is None


def test_no_more_bytes_are_kept_than_allowed_and_files_go_with_their_answers(asked):
    paths.answers_folder().mkdir()
    ids = []
    for name in "abc":
        question_id = answered(asked, name, file="f", num_bytes=60)
        (paths.answers_folder() / f"{question_id}.safetensors").write_bytes(b"x")
        ids.append(question_id)
    asked.prune(max_bytes=120)
    assert set(statuses(asked)) == {'"b"', '"c"'}
    assert {path.stem for path in paths.answers_folder().iterdir()} == set(ids[1:])


def test_files_of_nobody_are_swept_but_one_that_is_being_written_stays(asked):
    paths.answers_folder().mkdir()
    stray, half, old_half = (paths.answers_folder() / name for name in ("stray.safetensors", ".a.partial", ".b.partial"))
    for path in (stray, half, old_half):
        path.write_bytes(b"x")
    os.utime(old_half, (0, 0))
    asked.prune()
    assert list(paths.answers_folder().iterdir()) == [half]


def test_what_is_waiting_or_held_is_never_pruned_while_somebody_wants_it(asked):
    put(asked, "a")
    put(asked, "b")
    asked.claim("w")
    asked.prune(max_kept=0, max_bytes=0)
    assert set(statuses(asked)) == {'"a"', '"b"'}


def test_a_question_that_nobody_waits_for_any_more_is_dropped(asked, monkeypatch):
    put(asked, "a")
    put(asked, "b")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + asked_module.WAITED_FOR_S - 1)
    put(asked, "b")
    monkeypatch.setattr(time, "time", lambda: now + asked_module.WAITED_FOR_S + 1)
    asked.prune()
    assert statuses(asked) == {'"b"': "waiting"}


def test_a_store_made_before_there_were_questions_takes_them(tmp_path):
    url = f"sqlite:///{tmp_path / 'older.sqlite'}"
    older = sa.create_engine(url)
    metadata.create_all(older, tables=[table for table in metadata.sorted_tables if table is not questions])
    older.dispose()
    before = RunStore(url)
    assert "questions" in sa.inspect(before.engine).get_table_names()
    run_id = before.submit(RunSpec.from_json({}))
    asked = AskedQuestions(connect(url))
    question_id = put(asked, "a")
    assert asked.claim("w")["id"] == question_id
    assert before.row(run_id)["status"] == "queued"
