import pytest

from ssl_core import pretext
from ssl_core.cli import saved_runs
from ssl_core.i18n import in_language
from ssl_core.runs.record import RunRecord

LINES = {"uniform_nats": 2.0, "unigram_nats": 1.5, "bigram_nats": None, "floor_nats": None}


def record(task, **result):
    return RunRecord(
        id="0", name="a run", status="done", spec={"task": task}, created_at=0.0, started_at=None, ended_at=None, metrics={},
        events=(), guess=(), result=result or None, failure=None,
    )  # fmt: skip


def test_what_was_measured_beside_the_loss_is_printed_under_its_title():
    measured = record("contrastive", measures={"accuracy": 0.25, "knn_mood": 0.75, "something_else": 1.0})
    assert saved_runs.figures(measured) == [("Neighbours: same mood", 0.75), ("Partner found", 0.25)]
    with in_language("zh"):
        assert saved_runs.figures(measured)[1][0] == "找到同伴"


@pytest.mark.parametrize(
    ("task", "unigram"),
    [
        ("masked_lm", "word frequencies only"),
        ("next_sentence", "how often each answer is right"),
        ("replaced_token_detection", "always saying the base rate"),
        ("contrastive", "all texts look alike"),
    ],
)
def test_the_lines_are_called_what_the_task_calls_them(task, unigram):
    printed = dict(saved_runs.figures(record(task, val_loss_nats=1.25, baselines=LINES)))
    assert printed == {"validation loss, nats": 1.25, printed_uniform(task): 2.0, unigram: 1.5}


def printed_uniform(task):
    return getattr(pretext.task(task), "LINES", {}).get("uniform_nats", "all tokens alike")


@pytest.mark.parametrize("task", ["contrastive", "masked_lm"])
def test_a_run_that_measured_nothing_prints_nothing(task):
    assert saved_runs.figures(record(task)) == []
    assert saved_runs.figures(record(task, measures={}, baselines={})) == []
