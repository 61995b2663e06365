"""Recordings: every preset finds the one that belongs to it, and what has none of its own finds the nearest."""

from dataclasses import replace

import pytest

from pages._ui import recordings
from ssl_core.runs import presets
from ssl_core.runs.record import load_recording

MLM = presets.spec("mlm-en")
RECORDED = {path: load_recording(path) for path in sorted((recordings.ASSETS / "recorded").rglob("*.json"))}


@pytest.mark.parametrize("key", [each.key for each in presets.PRESETS])
def test_every_preset_finds_the_recording_that_belongs_to_it(key):
    found = recordings.own(presets.spec(key))
    assert found is not None, "record it: python tools/record_presets.py"
    assert found.id == key


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_own_text_is_shown_the_same_task_in_its_language(language, monkeypatch):
    spec = presets.recipe("masked_lm", f"tinyworld-{language}")
    other = replace(spec, task_settings=replace(spec.task_settings, mask_rate=0.5))
    assert recordings.like(other).id == f"mlm-{language}"
    assert recordings.own(other) is None


def test_another_network_is_shown_the_recording_with_the_same_baselines():
    small = replace(MLM, model=replace(MLM.model, size="tiny"))
    assert recordings.like(small).id == "mlm-en"
    assert recordings.own(small) is None


def test_only_a_text_cut_into_the_same_tokens_tells_how_many_there_are():
    assert recordings.with_same_vocabulary(MLM).latest("started").payload["vocabulary"] == 435
    larger = replace(MLM.tokenizer, kind="bpe")
    assert recordings.with_same_vocabulary(replace(MLM, tokenizer=larger)) is None


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_recording_knows_its_floor_if_another_one_with_its_baselines_does(path):
    alike = [each for each in RECORDED.values() if lines(each) == lines(RECORDED[path])]
    assert len({floor(each) is None for each in alike}) == 1, "other work kept its floor from being worked out: record it again"


def lines(recorded):
    known = recorded.latest("baselines").payload
    return (recorded.spec["task"], *(round(known[name] or 0.0, 4) for name in ("uniform_nats", "unigram_nats", "bigram_nats")))


def floor(recorded):
    return recorded.latest("baselines").payload["floor_nats"]
