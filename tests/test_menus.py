"""Whatever stands in a menu is complete: it has its texts in both languages, its source and its own tests."""

from importlib import import_module
from pathlib import Path

import pytest

from ssl_core import analysis, corpora, i18n, models, pretext
from ssl_core.config import knobs
from ssl_core.engine.settings import EngineSettings
from ssl_core.models.config import FAMILIES, SIZES, ModelConfig
from ssl_core.runs import presets
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training import floors, probes
from ssl_core.training.config import TrainingConfig

TESTS = Path(__file__).parent
ROOT = TESTS.parent
SETTINGS = [RunSpec, ModelConfig, TokenizerConfig, TrainingConfig, *(pretext.task(key).Config for key in pretext.MENU)]


def is_translated(text):
    return any("一" <= character <= "鿿" for character in i18n.translate(text, "zh"))


@pytest.mark.parametrize("key", pretext.MENU)
def test_a_task_is_complete(key):
    task = pretext.task(key)
    for text in (task.TITLE, task.QUESTION):
        assert is_translated(text), text
    assert "arXiv" in task.SOURCE or "20" in task.SOURCE
    assert task.FORMULA
    for title in (*getattr(task, "LINES", {}).values(), *(each.title for each in pretext.measures(key).values())):
        assert is_translated(title), title
    assert (TESTS / "objectives" / f"test_{task.OBJECTIVE}.py").exists()
    for language in i18n.LANGUAGES:
        prose = (ROOT / "assets" / "prose" / language / f"task-{key}.md").read_text(encoding="utf-8")
        assert "## formula" in prose, "the formula's signs are explained"
    recipe = presets.recipe(key, "tinyworld-en")
    assert recipe.model.family in task.FAMILIES, "a recipe trains a family of its task"
    assert task.PROBE in probes.KINDS
    assert task.READER is None or task.READER in floors.READERS
    assert set(task.FAMILIES) <= set(FAMILIES)
    for loss in task.LOSSES:
        assert import_module(f"ssl_core.losses.{loss}")
        assert (TESTS / "losses" / f"test_{loss}.py").exists()
    assert (TESTS / "pretext" / f"test_{key}.py").exists()


@pytest.mark.parametrize("stem", corpora.MENU)
def test_a_corpus_is_complete(stem):
    card = corpora.card(stem.replace("_", "-"))
    for text in (card.title, card.source, card.description, card.flaws):
        assert is_translated(text), text
    assert card.licence
    assert card.language in i18n.LANGUAGES
    assert (TESTS / "corpora" / f"test_{stem}.py").exists()


@pytest.mark.parametrize("key", FAMILIES)
def test_a_model_family_is_complete(key):
    family = models.family(key)
    assert is_translated(family.TITLE), family.TITLE
    assert set(family.SIZES) == set(SIZES)


@pytest.mark.parametrize("key", analysis.MENU)
def test_a_kind_of_question_is_complete(key):
    kind = analysis.kind(key)
    assert callable(kind.answer)
    for part in ("Payload:", "Values:"):
        assert part in kind.__doc__, f"a page author needs to know: {part}"
    assert (TESTS / "analysis" / f"test_{key}.py").exists()


@pytest.mark.parametrize("preset", presets.PRESETS, ids=lambda each: each.key)
def test_a_preset_is_complete(preset):
    assert is_translated(preset.title), preset.title
    assert presets.spec(preset.key).probes or pretext.task(preset.task).PROBE is None


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda each: f"{each.__module__}.{each.__name__}")
def test_every_knob_explains_itself_in_both_languages(settings):
    for name, declared in knobs(settings).items():
        assert declared.title, name
        assert len(declared.help) > 8, name
        assert is_translated(declared.help), declared.help
        if declared.choices is None and isinstance(getattr(settings, name, None), float):
            assert declared.minimum is not None, name


def test_the_engines_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("PLAYGROUND_WORKERS", "3")
    monkeypatch.setenv("PLAYGROUND_ENGINE_IDLE_S", "7.5")
    settings = EngineSettings.from_environment()
    assert (settings.num_workers, settings.idle_s) == (3, 7.5)
