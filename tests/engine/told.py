"""Telling a run what to do, one thing after another, each when it has done the last."""

import threading

from tests.engine.waiting import wait_until


def when(store, run_id, status, *actions):
    """Send controls, one after another, each once the run shows ``status`` and has done what the last one asked for."""

    def num_steps():
        return store.record(run_id).metrics["step"][-1]

    def num_answers():
        return len(store.record(run_id).events_of("probe"))

    def send():
        try:
            for action, payload in actions:
                wait_until(lambda: store.row(run_id)["status"] == status, f"the run is {status}")
                steps, answers = num_steps(), num_answers()
                store.control(run_id, action, payload)
                if action == "step":
                    wait_until(lambda steps=steps: num_steps() > steps, "the step is taken")
                elif action == "probe":
                    wait_until(lambda answers=answers: num_answers() > answers, "the sentence is answered")
        finally:
            if store.row(run_id)["status"] == status and actions[-1][0] not in ("resume", "stop"):
                store.control(run_id, "stop")  # no test waits for ever

    thread = threading.Thread(target=send)
    thread.start()
    return thread
