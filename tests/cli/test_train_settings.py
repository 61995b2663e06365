import json

import pytest

from ssl_core.cli.parser import parse
from ssl_core.cli.train import spec_of
from ssl_core.errors import UserError
from ssl_core.runs import presets


def spec(*words):
    return spec_of(parse(["train", *words]))


def test_with_no_other_option_it_is_the_presets_run():
    assert spec() == presets.spec("mlm-en")
    assert spec("--task", "causal_lm") == presets.spec("lm-en")
    assert spec("--corpus", "peoples-daily") == presets.spec("mlm-news-zh")


def test_a_mistake_is_switched_on_by_a_flag():
    assert spec("--task", "causal_lm", "--mistake", "targets_not_shifted").mistake == "targets_not_shifted"
    with pytest.raises(UserError, match="can't be made in this task"):
        spec("--task", "masked_lm", "--mistake", "targets_not_shifted")


@pytest.mark.parametrize(("unit", "text", "value"), [("seconds", "2.5", 2.5), ("steps", "7", 7), ("tokens", "1e5", 1e5)])
def test_the_budget_is_given_in_one_unit(unit, text, value):
    training = spec(f"--{unit}", text).training
    assert (training.budget, training.budget_unit) == (value, unit)


def test_a_settings_file_can_be_changed_by_flags(tmp_path):
    file = tmp_path / "run.json"
    saved = presets.spec("lm-en").to_json()
    saved["training"]["pace"] = [1, 2, 3]
    file.write_text(json.dumps(saved))
    assert spec("--config", str(file)).training.pace == (1, 2, 3)
    changed = spec("--config", str(file), "--seed", "5", "--steps", "9")
    assert (changed.task, changed.seed, changed.training.budget) == ("causal_lm", 5, 9)
    assert changed.training.pace == (), "another budget has another pace"


def test_a_text_file_is_found_from_any_folder(small_text, monkeypatch):
    monkeypatch.chdir(small_text.parent)
    assert spec("--corpus", small_text.name).corpus == str(small_text)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--task", "nope"], "Unknown pretext task 'nope'"),
        (["--corpus", "nope"], "Unknown corpus 'nope'; choose one of"),
        (["--corpus", "nope.txt"], "There is no file 'nope.txt'"),
        (["--corpus", "texts/nope"], "There is no file 'texts/nope'"),
        (["--corpus", "."], "'.' is a folder"),
        (["--corpus", " "], "No text is named"),
        (["--steps", "many"], "--steps is 'many'; give a number."),
        (["--steps", "0"], "Budget is 0; choose"),
        (["--seconds", "nan"], "Budget is nan; give a number."),
        (["--batch-size", "2.5"], "--batch-size is '2.5'; give a whole number."),
        (["--learning-rate", "fast"], "--learning-rate is 'fast'; give a number."),
        (["--whole-words", "perhaps"], "--whole-words is 'perhaps'; give true, false."),
        (["--mask-rate", "7"], "Mask rate is 7; choose 0 to 1."),
        (["--size", "huge"], "choose one of tiny, small, "),
        (["--family", "gpt2"], "can't train the family 'gpt2'"),
        (["--task", "causal_lm", "--mask-rate", "0.2"], "--mask-rate is no setting of the task causal_lm."),
        (["--config", "/no/such/file"], "can't be read"),
        (["--config", "/dev/zero"], "too large"),
        (["--pace", "abc"], "--pace is none"),
        (["--pace", ""], "--pace is none"),
        (["--config", ""], "can't be read"),
        (["--task", ""], "Unknown pretext task ''"),
        (["--mistake", "nope"], "choose one of causal_mask_forgotten, "),
    ],
)
def test_what_makes_no_sense_is_told(words, message):
    with pytest.raises(UserError) as refused:
        spec(*words)
    assert message in refused.value.message()


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "holds no JSON"), ("[" * 100_000, "holds no JSON"), ("[1]", "must be a JSON object"), ('{"x": 1}', "Unknown")],
)
def test_a_settings_file_that_is_none_is_told(tmp_path, content, message):
    file = tmp_path / "run.json"
    file.write_text(content)
    with pytest.raises(UserError, match=message):
        spec("--config", str(file))
