"""Runs given to an engine of the test's own, and waiting for what becomes of them."""

from ssl_core.engine.processes import ProcessMark
from ssl_core.errors import UserError
from ssl_core.runs.spec import RunSpec
from tests.engine.waiting import wait_until

LONG = 100_000


def submit(store, steps=LONG):
    return store.submit(RunSpec.from_json({"training": {"budget": steps, "budget_unit": "steps"}}))


def wait_for(store, run_id, status):
    return wait_until(lambda: store.row(run_id)["status"] == status and store.row(run_id), f"{run_id} is {status}")


def wait_for_worker(store, run_id):
    def worker():
        mark = ProcessMark.parse(store.row(run_id)["worker"] or "")
        return mark if mark is not None and mark.role == "worker" and len(store.record(run_id).metrics["step"]) else None

    return wait_until(worker, f"{run_id} has a worker that reports")


def wait_for_checkpoint(store, run_id):
    wait_until(lambda: store.record(run_id).latest("checkpoint"), f"{run_id} has a checkpoint")


def failure(store, run_id):
    return UserError.from_json(store.record(run_id).failure).message()
