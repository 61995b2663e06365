"""The shelf from the command line."""

import json

import pytest

from ssl_core import shelf
from ssl_core.cli import main
from ssl_core.shelf import recipes
from tests.shelf import small_shelf
from tests.training import tiny


@pytest.fixture
def shelf_folder(tmp_path, monkeypatch):
    """An empty shelf."""
    monkeypatch.setattr(shelf, "FOLDER", tmp_path / "shelf")
    return tmp_path / "shelf"


def test_an_empty_shelf_lists_nothing(shelf_folder, capsys):
    assert main(["shelf", "list"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["shelf", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_wrong_name_is_told_the_right_ones(capsys):
    assert main(["shelf", "build", "encoder-fr"]) == 2
    assert "encoder-en, decoder-en, encoder-zh, decoder-zh" in capsys.readouterr().err


def test_a_model_is_built_then_listed(shelf_folder, shared_cache, small_text, monkeypatch, capsys):
    monkeypatch.setattr(recipes, "RECIPES", (small_shelf.a_recipe(),))
    monkeypatch.setattr(recipes, "spec", lambda recipe: tiny.spec(small_text, task="masked_lm"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert main(["shelf", "build", "encoder-en"]) == 0
    assert "step 6" in capsys.readouterr().out
    assert main(["shelf", "list"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("encoder-en  BERT-like, English news")
    assert "python -m ssl_core shelf build encoder-en" in told
    assert "among the first five" in told
    assert main(["shelf", "list", "--lang", "zh"]) == 0
    assert "英文新闻" in capsys.readouterr().out
