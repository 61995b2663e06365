import numpy as np
import pytest
import torch

from ssl_core.analysis import attention, from_elsewhere
from ssl_core.analysis.subjects import Subjects
from ssl_core.corpora import online
from ssl_core.errors import UserError
from ssl_core.models import elsewhere

MINILM = {"run": "elsewhere:minilm-l6", "step": None}
SAME = 1e-6  # float32


def test_minilm_opens_offline_and_shows_what_hugging_face_gives_out(store):
    open_subject = Subjects(store)
    payload = {"model": MINILM, "text": "The cat sat on the mat.", "pair": "It purred."}
    reply = attention.answer(payload, open_subject)
    tokens = reply.values["tokens"]
    assert tokens[0] == "[CLS]"
    assert tokens.count("[SEP]") == 2
    assert reply.values["is_mark"][0]
    assert reply.values["words"][1:3] == [0, 1]
    model = open_subject(MINILM).model
    model.set_attn_implementation("eager")
    ids = torch.tensor([reply.values["ids"]])
    with torch.no_grad():
        expected = model(ids, token_type_ids=torch.tensor([reply.values["segments"]]), output_attentions=True).attentions
    np.testing.assert_allclose(reply.arrays["weights_self_LHTS"], torch.cat(expected).numpy(), atol=SAME)
    assert reply.arrays["weights_self_LHTS"].shape[:2] == (6, 12)


def test_a_network_of_others_is_not_asked_for_words(store):
    with pytest.raises(UserError, match="expects no words"):
        Subjects(store)(MINILM).require_words()


def test_out_of_reach_the_message_names_it_and_says_what_to_do(monkeypatch):
    monkeypatch.setattr(online, "is_online_now", lambda: False)
    monkeypatch.setattr(elsewhere, "is_here", lambda _network: False)
    with pytest.raises(UserError, match="BERT base can't be fetched"):
        from_elsewhere.opened(elsewhere.named("elsewhere:bert-base-uncased"))
