"""A sentence of the learner's own after a run: its network is asked as the run was, and the answer joins the others.

It becomes one more event of the run in view, so that it is drawn as what was typed while the run went on.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pages._ui import asking
from ssl_core import paths
from ssl_core.engine import questions
from ssl_core.engine.questions import Answer
from ssl_core.runs.moment import moment
from ssl_core.runs.record import AFTERWARDS, RunEvent, RunRecord

KIND, PLACE = "probe", "live.own"


def may_be_asked(run_id: str) -> bool:
    """Return whether a finished run keeps its network."""
    return (paths.run_folder(run_id) / "model").is_dir()


def asked(run_id: str, text: str) -> Answer:
    """Ask the run's network about a sentence, and return where that question stands."""
    return asking.quietly(KIND, _payload(run_id, text), place=PLACE)


def wait(run_id: str, text: str, answer: Answer) -> None:
    """Let the page run again when there is something new; last on the page."""
    asking.wait_quietly(KIND, _payload(run_id, text), answer, place=PLACE)


def joined(record: RunRecord, text: str, answer: Answer) -> RunRecord:
    """Return the run with what became of the question: answered, refused, or a sentence that waits."""
    if answer.status == "waiting":
        return replace(record, spec={**record.spec, "probes": [text, *_others(record, text)]})
    if answer.status == "failed":
        assert answer.reason is not None, "what failed says why"
        failure = {"text": text, "failure": answer.reason.to_json()}
        return _with(record, "probe_refused", moment(record).step, failure)
    return _with(record, "probe", int(answer.values["step"]), answer.values["probe"])


def _with(record: RunRecord, kind: str, step: int, payload: Mapping[str, Any]) -> RunRecord:
    told = {**payload, "probe_id": AFTERWARDS}
    happened = RunEvent(id=_next_id(record), kind=kind, step=step, elapsed_s=moment(record).elapsed_s, payload=told)
    return replace(record, events=(*record.events, happened))


def _next_id(record: RunRecord) -> int:
    return max((each.id for each in record.events), default=0) + 1


def _others(record: RunRecord, text: str) -> list[str]:
    return [str(each) for each in record.spec["probes"] if each != text]


def _payload(run_id: str, text: str) -> dict[str, object]:
    return {"model": questions.of_run(run_id), "text": text}
