import json
from dataclasses import replace

import pytest

from ssl_core import corpora, paths, tokenization
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training import kept_floors
from ssl_core.training.kept_floors import KeptFloor
from ssl_core.training.session import TrainingSession
from tests.training import tiny, told_by_hand


class OtherProcess:
    """Stands for the process that works a floor out: done when it is told so."""

    is_done = False

    def poll(self):
        return 0 if self.is_done else None


@pytest.fixture
def told(monkeypatch):
    """The corpus told by hand is the only one there is; whoever starts another process gets one that does nothing."""
    corpus, started = told_by_hand.corpus(), []
    monkeypatch.setattr(corpora, "load", lambda key: corpus)
    monkeypatch.setattr(kept_floors, "_started", lambda spec, folder: started.append(OtherProcess()) or started[-1])
    return corpus, started


def a_spec(task="causal_lm", **training) -> RunSpec:
    spec = tiny.spec("told", task=task, **training)
    return replace(spec, tokenizer=TokenizerConfig(kind="character", vocabulary_size=64))


def asked(corpus, spec) -> KeptFloor:
    tokenized = tokenization.tokenized(corpus, spec.tokenizer)
    return KeptFloor(spec, corpus, tokenized, kept_floors.validation_windows(spec, tokenized))


def test_a_floor_is_known_when_the_other_process_is_done_and_at_once_from_then_on(told):
    corpus, started = told
    floor = asked(corpus, a_spec())
    assert floor.nats() is None
    kept_floors.work_out(a_spec())
    assert floor.nats() is None, "nobody looks before the process is done"
    started[0].is_done = True
    assert 0 < floor.nats() < 1
    assert asked(corpus, a_spec()).nats() == floor.nats()
    assert len(started) == 1


@pytest.mark.parametrize(
    "other",
    [
        a_spec("masked_lm"),
        a_spec(validation_sequences=16),
        replace(a_spec(), model=replace(a_spec().model, context_tokens=8)),
        replace(a_spec(), tokenizer=TokenizerConfig(kind="word", vocabulary_size=64)),
    ],
    ids=["task", "sequences", "context", "tokenizer"],
)
def test_another_question_is_worked_out_anew(told, other):
    corpus, started = told
    kept_floors.work_out(a_spec())
    assert asked(corpus, a_spec()).nats() is not None
    assert asked(corpus, other).nats() is None
    assert len(started) == 1


def test_what_a_run_is_trained_like_does_not_matter(told):
    corpus, started = told
    kept_floors.work_out(a_spec())
    spec = a_spec(optimizer="adamw", budget=3, learning_rate=0.5)
    assert asked(corpus, replace(spec, seed=7)).nats() is not None
    assert not started


def test_a_floor_that_can_not_be_known_is_kept_too(told):
    corpus, started = told
    unknown = replace(corpus, machine=lambda: told_by_hand.corpus(language="zh").machine())
    spec, tokenized = a_spec(), tokenization.tokenized(corpus, a_spec().tokenizer)
    windows = kept_floors.validation_windows(spec, tokenized)
    path = kept_floors._path(spec, unknown, tokenized, windows)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"floor_nats": None}), encoding="utf-8")
    assert asked(unknown, spec).nats() is None
    assert not started


@pytest.mark.parametrize("damaged", ["", '{"floor_na', "[]", '{"floor_nats": "0.5"}', '{"floor_nats": NaN}'])
def test_a_floor_whose_file_is_damaged_is_worked_out_again(told, damaged):
    corpus, started = told
    kept_floors.work_out(a_spec())
    nats = asked(corpus, a_spec()).nats()
    (file,) = (paths.cache_folder() / "floors").glob("*.json")
    file.write_text(damaged, encoding="utf-8")
    floor = asked(corpus, a_spec())
    assert (floor.nats(), len(started)) == (None, 1), "a process is asked for it"
    kept_floors.work_out(a_spec())
    started[0].is_done = True
    assert floor.nats() == asked(corpus, a_spec()).nats() == nats


def test_a_process_that_breaks_off_leaves_the_floor_unknown(told):
    corpus, started = told
    floor = asked(corpus, a_spec())
    started[0].is_done = True
    assert floor.wait(5) is None
    assert floor.nats() is None


def test_a_text_without_a_grammar_asks_nobody(told):
    corpus, started = told
    assert asked(replace(corpus, machine=None), a_spec()).nats() is None
    assert not started


def test_the_lines_of_a_run_take_the_floor_in_when_it_comes(told):
    _corpus, started = told
    session = TrainingSession(a_spec("masked_lm"))
    assert session.baselines.floor_nats is None
    kept_floors.work_out(a_spec("masked_lm"))
    for report in session.steps():
        if report.step == 2:
            started[0].is_done = True
        assert (session.baselines.floor_nats is not None) == (report.step >= 2)
        if report.is_last:
            break
    assert session.result()["baselines"]["floor_nats"] == session.baselines.floor_nats > 0
    assert session.baselines.floor_nats < session.baselines.unigram_nats


def test_another_process_works_it_out(shared_cache):
    """The real thing: 40,000 stories, another process."""
    spec = replace(a_spec(), corpus="tinyworld-en", tokenizer=TokenizerConfig(kind="word", vocabulary_size=1024))
    floor = asked(corpora.load(spec.corpus), spec)
    assert floor.wait(120) is not None
    assert 0.3 < floor.nats() < 1.5
