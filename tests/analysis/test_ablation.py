import dataclasses

import pytest
import torch

from ssl_core.analysis import ablation
from ssl_core.analysis.subjects import Subjects
from ssl_core.errors import UserError
from tests.analysis.asked import ENGLISH, opening, subject, trained
from tests.training import tiny

CLOSE = 1e-5


def asked(found, **payload):
    return ablation.answer({"model": {}, "text": "the small ___ sees", "with_loss": False, **payload}, opening(found)).values


def zeroed_bert(found, heads):
    width = found.model.config.hidden_size // found.model.config.num_attention_heads
    with torch.no_grad():
        for layer, head in heads:
            weight = found.model.bert.encoder.layer[layer].attention.output.dense.weight
            weight[:, head * width : (head + 1) * width] = 0.0
    return found


@pytest.mark.parametrize(("silent", "heads"), [([[0, 1]], [(0, 1)]), ([[1, None]], [(1, 0), (1, 1)]), ([], [])])
def test_before_and_after_are_the_predictions_of_whole_and_of_zeroed_weights(silent, heads):
    values = asked(subject(), silent=silent)
    ids = values["ids"]
    for name, model in (("", subject().model), ("after", zeroed_bert(subject(), heads).model)):
        (place,) = values["places"]
        told = place[name] if name else place
        with torch.no_grad():
            shares_V = model(torch.tensor([ids])).logits[0, 2].softmax(-1)
        assert [each["probability"] for each in told["top"]] == pytest.approx(shares_V.topk(5).values.tolist(), abs=CLOSE)
    assert values["silent"] == [list(head) for head in heads]
    assert (values["num_layers"], values["num_heads"], values["loss_nats"]) == (2, 2, None)


def test_a_decoder_tells_of_each_next_token_and_what_becomes_of_the_true_one():
    found = subject("continue")
    values = asked(found, text="the small cat", silent=[[0, 0], [0, 1], [1, 0], [1, 1]])
    assert [place["position"] for place in values["places"]] == [1, 2, 3, 4]
    cat = ENGLISH.token_to_id("cat")
    place = values["places"][2]
    assert (place["id"], place["after"]["id"]) == (cat, cat)
    with torch.no_grad():
        expected = found.model(torch.tensor([values["ids"]])).logits[0, 2].log_softmax(-1)[cat]
    assert -place["loss_nats"] == pytest.approx(float(expected), abs=CLOSE)
    assert place["loss_nats"] != place["after"]["loss_nats"]


@pytest.mark.parametrize("instead", ["zero", "mean"])
def test_the_loss_of_a_run_is_measured_before_and_after(store, small_text, shared_cache, instead):
    run_id = trained(store, tiny.spec(small_text, task="masked_lm"))
    values = ablation.answer(
        {
            "model": {"run": run_id},
            "text": "The ___ cat",
            "silent": [[0, None], [1, None]],
            "instead": instead,
            "num_sequences": 4,
        },
        Subjects(store),
    ).values
    loss = values["loss_nats"]
    assert loss["num_sequences"] == 4
    assert loss["num_asked"] > 0
    assert loss["before"] != loss["after"]


def test_predictions_are_told_where_the_text_that_the_loss_needs_is_gone(store, small_text, shared_cache, tmp_path):
    novel = tmp_path / "novel.txt"
    novel.write_bytes(small_text.read_bytes())
    payload = {"model": {"run": trained(store, tiny.spec(novel, task="masked_lm"))}, "text": "The ___ cat", "silent": [[0, 0]]}
    novel.unlink()
    values = ablation.answer(payload, Subjects(store)).values
    assert len(values["places"]) == 1
    assert novel.name in str(UserError.from_json(values["loss_nats"]["refused"]))
    with pytest.raises(UserError, match=novel.name):
        ablation.answer({**payload, "instead": "mean"}, Subjects(store))


@pytest.mark.parametrize("silent", [[[2, 0]], [[0, 2]], [[0, -1]], [[5, None]]])
def test_a_head_that_is_not_there_is_told(silent):
    with pytest.raises(UserError, match="2 layers of 2 heads"):
        asked(subject(), silent=silent)


def test_models_that_can_not_be_asked_are_told():
    with pytest.raises(UserError, match="another family"):
        asked(subject(family="xlnet"))
    with pytest.raises(UserError, match="neither to fill blanks nor to write on"):
        asked(dataclasses.replace(subject(), reads="pair"))
    told = asked(subject(), with_loss=True)["loss_nats"]
    assert "not trained here" in str(UserError.from_json(told["refused"]))
    with pytest.raises(UserError, match="not trained here"):
        asked(subject(), instead="mean")
