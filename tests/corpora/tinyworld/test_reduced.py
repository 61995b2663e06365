import numpy as np
import pytest

from ssl_core.corpora.tinyworld import floor
from ssl_core.corpora.tinyworld.reduced import reduced
from ssl_core.corpora.tinyworld.spelled import spelled
from tests.corpora.tinyworld import by_hand

# three kinds of stories: "a x (p or q) s", "a x (p or q) t", "b x (p or q) t"
SAME_MIDDLE = by_hand.of_rows(
    [
        [(1, 0.5), (6, 0.25), (11, 0.25)],
        *([(2, 1.0)], [(3, 0.3), (4, 0.7)], [(5, 1.0)], [(5, 1.0)], [(0, 1.0)]),
        *([(7, 1.0)], [(8, 0.3), (9, 0.7)], [(10, 1.0)], [(10, 1.0)], [(0, 1.0)]),
        *([(12, 1.0)], [(13, 0.3), (14, 0.7)], [(15, 1.0)], [(15, 1.0)], [(0, 1.0)]),
    ],
    [0, 1, 2, 3, 4, 5, 1, 2, 3, 4, 6, 7, 2, 3, 4, 6],
    [-1, *[0] * 5, *[1] * 5, *[2] * 5],
    words=tuple("|axpqstb"),
)


def test_states_with_one_future_or_one_past_become_one():
    smaller = reduced(SAME_MIDDLE)
    # by their future, the last four words of "b x p t" and of "a x p t" are one; by their past, the two "a" are one
    assert sorted(smaller.words[token] for token in smaller.token_S) == sorted("|" + "ab" + "xpq" * 2 + "st")
    assert by_hand.texts(smaller, 6) == pytest.approx(by_hand.texts(SAME_MIDDLE, 6), abs=1e-15)


def test_a_machine_with_loops_is_left_alone():
    for machine in (by_hand.machine(), by_hand.random_machine(0)):
        assert reduced(machine) is machine


def test_the_smaller_machine_has_the_same_floors():
    machine = spelled(SAME_MIDDLE, lambda word: {"x": [2, 3], "|": [0]}.get(word, [SAME_MIDDLE.words.index(word)]), 9)
    smaller = reduced(machine)
    ids_BT = by_hand.some(by_hand.texts(machine, 8), 30)
    is_hidden_BT = np.random.default_rng(0).random(ids_BT.shape) < 0.4
    for nats in (floor.hidden_nats, floor.joint_nats):
        np.testing.assert_allclose(nats(smaller, ids_BT, is_hidden_BT), nats(machine, ids_BT, is_hidden_BT), atol=1e-12)
    assert smaller.num_states < machine.num_states
