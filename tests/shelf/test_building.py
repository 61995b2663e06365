import json
from itertools import count

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForMaskedLM, AutoTokenizer

from ssl_core import shelf
from ssl_core.errors import UserError
from ssl_core.shelf import building
from ssl_core.shelf.opening import opened
from tests.shelf import small_shelf

pytestmark = pytest.mark.usefixtures("shared_cache")


def weights_of(session):
    return {name: value.detach().clone() for name, value in session.model.named_parameters()}


def test_a_build_that_is_broken_off_goes_on_as_if_nothing_had_happened(small_text, shelf_folder, tmp_path):
    through, card = small_shelf.build(small_text, shelf_folder, tmp_path)
    asked, work = count(1), tmp_path / "broken off"
    first = small_shelf.a_session(small_text)
    assert not building.train(first, work, should_stop=lambda: next(asked) == 4), "asked to stop after step 3"
    second = small_shelf.a_session(small_text)
    steps = []
    assert building.train(second, work, on_report=lambda report: steps.append(report.step))
    assert steps == [4, 5, 6]
    again = building.install(second, small_shelf.a_recipe(), work, shelf_folder / "encoder-en")
    for name, value in weights_of(through).items():
        assert torch.equal(value, weights_of(second)[name]), name
    assert again.weights == card.weights
    assert again.curve["step"] == card.curve["step"], "no point is lost and none is there twice"
    assert again.curve["val_nats"] == card.curve["val_nats"]


def test_what_was_kept_last_is_where_a_killed_build_goes_on(small_text, tmp_path):
    first = small_shelf.a_session(small_text)

    def die(report):
        if report.step == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.train(first, tmp_path, on_report=die, save_every_s=0.0)
    steps = []
    building.train(small_shelf.a_session(small_text), tmp_path, on_report=lambda report: steps.append(report.step))
    assert steps == [5, 6], "step 4 was kept"


def test_a_build_that_is_done_is_not_trained_again(small_text, shelf_folder, tmp_path):
    small_shelf.build(small_text, shelf_folder, tmp_path)
    session = small_shelf.a_session(small_text)
    assert building.train(session, tmp_path / "work" / "encoder-en", on_report=lambda report: pytest.fail("it trains"))


def test_another_recipe_starts_anew(small_text, shelf_folder, tmp_path):
    small_shelf.build(small_text, shelf_folder, tmp_path)
    steps = []
    other = small_shelf.a_session(small_text, learning_rate=0.003)
    building.train(other, tmp_path / "work" / "encoder-en", on_report=lambda report: steps.append(report.step))
    assert steps[0] == 0


def test_a_model_lies_there_in_half_precision_as_everybody_reads_it(small_text, shelf_folder, tmp_path):
    session, card = small_shelf.build(small_text, shelf_folder, tmp_path)
    folder = shelf_folder / "encoder-en"
    assert {path.suffix for path in folder.iterdir()} == {".safetensors", ".json"}
    weights = load_file(folder / "model.safetensors")
    assert {value.dtype for value in weights.values()} == {torch.float16}
    assert sum(value.numel() for value in weights.values()) == card.parameters
    model = AutoModelForMaskedLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)
    ids = torch.tensor([AutoTokenizer.from_pretrained(folder).encode("The small cat", add_special_tokens=False)])
    seen = model(input_ids=ids, output_attentions=True)
    assert len(seen.attentions) == model.config.num_hidden_layers
    found = opened("encoder-en").model
    # half precision keeps eleven bits: what differs from the trained weights is below one in two thousand
    for name, value in found.named_parameters():
        torch.testing.assert_close(value, session.model.get_parameter(name), rtol=5e-4, atol=1e-6)


def test_a_card_says_how_the_model_came_to_be(small_text, shelf_folder, tmp_path):
    session, card = small_shelf.build(small_text, shelf_folder, tmp_path)
    assert json.dumps(shelf.card("encoder-en").to_json()) == json.dumps(card.to_json()), "it reads as it was written"
    assert shelf.card("encoder-en").spec == json.loads(json.dumps(session.spec.to_json()))
    assert (card.steps, card.tokens) == (6, 6 * 4 * 16)
    assert card.val_nats == pytest.approx(card.curve["val_nats"][-1], abs=1e-4)
    assert (card.curve["step"][0], card.curve["train_nats"][0]) == (0, None)
    assert card.processor_seconds > 0
    assert card.curve["tokens"][-1] == card.tokens
    assert card.command == "python -m ssl_core shelf build encoder-en"
    assert card.samples[0]["blanks"][0]["top"]
    assert card.held_out["mask_rate"] == 0.15


def test_a_model_is_built_by_one_process_at_a_time(home):
    with building.alone("encoder-en") as folder, building.alone("encoder-zh"):
        assert folder == building.work_folder("encoder-en")
        with pytest.raises(UserError, match="Another build of encoder-en"), building.alone("encoder-en"):
            pytest.fail("two write into one folder")
    with building.alone("encoder-en"):
        pass
