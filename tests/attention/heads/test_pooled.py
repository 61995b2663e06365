import math

import numpy as np
import pytest

from ssl_core.attention import heads
from ssl_core.attention.heads.pooled import Read, pooled, uniform_LTT
from tests.attention.heads.test_metrics import CAT, CLS, SEP, STOP, sentence

EXACT = 1e-12  # the same float64 sums in another order


def random_read(T, rng, L=2, H=3, may_look_TT=None, **named):
    may_look_TT = np.ones((T, T), dtype=bool) if may_look_TT is None else may_look_TT
    weights_LHTT = rng.random((L, H, T, T)) * may_look_TT
    weights_LHTT /= weights_LHTT.sum(axis=-1, keepdims=True)
    ids = [CLS, *rng.choice([CAT, STOP, 8, 9], T - 2), SEP]
    return Read(sentence=sentence(ids, **named), weights_LHTT=weights_LHTT, may_look_LTT=np.stack([may_look_TT] * L))


@pytest.mark.parametrize("key", [key for key in heads.MENU if key != "induction"])
def test_each_token_counts_once_whichever_text_it_is_from(key):
    rng = np.random.default_rng(0)
    reads = [random_read(T, rng) for T in (4, 9, 15)]
    values, num_tokens = np.zeros((2, 3)), 0
    for read in reads:  # a plain loop over single tokens
        values_LHT = heads.by_token(key, read.weights_LHTT, read.sentence)
        for token in range(read.sentence.num_tokens):
            if not math.isnan(values_LHT[0, 0, token]):
                values, num_tokens = values + values_LHT[:, :, token], num_tokens + 1
    found = pooled(key, reads)
    assert found.num_tokens == num_tokens > 0
    np.testing.assert_allclose(found.values_LH, values / num_tokens, atol=EXACT)


def test_a_text_without_the_thing_asked_about_does_not_count():
    rng = np.random.default_rng(1)
    with_marks = Read(
        sentence=sentence([CAT, STOP]), weights_LHTT=np.full((1, 1, 2, 2), 0.5), may_look_LTT=np.ones((1, 2, 2), dtype=bool)
    )
    without = Read(
        sentence=sentence([CAT, 8, 9]), weights_LHTT=rng.random((1, 1, 3, 3)), may_look_LTT=np.ones((1, 3, 3), dtype=bool)
    )
    assert pooled("to_punctuation", [with_marks, without]).values_LH.item() == 0.5
    nowhere = pooled("to_cls", [with_marks, without])
    assert nowhere.num_tokens == 0
    assert np.isnan(nowhere.values_LH).all()


def test_what_an_even_look_gives_to_the_previous_token():
    rng, T = np.random.default_rng(2), 12
    freely = pooled("to_previous", [random_read(T, rng)])
    assert freely.uniform_L == pytest.approx(1 / T)
    back_TT = np.tril(np.ones((T, T), dtype=bool))
    back = pooled("to_previous", [random_read(T, rng, may_look_TT=back_TT, looks_back_only=True)])
    assert back.uniform_L == pytest.approx(sum(1 / (place + 1) for place in range(1, T)) / (T - 1))


def test_a_window_makes_the_baseline_stricter():
    T = 20
    place_T = np.arange(T)
    near_TT = abs(place_T[:, None] - place_T[None, :]) <= 2
    found = pooled("to_previous", [random_read(T, np.random.default_rng(3), may_look_TT=near_TT)])
    rows = [sum(abs(row - other) <= 2 for other in range(T)) for row in range(1, T)]
    assert found.uniform_L == pytest.approx(sum(1 / width for width in rows) / (T - 1))
    assert found.uniform_L[0] > 0.2


def test_an_even_look_is_as_wide_as_can_be():
    T = 7
    found = pooled("entropy", [random_read(T, np.random.default_rng(4))])
    assert found.uniform_L == pytest.approx(math.log(T))
    assert (found.values_LH < math.log(T)).all()
    np.testing.assert_allclose(uniform_LTT(np.ones((1, T, T), dtype=bool)), 1 / T)
