"""Parts of the live page that need no screen: probes, words, numbers, facts, replays, remedies."""

from dataclasses import replace

import numpy as np
import pytest

from pages._ui import (
    guess,
    live_words,
    number_strip,
    phase_steps,
    probe_bars,
    probe_samples,
    remedies,
    replay,
    run_facts,
    source,
)
from ssl_core.engine.client import EngineState
from ssl_core.errors import UserError
from ssl_core.i18n import in_language
from ssl_core.runs import presets
from ssl_core.runs.record import RunEvent, no_metrics

LINES = {"uniform_nats": 7.0, "unigram_nats": 6.0, "bigram_nats": 5.0, "floor_nats": None, "num_targets": 100}
IDLE = EngineState(state="idle", device="cpu", queue_length=0, num_running=0)
ALWAYS = float("inf")
NAN = float("nan")


def event(number, kind, step, **payload):
    return RunEvent(id=number, kind=kind, step=step, elapsed_s=float(step), payload=payload)


def made(preset="mlm-en", status="running", events=(), **more):
    record = guess.nothing_yet(presets.spec(preset), tuple(events))
    return replace(record, status=status, **more)


def curve(losses):
    steps = np.arange(1.0, len(losses) + 1)
    return no_metrics() | {name: np.full(len(losses), NAN) for name in no_metrics()} | {
        "step": steps, "elapsed_s": steps, "tokens": steps * 1024, "val_loss_nats": np.array(losses),
    }  # fmt: skip


def filled(step, text, *words, tokens=()):
    top = [{"token": word, "probability": share} for word, share in words]
    place = list(tokens).index("[MASK]") if tokens else 2
    return event(
        step, "probe", step, probe_id="0", kind="fill", text=text, tokens=list(tokens), blanks=[{"position": place, "top": top}]
    )


# ---- blanks ----------------------------------------------------------------------------------------------------------


def test_a_sentence_waits_with_its_blank_before_the_model_has_seen_it():
    first = probe_bars.groups(made(), ALWAYS)[0]
    assert [part.get("blank") for part in first["sentence"]] == [None, 0, None]
    assert all(row["share"] == 0 and not row["word"] for row in first["rows"])


def test_the_blank_shows_the_likeliest_word():
    text = presets.spec("mlm-en").probes[0]
    record = made(events=[filled(3, text, ("a", 0.1)), filled(9, text, ("vote", 0.61), ("##s", 0.004))])
    first = probe_bars.groups(record, ALWAYS)[0]
    assert [part["text"] for part in first["sentence"] if "blank" in part] == ["vote"]
    assert [(row["word"], row["percent"]) for row in first["rows"]] == [("vote", "61 %"), ("-s", "<1 %")]
    assert "vote 61 %" in first["summary"]


def test_looking_back_shows_the_words_of_that_step():
    text = presets.spec("mlm-en").probes[0]
    record = made(events=[filled(3, text, ("a", 0.1)), filled(9, text, ("vote", 0.6))])
    assert probe_bars.groups(record, 5)[0]["rows"][0]["word"] == "a"


def test_a_sentence_without_a_mark_gets_its_blank_from_the_tokens():
    record = made(events=[filled(3, "it rains today.", ("now", 0.5), tokens=("it", "rain", "##s", "[MASK]", "."))])
    sentence = probe_bars.groups(record, ALWAYS)[0]["sentence"]
    assert "".join(part["text"] for part in sentence) == " it  rains now."


def test_a_refused_sentence_says_why_and_comes_first():
    why = UserError("This sentence has {n} tokens.", n=99).to_json()
    record = made(events=[event(1, "probe_refused", 1, probe_id="9", text="<b>long</b>", failure=why)])
    first = probe_bars.groups(record, ALWAYS)[0]
    assert first["refused"] == "This sentence has 99 tokens."
    assert first["sentence"] == [{"text": "<b>long</b>"}], "a learner's HTML stays text"


# ---- samples ---------------------------------------------------------------------------------------------------------


def written(number, step, prompt, text):
    return event(number, "probe", step, probe_id=str(number), kind="continue", prompt=prompt, text=text)


def test_the_newest_text_stands_on_top_with_its_step_and_loss():
    events = [written(1, 2, "he said", "he said a b"), written(2, 5, "he said", "he said that it")]
    record = made("lm-en", events=events, metrics=curve([7.0, 6.5, 6.0, 5.5, 5.0]))
    first, second = probe_samples.samples(record, ALWAYS)[:2]
    assert (first["text"], first["step"], first["loss"]) == (" that it", "step 5", "5.00 nats")
    assert second["loss"] == "6.50 nats"


def test_a_beginning_that_was_not_continued_yet_waits():
    waiting = [each["prompt"] for each in probe_samples.samples(made("lm-en"), ALWAYS) if each.get("isWaiting")]
    assert waiting == list(presets.spec("lm-en").probes)


# ---- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "place"), [(6.9, 0), (6.05, 1), (5.7, 1), (5.4, 2), (4.9, 3)],
)  # fmt: skip
def test_the_phase_follows_from_the_lines(loss, place):
    record = made(events=[event(1, "baselines", 0, **LINES)], metrics=curve([7.0, loss]))
    assert phase_steps.place(record) == place


def test_no_phase_is_marked_before_the_first_loss():
    assert phase_steps.place(made(events=[event(1, "baselines", 0, **LINES)])) == -1


@pytest.mark.parametrize(
    ("record", "state", "part"),
    [
        (made(status="queued"), "waiting", "Next"),
        (made(events=[event(1, "prepared", 0, stage="tokenizer")]), "waiting", "2 of 3"),
        (made(metrics=curve([7.0])), "live", "first steps"),
        (made(status="paused", metrics=curve([7.0, 6.9])), "paused", "step 2"),
        (made(status="stopped"), "stopped", "before it began"),
        (made(status="done", metrics=curve([7.0]), result={"val_loss_nats": 4.321}), "done", "4.32"),
        (made(status="failed", failure=UserError("The disk is full.").to_json()), "failed", "failed"),
        (made(status="failed"), "failed", "failed"),
    ],
)
def test_every_status_is_told_in_words(record, state, part):
    said = live_words.of(record, 0, None, IDLE)
    assert said.state == state
    assert part in said.title
    with in_language("zh"):
        assert live_words.of(record, 0, None, IDLE).title != said.title


def test_a_failure_says_what_happened():
    record = made(status="failed", failure=UserError("The disk is full.").to_json())
    assert live_words.of(record, 0, None, IDLE).detail == "The disk is full."


@pytest.mark.parametrize("state", ["absent", "starting"])
def test_a_queued_run_says_that_the_engine_starts_by_itself(state):
    said = live_words.of(made(status="queued"), 0, None, replace(IDLE, state=state))
    assert "starting" in said.title
    assert "by itself" in said.detail


def test_a_queued_run_says_how_many_stand_before_it_and_how_long():
    said = live_words.of(made(status="queued"), 2, 95.0, IDLE)
    assert "2" in said.title
    assert "1:35" in said.detail


def test_the_end_says_how_far_off_the_guess_was():
    record = made(status="done", metrics=curve([6.0] * 60), guess=((0.0, 7.0), (1.0, 7.0)))
    assert "1.00 nats off" in live_words.of(record, 0, None, IDLE).detail


def test_without_a_guess_the_end_says_what_was_gained():
    record = made(status="done", metrics=curve([4.5]), events=[event(1, "baselines", 0, **LINES)])
    assert "1.50 nats better" in live_words.of(record, 0, None, IDLE).detail


# ---- numbers and facts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (4.3149, "4.31"), (21_473.0, "21,500"), (0.0030, "0.00300"), (3.2e-5, "3.20e-5"), (0.0, "0.00"), (152.4, "152")],
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
