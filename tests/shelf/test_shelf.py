"""What lies on the shelf of this repository is whole, small enough and as good as its card says."""

import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM

from ssl_core import models, pretext, shelf
from ssl_core.errors import UserError
from ssl_core.runs import settled
from ssl_core.runs.spec import RunSpec
from ssl_core.shelf import judging, recipes
from ssl_core.shelf.opening import opened

MAX_BYTES = 12_000_000
PRESENT = shelf.names()


def test_every_recipe_has_its_place():
    assert [each.name for each in recipes.RECIPES] == list(shelf.ORDER)
    for each in recipes.RECIPES:
        spec = recipes.spec(each)
        assert spec.model.context_tokens >= 128
        assert spec.corpus in recipes.TEXTS
        half = 2 * models.parameter_count(spec.model, spec.tokenizer.vocabulary_size)
        assert half < MAX_BYTES, each.name
    with pytest.raises(UserError, match="encoder-en, decoder-en, encoder-zh, decoder-zh"):
        recipes.recipe("encoder-fr")


def test_a_wrong_name_is_told_the_right_ones(shelf_folder):
    with pytest.raises(UserError, match="no model 'gpt-5'"):
        shelf.card("gpt-5")
    assert shelf.names() == [], "what is not there is not listed"
    (shelf_folder / "decoder-zh").mkdir(parents=True)
    assert shelf.names() == [], "nor what is not whole"
    for name in ("", ".", "..", "../shelf", "encoder-en/../encoder-en"):
        with pytest.raises(UserError):
            shelf.folder(name)


def test_reading_needs_neither_torch_nor_a_home():
    code = (
        "import sys; from ssl_core import shelf; shelf.cards()\n"
        "assert not {'torch', 'transformers', 'numpy'} & set(sys.modules)"
    )
    environment = {"PLAYGROUND_HOME": "/dev/null/nowhere", "PATH": ""}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


@pytest.mark.parametrize("name", PRESENT)
def test_a_model_is_whole_and_small(name):
    card, folder = shelf.card(name), shelf.folder(name)
    assert card.name == name
    assert sum(path.stat().st_size for path in folder.rglob("*")) <= MAX_BYTES
    assert {path.suffix for path in folder.iterdir()} == {".safetensors", ".json"}
    made, asked = RunSpec.from_json(card.spec), recipes.spec(recipes.recipe(name))
    computed_with = {name: getattr(made.training, name) for name in settled.NAMES}  # left to the machine that built it
    asked = replace(asked, training=replace(asked.training, **computed_with))
    assert made == asked, "the recipe is the one that made it"
    assert all((card.limits, card.samples))
    assert {len(column) for column in card.curve.values()} == {len(card.curve["step"])}
    assert card.curve["step"][-1] == card.steps
    assert card.val_nats < card.lines["bigram_nats"] < card.lines["unigram_nats"]


@pytest.mark.parametrize("name", PRESENT)
def test_a_models_figures_are_those_of_its_card(name, shared_cache):
    held_out = shelf.card(name).held_out
    found = judging.figures(opened(name), recipes.recipe(name).judged, num_sequences=held_out["num_sequences"])
    assert found["num_asked"] == held_out["num_asked"]
    assert found["unigram"] == held_out["unigram"]
    for figure in ("top5", "top1", "unigram_top5", "unigram_top1"):
        # sums in another order change the order of near-equal guesses: a few of more than a thousand
        assert found[figure] == pytest.approx(held_out[figure], abs=0.004), figure
    assert found["nats"] == pytest.approx(held_out["nats"], abs=0.005)


@pytest.mark.parametrize("name", [each for each in PRESENT if each.startswith("encoder")])
def test_the_right_token_is_among_the_first_five_more_often_than_not(name):
    held_out = shelf.card(name).held_out
    assert held_out["mask_rate"] == 0.15
    assert held_out["top5"] >= 0.5
    assert held_out["top5"] > 2 * held_out["unigram_top5"]


@pytest.mark.parametrize("name", PRESENT)
def test_all_heads_can_be_looked_at(name):
    opener = AutoModelForMaskedLM if pretext.task(shelf.card(name).spec["task"]).PROBE == "fill" else AutoModelForCausalLM
    model = opener.from_pretrained(shelf.folder(name), attn_implementation="eager", dtype=torch.float32)
    ids = torch.arange(100, 228)[None]
    with torch.no_grad():
        seen = model(input_ids=ids, output_attentions=True)
    assert len(seen.attentions) >= 4
    assert all(each.shape[1] >= 4 and each.shape[2:] == (128, 128) for each in seen.attentions)
    theirs = seen.logits[0, 5:7]
    with torch.no_grad():
        ours = models.predict(opened(name).model, ids, torch.tensor([5, 6]))
    # float32 sums in another order
    torch.testing.assert_close(ours, theirs, atol=1e-3, rtol=1e-4)
