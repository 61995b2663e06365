"""The formulas a learner reads are the losses a model is trained by: the same numbers and gradients as torch, to 1e-6."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from ssl_core import formulas
from ssl_core.errors import UserError
from ssl_core.formulas import (
    alignment,
    binary_cross_entropy,
    bits_per_byte,
    circle,
    constant_answer,
    cross_entropy,
    detection,
    info_nce,
    joint,
    perplexity,
    softmax,
    two_heads,
    uniformity,
)
from ssl_core.losses.alignment import alignment as trained_alignment
from ssl_core.losses.info_nce import info_nce as trained_info_nce
from ssl_core.losses.masked_cross_entropy import masked_cross_entropy
from ssl_core.losses.uniformity import uniformity as trained_uniformity

SAME = 1e-6
RNG = np.random.default_rng(0)
LOGITS_NV = 3.0 * RNG.standard_normal((6, 7))
LABELS_N = np.array([0, 1, 0, 0, 1, 0])
Z1_BD, Z2_BD = RNG.standard_normal((2, 5, 3))


def grown(*arrays):
    """The same numbers as tensors that collect a gradient."""
    return [torch.tensor(np.asarray(each), dtype=torch.float64, requires_grad=True) for each in arrays]


@pytest.mark.parametrize("stem", formulas.MENU)
def test_each_formula_says_what_it_is(stem):
    module = formulas.formula(stem)
    assert all(getattr(module, name).strip() for name in ("TITLE", "FORMULA", "UNIT", "SOURCE"))
    assert callable(getattr(module, stem)), "the function is called like its file"


@pytest.mark.parametrize("temperature", [0.05, 1.0, 4.0])
def test_softmax_is_torchs(temperature):
    theirs = functional.softmax(torch.tensor(LOGITS_NV) / temperature, dim=-1).numpy()
    np.testing.assert_allclose(softmax.softmax(LOGITS_NV, temperature), theirs, atol=SAME)
    np.testing.assert_allclose(np.exp(softmax.log_softmax(LOGITS_NV, temperature)), theirs, atol=SAME)


def test_softmax_sees_only_differences_and_survives_large_scores():
    np.testing.assert_allclose(softmax.softmax(LOGITS_NV + 1000.0), softmax.softmax(LOGITS_NV), atol=SAME)
    assert cross_entropy.cross_entropy([0.0, 5000.0], 0) == 5000.0


def test_cross_entropy_is_the_loss_that_runs_are_trained_by():
    ours = np.mean([cross_entropy.cross_entropy(row, truth) for row, truth in zip(LOGITS_NV, LABELS_N, strict=True)])
    theirs = masked_cross_entropy(torch.tensor(LOGITS_NV), torch.tensor(LABELS_N))
    assert ours == pytest.approx(float(theirs), abs=SAME)


def test_the_gradient_of_cross_entropy_is_autograds():
    (logits_V,) = grown(LOGITS_NV[0])
    functional.cross_entropy(logits_V, torch.tensor(2)).backward()
    np.testing.assert_allclose(cross_entropy.gradient(LOGITS_NV[0], 2), logits_V.grad.numpy(), atol=SAME)


def test_who_can_not_tell_words_apart_has_their_number_as_perplexity():
    loss = cross_entropy.cross_entropy(np.full(50, 3.0), 7)
    assert loss == pytest.approx(math.log(50), abs=SAME)
    assert perplexity.perplexity(loss) == pytest.approx(50, abs=50 * SAME)  # relative: e^x stretches the rounding


def test_eight_equal_choices_are_three_bits_and_bytes_share_them():
    assert bits_per_byte.bits(math.log(8)) == pytest.approx(3, abs=SAME)
    assert bits_per_byte.bits_per_byte(math.log(8), 6) == pytest.approx(0.5, abs=SAME)


@pytest.mark.parametrize("weight", [1.0, 7.5])
def test_binary_cross_entropy_and_its_gradient_are_torchs(weight):
    (logits_N,) = grown(LOGITS_NV[:, 0])
    loss = functional.binary_cross_entropy_with_logits(
        logits_N, torch.tensor(LABELS_N, dtype=torch.float64), pos_weight=torch.tensor(weight)
    )
    loss.backward()
    assert binary_cross_entropy.binary_cross_entropy(LOGITS_NV[:, 0], LABELS_N, weight) == pytest.approx(loss.item(), abs=SAME)
    np.testing.assert_allclose(
        binary_cross_entropy.gradient(LOGITS_NV[:, 0], LABELS_N, weight), logits_N.grad.numpy(), atol=SAME
    )


def test_the_sigmoid_is_a_softmax_over_the_score_and_zero():
    for score in (-800.0, -3.0, 0.0, 2.5, 800.0):
        assert binary_cross_entropy.sigmoid(score) == pytest.approx(softmax.softmax([score, 0.0])[0], abs=SAME)


@pytest.mark.parametrize("weight", [1.0, 4.0])
@pytest.mark.parametrize("base_rate", [0.0, 0.15, 0.5, 1.0])
def test_no_constant_answer_is_cheaper_than_the_best(base_rate, weight):
    best = constant_answer.best_loss(base_rate, weight)
    tried = [constant_answer.loss_of(answer, base_rate, weight) for answer in np.linspace(0, 1, 401)]
    assert best <= min(tried) + SAME
    assert best == pytest.approx(min(tried), abs=1e-4)  # the grid is 1/400 wide, and the bowl is flat at its bottom


def test_the_best_constant_answer_to_balanced_labels_costs_ln_2_and_is_the_loss_of_those_scores():
    assert constant_answer.best_loss(0.5) == pytest.approx(math.log(2), abs=SAME)
    labels_N = np.array([1, 0, 0, 0, 0])
    answer = constant_answer.constant_answer(0.2, 3.0)
    same_for_all_N = np.full(5, math.log(answer / (1 - answer)))
    loss = binary_cross_entropy.binary_cross_entropy(same_for_all_N, labels_N, 3.0)
    assert loss == pytest.approx(constant_answer.best_loss(0.2, 3.0), abs=SAME)
    assert binary_cross_entropy.gradient(same_for_all_N, labels_N, 3.0).sum() == pytest.approx(0, abs=SAME)


@pytest.mark.parametrize("temperature", [0.05, 0.5])
def test_info_nce_and_its_gradient_are_torchs(temperature):
    z1_BD, z2_BD = grown(Z1_BD, Z2_BD)
    cosines_BB = functional.cosine_similarity(z1_BD[:, None], z2_BD[None], dim=-1)
    loss = functional.cross_entropy(cosines_BB / temperature, torch.arange(5))
    loss.backward()
    assert info_nce.info_nce(Z1_BD, Z2_BD, temperature) == pytest.approx(loss.item(), abs=SAME)
    np.testing.assert_allclose(info_nce.similarities(Z1_BD, Z2_BD), cosines_BB.detach().numpy(), atol=SAME)
    for ours, theirs in zip(info_nce.gradient(Z1_BD, Z2_BD, temperature), (z1_BD, z2_BD), strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), atol=SAME)


def test_info_nce_is_a_plain_double_loop():
    total = 0.0
    for i, anchor in enumerate(Z1_BD):
        powers = [math.exp(anchor @ other / math.sqrt(anchor @ anchor) / math.sqrt(other @ other) / 0.3) for other in Z2_BD]
        total += -math.log(powers[i] / sum(powers))
    assert info_nce.info_nce(Z1_BD, Z2_BD, 0.3) == pytest.approx(total / len(Z1_BD), abs=SAME)


def test_collapse_costs_ln_b_has_no_slope_and_a_uniformity_of_zero():
    same_BD = np.tile([[0.6, 0.8]], (4, 1))
    assert info_nce.info_nce(same_BD, same_BD, 0.1) == pytest.approx(math.log(4), abs=SAME)
    np.testing.assert_allclose(info_nce.gradient(same_BD, same_BD, 0.1)[0], 0.0, atol=SAME)
    assert alignment.alignment(same_BD, same_BD) == 0.0
    assert uniformity.uniformity(same_BD) == pytest.approx(0.0, abs=SAME)


def test_alignment_and_uniformity_are_the_papers_two_lines_of_torch():
    x_BD, y_BD = (functional.normalize(torch.tensor(each), dim=1) for each in (Z1_BD, Z2_BD))
    align = (x_BD - y_BD).norm(p=2, dim=1).pow(2).mean()
    uniform = torch.pdist(x_BD, p=2).pow(2).mul(-2).exp().mean().log()
    assert alignment.alignment(x_BD.numpy(), y_BD.numpy()) == pytest.approx(align.item(), abs=SAME)
    assert uniformity.uniformity(x_BD.numpy()) == pytest.approx(uniform.item(), abs=SAME)


def test_one_pair_alone_has_nothing_to_be_told_from():
    with pytest.raises(UserError, match="two"):
        info_nce.info_nce([[1.0, 0.0]], [[1.0, 0.0]], 0.1)
    with pytest.raises(UserError, match="two"):
        uniformity.uniformity([[1.0, 0.0]])


def test_two_heads_hand_back_the_gradients_that_autograd_finds():
    weights = (1.0, 50.0)
    (hidden_D,) = grown([0.4, -0.9])
    heads = two_heads.HEADS
    word = functional.cross_entropy(torch.tensor(heads.words_VD, dtype=torch.float64) @ hidden_D, torch.tensor(heads.truth))
    yes = functional.binary_cross_entropy_with_logits(
        torch.tensor(heads.yes_D, dtype=torch.float64) @ hidden_D, torch.tensor(float(heads.is_yes), dtype=torch.float64)
    )
    apart = [torch.autograd.grad(loss, hidden_D, retain_graph=True)[0].numpy() for loss in (word, yes)]
    total = weights[0] * word + weights[1] * yes
    total.backward()
    ours = two_heads.gradients([0.4, -0.9])
    np.testing.assert_allclose(two_heads.two_heads([0.4, -0.9]), [word.item(), yes.item()], atol=SAME)
    assert two_heads.together([0.4, -0.9], weights) == pytest.approx(total.item(), abs=SAME)
    np.testing.assert_allclose(ours, apart, atol=SAME)
    np.testing.assert_allclose(joint.gradient(ours, weights), hidden_D.grad.numpy(), atol=SAME)
    np.testing.assert_allclose(joint.pulls(ours, weights), [np.linalg.norm(apart[0]), 50 * np.linalg.norm(apart[1])], atol=SAME)


def test_gradients_agree_oppose_or_do_not_pull():
    assert joint.agreement([1.0, 1.0], [2.0, 2.0]) == pytest.approx(1.0, abs=SAME)
    assert joint.agreement([1.0, 0.0], [-3.0, 0.0]) == pytest.approx(-1.0, abs=SAME)
    assert joint.agreement([0.0, 0.0], [1.0, 0.0]) == 0.0


def test_angles_are_turned_by_the_slope_that_autograd_finds():
    anchors_B, partners_B = np.array([10.0, 100.0, 250.0]), np.array([60.0, 90.0, 300.0])
    (angles_B,) = grown(np.deg2rad(anchors_B))
    z1_BD = torch.stack([angles_B.cos(), angles_B.sin()], dim=-1)
    z2_BD = torch.tensor(circle.on_circle(partners_B))
    functional.cross_entropy(z1_BD @ z2_BD.T / 0.2, torch.arange(3)).backward()
    gradient_BD, _ = info_nce.gradient(circle.on_circle(anchors_B), z2_BD.numpy(), 0.2)
    np.testing.assert_allclose(circle.slopes(anchors_B, gradient_BD), angles_B.grad.numpy(), atol=SAME)


def test_a_partner_that_is_only_as_near_as_a_stranger_is_not_found():
    z1_BD = circle.on_circle([0.0, 90.0, 200.0])
    assert info_nce.accuracy(z1_BD, z1_BD) == 1.0
    assert info_nce.accuracy(z1_BD, circle.on_circle([0.0, 0.0, 200.0])) == pytest.approx(1 / 3)
    assert info_nce.accuracy(np.ones((3, 2)), np.ones((3, 2))) == 0.0


def test_found_called_out_and_there_to_find():
    assert detection.detection([2, -1, 3, -2], [1, 0, 0, 1]) == (0.5, 0.5, 0.5)
    assert detection.detection([-1, -1, -1, -1], [1, 0, 0, 0]) == (0.75, 0.0, 0.0), "never yes: right three times, finds none"
    assert detection.detection([-1, -2], [0, 0]) == (1.0, 0.0, 0.0)


def test_the_losses_of_training_say_the_same_up_to_float32():
    pair = [torch.tensor(each, dtype=torch.float32) for each in (Z1_BD, Z2_BD)]
    unit = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in (Z1_BD, Z2_BD)]
    assert info_nce.info_nce(Z1_BD, Z2_BD, 0.5) == pytest.approx(trained_info_nce(*pair, 0.5).item(), abs=SAME)
    assert alignment.alignment(*unit) == pytest.approx(trained_alignment(*pair).item(), abs=SAME)
    assert uniformity.uniformity(unit[0]) == pytest.approx(trained_uniformity(pair[0]).item(), abs=SAME)
