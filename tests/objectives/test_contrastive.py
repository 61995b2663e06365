import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch

from ssl_core import models, objectives
from ssl_core.errors import UserError
from ssl_core.objectives import contrastive
from ssl_core.pretext.contrastive import Config, make_examples
from ssl_core.training import baselines, evaluation
from ssl_core.training.batches import to_batch
from ssl_core.training.windows import maker
from tests.training import tiny

IDS_BT = np.random.default_rng(0).integers(5, tiny.VOCABULARY.size, (8, 16))


def batch_of(num_rows=8, **settings):
    config = Config(**settings)
    return to_batch(make_examples(IDS_BT[:num_rows], np.random.default_rng(1), config, tiny.VOCABULARY), tiny.CPU), config


def network(family="modernbert", dropout=0.0, **settings):
    spec = tiny.spec("none.txt", "contrastive")
    spec = replace(spec, task_settings=Config(**settings), model=replace(spec.model, family=family, dropout=dropout))
    return objectives.build(spec, tiny.VOCABULARY), spec


@pytest.mark.parametrize("family", ["modernbert", "bert"])
@pytest.mark.parametrize("pooling", ["mean", "first"])
def test_a_text_has_the_same_vector_alone_and_beside_a_longer_one(family, pooling):
    model, spec = network(family, pooling=pooling)
    with torch.no_grad():
        together = contrastive.represent(model.eval(), [[7, 8, 9], list(range(6, 18))[:12]], spec.task_settings)
        alone = contrastive.represent(model, [[7, 8, 9]], spec.task_settings)
    torch.testing.assert_close(together[0], alone[0], atol=1e-5, rtol=0)  # float32, summed in another order


def test_the_mean_is_that_of_the_library_over_the_tokens_alone():
    model, spec = network()
    with torch.no_grad():
        ours = contrastive.represent(model.eval(), [[7, 8, 9]], spec.task_settings)
        theirs = model.model(torch.tensor([[7, 8, 9]])).last_hidden_state.mean(dim=1)
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)  # float32


def test_a_network_that_says_the_same_of_all_texts_costs_the_log_of_the_batch():
    model, _ = network()
    torch.nn.init.zeros_(model.model.embeddings.tok_embeddings.weight)
    torch.nn.init.ones_(model.model.embeddings.tok_embeddings.weight[:, :1])
    batch, config = batch_of()
    look = contrastive.look(model, batch, config)
    assert look.total.item() == pytest.approx(math.log(8), abs=1e-4)  # float32, similarities times 20
    measured = contrastive.measures([look])
    assert measured["off_diagonal"] == pytest.approx(1, abs=1e-5)
    assert measured["uniformity"] == pytest.approx(0, abs=1e-4)
    assert measured["alignment"] == pytest.approx(0, abs=1e-5)


def test_a_third_view_is_one_more_stranger_for_every_text():
    model, _ = network()
    torch.nn.init.zeros_(model.model.embeddings.tok_embeddings.weight)
    torch.nn.init.ones_(model.model.embeddings.tok_embeddings.weight[:, :1])
    batch, config = batch_of(hard_negatives=True)
    assert contrastive.look(model, batch, config).total.item() == pytest.approx(math.log(16), abs=1e-4)


@pytest.mark.parametrize(("hard_negatives", "candidates"), [(False, 4), (True, 8)])
def test_the_line_of_blind_guessing_is_the_log_of_the_candidates_in_a_batch(hard_negatives, candidates):
    examples = make_examples(IDS_BT, np.random.default_rng(1), Config(hard_negatives=hard_negatives), tiny.VOCABULARY)
    lines = baselines.measure(IDS_BT.reshape(-1), IDS_BT, examples, tiny.VOCABULARY, texts_at_once=[4, 4])
    assert lines.uniform_nats == lines.unigram_nats == pytest.approx(math.log(candidates))
    assert lines.bigram_nats is None


@pytest.mark.parametrize("hard_negatives", [False, True])
@pytest.mark.parametrize("texts_at_once", [2, 3, 5, 7, 8, 100])
def test_a_collapsed_network_stands_exactly_on_the_line_whatever_the_batch_size(texts_at_once, hard_negatives):
    model, _ = network()
    torch.nn.init.zeros_(model.model.embeddings.tok_embeddings.weight)
    torch.nn.init.ones_(model.model.embeddings.tok_embeddings.weight[:, :1])
    task, text = Config(hard_negatives=hard_negatives), tiny.text(8 * 16)
    held_out = evaluation.hold_out(
        text,
        maker("contrastive", task, tiny.VOCABULARY),
        num_sequences=8, context_tokens=16, device=tiny.CPU, windows_at_once=texts_at_once,
    )  # fmt: skip
    lines = baselines.measure(
        text.ids, held_out.ids_BT, held_out.examples, tiny.VOCABULARY,
        texts_at_once=[each.num_texts for each in held_out.batches],
    )  # fmt: skip
    look = partial(contrastive.look, settings=task)
    found = evaluation.judge(model, held_out, look, contrastive.measures, precision="fp32")
    assert found.loss_nats == pytest.approx(lines.unigram_nats, abs=1e-4)  # float32, similarities times 20


def test_measures_are_those_of_a_case_worked_by_hand():
    anchor = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    partner = torch.tensor([[1.0, 0.0], [1.0, 0.0]])  # the first finds its own, the second the other's
    look = contrastive.Look({}, {"anchor": anchor, "partner": partner})
    measured = contrastive.measures([look])
    assert measured["accuracy"] == 0.5, "of two candidates alike the first is taken"
    assert measured["alignment"] == pytest.approx((0 + 2) / 2)
    assert measured["uniformity"] == pytest.approx(-4)
    assert measured["off_diagonal"] == pytest.approx((1 + 0) / 2)


def test_two_readings_differ_by_dropout_even_when_the_network_is_judged():
    model, _ = network(dropout=0.1, views="dropout")
    batch, config = batch_of(views="dropout")
    look = contrastive.look(model.eval(), batch, config)
    assert not model.training, "the network is left as it was"
    assert contrastive.measures([look])["alignment"] > 1e-4
    assert contrastive.measures([look])["accuracy"] > 0.9, "from the start: this is the easy part"


def test_the_projection_head_is_counted_and_learns():
    plain, projected = network(), network(projection=True)
    own = models.parameter_count(plain[1].model, tiny.VOCABULARY.size)
    assert objectives.parameter_count(plain[1], tiny.VOCABULARY) == own
    assert objectives.parameter_count(projected[1], tiny.VOCABULARY) == sum(each.numel() for each in projected[0].parameters())
    batch, config = batch_of(projection=True)
    contrastive.look(projected[0], batch, config).total.backward()
    assert all(each.grad is not None for each in projected[0].heads.parameters())


def test_what_leaves_nothing_to_learn_from_is_refused():
    with pytest.raises(UserError, match="dropout alone"):
        network(views="dropout")
    spec = network()[1]
    with pytest.raises(UserError, match="no strangers"):
        contrastive.heads(replace(spec, training=replace(spec.training, batch_size=1)), tiny.VOCABULARY)


def test_a_single_text_set_aside_is_refused_because_every_answer_would_be_right():
    config = Config()
    examples = make_examples(IDS_BT[:1], np.random.default_rng(1), config, tiny.VOCABULARY)
    with pytest.raises(UserError, match="every answer would be right"):
        baselines.measure(IDS_BT.reshape(-1), IDS_BT[:1], examples, tiny.VOCABULARY, texts_at_once=[1])
