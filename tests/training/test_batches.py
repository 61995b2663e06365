import numpy as np
import pytest
import torch

from ssl_core import pretext
from ssl_core.errors import UserError
from ssl_core.pretext.base import IGNORED
from ssl_core.training import batches
from ssl_core.training.batches import BatchStream, to_batch
from ssl_core.training.windows import Text
from tests.training import tiny


def test_one_round_shows_every_window_once():
    stream = tiny.stream()
    num_windows = len(tiny.text().ids) // 16
    starts = [tuple(row) for _ in range(num_windows // 4) for row in next(stream).seen_ids_BT.tolist()]
    assert len(set(starts)) == len(starts)


def test_a_round_of_a_very_long_text_takes_different_windows_from_all_over_it(monkeypatch):
    monkeypatch.setattr(batches, "MAX_ROUND", 60)
    stream = tiny.stream()
    num_windows = len(tiny.text().ids) // 16
    assert num_windows > 120, "else all of them would do"
    starts = stream._next_round()
    assert len(set(starts)) == len(starts) == 60
    halves = sum(start < len(tiny.text().ids) / 2 for start in starts)
    # half of 60, give or take 5 standard deviations of 3.9
    assert 10 < halves < 50


def test_the_same_seed_gives_the_same_batches_and_another_seed_others():
    first, again, other = tiny.stream(seed=3), tiny.stream(seed=3), tiny.stream(seed=4)
    for _ in range(3):
        seen = next(first).seen_ids_BT
        assert torch.equal(seen, next(again).seen_ids_BT)
        assert not torch.equal(seen, next(other).seen_ids_BT)


def test_a_restored_stream_goes_on_with_the_very_next_batch():
    stream, other = tiny.stream(), tiny.stream(seed=9)
    for _ in range(200):  # into the second round
        next(stream)
    other.restore(stream.state())
    for _ in range(150):
        assert torch.equal(next(stream).seen_ids_BT, next(other).seen_ids_BT)


def test_positions_and_answers_are_those_of_the_examples():
    ids_BT = np.arange(5, 29).reshape(2, 12)
    examples = tiny.make_examples(ids_BT, np.random.default_rng(0), np.ones((2, 12), dtype=bool))
    batch = to_batch(examples, tiny.CPU)
    flat = examples.target_ids_BT.reshape(-1)
    assert batch.positions_N.tolist() == [place for place, target in enumerate(flat) if target != IGNORED]
    assert batch.target_ids_N.tolist() == [target for target in flat if target != IGNORED]


def test_the_first_sequences_of_a_batch_keep_their_own_answers():
    batch = next(tiny.stream())
    first = batch.first(2)
    assert first.seen_ids_BT.shape == (2, 16)
    assert first.target_ids_N.tolist() == batch.target_ids_N.tolist()[: 2 * 15]


def test_words_begin_where_the_text_says_they_do():
    seen: list[np.ndarray] = []

    def listen(ids_BT, rng, starts_word_BT):
        seen.append((ids_BT, starts_word_BT))
        return tiny.make_examples(ids_BT, rng, starts_word_BT)

    ids = np.arange(5, 1005, dtype=np.uint16)
    text = Text(ids=ids, starts_word=ids % 3 == 0)
    next(BatchStream(text, listen, batch_size=4, context_tokens=16, seed=0, device=tiny.CPU))
    ids_BT, starts_word_BT = seen[0]
    assert (starts_word_BT == (ids_BT % 3 == 0)).all()


def test_a_mask_rate_of_zero_is_refused_instead_of_waited_for():
    task = pretext.task("masked_lm")

    def hide_nothing(ids_BT, rng, starts_word_BT):
        return task.make_examples(ids_BT, rng, task.Config(mask_rate=0), tiny.VOCABULARY, starts_word_BT)

    with pytest.raises(UserError, match="hide more of it"):
        next(BatchStream(tiny.text(), hide_nothing, batch_size=4, context_tokens=16, seed=0, device=tiny.CPU))


def test_where_masks_are_static_a_window_comes_again_with_the_same_mask():
    task, config = pretext.task("masked_lm"), pretext.task("masked_lm").Config(static_masks=True)
    assert not pretext.cuts_anew("masked_lm", config)
    assert pretext.cuts_anew("masked_lm", task.Config())
    assert pretext.cuts_anew("causal_lm", pretext.task("causal_lm").Config())

    def rounds(cuts_anew):
        """The examples of two rounds over a text of 20 windows, as sets."""

        def make_examples(ids_BT, rng, starts_word_BT):
            return task.make_examples(ids_BT, rng, config, tiny.VOCABULARY, starts_word_BT)

        stream = BatchStream(
            tiny.text(20 * 16), make_examples, batch_size=20, context_tokens=16, seed=0, device=tiny.CPU, cuts_anew=cuts_anew
        )
        return [sorted(map(tuple, next(stream).seen_ids_BT.tolist())) for _ in range(2)]

    first, second = rounds(cuts_anew=False)
    assert first == second
    first, second = rounds(cuts_anew=True)
    assert first != second
