"""A pretext task costs one file: it shows up in the lab, the form and the command line by itself."""

import importlib.util
import json
import sys

import pytest

from ssl_core import cli, pretext
from tests.pages.opening import open_page, open_section
from tests.pages.test_masking_lab_page import SECTIONS, SENTENCE, page, strips

TOY = '''
"""A toy task: hide the first token."""

from dataclasses import dataclass

import numpy as np

from ssl_core.config import Config as BaseConfig, knob
from ssl_core.pretext.base import IGNORED, Examples, Role, Step

TITLE, ABBREVIATION, QUESTION = "Toy task", "TOY", "What stood first?"
SOURCE, FORMULA = "Nobody 2020", "L = 0"
FAMILIES, LOSSES, OBJECTIVE, PROBE, READER = ("modernbert",), ("masked_cross_entropy",), "tokens", None, None
RECIPE = {"model": {"family": "modernbert", "size": "tiny"}, "training": {"budget": 5}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    toy_knob: int = knob(1, "Toy knob", "How many tokens are hidden.", minimum=0, maximum=5, step=1)


def make_examples(ids_BT, rng, config, vocabulary, starts_word_BT=None):
    is_hidden = np.arange(ids_BT.shape[1])[None] < config.toy_knob
    is_hidden = np.broadcast_to(is_hidden, ids_BT.shape)
    clean = Step(title="Toy start", ids_BT=ids_BT, roles_BT=np.zeros(ids_BT.shape, dtype=np.uint8))
    hidden = clean.then("Toy hides", is_hidden, Role.HIDDEN, vocabulary.mask_id)
    return Examples(
        seen_ids_BT=hidden.ids_BT, target_ids_BT=np.where(is_hidden, ids_BT, IGNORED), roles_BT=hidden.roles_BT,
        attention="bidirectional", steps=(clean, hidden),
    )
'''


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A task in a file of its own, in a temporary menu."""
    path = tmp_path / "toy_task.py"
    path.write_text(TOY)
    spec = importlib.util.spec_from_file_location("ssl_core.pretext.toy_task", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "ssl_core.pretext.toy_task", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(pretext, "MENU", (*pretext.MENU, "toy_task"))
    return module


def test_a_new_task_shows_up_in_the_lab_the_form_and_the_command_line(toy, capsys):
    app = page(text=SENTENCE, task="toy_task")
    (side,) = strips(app)["sides"]
    assert side["task"] == "Toy task"
    assert [stage["title"] for stage in side["stages"][:2]] == ["Toy start", "Toy hides"]
    assert app.slider(key="lab.knob.task.toy_task.toy_knob").value == 1
    for section in SECTIONS:
        assert not open_section(app, section).exception

    live = open_section(open_page("live"), "live-settings")
    assert "Toy task" in live.selectbox(key="live.task").options
    live = live.selectbox(key="live.task").set_value("toy_task").run()
    assert not live.exception, live.exception
    assert "Toy knob" in [each.label for each in live.slider]

    assert cli.main(["tasks", "--json"]) == 0
    assert "toy_task" in [each["key"] for each in json.loads(capsys.readouterr().out)]
