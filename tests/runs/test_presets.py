import re
from dataclasses import replace

import pytest

from ssl_core import corpora, pretext, tokenization
from ssl_core.errors import UserError
from ssl_core.runs import presets
from ssl_core.runs.spec import RunSpec


def test_each_task_has_a_run_on_tinyworld_and_the_main_ones_one_on_real_text_in_each_language():
    found = {(each.task, each.language, corpora.load(each.corpus).machine is not None) for each in presets.PRESETS}
    main = {each.task for each in presets.PRESETS if presets.is_main(each.key)}
    assert found == {(task, language, True) for task in pretext.MENU for language in ("en", "zh")} | {
        (task, language, False) for task in main for language in ("en", "zh")
    }


def test_of_each_language_tinyworld_comes_first():
    for language in ("en", "zh"):
        assert next(each for each in presets.PRESETS if each.language == language).corpus == f"tinyworld-{language}"


@pytest.mark.parametrize("preset", presets.PRESETS, ids=lambda each: each.key)
def test_a_preset_is_a_run_of_a_minute_or_as_long_as_it_takes_on_a_corpus_of_its_language(preset):
    spec = presets.spec(preset.key)
    assert spec == RunSpec.from_json(spec.to_json())
    assert (spec.task, spec.training.budget_unit) == (preset.task, "seconds")
    assert spec.training.budget == 60 or not presets.is_main(preset.key)
    assert corpora.card(spec.corpus).language == preset.language
    if corpora.load(preset.corpus).machine is None:
        assert spec.tokenizer == tokenization.default_config(preset.language)
    else:
        assert spec.tokenizer.kind == "word", "one token for each word of the grammar"
    changed = {"model": preset.model, "training": preset.training, "task_settings": preset.settings}
    usual = presets.recipe(spec.task, spec.corpus).to_json()
    expected = {name: value | changed[name] if name in changed else value for name, value in usual.items()}
    assert spec == RunSpec.from_json(expected), "the command line trains what the button does, but for what it changes"


def test_relatives_of_bert_differ_from_the_usual_run_only_in_what_they_are_named_after():
    for language in ("en", "zh"):
        usual, roberta, albert = (presets.spec(f"{key}-{language}") for key in ("mlm", "roberta", "albert"))
        assert albert == replace(usual, model=replace(usual.model, family="albert"))
        assert roberta.training.batch_size > usual.training.batch_size
        assert not roberta.task_settings.static_masks


@pytest.mark.parametrize("preset", presets.PRESETS, ids=lambda each: each.key)
def test_sentences_to_fill_have_one_blank_and_beginnings_none(preset):
    shown_by = pretext.task(preset.task).PROBE
    for sentence in presets.spec(preset.key).probes:
        assert len(re.findall("_{3,}", sentence)) == int("___" in "".join(presets.spec(preset.key).probes)), sentence
        assert shown_by != "fill" or "___" in sentence


def test_a_text_may_have_sentences_of_its_own(monkeypatch):
    monkeypatch.setitem(presets.PROBES, ("fill", "king-james"), ("and the lord ___ unto moses",))
    assert presets.recipe("masked_lm", "king-james", "en").probes == ("and the lord ___ unto moses",)
    assert presets.recipe("masked_lm", "upload-000000000000", "en").probes == presets.PROBES["fill", "en"]


def test_an_unknown_preset_is_refused():
    with pytest.raises(UserError, match="choose one of mlm-en"):
        presets.spec("mlm-fr")
