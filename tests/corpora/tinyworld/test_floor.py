"""Against every text that a small grammar can make, enumerated; differences are rounding only, so 1e-12 nats."""

import math
from itertools import permutations

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import floor
from ssl_core.corpora.tinyworld.hidden import hidden_places
from ssl_core.corpora.tinyworld.messages import HIDDEN
from tests.corpora.tinyworld import by_hand

EXACT = 1e-12
T = 6
MACHINES = [by_hand.machine(), *(by_hand.random_machine(seed) for seed in range(4))]
HAND = MACHINES[0]


def nats_of_seen(texts, seen):
    """-log of the total probability of all texts that look like this."""
    return -math.log(sum(p for text, p in texts.items() if all(s in (HIDDEN, x) for s, x in zip(seen, text, strict=True))))


def some_hidden(machine, count=60, rate=0.4, seed=0):
    texts = by_hand.texts(machine, T)
    ids_BT = by_hand.some(texts, count, seed)
    is_hidden_BT = np.random.default_rng(seed).random(ids_BT.shape) < rate
    is_hidden_BT[0], is_hidden_BT[1] = True, False  # nothing seen at all; nothing hidden
    return texts, ids_BT, is_hidden_BT


@pytest.mark.parametrize("machine", MACHINES)
def test_the_next_token_costs_what_all_texts_with_this_beginning_say(machine):
    texts = by_hand.texts(machine, T)
    beginnings = [by_hand.texts(machine, t) for t in range(1, T + 1)]
    ids_BT = by_hand.some(texts, 60)
    nats_BT = floor.next_token_nats(machine, ids_BT)
    for ids_T, nats_T in zip(ids_BT.tolist(), nats_BT, strict=True):
        before = 1.0
        for t in range(T):
            now = beginnings[t][tuple(ids_T[: t + 1])]
            assert nats_T[t] == pytest.approx(-math.log(now / before), abs=EXACT)
            before = now


@pytest.mark.parametrize("machine", MACHINES)
def test_a_hidden_token_costs_what_all_texts_with_these_visible_tokens_say(machine):
    texts, ids_BT, is_hidden_BT = some_hidden(machine)
    nats_BT = floor.hidden_nats(machine, ids_BT, is_hidden_BT)
    for ids_T, is_hidden_T, nats_T in zip(ids_BT, is_hidden_BT, nats_BT, strict=True):
        seen_T = np.where(is_hidden_T, HIDDEN, ids_T)
        for t in range(T):
            if not is_hidden_T[t]:
                assert np.isnan(nats_T[t])
                continue
            with_it_T = seen_T.copy()
            with_it_T[t] = ids_T[t]
            assert nats_T[t] == pytest.approx(nats_of_seen(texts, with_it_T) - nats_of_seen(texts, seen_T), abs=EXACT)


@pytest.mark.parametrize("machine", MACHINES)
def test_what_may_stand_at_a_hidden_place_adds_up_to_one(machine):
    _texts, ids_BT, is_hidden_BT = some_hidden(machine)
    places = list(hidden_places(machine, np.where(is_hidden_BT, HIDDEN, ids_BT)))
    assert sum(len(place.sequences_H) for place in places) == is_hidden_BT.sum()
    for place in places:
        share_HV = place.words(machine).toarray()
        np.testing.assert_allclose(share_HV.sum(axis=1), 1, atol=EXACT)
        true_H = ids_BT[place.sequences_H, place.position]
        said_H = share_HV[np.arange(len(true_H)), true_H]
        np.testing.assert_allclose(np.log(said_H), place.log_probability(machine, true_H), atol=EXACT)


@pytest.mark.parametrize("machine", MACHINES)
def test_hidden_tokens_together_cost_their_joint_probability(machine):
    texts, ids_BT, is_hidden_BT = some_hidden(machine, seed=1)
    nats_B = floor.joint_nats(machine, ids_BT, is_hidden_BT)
    for ids_T, is_hidden_T, nats in zip(ids_BT, is_hidden_BT, nats_B, strict=True):
        expected = nats_of_seen(texts, ids_T) - nats_of_seen(texts, np.where(is_hidden_T, HIDDEN, ids_T))
        assert nats == pytest.approx(expected, abs=EXACT)


def test_tokens_in_a_given_order_cost_what_those_known_by_then_leave_open():
    texts, ids_BT, _ = some_hidden(HAND, count=20)
    rng = np.random.default_rng(0)
    rank_BT = np.array([rng.permutation(T) for _ in ids_BT]) - 3  # three are visible
    nats_BT = floor.in_order_nats(HAND, ids_BT, rank_BT)
    for ids_T, rank_T, nats_T in zip(ids_BT, rank_BT, nats_BT, strict=True):
        for t in range(T):
            if rank_T[t] < 0:
                assert np.isnan(nats_T[t])
                continue
            after, before = (
                nats_of_seen(texts, np.where(rank_T < limit, ids_T, HIDDEN)) for limit in (rank_T[t] + 1, rank_T[t])
            )
            assert nats_T[t] == pytest.approx(after - before, abs=EXACT)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_order_adds_up_to_the_joint(machine):
    ids_1T = by_hand.some(by_hand.texts(machine, 4), 1)
    is_hidden_1T = np.array([[True, False, True, True]])
    joint = floor.joint_nats(machine, ids_1T, is_hidden_1T)[0]
    for order in permutations(range(3)):
        rank_1T = np.array([[order[0], -1, order[1], order[2]]])
        assert np.nansum(floor.in_order_nats(machine, ids_1T, rank_1T)) == pytest.approx(joint, abs=EXACT)


def test_reading_on_from_left_to_right_is_one_of_the_orders():
    ids_BT = by_hand.some(by_hand.texts(HAND, T), 10)
    in_order_BT = floor.in_order_nats(HAND, ids_BT, np.tile(np.arange(T), (10, 1)))
    np.testing.assert_allclose(in_order_BT, floor.next_token_nats(HAND, ids_BT), atol=EXACT)


def test_a_text_that_no_story_contains_costs_infinitely_much():
    anna, she, he, dot = (by_hand.WORDS.index(word) for word in ("anna", "she", "he", "."))
    sleeps = by_hand.WORDS.index("sleeps")
    ids_BT = np.array([[0, anna, sleeps, dot, he], [0, anna, sleeps, dot, she]])
    nats_BT = floor.next_token_nats(HAND, ids_BT)
    assert nats_BT[0, 4] == np.inf
    assert np.isfinite(nats_BT[0, :4]).all()
    assert np.isfinite(nats_BT[1]).all()
    is_hidden_BT = np.array([[False, False, True, False, False]] * 2)
    hidden_BT = floor.hidden_nats(HAND, ids_BT, is_hidden_BT)
    assert np.isnan(hidden_BT[0, 2]), "what is seen is impossible"
    assert np.isfinite(hidden_BT[1, 2])


def test_sequences_that_share_messages_do_not_disturb_each_other():
    _texts, ids_BT, is_hidden_BT = some_hidden(HAND, count=40)
    together_BT = floor.hidden_nats(HAND, ids_BT, is_hidden_BT)
    for row in range(len(ids_BT)):
        alone_1T = floor.hidden_nats(HAND, ids_BT[row : row + 1], is_hidden_BT[row : row + 1])
        np.testing.assert_allclose(together_BT[row], alone_1T[0], atol=EXACT)
