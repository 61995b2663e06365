"""Several small batches take the step of one large one, whatever each of them asks for."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch

from ssl_core import objectives, pretext
from ssl_core.models.config import ModelConfig
from ssl_core.objectives import replaced
from ssl_core.pretext import joint
from ssl_core.pretext.base import Labels, Vocabulary
from ssl_core.runs.spec import RunSpec
from ssl_core.training import loop
from ssl_core.training.batches import to_batch
from ssl_core.training.config import TrainingConfig
from ssl_core.training.evaluation import Judged
from ssl_core.training.optimizers import SGD_MOMENTUM
from tests.training import tiny

DOT, SEP, T, NUM_PARTS = 5, 3, 32, 4
VOCABULARY = Vocabulary(size=40, special_ids=(0, 1, 2, 3, 4), mask_id=4, ends_sentence_V=np.arange(40) == DOT)
TRAINING = TrainingConfig(
    budget=1, budget_unit="steps", optimizer="sgd", learning_rate=1.0, warmup_rate=0.0, schedule="constant", clip_norm=0.0,
    weight_decay=0.0, precision="fp32", batch_size=16,
)  # fmt: skip
assert SGD_MOMENTUM < 1, "at a rate of 1 the first step of SGD is the gradient itself"

CASES = [(key, {}) for key in pretext.MENU if key != "joint"] + [("joint", {"second": second}) for second in joint.SECONDS]
COMPARING = {("contrastive", ""), ("joint", "contrastive")}
"""What no accumulation can do: negatives come from one batch."""


def sentences(num_rows, rng):
    """Rows of short sentences, some of which end a document."""
    ids_BT = rng.integers(6, VOCABULARY.size, (num_rows, T))
    ids_BT[:, 3::4] = DOT
    ids_BT[::3, 15] = DOT
    ids_BT[::3, 16] = SEP
    return ids_BT


def spec_of(task, settings):
    module = pretext.task(task)
    config = replace(module.Config(), **settings)
    model = ModelConfig(family=module.FAMILIES[0], size="tiny", context_tokens=2 * T)
    return RunSpec(task=task, corpus="none.txt", task_settings=config, model=model, training=TRAINING)


def stepped(spec, vocabulary, batches):
    """Take one step over all these batches; return how far each weight went, and the report."""
    objective = objectives.objective(spec.task)
    model = objectives.build(spec, vocabulary)
    before = [each.detach().clone() for each in model.parameters()]
    reports = list(
        loop.train(
            model,
            iter(batches),
            lambda batch: objective.look(model, batch, spec.task_settings),
            lambda: Judged(1.0, {}),
            replace(TRAINING, accumulation=len(batches)),
            asked=lambda batch: objective.asked(batch, spec.task_settings),
            device=tiny.CPU,
            clock=lambda: 0.0,
        )
    )
    return [(a - b).detach() for a, b in zip(before, model.parameters(), strict=True)], reports[-1]


def cases_of(task, settings):
    spec = spec_of(task, settings)
    vocabulary = pretext.vocabulary_for(task, spec.task_settings, VOCABULARY)
    rng = np.random.default_rng(3)
    ids_BT = sentences(16, rng)
    beside = [np.ones(ids_BT.shape, dtype=bool)]
    if pretext.needed_label(task, spec.task_settings):
        beside.append(Labels(classes=np.repeat(np.arange(16)[:, None] % 3, T, axis=1), names=("a", "b", "c")))
    examples = pretext.task(task).make_examples(ids_BT, rng, spec.task_settings, vocabulary, *beside)
    whole = to_batch(examples, tiny.CPU)
    num_rows = len(whole.seen_ids_BT)
    views = whole.num_views
    ends = [round(each / views) * views for each in np.linspace(0, num_rows, NUM_PARTS + 1)]
    parts = [whole.rows(begin, end) for begin, end in itertools.pairwise(ends)]
    return spec, vocabulary, whole, [part for part in parts if part.asks_anything]


@pytest.mark.parametrize(("task", "settings"), CASES, ids=lambda case: case if isinstance(case, str) else str(case))
def test_four_batches_step_as_one_of_four_times_their_size(task, settings, monkeypatch):
    monkeypatch.setattr(replaced, "drawn_N", lambda logits_NV, _temperature: logits_NV.detach().argmax(dim=1))
    spec, vocabulary, whole, parts = cases_of(task, settings)
    assert len(parts) > 1
    assert sum(part.num_tokens for part in parts) == whole.num_tokens
    large, told = stepped(spec, vocabulary, [whole])
    small, told_by_parts = stepped(spec, vocabulary, parts)
    apart = max(float((a - b).abs().max()) for a, b in zip(large, small, strict=True))
    longest = max(float(each.abs().max()) for each in large)
    if (task, settings.get("second", "")) in COMPARING:
        assert objectives.objective(task).COMPARES_ROWS
        assert apart > 1e-3 * longest, "each text of a small batch has fewer others beside it"
        return
    assert apart <= 1e-6 * max(1.0, longest)  # float32 sums in another order
    assert told_by_parts.train_loss_nats == pytest.approx(told.train_loss_nats, abs=1e-6)


@pytest.mark.parametrize(("task", "settings"), CASES, ids=lambda case: case if isinstance(case, str) else str(case))
def test_what_a_batch_asks_for_is_known_before_it_is_looked_at(task, settings):
    spec, vocabulary, whole, parts = cases_of(task, settings)
    objective, model = objectives.objective(task), objectives.build(spec, vocabulary)
    for batch in (whole, *parts):
        look = objective.look(model, batch, spec.task_settings)
        assert objective.asked(batch, spec.task_settings) == {name: look.parts[name].count for name in look.learnt}


def test_batches_that_ask_for_different_amounts_are_not_averaged():
    """Of two batches one asks for a single token: its gradient counts as one token of many."""
    spec, vocabulary, whole, _parts = cases_of("masked_lm", {})
    lone = whole.rows(0, 1)
    lone = replace(lone, positions_N=lone.positions_N[:1], target_ids_N=lone.target_ids_N[:1])
    rest = whole.rows(1, 16)
    lone_step, rest_step = (stepped(spec, vocabulary, [each])[0] for each in (lone, rest))
    both, _told = stepped(spec, vocabulary, [lone, rest])
    n = len(rest.target_ids_N)
    for a, b, together in zip(lone_step, rest_step, both, strict=True):
        torch.testing.assert_close(together, (a + n * b) / (1 + n), atol=1e-5, rtol=0)  # float32
