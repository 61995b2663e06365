import pytest
import torch

from ssl_core.attention.lens import log_probability_STV
from ssl_core.errors import UserError
from tests.attention.networks import TAKEN_APART, ids, network


@pytest.mark.parametrize("family", TAKEN_APART)
def test_the_last_stop_is_the_networks_own_prediction(family):
    model, ids_T = network(family), ids()
    found = log_probability_STV(model, ids_T)
    with torch.no_grad():
        own_TV = model(torch.tensor([ids_T])).logits[0].log_softmax(-1)
    assert found.shape == (model.config.num_hidden_layers + 1, len(ids_T), own_TV.shape[-1])
    torch.testing.assert_close(found[-1], own_TV, atol=1e-5, rtol=0)
    assert not any(each._forward_hooks or each._forward_pre_hooks for each in model.modules()), "nothing is left behind"


@pytest.mark.parametrize(
    ("family", "read"),
    [
        ("gpt2", lambda model, x_TD: model.lm_head(model.transformer.ln_f(x_TD))),
        ("llama", lambda model, x_TD: model.lm_head(model.model.norm(x_TD))),
        ("modernbert", lambda model, x_TD: model.decoder(model.head(model.model.final_norm(x_TD)))),
        ("bert", lambda model, x_TD: model.cls(x_TD)),
        ("albert", lambda model, x_TD: model.predictions(x_TD)),
    ],
)
def test_an_earlier_stop_goes_through_the_last_norm_and_the_head_by_hand(family, read):
    model, ids_T = network(family), ids()
    found = log_probability_STV(model, ids_T)
    with torch.no_grad():
        states = model(torch.tensor([ids_T]), output_hidden_states=True).hidden_states
        for stop in range(len(states) - 1):  # the last of them has passed the last norm already
            torch.testing.assert_close(found[stop], read(model, states[stop][0]).log_softmax(-1), atol=1e-5, rtol=0)


def test_xlnet_is_refused():
    with pytest.raises(UserError, match="another family"):
        log_probability_STV(network("xlnet"), ids())
