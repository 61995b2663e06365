import subprocess
import sys

import numpy as np
import pytest
import torch

from ssl_core import models
from ssl_core.errors import UserError
from ssl_core.losses.masked_cross_entropy import masked_cross_entropy
from ssl_core.models.attention import attend, causal_bias_TT, rotary_tables
from ssl_core.models.config import FAMILIES, SIZES, ModelConfig
from ssl_core.models.past import Past
from ssl_core.pretext.base import IGNORED

V = 300
READ_ALONE = [family for family in FAMILIES if not hasattr(models.family(family), "decoded_BUD")]  # the others: see below


def a_model(family: str, **settings):
    return models.build(ModelConfig(**{"family": family, "size": "tiny", **settings}), V, seed=0).eval()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("family", FAMILIES)
def test_the_closed_form_counts_what_is_built(family, size):
    config = ModelConfig(family=family, size=size, context_tokens=40)
    assert models.parameter_count(config, V) == models.build(config, V, seed=0).num_parameters()


def test_every_so_many_layers_one_has_no_window():
    def kinds(**settings):
        return [kind.split("_")[0] for kind in a_model("modernbert", size="small", **settings).config.layer_types]

    assert kinds() == ["sliding"] * 4
    assert kinds(global_every=2) == ["sliding", "full"] * 2
    assert kinds(global_every=3) == ["sliding", "sliding", "full", "sliding"]
    assert kinds(local_attention=0) == kinds(local_attention=0, global_every=2) == ["full"] * 4


@torch.no_grad()
@pytest.mark.parametrize("family", FAMILIES)
def test_norms_stand_where_the_family_says(family):
    """After a layer whose norm comes last, each vector has mean 0 and variance 1; where it comes first, what is added stays."""
    model = a_model(family)
    for weight in model.parameters():
        if weight.ndim >= 2:
            weight.mul_(5)  # so that a layer adds much
    has_encoder = hasattr(models.family(family), "decoded_BUD")
    read = model.get_encoder() if has_encoder else getattr(model, model.base_model_prefix)
    hidden_TD = read(torch.arange(12)[None] * 7 % V, output_hidden_states=True).hidden_states[1].flatten(0, -2)
    is_normal = torch.allclose(hidden_TD.mean(-1), torch.zeros(12), atol=1e-3) and torch.allclose(
        hidden_TD.var(-1, unbiased=False), torch.ones(12), atol=1e-2
    )
    assert ("after" if is_normal else "before") == models.family(family).NORMS


def test_counting_parameters_and_guessing_times_needs_no_torch():
    code = (
        "import sys; from ssl_core import models; from ssl_core.runs import presets\n"
        "for each in presets.PRESETS:\n"
        "    spec = presets.spec(each.key)\n"
        "    models.parameter_count(spec.model, 1024); models.estimated_seconds_per_step(spec, 1024)\n"
        "assert 'torch' not in sys.modules and 'transformers' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("family", "window", "every"),
    [
        *((family, 4, 0) for family in ("bert", "roberta", "albert", "electra", "modernbert", "gpt2", "llama", "xlnet")),
        ("modernbert", 0, 0),
        ("modernbert", 4, 2),
    ],
)
def test_our_forward_pass_gives_the_numbers_of_hugging_face(family, window, every):
    model = a_model(family, local_attention=window, global_every=every)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(2)  # so that attention is far from uniform
        ids_BT = torch.arange(3 * 20).view(3, 20) * 7 % V
        theirs_BTD = getattr(model, model.base_model_prefix)(ids_BT).last_hidden_state
        ours_BTD = models.family(family).hidden_BTD(model, ids_BT)
    # vectors have entries around 1; a float32 sum of a hundred products in another order differs by about 1e-6
    torch.testing.assert_close(ours_BTD, theirs_BTD, atol=5e-5, rtol=0)


@pytest.mark.parametrize("family", [each for each in READ_ALONE if not hasattr(models.family(each), "asked_ND")])
def test_the_loss_at_predicted_positions_is_that_of_hugging_face(family):
    model = a_model(family)
    rng = np.random.default_rng(0)
    ids_BT = torch.from_numpy(rng.integers(5, V, (4, 24)))
    labels_BT = torch.where(torch.from_numpy(rng.random((4, 24)) < 0.3), ids_BT, IGNORED)
    targets_BT = labels_BT
    if family in ("gpt2", "llama"):  # these shift the labels themselves
        targets_BT = torch.cat((labels_BT[:, 1:], torch.full((4, 1), IGNORED)), dim=1)
    positions_N = (targets_BT.flatten() != IGNORED).nonzero().flatten()
    with torch.no_grad():
        theirs = model(input_ids=ids_BT, labels=labels_BT).loss
        ours = masked_cross_entropy(models.predict(model, ids_BT, positions_N), targets_BT.flatten()[positions_N])
    assert float(ours) == pytest.approx(float(theirs), abs=1e-6)


@pytest.mark.parametrize("family", ["gpt2", "llama"])
def test_decoders_do_not_look_ahead(family):
    model = a_model(family)
    ids_BT = torch.arange(5, 25)[None]
    changed_BT = ids_BT.clone()
    changed_BT[0, 12] = 200
    with torch.no_grad():
        moved_T = (models.family(family).hidden_BTD(model, ids_BT) != models.family(family).hidden_BTD(model, changed_BT)).any(
            -1
        )[0]
    assert not moved_T[:12].any()
    assert moved_T[12:].all()


def test_a_window_of_four_reaches_two_tokens_a_layer():
    model = a_model("modernbert", local_attention=4)
    ids_BT = torch.arange(5, 35)[None]
    changed_BT = ids_BT.clone()
    changed_BT[0, 15] = 200
    hidden_BTD = models.family("modernbert").hidden_BTD
    with torch.no_grad():
        moved_T = (hidden_BTD(model, ids_BT) != hidden_BTD(model, changed_BT)).any(-1)[0]
    reach = 2 * model.config.num_hidden_layers
    assert moved_T.nonzero().flatten().tolist() == list(range(15 - reach, 15 + reach + 1))


def test_the_same_seed_gives_the_same_weights_and_leaves_the_default_generator_alone():
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    first, again, other = (models.build(ModelConfig(size="tiny"), V, seed) for seed in (1, 1, 2))
    assert torch.equal(torch.rand(3), expected)
    pairs = list(zip(first.parameters(), again.parameters(), other.parameters(), strict=True))
    assert all(torch.equal(a, b) for a, b, _ in pairs)
    assert not all(torch.equal(a, c) for a, _, c in pairs)


def test_dropout_reaches_every_family():
    for family in FAMILIES:
        model = a_model(family, dropout=0.5).train()
        hidden_BTD = models.family(family).hidden_BTD
        ids_BT = torch.arange(5, 21)[None]
        assert not torch.equal(hidden_BTD(model, ids_BT), hidden_BTD(model, ids_BT)), family


def test_an_unknown_family_is_refused():
    with pytest.raises(UserError, match="Unknown model family 'rnn'"):
        models.family("rnn")


@pytest.mark.parametrize("family", READ_ALONE)
def test_gradients_are_those_of_hugging_face(family):
    model = a_model(family)
    ids_BT = torch.arange(2 * 20).view(2, 20) * 7 % V
    base = getattr(model, model.base_model_prefix)

    def gradients(hidden_BTD):
        model.zero_grad()
        (hidden_BTD * torch.linspace(-1, 1, hidden_BTD.numel()).view_as(hidden_BTD)).sum().backward()
        return {name: each.grad.clone() for name, each in base.named_parameters() if each.grad is not None}

    theirs, ours = gradients(base(ids_BT).last_hidden_state), gradients(models.family(family).hidden_BTD(model, ids_BT))
    assert ours.keys() == theirs.keys()
    for name, gradient in theirs.items():
        # sums over 40 positions in float32, in another order
        torch.testing.assert_close(ours[name], gradient, atol=1e-4 * float(gradient.abs().max()) + 1e-6, rtol=0, msg=name)


def test_the_gradient_of_attention_with_dropout_is_that_of_finite_differences():
    joined_BTX = torch.randn(1, 5, 12, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).requires_grad_()
    tables = tuple(each.double() for each in rotary_tables(5, 2, 100.0, torch.device("cpu")))
    bias_TT = causal_bias_TT(5, torch.device("cpu")).double()

    def mixed(joined_BTX):
        torch.manual_seed(0)  # the same entries are dropped at each call
        return attend(joined_BTX, 2, bias_TT, rotary=tables, dropout=0.3)

    assert torch.autograd.gradcheck(mixed, (joined_BTX,))


@pytest.mark.parametrize("family", ["gpt2", "llama"])
def test_a_decoder_that_reads_on_scores_as_one_that_reads_all_at_once(family):
    model = a_model(family, context_tokens=16)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(2)  # so that attention is far from uniform
        rows = [list(range(5, 17)), list(range(40, 47))]
        padded_BT = torch.tensor([row if len(row) == 12 else [0] * 5 + row for row in rows])
        past = Past([0, 5], padded_BT.device)
        pieces = [padded_BT[:, :9], padded_BT[:, 9:10], padded_BT[:, 10:]]  # a beginning, one token, two at once
        ours_BV = [models.read_on(model, piece_BQ, past) for piece_BQ in pieces][-1]
        theirs = [model(torch.tensor([row])).logits[0, -1] for row in rows]
    # scores have entries around 1; a float32 sum of a hundred products in another order differs by about 1e-6
    torch.testing.assert_close(ours_BV, torch.stack(theirs), atol=5e-5, rtol=0)
