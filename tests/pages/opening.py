"""Opening pages without a browser, and a store with something in it."""

import math
from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages._ui import menu
from ssl_core.errors import UserError
from ssl_core.runs import presets
from ssl_core.runs.store import RunStore

ROOT = Path(__file__).parents[2]
LINES = {"uniform_nats": 6.93, "unigram_nats": 6.07, "bigram_nats": 5.2, "floor_nats": None, "num_targets": 2400}
HOSTILE = "<script>alert(1)</script> **bold** :red[x] $y$"


def open_page(stem: str, language: str = "en", **parameters: str) -> AppTest:
    """Open one page of the app by its stem, as a visitor with these URL parameters would."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in {"lang": language, **parameters}.items():
        app.query_params[name] = value
    entry = next(each for each in menu.MENU if each.stem == stem)
    if not entry.is_first:
        app.switch_page(entry.path)
    return app.run()


def open_section(app: AppTest, key: str) -> AppTest:
    """Open a section of a page, as a press on its title does."""
    app.session_state[key] = True
    return app.run()


def texts(app: AppTest) -> str:
    """Return all that a page says, headings, labels, HTML and messages, as one text."""
    kinds = (app.title, app.markdown, app.text, app.caption, app.html, app.error, app.warning, app.info)
    said = [str(getattr(each, "value", None) or getattr(each, "body", "")) for kind in kinds for each in kind]
    said += [str(each.label) for kind in (app.button, app.page_link) for each in kind]
    return "\n".join(said)


def add_run(store: RunStore, status: str, *, preset: str = "mlm-en", name: str = "", seed: int = 0, steps: int = 40) -> str:
    """Put a run of a certain status into the store, as a worker would have left it, and return its id."""
    run_id = store.submit(presets.spec(preset), name=name or f"{preset} {status} {seed}")
    if status == "queued":
        return run_id
    worker = "elsewhere:1:1"
    store.hand_over(run_id, worker) if store.claim(worker) == run_id else None
    store.mark(run_id, "running")
    store.add_event(run_id, "started", step=0, elapsed_s=0.0, payload={"device": "cpu", "parameters": 1000, "vocabulary": 1024})
    store.add_event(run_id, "baselines", step=0, elapsed_s=0.0, payload=LINES)
    for step in range(1, steps + 1):
        loss = 4.3 + 0.1 * seed + 2.7 * math.exp(-step / 12)
        store.add_metric(
            run_id,
            {
                "step": step, "elapsed_s": 1.5 * step, "tokens": 1024 * step, "tokens_per_s": 700.0, "learning_rate": 1e-3,
                "train_loss_nats": loss - 0.05, "val_loss_nats": loss if step % 4 == 0 else None,
            },
        )  # fmt: skip
    if status == "paused":
        store.add_event(run_id, "paused", step=steps, elapsed_s=1.5 * steps, payload={})
        store.mark(run_id, "paused")
    if status in ("done", "stopped"):
        store.finish(run_id, status, result={"val_loss_nats": 4.4, "steps": steps, "elapsed_s": 60.0, "baselines": LINES})
    if status == "failed":
        store.finish(run_id, "failed", failure=UserError("The worker was killed."))
    return run_id


def fill(store: RunStore) -> dict[str, str]:
    """Put one run of each status into the store; return the ids by status."""
    statuses = ("done", "stopped", "failed", "running", "paused", "queued")
    return {
        status: add_run(store, status, name=HOSTILE if status == "done" else "", seed=i) for i, status in enumerate(statuses)
    }
