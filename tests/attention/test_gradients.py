import pytest
import torch

from ssl_core.attention.asking import Asked, log_probability_B, vectors_BTD
from ssl_core.attention.gradients import ENOUGH, gradient_times_input_T, integrated_gradients
from tests.attention.networks import TAKEN_APART, ids, network

MASK_ID = 4


def asked(place=3, target_id=9):
    ids_T = ids()
    ids_T[place] = MASK_ID
    return Asked(ids_T=tuple(ids_T), place=place, target_id=target_id, stand_in_id=MASK_ID)


def log_probability(model, ids_T, one):
    with torch.no_grad():
        return float(model(torch.tensor([ids_T])).logits[0, one.place].log_softmax(-1)[one.target_id])


@pytest.mark.parametrize("family", TAKEN_APART)
def test_integrated_gradients_add_up_to_the_difference(family):
    model, one = network(family), asked()
    found = integrated_gradients(model, one)
    with_text, without = log_probability(model, one.ids_T, one), log_probability(model, [MASK_ID] * len(one.ids_T), one)
    assert found.difference == pytest.approx(with_text - without, abs=1e-4)  # float32
    assert found.baseline == pytest.approx(without, abs=1e-4)
    # 32 points of Gauss and Legendre leave nothing to be seen of so smooth a way; float32 does
    assert found.scores_T.sum() == pytest.approx(found.difference, abs=1e-4)
    assert found.scores_T[one.place] == 0.0, "the blank is what it is in the baseline"


def test_integrated_gradients_are_the_mean_gradient_on_the_way():
    """By hand: a midpoint sum over many points of torch's own gradient."""
    model, one, num_points = network("bert"), asked(), 400
    text = vectors_BTD(model, torch.tensor([one.ids_T])).detach()
    nothing = vectors_BTD(model, torch.full((1, len(one.ids_T)), MASK_ID)).detach()
    total = torch.zeros_like(text)
    for number in range(num_points):
        x = (nothing + (number + 0.5) / num_points * (text - nothing)).requires_grad_()
        total += torch.autograd.grad(log_probability_B(model, one, inputs_embeds=x).sum(), x)[0] / num_points
    expected_T = (total * (text - nothing)).sum(dim=-1)[0]
    assert integrated_gradients(model, one).scores_T == pytest.approx(expected_T.numpy(), abs=ENOUGH)


@pytest.mark.parametrize("family", ["bert", "gpt2"])
def test_gradient_times_input_is_the_slope_towards_the_stand_in(family):
    """Measured: a small step from each token's vector towards the stand-in's, and what that changes."""
    model, one, step = network(family).double(), asked(), 1e-5
    text = vectors_BTD(model, torch.tensor([one.ids_T])).detach()
    nothing = vectors_BTD(model, torch.full((1, len(one.ids_T)), MASK_ID)).detach()
    found_T = gradient_times_input_T(model, one)
    with torch.no_grad():
        for token in range(len(one.ids_T)):
            moved = text.clone()
            moved[0, token] += step * (nothing - text)[0, token]
            before, after = (float(_double(model, x, one)) for x in (text, moved))
            # the second derivative is left out: the step is short
            assert found_T[token] == pytest.approx((before - after) / step, abs=1e-3)


def _double(model, x, one):
    return model(inputs_embeds=x).logits[0, one.place].log_softmax(-1)[one.target_id]


def test_counted_from_zero_it_would_say_nothing_where_vectors_are_normalised_first():
    """Why it is counted from the stand-in: a longer vector is the same vector to ModernBERT, so gradient · vector is 0."""
    model, one = network("modernbert"), asked()
    with torch.no_grad():
        model.get_input_embeddings().weight *= 30  # far from the norm's epsilon
    x = vectors_BTD(model, torch.tensor([one.ids_T])).detach().requires_grad_()
    gradient = torch.autograd.grad(log_probability_B(model, one, inputs_embeds=x).sum(), x)[0]
    plain_T = (gradient * x).detach().sum(dim=-1)[0]
    assert float(plain_T.abs().max()) < 1e-3 * abs(gradient_times_input_T(model, one)).max()
