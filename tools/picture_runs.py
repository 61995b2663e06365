"""A store with one run of each status, made of the recorded runs, so that pages show what they would show."""

import time
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from ssl_core.engine import outcomes
from ssl_core.i18n import translate
from ssl_core.runs.record import METRIC_NAMES, RunRecord, load_recording
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.store import RunStore
from ssl_core.runs.tables import engines, runs

RECORDED = Path(__file__).parents[1] / "assets" / "recorded"
GUESS = ((0.0, 6.9), (0.06, 6.1), (0.2, 5.4), (0.5, 4.9), (1.0, 4.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One run to put into the store: a recording as it stood at a second, with another status."""

    status: str
    language: str = "en"
    second: float = 1e9
    minutes_ago: float = 1.0
    task: str = "mlm"


SCENES = tuple(
    Scene(status=status, language=language, second=second, minutes_ago=minutes, task=task)
    for language in ("en", "zh")
    for status, second, minutes, task in (
        ("running", 23.0, 0.4, "mlm"),
        ("queued", -1.0, 0.2, "lm"),
        ("paused", 31.0, 8.0, "lm"),
        ("done", 1e9, 26.0, "mlm"),
        ("done", 1e9, 95.0, "lm"),
        ("failed", 17.0, 1500.0, "mlm"),
        ("stopped", 44.0, 4300.0, "lm"),
    )
)


def fill(home: Path) -> dict[str, dict[str, str]]:
    """Fill the store of a home; return language -> status -> id, of the first run of each status."""
    home.mkdir(parents=True, exist_ok=True)
    store = RunStore(f"sqlite:///{home / 'runs.sqlite'}")
    ids: dict[str, dict[str, str]] = {"en": {}, "zh": {}}
    for scene in SCENES:
        ids[scene.language].setdefault(scene.status, _add(store, scene))
    store.engine_heartbeat(process="of another machine", device="cpu", state="running")
    with store.engine.begin() as connection:  # it spoke last tomorrow, so that the sidebar shows it at work today
        connection.execute(sa.update(engines).values(heartbeat_at=time.time() + 86_400))
    return ids


def _add(store: RunStore, scene: Scene) -> str:
    path = RECORDED / f"{scene.task}-{scene.language}.json"
    recorded = load_recording(path if path.exists() else next(iter(sorted(RECORDED.glob("*.json")))))
    shown = recorded.until(scene.second)
    spec = RunSpec.from_json({**recorded.spec, "training": {**recorded.spec["training"], "pace": ()}})
    run_id = store.submit(spec, name=translate(recorded.name, scene.language), guess=GUESS if scene.status == "running" else ())
    created_at = time.time() - 60 * scene.minutes_ago
    with store.engine.begin() as connection:
        connection.execute(sa.update(runs).where(runs.c.id == run_id).values(created_at=created_at))
    if scene.status != "queued":
        _play(store, run_id, shown, scene.status)
    return run_id


def _play(store: RunStore, run_id: str, shown: RunRecord, status: str) -> None:
    store.hand_over(run_id, "a picture") if store.claim("a picture") == run_id else None
    with store.engine.begin() as connection:  # whichever run was claimed: this one goes on, the others wait
        connection.execute(
            sa.update(runs).where(runs.c.status == "running", runs.c.started_at.is_(None)).values(status="queued")
        )
        connection.execute(sa.update(runs).where(runs.c.id == run_id).values(status="running", worker="a picture"))
    store.mark(run_id, "running")
    for event in shown.events:
        store.add_event(run_id, event.kind, step=event.step, elapsed_s=event.elapsed_s, payload=event.payload)
    for place in range(len(shown.metrics["step"])):
        store.add_metric(run_id, {name: float(shown.metrics[name][place]) for name in METRIC_NAMES})
    if status == "paused":
        store.mark(run_id, "paused")
    elif status == "failed":
        store.finish(run_id, "failed", failure=outcomes.of_exit(-9, ""))
    elif status in ("done", "stopped"):
        store.finish(run_id, status, result=shown.result if status == "done" else None)
