"""Budgets in steps and tokens: how much is spent, what counts as a token, and which learning rate that gives."""

import functools
import itertools
from dataclasses import replace

import numpy as np
import pytest

from ssl_core.errors import UserError
from ssl_core.pretext.base import IGNORED, Examples, Role
from ssl_core.training import loop
from ssl_core.training.batches import to_batch
from tests.training import tiny
from tests.training.test_loop import Ticking, always_one, trained


@pytest.mark.parametrize(("unit", "budget"), [("steps", 10), ("tokens", 640)])
def test_each_step_has_the_learning_rate_of_its_middle(unit, budget):
    config = replace(tiny.TRAINING, budget_unit=unit, budget=budget, warmup_rate=0.5, learning_rate=0.1, final_rate=0.0)
    reports, _, _ = trained(config)
    found = [each.learning_rate for each in reports[1:]]
    assert found == pytest.approx([0.01, 0.03, 0.05, 0.07, 0.09, 0.09, 0.07, 0.05, 0.03, 0.01])


def padded(lengths):
    """Batches of rows of which so many tokens are real and the rest is padding."""
    for each in lengths:
        ids_BT = np.full((len(each), max(each)), 7)
        is_real_BT = np.arange(max(each)) < np.array(each)[:, None]
        examples = Examples(
            seen_ids_BT=np.where(is_real_BT, ids_BT, 0), target_ids_BT=np.where(is_real_BT, ids_BT, IGNORED),
            roles_BT=np.where(is_real_BT, np.uint8(Role.KEPT), np.uint8(Role.PADDING)), attention="causal",
        )  # fmt: skip
        yield to_batch(examples, tiny.CPU)


def run_over(batches, **settings):
    model = tiny.network()
    look = functools.partial(tiny.look, model)
    config = replace(tiny.TRAINING, **settings)
    return list(loop.train(model, batches, look, always_one, config, asked=tiny.asked, device=tiny.CPU, clock=Ticking()))


def test_padding_counts_neither_as_tokens_nor_in_a_budget_of_tokens():
    reports = run_over(padded([[10, 3], [5, 5], [16, 2]]), budget=3)
    assert [each.tokens for each in reports] == [0, 13, 23, 41]
    assert [each.tokens_per_s > 0 for each in reports[1:]] == [True] * 3
    reports = run_over(padded([[10, 3], [5, 5], [4, 4, 9]]), budget_unit="tokens", budget=33)
    assert [each.tokens for each in reports] == [0, 13, 23, 31], "the last sequence does not fit"
    assert reports[-1].reason == "budget"


@pytest.mark.parametrize("lengths", [[[4, 4], [9, 9]], [[9], [9], [9]], [[1], [1], [16], [16]]])
def test_a_budget_in_tokens_ends_within_one_sequence(lengths):
    longest = max(max(each) for each in lengths)
    for budget in range(longest, sum(map(sum, lengths)) + 1):
        spent = run_over(padded(itertools.cycle(lengths)), budget_unit="tokens", budget=budget)[-1].tokens
        assert abs(spent - budget) < longest


def test_a_budget_in_tokens_is_used_up_to_the_last_whole_sequence():
    config = replace(tiny.TRAINING, budget_unit="tokens", budget=64 * 3 + 16 * 2 + 7)
    reports, _, _ = trained(config)
    assert [each.tokens for each in reports] == [0, 64, 128, 192, 224]


def test_a_budget_below_one_sequence_is_refused():
    with pytest.raises(UserError, match="less than one sequence of 16"):
        trained(replace(tiny.TRAINING, budget_unit="tokens", budget=10))
