import pytest
import torch

from ssl_core import models
from ssl_core.attention import recording
from ssl_core.attention.recording import CROSS, DECODER, SELF, record
from ssl_core.errors import UserError
from ssl_core.models.config import FAMILIES, ModelConfig

B, T, U = 3, 12, 7
OTHERS = {"decoder_attentions": DECODER, "cross_attentions": CROSS, "encoder_attentions": SELF, "attentions": SELF}
SAME = 1e-6  # float32, another order of the same sums


def network(family):
    return models.build(ModelConfig(family=family, size="tiny", context_tokens=32), 64, 0).eval()


def inputs(model):
    generator = torch.Generator().manual_seed(0)
    ids_BT = torch.randint(5, 64, (B, T), generator=generator)
    ids_BT[1, 9:] = 0  # padding
    named = {"decoder_ids_BU": torch.randint(5, 64, (B, U), generator=generator)} if model.config.is_encoder_decoder else {}
    return ids_BT, named


def hf_output(model, ids_BT, decoder_ids_BU=None, **named):
    model.set_attn_implementation("eager")
    if decoder_ids_BU is not None:
        named["decoder_input_ids"] = decoder_ids_BU
    return model(input_ids=ids_BT, attention_mask=(ids_BT != 0).long(), output_attentions=True, **named)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_weights_are_those_that_hugging_face_gives_out(family):
    model = network(family)
    ids_BT, named = inputs(model)
    with torch.no_grad():
        found = record(model, ids_BT, **named)
        expected = hf_output(model, ids_BT, **named)
    compared = 0
    for name, kind in OTHERS.items():
        if expected.get(name):
            torch.testing.assert_close(
                torch.from_numpy(found.weights_LBHTS(kind)), torch.stack(expected[name]), atol=SAME, rtol=0
            )
            compared += 1
    assert compared == (3 if model.config.is_encoder_decoder else 1)
    torch.testing.assert_close(found.output.logits, expected.logits, atol=1e-5, rtol=0)


@pytest.mark.parametrize("family", [each for each in FAMILIES if each != "xlnet"])
def test_queries_keys_and_bias_give_the_weights(family):
    model = network(family)
    ids_BT, named = inputs(model)
    with torch.no_grad():
        found = record(model, ids_BT, **named)
    for layers in found.layers.values():
        for each in layers:
            scores = torch.einsum("bhtk,bhsk->bhts", each.query_BHTK, each.key_BHSK) * each.scale
            scores = scores if each.bias_BHTS is None else scores + each.bias_BHTS
            torch.testing.assert_close(scores.softmax(-1), each.weights_BHTS, atol=SAME, rtol=0)


def without_head(model, layer, head):
    """Zero the columns of the output matrix that read one head: the oracle."""
    width = model.config.hidden_size // model.config.num_attention_heads
    mine = slice(head * width, (head + 1) * width)
    with torch.no_grad():
        if model.config.model_type == "gpt2":
            model.transformer.h[layer].attn.c_proj.weight[mine] = 0.0  # Conv1D keeps its matrix the other way round
        else:
            name = {"bert": "attention.output.dense", "llama": "self_attn.o_proj", "modernbert": "attn.Wo"}
            layers = model.base_model.encoder.layer if model.config.model_type == "bert" else model.base_model.layers
            layers[layer].get_submodule(name[model.config.model_type]).weight[:, mine] = 0.0


@pytest.mark.parametrize("family", ["bert", "modernbert", "gpt2", "llama"])
@pytest.mark.parametrize(("layer", "head"), [(0, 1), (1, 0)])
def test_a_silent_head_is_a_head_that_nobody_reads(family, layer, head):
    model = network(family)
    ids_BT, _named = inputs(model)
    with torch.no_grad():
        found = record(model, ids_BT, silent={(SELF, layer, head): None}).output.logits
        assert not torch.allclose(found, record(model, ids_BT).output.logits, atol=1e-4), "it did something"
        without_head(model, layer, head)
        expected = record(model, ids_BT).output.logits
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)


def test_a_silent_head_may_say_the_same_of_everything():
    model = network("bert")
    ids_BT, _named = inputs(model)
    with torch.no_grad():
        plain = record(model, ids_BT[:1, :1])  # one token: it can only look at itself
        own_K = plain.layers[SELF][0].value_BHSK[0, 1, 0]
        found = record(model, ids_BT[:1, :1], silent={(SELF, 0, 1): own_K})
    torch.testing.assert_close(found.output.logits, plain.output.logits, atol=1e-6, rtol=0)


def test_nothing_is_left_behind():
    model = network("bert")
    before = model.config._attn_implementation
    ids_BT, _named = inputs(model)
    with pytest.raises(RuntimeError, match="broken off"), recording.noted_down(model, {}):
        raise RuntimeError("broken off")
    assert model.config._attn_implementation == before
    with recording.noted_down(model, {}) as layers:
        pass
    model(ids_BT)
    assert layers == {}, "what is read outside the block is not noted down"


def test_heads_of_a_family_that_computes_attention_its_own_way_are_not_silenced():
    model = network("xlnet")
    with pytest.raises(UserError, match="another family"):
        record(model, inputs(model)[0], silent={(SELF, 0, 0): None})
