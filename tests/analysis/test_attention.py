import dataclasses

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing

from ssl_core import models
from ssl_core.analysis import attention
from ssl_core.analysis.base import Subject
from ssl_core.analysis.laid_out import lay_out
from ssl_core.errors import UserError
from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.tokenization.wordpiece import train_wordpiece
from ssl_core.training import export
from tests.analysis.asked import CHINESE, CONTEXT, ENGLISH, opening, subject

SAME = 1e-6  # float32
TEXT = "the small cat sees the dog"


def of_family(family):
    model = models.build(ModelConfig(family=family, size="tiny", context_tokens=32), ENGLISH.get_vocab_size(), 0).eval()
    return Subject(model=model, tokenizer=ENGLISH, context_tokens=32, reads=None, step=0, num_bytes=1)


def asked(found, **payload):
    return attention.answer({"model": {}, "text": TEXT, **payload}, opening(found))


@pytest.mark.parametrize("reads", ["fill", "continue"])
def test_the_weights_are_those_of_the_network_on_this_text(reads):
    found = subject(reads)
    reply = asked(found)
    found.model.set_attn_implementation("eager")
    with torch.no_grad():
        expected = found.model(torch.tensor([reply.values["ids"]]), output_attentions=True).attentions
    np.testing.assert_allclose(reply.arrays["weights_self_LHTS"], torch.cat(expected).numpy(), atol=SAME)
    assert reply.values["looks_back"] == (reads == "continue")
    assert reply.values["kinds"]["self"] == {"num_layers": 2, "num_heads": 2, "has_queries": True}


@pytest.mark.parametrize("family", [each for each in FAMILIES if each != "xlnet"])
def test_one_cell_can_be_worked_out_by_hand(family):
    reply = asked(of_family(family))
    for kind in reply.values["kinds"]:
        arrays = {name.replace(f"_{kind}_", "_"): each[-1] for name, each in reply.arrays.items() if f"_{kind}_" in name}
        query, key, weights = (arrays[name][1].astype(np.float64) for name in ("query_LHTK", "key_LHSK", "weights_LHTS"))
        bias_HTS = arrays["bias_LHTS"]
        bias_TS = np.broadcast_to(bias_HTS[min(1, len(bias_HTS) - 1)], weights.shape)
        scores = [sum(query[3, k] * key[s, k] for k in range(key.shape[1])) for s in range(len(key))]
        raised = np.exp(np.array(scores) * arrays["scale_L"] + bias_TS[3])
        np.testing.assert_allclose(raised / raised.sum(), weights[3], atol=1e-5)


def test_layers_that_see_a_window_and_layers_that_see_everything_go_together():
    config = ModelConfig(family="modernbert", size="small", context_tokens=32, local_attention=4, global_every=2)
    model = models.build(config, ENGLISH.get_vocab_size(), 0).eval()
    found = Subject(model=model, tokenizer=ENGLISH, context_tokens=32, reads="fill", step=0, num_bytes=1)
    arrays = asked(found).arrays
    T = arrays["weights_self_LHTS"].shape[-1]
    assert arrays["bias_self_LHTS"].shape == (4, 1, T, T)
    is_far_TT = abs(np.arange(T)[:, None] - np.arange(T)) > 2
    assert np.isneginf(arrays["bias_self_LHTS"][0, 0][is_far_TT]).all()
    assert not arrays["bias_self_LHTS"][1].any()
    assert arrays["weights_self_LHTS"][1, :, 0, T - 1].min() > 0


def test_a_family_that_keeps_its_queries_to_itself_still_shows_what_it_looked_at():
    reply = asked(of_family("xlnet"))
    assert list(reply.arrays) == ["weights_self_LHTS"]
    np.testing.assert_allclose(reply.arrays["weights_self_LHTS"].sum(-1), 1, atol=1e-5)


@pytest.mark.parametrize("family", ["t5", "bart"])
def test_a_decoder_looks_at_itself_and_across(family):
    reply = asked(of_family(family), written="the dog")
    T, U = len(reply.values["tokens"]), len(reply.values["written"]["tokens"])
    assert U == 3, "the token it begins with, and two words"
    assert reply.values["written"]["is_mark"] == [True, False, False]
    assert reply.arrays["weights_cross_LHTS"].shape[2:] == (U, T)
    assert np.triu(reply.arrays["weights_decoder_LHTS"], 1).max() == 0
    assert not reply.values["looks_back"]


def test_words_are_counted_and_marks_are_none():
    pieces = train_wordpiece(["the cats sat"] * 3, 18)
    found = subject("continue", tokenizer=pieces)
    told = asked(found, text="the cat ___").values
    assert told["is_mark"][0]
    assert told["words"][0] is None
    firsts = [word for word, before in zip(told["words"][1:], told["words"], strict=False) if word != before]
    assert firsts == [0, 1, 2]
    assert told["tokens"][-1] == "[MASK]"


def test_a_pair_stands_between_marks():
    told = asked(subject("fill"), text="the cat", pair="the dog").values
    assert told["is_mark"] == [True, False, False, True, False, False, True]
    assert told["segments"] == [0, 0, 0, 0, 1, 1, 1]
    assert told["words"] == [None, 0, 1, None, 2, 3, None]


def test_a_tokenizer_with_marks_of_its_own_puts_them_itself():
    own = train_wordpiece(["the small cat sees the old dog every day ."] * 20, 120)
    own.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    found = lay_out(subject("fill", tokenizer=own), "the ___ cat", "the dog")
    assert found.ids_T[:1] + found.ids_T[-1:] == [2, 3]
    assert found.ids_T[2] == 4, "the blank"
    assert found.segment_T == [0] * 5 + [1] * 3
    assert found.word_T == [None, 0, 1, 2, None, 3, 4, None]


def test_every_chinese_character_is_a_word():
    told = asked(subject("fill", tokenizer=CHINESE), text="今天天气很好").values
    assert told["words"] == list(range(6))


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_to_read_is_told(text):
    with pytest.raises(UserError, match="empty"):
        asked(subject(), text=text)


def test_one_token_looks_at_itself():
    reply = asked(subject(), text="cat")
    np.testing.assert_allclose(reply.arrays["weights_self_LHTS"], 1, atol=SAME)


def test_too_much_is_told_with_the_limit():
    with pytest.raises(UserError, match=f"sees {CONTEXT} at once"):
        asked(subject(), text="the cat " * 40)
    with pytest.raises(UserError, match="4000 can be looked at"):
        asked(subject(), text="a" * 4001)


def test_marks_written_by_hand_and_html_are_plain_text():
    told = asked(subject(), text="<b>the</b> [CLS]").values
    assert not any(told["is_mark"])


@pytest.mark.parametrize("reads", ["fill", "continue"])
@pytest.mark.parametrize("pair", ["", "the dog"])
def test_a_text_is_laid_out_alike_before_and_after_the_export(reads, pair, tmp_path):
    here = subject(reads)
    export.save(tmp_path / "model", here.model, here.tokenizer, here.context_tokens)
    exported = Tokenizer.from_file(str(tmp_path / "model" / "tokenizer.json"))
    assert exported.post_processor is not None, "else this tests nothing"
    there = dataclasses.replace(here, tokenizer=exported)
    assert lay_out(there, "the ___ cat", pair) == lay_out(here, "the ___ cat", pair)
