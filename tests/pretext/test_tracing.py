"""Following tokens from stage to stage."""

import numpy as np
import pytest

from ssl_core import pretext
from ssl_core.pretext import masked_lm
from ssl_core.pretext.base import Role, Vocabulary
from ssl_core.pretext.tracing import is_of_text, rows_of, same_width, trace

VOCABULARY = Vocabulary(size=50, special_ids=(0, 1, 2, 3, 4), mask_id=4)
KEPT = int(Role.KEPT)


def stage(ids, padding=0):
    return [*ids, *([0] * padding)], [KEPT] * len(ids) + [int(Role.PADDING)] * padding


def test_a_hidden_token_stays_the_same_token():
    assert trace([stage([7, 8, 9]), stage([7, 4, 9])]) == [[0, 1, 2], [0, 1, 2]]


def test_what_is_taken_out_leaves_the_others_their_numbers():
    assert trace([stage([7, 8, 9, 10]), stage([7, 9, 10])])[1] == [0, 2, 3]
    assert trace([stage([7, 8, 9, 10]), stage([7, 9, 10], padding=1)])[1][:3] == [0, 2, 3]


def test_what_is_put_in_is_new():
    assert trace([stage([7, 8]), stage([2, 7, 8, 3])])[1] == [2, 0, 1, 3]


def test_moved_tokens_are_followed():
    first, second = trace([stage([7, 8, 9, 10, 11]), stage([9, 10, 11, 7, 8])])
    assert first == [0, 1, 2, 3, 4]
    assert second == [2, 3, 4, 0, 1]


def test_numbers_are_never_given_twice():
    rng = np.random.default_rng(0)
    for _ in range(200):
        stages = [stage(rng.integers(5, 9, rng.integers(1, 9)).tolist()) for _ in range(4)]
        for numbers in trace(stages):
            assert len(set(numbers)) == len(numbers)


def test_the_last_stage_is_what_the_model_sees():
    ids_BT = np.arange(5, 25)[None]
    examples = masked_lm.make_examples(ids_BT, np.random.default_rng(0), masked_lm.Config(), VOCABULARY)
    stages, seen_at = rows_of(examples)
    assert len(stages) == len(examples.steps)
    assert stages[seen_at][0][0] == examples.seen_ids_BT[0].tolist()
    assert seen_at == len(stages) - 1


def test_rows_of_a_text_are_found_among_others():
    ids_BT = np.array([[5, 6, 7], [8, 9, 10], [5, 6, 7]])
    examples = masked_lm.make_examples(ids_BT, np.random.default_rng(0), masked_lm.Config(), VOCABULARY)
    assert is_of_text(examples, np.array([5, 6, 7])).tolist() == [True, False, True]
    assert not is_of_text(examples, np.array([5, 6])).any()


def test_roles_are_read_where_tokens_stand_in_their_places():
    examples = masked_lm.make_examples(np.arange(5, 25)[None], np.random.default_rng(0), masked_lm.Config(), VOCABULARY)
    assert (same_width(examples, 20) == examples.roles_BT).all()


@pytest.mark.parametrize("key", pretext.MENU)
@pytest.mark.parametrize("length", [1, 2, 30])
def test_every_task_can_be_followed(key, length):
    task = pretext.task(key)
    config = task.Config()
    vocabulary = pretext.vocabulary_for(
        key, config, Vocabulary(size=50, special_ids=(0, 1, 2, 3, 4), mask_id=4, ends_sentence_V=np.arange(50) == 9)
    )
    rng = np.random.default_rng(1)
    ids_BT = rng.integers(5, 50, (3, length))
    examples = task.make_examples(ids_BT, rng, config, vocabulary, np.ones(ids_BT.shape, dtype=bool))
    stages, seen_at = rows_of(examples)
    assert 0 <= seen_at < len(stages)
    for row in range(len(stages[0])):
        numbered = trace([each[min(row, len(each) - 1)] for each in stages])
        assert all(len(set(numbers)) == len(numbers) for numbers in numbered)
