import math

import pytest
import torch

from ssl_core import models
from ssl_core.models import first_look
from ssl_core.models.config import ModelConfig

WIDTH = 32


@pytest.mark.parametrize("offset", [-2, 0, 1])
def test_turned_weights_make_of_a_place_what_others_make_of_another_place(offset):
    weight_KD = torch.randn(5, WIDTH, generator=torch.Generator().manual_seed(0))
    waves_PD = first_look.waves_PD(20, WIDTH)
    here, there = waves_PD[4:10] @ first_look.turned(weight_KD, offset).mT, waves_PD[4 + offset : 10 + offset] @ weight_KD.mT
    torch.testing.assert_close(here, there, atol=1e-5, rtol=0)  # sines of up to 50 radians in float32


def test_waves_are_sines_and_cosines_of_the_place():
    waves_PD = first_look.waves_PD(3, WIDTH)
    assert waves_PD[0].tolist() == [0.0] * (WIDTH // 2) + [1.0] * (WIDTH // 2)
    assert float(waves_PD[2, 0]) == pytest.approx(math.sin(2 * first_look.FASTEST), abs=1e-6)
    assert float(waves_PD[2, -1]) == pytest.approx(math.cos(2 * first_look.SLOWEST), abs=1e-6)


def weights_of(model, module, record):
    """Return where each head of a BART attention looks, averaged over places, for random text: by distance."""
    ids_BT = torch.randint(5, 300, (8, 40), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        outputs = model(input_ids=ids_BT, decoder_input_ids=ids_BT, output_attentions=True)
    attention_BHTT = outputs[record][0]
    return [
        {offset: float(head.diagonal(offset, 1, 2).mean()) for offset in range(-5, 6)}
        for head in attention_BHTT.transpose(0, 1)
    ]


@pytest.mark.parametrize(
    ("record", "offsets"),
    [("encoder_attentions", first_look.AROUND), ("decoder_attentions", first_look.BACK), ("cross_attentions", (0, 0, 0, 0))],
)
def test_each_head_of_bart_looks_first_where_it_was_told(record, offsets):
    model = models.build(ModelConfig(family="bart", size="small", context_tokens=40), 300, seed=0).eval()
    model.set_attn_implementation("eager")
    for head, offset in zip(weights_of(model, None, record), offsets, strict=True):
        assert max(head, key=head.get) == offset, head


@pytest.mark.parametrize(("stack", "offsets"), [("encoder", first_look.AROUND[:2]), ("decoder", first_look.BACK[:2])])
def test_the_first_heads_of_t5_prefer_a_neighbour(stack, offsets):
    model = models.build(ModelConfig(family="t5", size="small", context_tokens=40), 300, seed=0)
    bias_HTT = getattr(model, stack).block[0].layer[0].SelfAttention.compute_bias(20, 20)[0]
    for head, offset in enumerate(offsets):
        assert int(bias_HTT[head, 10].argmax()) == 10 + offset
        others = torch.cat((bias_HTT[head, 10, : 10 + offset], bias_HTT[head, 10, 11 + offset :]))
        assert (others == -first_look.FAR).all()
    near = bias_HTT[2, 10, :11].tolist()
    assert near == sorted(near), "the third head prefers what is near"


def test_the_decoder_of_t5_looks_at_the_same_token_first():
    model = models.build(ModelConfig(family="t5", size="small", context_tokens=40), 300, seed=0)
    for block in model.decoder.block:
        cross = block.layer[1].EncDecAttention
        assert torch.equal(cross.q.weight, cross.k.weight)
