import json
import os
import subprocess
import sys

import pytest

from ssl_core.engine.launcher import SpareLauncher
from ssl_core.runs.spec import RunSpec
from tests.engine.waiting import wait_until

WARM_UP = """
import json, multiprocessing.forkserver, sys
import psutil
from ssl_core.engine.launcher import best_launcher
from ssl_core.engine.settings import prepare_threads

if __name__ == "__main__":
    prepare_threads()
    found = best_launcher().warm_up()
    server = psutil.Process(multiprocessing.forkserver._forkserver._forkserver_pid)
    print(json.dumps([found.is_preloaded, found.device, server.num_threads(), "torch" in sys.modules]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")
def test_the_fork_server_has_everything_loaded_and_no_thread_beside_its_own(tmp_path):
    program = tmp_path / "warm_up.py"
    program.write_text(WARM_UP)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("OMP", "OPENBLAS"))}
    ended = subprocess.run(
        [sys.executable, str(program)],
        env=environment | {"PYTHONPATH": os.getcwd()},
        capture_output=True,
        text=True,
        check=True,
    )
    is_preloaded, device, num_threads, engine_has_torch = json.loads(ended.stdout)
    assert is_preloaded, "what can't be preloaded fails without a word"
    assert device
    assert num_threads == 1, "a thread does not survive a fork, and what it held stays locked"
    assert not engine_has_torch, "the engine itself stays small"


def test_where_nothing_can_be_forked_a_spare_process_waits_ready(store, small_text, shared_cache, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    launcher = SpareLauncher()
    launcher._renew()
    spare = launcher._spare[0]
    values = {"corpus": str(small_text), "tokenizer": {"vocabulary_size": 256}, "model": {"size": "tiny", "context_tokens": 32}}
    run_id = store.submit(RunSpec.from_json(values | {"training": {"budget": 2, "budget_unit": "steps"}}))
    assert store.claim("engine") == run_id
    process = launcher.launch(run_id, "engine")
    assert process is spare
    assert launcher._spare[0] is not spare, "the next one is waiting"
    wait_until(lambda: store.row(run_id)["status"] == "done", "the run is done")
    process.join(timeout=60)
    launcher._spare[1].close()
    launcher._spare[0].join(timeout=60)
    assert launcher._spare[0].exitcode == 0, "a spare ends when its engine does"
