"""Parts of the live page that need no screen: words, numbers, facts, replays, remedies."""

from dataclasses import replace

import pytest

from pages._ui import (
    chart_data,
    live_words,
    loss_chart,
    number_strip,
    phase_steps,
    phase_words,
    remedies,
    replay,
    run_facts,
    source,
)
from ssl_core.engine.client import EngineState
from ssl_core.errors import UserError
from ssl_core.i18n import in_language
from ssl_core.runs import presets
from tests.pages.live_runs import LINES, curve, event, made

IDLE = EngineState(state="idle", device="cpu", queue_length=0, num_running=0)


@pytest.mark.parametrize(
    ("loss", "place"), [(6.9, 0), (6.05, 1), (5.95, 1), (5.4, 2), (4.9, 3)],
)  # fmt: skip
def test_the_phase_follows_from_the_lines(loss, place):
    record = made(events=[event("baselines", 0, **LINES)], metrics=curve([7.0, loss]))
    assert phase_steps.place(record) == place


def test_no_phase_is_marked_before_the_first_loss():
    assert phase_steps.place(made(events=[event("baselines", 0, **LINES)])) == -1


def test_a_phase_is_called_like_the_line_it_begins_at():
    alike = {"uniform_nats": 4.16, "unigram_nats": 4.16, "bigram_nats": None}
    (line,) = chart_data.lines(made("contrastive-en", events=[event("baselines", 0, **alike)]))
    assert line == {"y": 4.16, "name": "all texts look alike"}, "words have no frequency where texts are compared"
    assert phase_words.names("contrastive", alike)["frequencies"] == "All texts look alike"
    assert phase_words.names("masked_lm", LINES)["frequencies"] == "Word frequencies only"


@pytest.mark.parametrize(
    ("record", "state", "part"),
    [
        (made(events=[event("prepared", 0, stage="tokenizer")]), "waiting", "2 of 3"),
        (made(events=[event("prepared", 0, stage="tokenizer", share=0.35)]), "waiting", "tokens, 35%"),
        (made(metrics=curve([7.0])), "live", "first steps"),
        (made(status="paused", metrics=curve([7.0, 6.9])), "paused", "step 2"),
        (made(status="stopped"), "stopped", "before it began"),
        (made(status="done", metrics=curve([7.0]), result={"val_loss_nats": 4.321}), "done", "4.32"),
        (made(status="failed", failure=UserError("The disk is full.").to_json()), "failed", "failed"),
        (made(status="failed"), "failed", "failed"),
    ],
)
def test_every_status_is_told_in_words(record, state, part):
    said = live_words.of(record)
    assert said.state == state
    assert part in said.title
    with in_language("zh"):
        assert live_words.of(record).title != said.title


def test_a_failure_says_what_happened():
    record = made(status="failed", failure=UserError("The disk is full.").to_json())
    assert live_words.of(record).detail == "The disk is full."


@pytest.mark.parametrize("state", ["absent", "starting"])
def test_a_queued_run_says_that_the_engine_starts_by_itself(state):
    said = live_words.queued(0, None, replace(IDLE, state=state))
    assert "starting" in said.title
    assert "by itself" in said.detail


def test_the_first_in_the_queue_is_told_so():
    assert live_words.queued(0, 0.0, IDLE).title == "Next in the queue"
    assert "0:50" in live_words.queued(0, 50.0, IDLE).detail, "though all workers are busy"


def test_a_queued_run_says_how_many_stand_before_it_and_how_long():
    said = live_words.queued(2, 95.0, IDLE)
    assert "2" in said.title
    assert "1:35" in said.detail


def test_the_end_says_how_far_off_the_guess_was():
    record = made(status="done", metrics=curve([6.0] * 60), guess=((0.0, 7.0), (1.0, 7.0)))
    assert "1.00 nats off" in live_words.of(record).detail


def test_without_a_guess_the_end_says_what_was_gained():
    record = made(status="done", metrics=curve([4.5]), events=[event("baselines", 0, **LINES)])
    assert "1.50 nats better" in live_words.of(record).detail


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"), (4.3149, "4.31"), (21_473.0, "21,500"), (0.0030, "0.00300"), (3.2e-5, "3.20e-5"), (0.0, "0.00"),
        (152.4, "152"),
    ],
)  # fmt: skip
def test_numbers_have_three_digits(value, text):
    assert number_strip.three_digits(value) == text


@pytest.mark.parametrize(("seconds", "text"), [(None, "–"), (4.4, "0:04"), (75, "1:15"), (3675, "1:01:15")])
def test_durations_are_minutes_and_seconds(seconds, text):
    assert number_strip.minutes(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0.2, "1"), (57, "57"), (973, "970"), (14_120, "14,000"), (1_040_000, "1.0 M"), (23e6, "23 M")]
)
def test_counts_read_aloud(count, text):
    assert run_facts.short_count(count) == text


def test_the_extent_of_a_run_follows_from_its_budget():
    spec = presets.spec("mlm-en")
    training = spec.training
    tokens_a_step = training.batch_size * spec.model.context_tokens
    assert run_facts.extent(spec, 0.1) == pytest.approx((600, 60))
    in_steps = replace(spec, training=replace(training, budget=50, budget_unit="steps"))
    assert run_facts.extent(in_steps, 0.1) == pytest.approx((50, 5))
    in_tokens = replace(spec, training=replace(training, budget=20 * tokens_a_step, budget_unit="tokens"))
    assert run_facts.extent(in_tokens, 0.1) == pytest.approx((20, 2))


def test_the_wait_is_what_the_runs_before_have_left(store):
    first = store.submit(presets.spec("mlm-en"), worker="here:1:1")
    store.mark(first, "running")
    store.submit(presets.spec("lm-en"))
    last = store.submit(presets.spec("lm-zh"))
    rows = store.rows()
    started = store.row(first)["started_at"]
    assert run_facts.seconds_before(rows, last, 1, started + 20) == pytest.approx(40 + 60)
    assert run_facts.seconds_before(rows, last, 2, started + 20) == pytest.approx(50)
    assert run_facts.seconds_before(rows, last, 3, started + 20) == 0, "a worker is free"


def test_a_replay_goes_through_the_run_rests_and_begins_again():
    length = 60.0
    assert replay.seconds_shown(length, 0) == 0
    assert replay.seconds_shown(length, 10) == 10 * replay.SPEED
    assert replay.seconds_shown(length, length / replay.SPEED + replay.REST_S - 0.1) == length
    assert replay.seconds_shown(length, length / replay.SPEED + replay.REST_S + 1) == pytest.approx(replay.SPEED)


def test_each_remedy_asks_for_less_until_nothing_is_left():
    spec = presets.spec("mlm-en")
    seen = []
    for _try in range(12):
        seen.append((spec.training.batch_size, spec.model.size, spec.model.context_tokens))
        _words, spec = remedies.best(spec)
    assert seen[:2] == [(16, "small", 64), (8, "small", 64)]
    assert seen[-1] == (1, "tiny", 8), "and it stays a run that can start"


def test_papers_and_addresses_become_links():
    assert (
        source.linked("Devlin 2018, arXiv:1810.04805, sec. 3")
        == "Devlin 2018, [arXiv:1810.04805](https://arxiv.org/abs/1810.04805), sec. 3"
    )
    assert source.linked("See https://example.org/a.pdf.") == "See <https://example.org/a.pdf>."


@pytest.mark.parametrize(
    ("preset", "lines", "said"), [("next-sentence-en", {"bigram_nats": None}, "look"), ("mlm-en", {}, "word")]
)
def test_a_gain_is_told_over_what_can_be_had_without_learning(preset, lines, said):
    known = {**LINES, **lines}
    for loss in (5.0, 6.5):
        record = made(preset, "done", events=[event("baselines", 0, **known)], metrics=curve([7.0, loss]))
        assert said in live_words.of(record).detail
    assert ("per answer" in loss_chart.figure(record)["y"]["title"]) == (said == "look")


def test_a_phase_is_told_with_the_step_whose_loss_it_goes_by():
    losses = [6.5, 6.0, float("nan"), float("nan")]
    title, detail = live_words.phase(made("mlm-en", events=[event("baselines", 0, **LINES)], metrics=curve(losses)))
    assert title == "Word frequencies only"
    assert detail.endswith("As of step 2: 6.00 nats."), "steps 3 and 4 measured none"
