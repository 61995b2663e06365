import math

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import AutoModelForCausalLM

from ssl_core import models
from ssl_core.models import relative_attention, xlnet
from ssl_core.models.config import ModelConfig
from ssl_core.pretext.base import Vocabulary
from ssl_core.pretext.permutation_lm import Config, content_mask, make_examples, query_mask
from ssl_core.tokenization.base import SPECIAL_TOKENS
from ssl_core.training import export

V, T = 300, 20


def a_model(**settings):
    model = models.build(ModelConfig(family="xlnet", size="tiny", **settings), V, seed=0).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(2)  # so that attention is far from uniform
    return model


def examples(rate=0.4, rows=3):
    ids_BT = np.random.default_rng(0).integers(5, V, (rows, T))
    vocabulary = Vocabulary(size=V, special_ids=(0, 1, 2, 3, 4), mask_id=4)
    made = make_examples(ids_BT, np.random.default_rng(1), Config(predicted_rate=rate), vocabulary)
    positions_N = torch.from_numpy(np.flatnonzero(made.is_predicted_BT))
    return made.ranks_BT, torch.from_numpy(ids_BT), positions_N


def asked(model, ids_BT, positions_N, ranks_BT):
    return xlnet.asked_ND(model, ids_BT, positions_N, torch.from_numpy(ranks_BT))


def by_hugging_face(model, ids_BT, positions_N, ranks_BT):
    """Its own forward pass, told by its own mask (1: may not see) who sees whom."""
    hides_BTT = torch.from_numpy((ranks_BT[:, None, :] > 0) & (ranks_BT[:, None, :] >= ranks_BT[:, :, None])).float()
    every_BTT = torch.eye(T).expand(len(ids_BT), -1, -1)
    return model.transformer(ids_BT, perm_mask=hides_BTT, target_mapping=every_BTT).last_hidden_state.flatten(0, 1)[positions_N]


@pytest.mark.parametrize("rate", [0.1, 0.4, 1.0])
def test_the_query_stream_gives_the_numbers_of_hugging_face(rate):
    model, (ranks_BT, ids_BT, positions_N) = a_model(), examples(rate)
    with torch.no_grad():
        theirs_ND = by_hugging_face(model, ids_BT, positions_N, ranks_BT)
        ours_ND = asked(model, ids_BT, positions_N, ranks_BT)
    torch.testing.assert_close(ours_ND, theirs_ND, atol=1e-5, rtol=0)  # float32 sums in another order


def test_its_gradients_are_those_of_hugging_face():
    model, (ranks_BT, ids_BT, positions_N) = a_model(), examples()

    def gradients(hidden_ND):
        model.zero_grad()
        (hidden_ND * torch.linspace(-1, 1, hidden_ND.numel()).view_as(hidden_ND)).sum().backward()
        return {name: each.grad.clone() for name, each in model.named_parameters() if each.grad is not None}

    theirs = gradients(by_hugging_face(model, ids_BT, positions_N, ranks_BT))
    ours = gradients(asked(model, ids_BT, positions_N, ranks_BT))
    assert ours.keys() == theirs.keys()
    for name, gradient in theirs.items():
        # sums over 60 positions in float32, in another order
        torch.testing.assert_close(ours[name], gradient, atol=1e-4 * float(gradient.abs().max()) + 1e-6, rtol=0, msg=name)


def test_a_query_knows_what_its_mask_shows_and_nothing_else():
    model, (ranks_BT, ids_BT, positions_N) = a_model(), examples(rows=1)
    query_TT = query_mask(ranks_BT)[0]
    with torch.no_grad():
        before_ND = asked(model, ids_BT, positions_N, ranks_BT)
        for changed in range(T):
            other_BT = ids_BT.clone()
            other_BT[0, changed] = 5 + (other_BT[0, changed] - 4) % (V - 5)
            moved_N = (asked(model, other_BT, positions_N, ranks_BT) != before_ND).any(-1)
            np.testing.assert_array_equal(moved_N.numpy(), query_TT[positions_N.numpy(), changed])


def test_the_content_stream_follows_its_mask():
    ranks_BT, _, _ = examples()
    none_asked_BM = torch.zeros(len(ranks_BT), 0, dtype=torch.int64)
    bias_BTT, _ = xlnet._bias_BST(torch.from_numpy(ranks_BT), none_asked_BM)
    np.testing.assert_array_equal((bias_BTT == 0).numpy(), content_mask(ranks_BT))


def test_blanks_are_filled_without_a_look_at_what_stands_there():
    model, (_, ids_BT, _) = a_model(), examples(rows=2)
    positions_N = torch.tensor([3, 4, T + 7])
    masked_BT = ids_BT.flatten().index_fill(0, positions_N, 4).view_as(ids_BT)
    with torch.no_grad():
        filled, again = (models.predict(model, each, positions_N) for each in (masked_BT, ids_BT))
    torch.testing.assert_close(filled, again, atol=0, rtol=0)


def test_blanks_may_be_asked_for_in_any_order():
    model, (_, ids_BT, _) = a_model(), examples(rows=2)
    positions_N = torch.tensor([T + 7, 3, T + 2, 4])
    with torch.no_grad():
        rising, mixed = (models.predict(model, ids_BT, each) for each in (positions_N.sort().values, positions_N))
    torch.testing.assert_close(mixed, rising[[3, 0, 2, 1]], atol=0, rtol=0)


def test_what_is_exported_is_read_back_by_the_library(tmp_path):
    tokenizer = Tokenizer(WordLevel({token: number for number, token in enumerate(SPECIAL_TOKENS)}, unk_token="[UNK]"))
    model = a_model()
    export.save(tmp_path / "model", model, tokenizer, T)
    _, ids_BT, _ = examples()
    with torch.no_grad():
        again = AutoModelForCausalLM.from_pretrained(tmp_path / "model").eval()(ids_BT).logits
        torch.testing.assert_close(again, model(ids_BT).logits, atol=0, rtol=0)


def test_who_sees_nothing_still_gives_a_number():
    model = a_model()
    with torch.no_grad():
        logits = models.predict(model, torch.tensor([[4]]), torch.tensor([0]))
    assert math.isfinite(float(logits.sum()))


def test_every_distance_has_the_sines_and_cosines_of_hugging_face():
    theirs_PD = a_model().transformer.relative_positional_encoding(7, 7)[:, 0]
    ours_PD = relative_attention.distances_PD(7, 64, torch.device("cpu"))
    torch.testing.assert_close(ours_PD, theirs_PD, atol=1e-6, rtol=0)  # rounding


def test_the_gradient_of_attention_with_dropout_is_that_of_finite_differences():
    generator = torch.Generator().manual_seed(0)
    B, tokens, asks, D, H = 2, 4, 2, 4, 2
    shapes = ((B, tokens + asks, D), (B, tokens, 2 * D), (2 * tokens, D), (H, D // H), (H, D // H))
    inputs = [torch.randn(*shape, dtype=torch.float64, generator=generator).requires_grad_() for shape in shapes]
    bias = torch.zeros(B, tokens + asks, tokens).masked_fill(
        torch.rand(B, tokens + asks, tokens, generator=generator) < 0.3, -9
    )
    view = relative_attention.View(bias, torch.tensor([[0, 3], [2, 1]]))

    def mixed(*inputs):
        torch.manual_seed(0)  # the same entries are dropped at each call
        return relative_attention.attend(*inputs, view, 0.3)

    assert torch.autograd.gradcheck(mixed, inputs)
