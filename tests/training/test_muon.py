import pytest
import torch

from ssl_core import models
from ssl_core.models.config import ModelConfig
from ssl_core.training import optimizers
from ssl_core.training.muon import COEFFICIENTS, MOMENTUM, Muon, Weight, orthogonalised


def test_singular_values_become_nearly_equal_and_directions_stay():
    generator = torch.Generator().manual_seed(0)
    for shape in ((3, 96, 64), (3, 64, 96), (2, 64, 64)):
        update_MRC = torch.randn(*shape, generator=generator)
        result_MRC = orthogonalised(update_MRC)
        values = torch.linalg.svdvals(result_MRC)
        # the iteration's own range is 0.68 to 1.20; a square random matrix has singular values near 0, which stay below
        middling = values[:, : values.shape[1] * 3 // 4]
        assert middling.min() > 0.6, shape
        assert middling.max() < 1.25, shape
        U, _, Vh = torch.linalg.svd(update_MRC, full_matrices=False)
        cosine = (result_MRC * (U @ Vh)).sum((1, 2)) / (result_MRC.norm(dim=(1, 2)) * (U @ Vh).norm(dim=(1, 2)))
        assert cosine.min() > 0.9, shape


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("shape", [(3, 96, 32), (3, 32, 96), (2, 64, 64), (2, 64, 96)])
def test_each_singular_value_goes_through_the_polynomials(shape, dtype):
    update_MRC = torch.randn(*shape, generator=torch.Generator().manual_seed(0)) * 1e-5
    U, values_MS, Vh = torch.linalg.svd(update_MRC.double(), full_matrices=False)
    values_MS = values_MS / values_MS.pow(4).sum(-1, keepdim=True) ** 0.25
    for a, b, c in COEFFICIENTS:
        values_MS = a * values_MS + b * values_MS**3 + c * values_MS**5
    expected = U @ (values_MS[..., None] * Vh)
    tolerance = 1e-4 if dtype == torch.float32 else 0.06  # some ten rounded products; bfloat16 has 8 bits
    torch.testing.assert_close(orthogonalised(update_MRC, dtype), expected.float(), atol=tolerance, rtol=0)


@pytest.mark.parametrize("shape", [(2, 96, 32), (2, 32, 32)])
def test_without_a_gradient_nothing_moves(shape):
    assert torch.equal(orthogonalised(torch.zeros(shape)), torch.zeros(shape))


def test_matrices_updated_together_move_as_each_would_alone():
    generator = torch.Generator().manual_seed(0)
    starts = [torch.randn(64, 32, generator=generator) for _ in range(3)]
    gradients = [torch.randn(64, 32, generator=generator) for _ in range(3)]

    def moved(numbers: list[int]) -> list[torch.Tensor]:
        matrices = [torch.nn.Parameter(starts[number].clone()) for number in numbers]
        optimizer = Muon([Weight(each) for each in matrices], weight_decay=0.1)
        for _ in range(2):
            for matrix, number in zip(matrices, numbers, strict=True):
                matrix.grad = gradients[number].clone()
            optimizer.step(0.1)
        return [matrix.detach() for matrix in matrices]

    alone = [moved([number])[0] for number in range(3)]
    for together, one in zip(moved([0, 1, 2]), alone, strict=True):
        torch.testing.assert_close(together, one, atol=5e-3, rtol=0)  # bfloat16 products may be summed in another order


def test_the_first_step_follows_the_formula():
    start, gradient = torch.randn(64, 32), torch.randn(64, 32)
    matrix = torch.nn.Parameter(start.clone())
    matrix.grad = gradient.clone()
    Muon([Weight(matrix)], weight_decay=0.5).step(0.1)
    momentum = (1 - MOMENTUM) * gradient
    nesterov = (1 - MOMENTUM) * gradient + MOMENTUM * momentum
    expected = start * (1 - 0.1 * 0.5) - 0.1 * 2**0.5 * orthogonalised(nesterov[None])[0]
    torch.testing.assert_close(matrix.detach(), expected, atol=1e-5, rtol=0)  # float32


def test_stacked_and_transposed_matrices_move_as_each_would_alone():
    generator = torch.Generator().manual_seed(0)
    start, gradient = (torch.randn(96, 32, generator=generator) for _ in range(2))

    def moved(weight: Weight, gradient: torch.Tensor) -> torch.Tensor:
        weight.tensor.grad = gradient.clone()
        Muon([weight], weight_decay=0).step(0.1)
        return weight.tensor.detach()

    thirds = [
        moved(Weight(torch.nn.Parameter(part.clone())), g) for part, g in zip(start.chunk(3), gradient.chunk(3), strict=True)
    ]
    together = moved(Weight(torch.nn.Parameter(start.clone()), num_stacked=3), gradient)
    transposed = moved(Weight(torch.nn.Parameter(start.mT.clone()), num_stacked=3, is_transposed=True), gradient.mT)
    torch.testing.assert_close(together, torch.cat(thirds), atol=5e-3, rtol=0)  # bfloat16 products in another order
    torch.testing.assert_close(transposed.mT, together, atol=5e-3, rtol=0)


def test_a_matrix_that_takes_no_part_stays_where_it_is():
    used, spared = (torch.nn.Parameter(torch.randn(32, 32)) for _ in range(2))
    used.grad, before = torch.randn(32, 32), spared.detach().clone()
    Muon([Weight(used), Weight(spared)], weight_decay=0).step(0.1)
    assert torch.equal(spared.detach(), before)
    assert used.detach().isfinite().all()


def test_a_matrix_that_is_kept_cut_into_heads_moves_as_the_whole():
    generator = torch.Generator().manual_seed(0)
    start, gradient = (torch.randn(64, 4, 8, generator=generator) for _ in range(2))

    def moved(shape: tuple[int, ...], *, is_transposed: bool) -> torch.Tensor:
        weight = torch.nn.Parameter(start.clone().view(shape))
        weight.grad = gradient.clone().view(shape)
        Muon([Weight(weight, is_transposed=is_transposed)], weight_decay=0).step(0.1)
        return weight.detach().view(64, 32)

    for is_transposed in (False, True):
        cut, whole = (moved(shape, is_transposed=is_transposed) for shape in ((64, 4, 8), (64, 32)))
        torch.testing.assert_close(cut, whole, atol=0, rtol=0)


def test_the_bare_matrices_of_xlnet_are_among_those_that_muon_moves():
    model = models.build(ModelConfig(family="xlnet", size="tiny"), 40, seed=0)
    moved = {id(each.tensor) for each in optimizers.hidden_matrices(model)}
    names = {name for name, weight in model.named_parameters() if id(weight) in moved}
    kinds = ("rel_attn.q", "rel_attn.k", "rel_attn.v", "rel_attn.o", "rel_attn.r", "ff.layer_1.weight", "ff.layer_2.weight")
    assert names == {f"transformer.layer.{layer}.{kind}" for layer in (0, 1) for kind in kinds}
