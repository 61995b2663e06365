import numpy as np
import pytest
import torch

from ssl_core import models
from ssl_core.attention import reading
from ssl_core.attention.kinds import SELF
from ssl_core.attention.recording import record
from ssl_core.models.config import FAMILIES, ModelConfig

SAME = 1e-6  # float32, another order of the same sums
BACK_ONLY = ("gpt2", "llama")


def network(family, **named):
    return models.build(ModelConfig(family=family, size="tiny", context_tokens=32, **named), 64, 0).eval()


def texts():
    rng = np.random.default_rng(0)
    return [rng.integers(5, 64, length).tolist() for length in (7, 12, 3, 12, 9)]


@pytest.mark.parametrize("family", FAMILIES)
def test_texts_read_together_are_as_read_alone(family, monkeypatch):
    monkeypatch.setattr(reading, "TEXTS_AT_ONCE", 3)
    model = network(family)
    for ids, (weights_LHTT, may_look_LTT) in zip(texts(), reading.read(model, texts()), strict=True):
        named = {"decoder_ids_BU": torch.tensor([[3]])} if model.config.is_encoder_decoder else {}
        with torch.no_grad():
            alone = record(model, torch.tensor([ids]), **named).weights_LBHTS(SELF)[:, 0]
        np.testing.assert_allclose(weights_LHTT, alone, atol=SAME)
        T = len(ids)
        expected = np.tril(np.ones((T, T), dtype=bool)) if family in BACK_ONLY else np.ones((T, T), dtype=bool)
        if family != "modernbert":
            assert (may_look_LTT == expected).all()
        assert (weights_LHTT[~np.broadcast_to(may_look_LTT[:, None], weights_LHTT.shape)] == 0).all()
        assert reading.looks_back_only(may_look_LTT) == (family in BACK_ONLY)


def test_a_window_is_known_layer_by_layer():
    model = network("modernbert", global_every=2)
    _weights, may_look_LTT = next(reading.read(model, texts()))
    place_T = np.arange(7)
    assert (may_look_LTT[0] == (abs(place_T[:, None] - place_T[None, :]) <= 2)).all()
    assert may_look_LTT[1].all()


def test_padding_is_a_token_that_no_text_says():
    model = network("bert")
    with_zero = [[0, 7, 8], [9, 10, 11, 12]]
    alone = next(reading.read(model, with_zero[:1]))[0]
    together = next(reading.read(model, with_zero))[0]
    np.testing.assert_allclose(together, alone, atol=SAME)
    assert alone[..., 0].min() > 0, "token 0 is a word here, and is looked at"
