"""The process of a run: what it tells the engine by its exit code."""

import logging
import multiprocessing
import sys

import pytest

from ssl_core import paths
from ssl_core.engine import outcomes, worker
from ssl_core.runs.spec import RunSpec


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has /dev/full, which is as full as a disk can be")
def test_the_code_for_a_full_disk_reaches_the_engine_although_the_log_has_no_room(store, monkeypatch):
    def conduct(*_arguments, **_named):
        logging.getLogger("ssl_core").error("no room for this")
        raise SystemExit(outcomes.DISK_FULL_EXIT)

    run_id = store.submit(RunSpec.from_json({}))
    assert store.claim("engine") == run_id
    folder = paths.run_folder(run_id)
    folder.mkdir(parents=True)
    (folder / "worker.log").symlink_to("/dev/full")
    monkeypatch.setattr(worker, "conduct", conduct)
    process = multiprocessing.get_context("fork").Process(target=worker.main, args=(run_id, "engine"))
    process.start()
    process.join(60)
    assert process.exitcode == outcomes.DISK_FULL_EXIT
