import functools
import itertools
import math
from dataclasses import replace

import pytest
import torch

from ssl_core.errors import UserError
from ssl_core.training import evaluation, loop, optimizers, schedules
from tests.training import tiny


def always_one():
    return evaluation.Judged(1.0, {})


class Ticking:
    """A clock that moves on by a little at each look, and by much at each validation."""

    def __init__(self, tick_s: float = 0.01) -> None:
        self.now_s, self.tick_s = 0.0, tick_s

    def __call__(self) -> float:
        self.now_s += self.tick_s
        return self.now_s


def trained(config=tiny.TRAINING, *, clock=None, validate=None, seed=0, **settings):
    """Train a tiny network; returns its reports and weights."""
    model = tiny.network(seed, **settings)
    held_out = tiny.held_out()
    validate = validate or (lambda: tiny.judged(model, held_out, precision=config.precision))
    state = loop.fresh_state(model, config, device=tiny.CPU, seed=seed)
    reports = list(
        loop.train(
            model,
            tiny.stream(seed, config.batch_size),
            lambda batch: tiny.look(model, batch),
            validate,
            config,
            asked=tiny.asked,
            device=tiny.CPU,
            clock=clock or Ticking(),
            state=state,
        )
    )
    return reports, state, model


def numbers(reports):
    return [(each.step, each.tokens, each.learning_rate, each.train_loss_nats, each.val_loss_nats) for each in reports[1:]]


def test_the_curve_begins_before_the_first_step_near_the_log_of_the_vocabulary():
    reports, _, _ = trained()
    first = reports[0]
    assert (first.step, first.tokens) == (0, 0)
    assert math.isnan(first.train_loss_nats)
    assert first.val_loss_nats == pytest.approx(math.log(tiny.VOCABULARY.size), abs=0.1)  # small random weights


@pytest.mark.parametrize("optimizer", ["adamw", "muon", "sgd"])
def test_a_budget_in_steps_takes_that_many(optimizer):
    reports, _, _ = trained(replace(tiny.TRAINING, optimizer=optimizer, budget=7))
    assert [each.step for each in reports] == list(range(8))
    assert [each.is_last for each in reports] == [False] * 7 + [True]
    assert reports[-1].reason == "budget"
    assert reports[-1].val_loss_nats is not None


@pytest.mark.parametrize("optimizer", ["adamw", "muon", "sgd"])
def test_a_single_step_trains(optimizer):
    _, _, model = trained(replace(tiny.TRAINING, optimizer=optimizer, budget=1))
    assert not torch.equal(next(iter(model.parameters())), next(iter(tiny.network().parameters())))


def test_a_budget_in_seconds_ends_within_one_step_and_sets_the_last_validation_aside():
    clock = Ticking()

    def validate():
        clock.now_s += 0.5
        return evaluation.Judged(1.0, {})

    reports, _, _ = trained(replace(tiny.TRAINING, budget_unit="seconds", budget=20), clock=clock, validate=validate)
    longest_step_s = max(b.elapsed_s - a.elapsed_s for a, b in itertools.pairwise(reports))
    assert 20 - 0.5 - longest_step_s <= reports[-1].elapsed_s <= 20 + 0.1
    assert sum(each.val_loss_nats is not None for each in reports) * 0.5 < 0.07 * 20 + 1.5, "first and last come on top"


def test_a_run_in_seconds_repeats_by_its_pace_whatever_the_clock():
    config = replace(tiny.TRAINING, budget_unit="seconds", budget=3)
    reports, state, _ = trained(config)
    assert len(state.pace) == schedules.NUM_LEVELS
    assert state.pace == sorted(state.pace)
    assert state.pace[-1] == reports[-1].step
    repeat = replace(config, pace=tuple(state.pace))
    again, repeated_state, _ = trained(repeat, clock=Ticking(0.5))
    assert [each[:4] for each in numbers(again)] == [each[:4] for each in numbers(reports)]
    validated = [(a, b) for a, b in zip(reports, again, strict=True) if a.val_loss_nats is not None]
    assert len(validated) > 10
    assert all(a.val_loss_nats == b.val_loss_nats for a, b in validated), "a repeat may look more often, never less"
    assert repeated_state.pace == state.pace


@pytest.mark.parametrize("settings", [{}, {"dropout": 0.2}])
def test_the_same_seed_gives_the_same_numbers(settings):
    torch.manual_seed(1)
    first, _, _ = trained(**settings)
    torch.manual_seed(2)
    again, _, _ = trained(**settings)
    other, _, _ = trained(seed=1, **settings)
    assert numbers(first) == numbers(again)
    assert numbers(first) != numbers(other)


def test_dropout_draws_nothing_from_the_shared_generator():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    trained(dropout=0.3)
    assert torch.equal(torch.rand(2), expected)


def test_accumulated_batches_step_like_one_large_batch():
    half = replace(tiny.TRAINING, batch_size=4, accumulation=2, precision="fp32", optimizer="sgd", learning_rate=0.1)
    whole = replace(half, batch_size=8, accumulation=1)
    small, _, small_model = trained(half)
    large, _, large_model = trained(whole)
    assert small[-1].tokens == large[-1].tokens
    for a, b in zip(small_model.parameters(), large_model.parameters(), strict=True):
        torch.testing.assert_close(a, b, atol=1e-5, rtol=0)  # float32 sums in another order, over six steps


def test_patience_stops_early_and_brings_the_best_weights_back():
    losses = iter([9.0, 5.0, 4.0, 4.5, 4.2, 3.0])
    kept = {}
    config = replace(tiny.TRAINING, budget=30, patience=2)
    model = tiny.network()

    def validate():
        loss = next(losses)
        kept[loss] = [each.detach().clone() for each in model.parameters()]
        return evaluation.Judged(loss, {})

    look = functools.partial(tiny.look, model)
    reports = list(loop.train(model, tiny.stream(), look, validate, config, asked=tiny.asked, device=tiny.CPU, clock=Ticking()))
    assert reports[-1].reason == "patience"
    assert [each.val_loss_nats for each in reports if each.val_loss_nats is not None] == [9.0, 5.0, 4.0, 4.5, 4.2]
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), kept[4.0], strict=True))


@pytest.mark.parametrize(("budget", "patience", "reason"), [(30, 3, "patience"), (4, 100, "budget")])
def test_a_run_that_only_gets_worse_ends_with_the_weights_it_began_with(budget, patience, reason):
    losses = itertools.count(5.0, 0.5)
    model = tiny.network()
    reports = list(
        loop.train(
            model,
            tiny.stream(),
            functools.partial(tiny.look, model),
            lambda: evaluation.Judged(next(losses), {}),
            replace(tiny.TRAINING, budget=budget, patience=patience),
            asked=tiny.asked,
            device=tiny.CPU,
            clock=Ticking(),
            state=(state := loop.fresh_state(model, replace(tiny.TRAINING, patience=patience), device=tiny.CPU)),
        )
    )
    assert (reports[-1].reason, state.patience.best_step) == (reason, 0)
    assert reports[-1].step > 0
    for ours, fresh in zip(model.parameters(), tiny.network().parameters(), strict=True):
        assert torch.equal(ours, fresh)


def test_a_loss_that_is_no_number_says_what_to_do():
    model = tiny.network()
    with torch.no_grad():
        next(iter(model.parameters())).fill_(math.inf)
    with pytest.raises(UserError, match="Lower the learning rate"):
        list(
            loop.train(
                model,
                tiny.stream(),
                functools.partial(tiny.look, model),
                always_one,
                tiny.TRAINING,
                asked=tiny.asked,
                device=tiny.CPU,
                clock=Ticking(),
            )
        )


def test_running_out_of_memory_says_what_to_do(monkeypatch):
    def greedy(*_):
        raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(UserError, match="smaller model"):
        list(
            loop.train(
                tiny.network(),
                tiny.stream(),
                greedy,
                always_one,
                tiny.TRAINING,
                asked=tiny.asked,
                device=tiny.CPU,
                clock=Ticking(),
            )
        )


def test_clipping_shortens_the_gradient():
    model = tiny.network()
    config = replace(tiny.TRAINING, optimizer="sgd", learning_rate=1.0, warmup_rate=0, clip_norm=0.01, budget=1, weight_decay=0)
    config = replace(config, schedule="constant")
    before = [each.detach().clone() for each in model.parameters()]
    list(
        loop.train(
            model,
            tiny.stream(),
            functools.partial(tiny.look, model),
            always_one,
            config,
            asked=tiny.asked,
            device=tiny.CPU,
            clock=Ticking(),
        )
    )
    moved = math.sqrt(sum(float((a - b).detach().square().sum()) for a, b in zip(before, model.parameters(), strict=True)))
    assert moved == pytest.approx(0.01, rel=1e-3)  # the first step of SGD is the gradient itself; clipping adds 1e-6


def test_biases_and_norms_are_not_decayed():
    model = tiny.network()
    groups = optimizers._by_decay(list(model.parameters()), replace(tiny.TRAINING, weight_decay=0.3))
    decayed, spared = groups
    assert decayed["weight_decay"] == 0.3
    assert spared["weight_decay"] == 0
    assert {each.ndim for each in spared["params"]} == {1}


def test_muon_leaves_embeddings_to_adamw():
    model = tiny.network()
    matrices = {id(each.tensor): each for each in optimizers.hidden_matrices(model)}
    found = {name: matrices[id(each)] for name, each in model.named_parameters() if id(each) in matrices}
    assert len(found) == 4 * model.config.n_layer
    assert all(".h." in name for name in found)
    assert all(each.num_stacked == (3 if "c_attn" in name else 1) for name, each in found.items())


def test_it_learns_what_a_table_of_pairs_would():
    reports, _, _ = trained(replace(tiny.TRAINING, budget=80, batch_size=16, learning_rate=0.03))
    # three in four steps go on by one, the fourth by two: the entropy of that coin is what no one can go below
    floor = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert floor - 0.02 < reports[-1].val_loss_nats < floor + 0.15
