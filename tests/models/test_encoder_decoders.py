import pytest
import torch

from ssl_core import models
from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.pretext.base import IGNORED

V = 300
FAMILIES = [family for family in FAMILIES if hasattr(models.family(family), "decoded_BUD")]
PAD_ID = 0


def a_model(family, **settings):
    model = models.build(ModelConfig(family=family, size="tiny", context_tokens=24, **settings), V, seed=0).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(1.5)  # so that attention is far from uniform
    return model


def some_ids():
    """What the encoder reads, the second row shorter than the others, and what the decoder reads."""
    ids_BT = 1 + torch.arange(3 * 20).view(3, 20) * 7 % (V - 1)
    ids_BT[1, 15:] = PAD_ID
    return ids_BT, 1 + torch.arange(3 * 9).view(3, 9) * 11 % (V - 1)


def logits_of_hugging_face(model, ids_BT, decoder_ids_BU):
    return model(input_ids=ids_BT, attention_mask=(ids_BT != PAD_ID).long(), decoder_input_ids=decoder_ids_BU).logits


def our_logits(model, ids_BT, decoder_ids_BU):
    positions_N = torch.arange(decoder_ids_BU.numel())
    return models.write_after(model, ids_BT, decoder_ids_BU, positions_N).view(*decoder_ids_BU.shape, -1)


@pytest.mark.parametrize("family", FAMILIES)
def test_our_forward_pass_gives_the_scores_of_hugging_face_with_padding_too(family):
    model = a_model(family)
    with torch.no_grad():
        theirs, ours = (each(model, *some_ids()) for each in (logits_of_hugging_face, our_logits))
        encoder = model.get_encoder()(input_ids=some_ids()[0][:1]).last_hidden_state
    # scores have entries around 1; a float32 sum of a hundred products in another order differs by about 1e-6
    torch.testing.assert_close(ours, theirs, atol=5e-5, rtol=0)
    torch.testing.assert_close(models.family(family).hidden_BTD(model, some_ids()[0][:1]), encoder, atol=5e-5, rtol=0)


@pytest.mark.parametrize("family", FAMILIES)
def test_gradients_are_those_of_hugging_face(family):
    model = a_model(family)
    direction = torch.linspace(-1, 1, 27 * V).view(3, 9, V)

    def gradients(logits_of):
        model.zero_grad()
        (logits_of(model, *some_ids()) * direction).sum().backward()
        return {name: each.grad.clone() for name, each in model.named_parameters() if each.grad is not None}

    theirs, ours = gradients(logits_of_hugging_face), gradients(our_logits)
    assert ours.keys() == theirs.keys()
    largest = max(float(each.abs().max()) for each in theirs.values())
    for name, gradient in theirs.items():
        # sums over 60 positions in float32, in another order; the bias of keys has none but rounding
        tolerance = 1e-4 * float(gradient.abs().max()) + 1e-6 * largest
        torch.testing.assert_close(ours[name], gradient, atol=tolerance, rtol=0, msg=name)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_loss_is_that_of_hugging_face_which_shifts_the_labels_itself(family):
    model, (ids_BT, written_BU) = a_model(family), some_ids()
    labels_BU = written_BU.clone()
    labels_BU[2, 6:] = IGNORED
    with torch.no_grad():
        theirs = model(input_ids=ids_BT, attention_mask=(ids_BT != PAD_ID).long(), labels=labels_BU).loss
        start = torch.full((3, 1), model.config.decoder_start_token_id)
        read_BU = torch.cat((start, written_BU[:, :-1]), dim=1)
        logits = our_logits(model, ids_BT, read_BU).flatten(0, 1)
        ours = torch.nn.functional.cross_entropy(logits, labels_BU.flatten(), ignore_index=IGNORED)
    assert float(ours) == pytest.approx(float(theirs), abs=1e-5)  # float32, in another order


@pytest.mark.parametrize("family", FAMILIES)
def test_the_decoder_does_not_look_ahead_but_at_all_that_the_encoder_read(family):
    model, (ids_BT, decoder_ids_BU) = a_model(family), some_ids()
    later_BU, other_BT = decoder_ids_BU.clone(), ids_BT.clone()
    later_BU[:, 5], other_BT[:, 10] = 200, 200
    with torch.no_grad():
        before = our_logits(model, ids_BT, decoder_ids_BU)
        moved_U = (our_logits(model, ids_BT, later_BU) != before).any(-1).any(0)
        assert moved_U.tolist() == [False] * 5 + [True] * 4
        assert (our_logits(model, other_BT, decoder_ids_BU) != before).any(-1).any(0).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_dropout_reaches_both_sides(family):
    model = a_model(family, dropout=0.5).train()
    assert not torch.equal(our_logits(model, *some_ids()), our_logits(model, *some_ids()))
    assert torch.equal(our_logits(model.eval(), *some_ids()), our_logits(model, *some_ids()))
