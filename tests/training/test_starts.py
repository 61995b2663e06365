"""Starting from trained weights: what is taken over, what begins anew, and that the start is not needed any more then."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ssl_core import corpora, models, objectives, pretext, tokenization
from ssl_core.analysis.subjects import Subjects
from ssl_core.corpora.splits import split
from ssl_core.engine.worker import training_session
from ssl_core.errors import UserError
from ssl_core.objectives import tokens
from ssl_core.runs import starts as choices
from ssl_core.runs import tokenizers, weights
from ssl_core.tokenization import kinds
from ssl_core.tokenization.base import vocabulary_of
from ssl_core.training import evaluation, export, starts
from ssl_core.training.session import TrainingSession
from ssl_core.training.stages import say_nothing
from ssl_core.training.windows import Text, maker
from tests.analysis.asked import trained
from tests.training import tiny

pytestmark = pytest.mark.usefixtures("shared_cache")
PORTS = ("Lisbon", "Bergen", "Naples", "Odessa", "Cadiz", "Malta", "Havana", "Bombay")
SEA = "\n\n".join(f"Ship {n} sails home to {PORTS[n % 8]}. A sailor sings, and wind {n % 7} blows." for n in range(250))


@pytest.fixture
def other_text(tmp_path):
    path = tmp_path / "sea.txt"
    path.write_text(SEA, encoding="utf-8")
    return path


@pytest.fixture
def start_id(store, small_text):
    """A run on the small text whose steps are done."""
    return trained(store, tiny.spec(small_text, task="masked_lm", precision="fp32", budget=12, learning_rate=0.03))


def begun(store, start_id, path, task="masked_lm", step=None, **settings):
    """A run on another text that starts from it: its id, its spec and its session."""
    spec = tiny.spec(path, task=task, precision="fp32")
    spec = replace(spec, task_settings=replace(spec.task_settings, **settings))
    spec = choices.starting_from(store, spec, start_id, step)
    run_id = store.submit(spec, worker="w")
    return run_id, spec, opened(store, run_id, spec)


def opened(store, run_id, spec) -> TrainingSession:
    return training_session(spec, say_nothing, run=(store, run_id))


def weights_of(model):
    return {name: value.detach().clone() for name, value in model.named_parameters()}


def same(found, expected) -> bool:
    return found.keys() == expected.keys() and all(torch.equal(found[name], value) for name, value in expected.items())


def losses(reports):
    return [(each.step, each.train_loss_nats, each.val_loss_nats) for each in reports]


def by_hand(tokenizer, path):
    """The validation part of a text in the tokens of a tokenizer, put in a row without the session."""
    ids, word_starts = zip(*kinds.encode_ended(tokenizer, split(corpora.load(str(path)).documents()).validation), strict=True)
    return Text(ids=np.concatenate(ids), starts_word=np.concatenate(word_starts))


def test_a_runs_first_loss_is_what_its_start_loses_on_the_same_text_in_its_own_tokens(store, start_id, other_text):
    _run_id, spec, session = begun(store, start_id, other_text)
    tokenizer, network = tokenizers.of_run(start_id, store), Subjects(store)({"run": start_id}).model
    text = by_hand(tokenizer, other_text)
    np.testing.assert_array_equal(session.tokenized.validation_ids, text.ids)
    held_out = evaluation.hold_out(
        text,
        maker("masked_lm", spec.task_settings, vocabulary_of(tokenizer)),
        num_sequences=spec.training.validation_sequences,
        context_tokens=16,
        device=tiny.CPU,
    )
    look = lambda model, batch: tokens.look(model, batch, spec.task_settings)  # noqa: E731
    expected = evaluation.judge(network, held_out, look, tokens.measures, precision="fp32").loss_nats
    first = next(session.steps())
    assert (first.step, first.val_loss_nats) == (0, pytest.approx(expected, rel=1e-5))  # the order of additions
    untrained = next(begun(store, start_id, other_text, step=0)[2].steps())
    assert untrained.val_loss_nats != pytest.approx(expected, rel=1e-3), "so the agreement means something"


def test_the_tokens_are_those_of_the_start_and_of_no_tokenizer_trained_on_the_new_text(store, start_id, other_text):
    _run_id, spec, session = begun(store, start_id, other_text)
    corpus, theirs = corpora.load(str(other_text)), tokenizers.of_run(start_id, store)
    anew = tokenization.tokenized(corpus, spec.tokenizer)
    assert session.tokenized.tokenizer.get_vocab() == theirs.get_vocab() != anew.tokenizer.get_vocab()
    assert session.tokenized.folder != anew.folder, "the cache holds both"
    assert tokenization.tokenized(corpus, spec.tokenizer, tokenizer=theirs).folder == session.tokenized.folder
    assert session.tokenized.learnt_from_characters == 0


def test_without_a_start_the_weights_are_those_of_the_seed(small_text):
    spec = tiny.spec(small_text, task="masked_lm")
    session = TrainingSession(spec)
    assert session.taken_over is None
    drawn = models.build(spec.model, session.tokenized.vocabulary.size, spec.seed)
    assert same(weights_of(session.model), weights_of(drawn))


def test_once_begun_a_run_needs_its_start_no_more(store, start_id, other_text, tmp_path):
    run_id, spec, through = begun(store, start_id, other_text)
    reports = []
    for report in through.steps():
        reports.append(report)
        if report.step == 3:
            through.save_checkpoint(tmp_path)
    store.delete(start_id)
    assert losses(opened(store, run_id, spec).steps())[1:] == losses(reports)[1:], "taken up again from its beginning"
    resumed = opened(store, run_id, spec)
    resumed.load_checkpoint(tmp_path)
    assert losses(resumed.steps()) == losses(reports)[4:]
    assert resumed.result()["test_loss_nats"] == through.result()["test_loss_nats"]


def test_step_0_of_a_run_is_its_start(store, start_id, other_text):
    before = weights_of(Subjects(store)({"run": start_id}).model)
    run_id, spec, session = begun(store, start_id, other_text)
    assert same(weights_of(session.model), before)
    assert weights.find(store, run_id, step=0).form == weights.START
    store.delete(start_id)
    found = Subjects(store)({"run": run_id, "step": 0})
    assert same(weights_of(found.model), before)
    assert found.tokenizer.get_vocab() == session.tokenized.tokenizer.get_vocab()
    assert tokenizers.of_run(run_id, store).get_vocab() == session.tokenized.tokenizer.get_vocab()
    next_spec = choices.starting_from(store, spec, run_id, 0)
    third = starts.of_run(store, store.submit(next_spec, worker="x"), next_spec)
    assert same(dict(third.weights), before), "and others may start from there, too"


@pytest.mark.parametrize("step", [3, 0])
def test_it_can_start_from_a_step_on_the_way(store, start_id, other_text, step, small_text, home):
    source = TrainingSession(tiny.spec(small_text, task="masked_lm", precision="fp32"))
    for report in source.steps():
        if report.step == step:
            source.keep_weights(home / "runs" / start_id / weights.STEPS)
            then = {name: value.half().float() if step else value for name, value in weights_of(source.model).items()}
            break
    _run_id, _spec, session = begun(store, start_id, other_text, step=step)
    assert same(weights_of(session.model), then)
    assert session.taken_over.step == step


def test_heads_that_a_task_adds_begin_anew_and_are_counted(store, start_id, other_text):
    run_id, spec, session = begun(store, start_id, other_text, task="joint")
    vocabulary = pretext.vocabulary_for(spec.task, spec.task_settings, session.tokenized.vocabulary)
    num_heads = objectives.objective("joint").extra_parameters(spec, vocabulary)
    assert session.taken_over.parameters == models.parameter_count(spec.model, vocabulary.size)
    assert (session.taken_over.fresh, num_heads > 0) == (num_heads, True)
    drawn, own = weights_of(objectives.build(spec, vocabulary)), weights_of(session.model)
    assert all(torch.equal(own[name], drawn[name]) for name in own if name.startswith(export.HEADS))
    assert same(weights_of(Subjects(store)({"run": run_id, "step": 0}).model), own), "drawn again, they are the same"


def test_weights_of_another_network_are_named():
    network, other = tiny.network(), tiny.network(size="small")
    start = starts.Start(tokenizer=None, weights=weights_of(other), step=1)
    with pytest.raises(UserError, match=r"of another network. \d+ of them differ: .*×.* there, .*× ?\d+ here"):
        starts.take_over(start, network)


def test_a_start_that_is_gone_or_was_changed_is_told(store, start_id, other_text):
    spec = choices.starting_from(store, tiny.spec(other_text, task="masked_lm"), start_id)
    changed = replace(spec, model=replace(spec.model, size="small"))
    run_id = store.submit(changed, worker="a")
    with pytest.raises(UserError, match="Model size is small, and was tiny there"):
        opened(store, run_id, changed)
    store.delete(start_id)
    with pytest.raises(UserError, match=f"starts from, {start_id}, is not here"):
        opened(store, run_id, spec)
