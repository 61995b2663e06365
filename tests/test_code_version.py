import os
import shutil

import pytest

from ssl_core import analysis, code_version
from ssl_core.corpora import sizes
from ssl_core.engine import other_code
from ssl_core.tokenization import cache
from ssl_core.training import kept_floors
from tests.test_layers import SOURCES, imported, module_name

PACKAGES = ("analysis", "attention", "corpora", "losses", "models", "objectives", "pretext", "runs", "tokenization", "training")
NO_PART = {"errors", "i18n", "paths", "child", "code_version"}
"""Messages, places and processes: nothing that an answer says comes from there."""


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A copy of the code that may be changed; nothing is remembered of it."""
    root = shutil.copytree(code_version.ROOT, tmp_path / "ssl_core", ignore=shutil.ignore_patterns("locale", "__pycache__"))
    monkeypatch.setattr(code_version, "ROOT", root)
    monkeypatch.setattr(analysis, "code_version", code_version.code_version.__wrapped__)
    monkeypatch.setattr(other_code, "code_version", code_version.code_version.__wrapped__)
    return root


def mended(checkout, package):
    file = next(iter(sorted((checkout / package).rglob("*.py"))))
    file.write_text(file.read_text(encoding="utf-8") + "# mended\n", encoding="utf-8")


@pytest.mark.parametrize("package", PACKAGES)
def test_a_fault_mended_anywhere_below_changes_the_mark_of_answers_and_of_the_engine(checkout, package):
    before = analysis.own_code(), other_code.own_code()
    assert before == (analysis.own_code(), other_code.own_code())
    mended(checkout, package)
    assert not set(before) & {analysis.own_code(), other_code.own_code()}


def test_a_word_on_the_command_line_leaves_answers_alone(checkout):
    answers, engine = analysis.own_code(), other_code.own_code()
    mended(checkout, "cli")
    assert analysis.own_code() == answers
    assert other_code.own_code() != engine


def test_the_mark_of_answers_covers_all_code_that_answering_imports():
    needs = {module_name(path): imported(path) for path in SOURCES}
    reached, waiting = set(), [name for name in needs if name.startswith("ssl_core.analysis")]
    while waiting:
        name = waiting.pop()
        if name not in reached and name in needs:
            reached.add(name)
            waiting += [each for each in needs[name] if each.startswith("ssl_core")]
    packages = {name.split(".")[1] for name in reached if "." in name} - NO_PART
    assert packages <= set(analysis.HANGS_ON)


def test_the_mark_is_of_content_names_and_libraries_and_of_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(code_version, "ROOT", tmp_path)
    marked = code_version.code_version.__wrapped__
    file = tmp_path / "losses" / "info_nce.py"
    file.parent.mkdir(parents=True)
    file.write_text("temperature = 1")
    marks = [marked(libraries=("torch",))]
    compiled = file.parent / "__pycache__" / "info_nce.py"
    compiled.parent.mkdir()
    compiled.write_text("by the interpreter, whenever it likes")
    os.utime(file, (1, 1))
    assert marked(libraries=("torch",)) == marks[0]
    file.write_text("temperature = 2")  # as long as before
    marks.append(marked(libraries=("torch",)))
    file.with_name("nt_xent.py").write_text("temperature = 2")
    marks.append(marked(libraries=("torch",)))
    file.with_name("nt_xent.py").rename(file.with_name("simclr.py"))
    marks.append(marked(libraries=("torch",)))
    monkeypatch.setattr(code_version, "version", lambda library: f"{library} of next year")
    marks.append(marked(libraries=("torch",)))
    assert len(set(marks)) == 5
    assert marked("losses.info_nce") == marked("losses.info_nce") != marked("losses")
    with pytest.raises(AssertionError, match="no code called 'loses'"):
        marked("loses")


def test_every_mark_names_code_that_is_there():
    assert code_version.code_version(*analysis.HANGS_ON)
    assert code_version.code_version(*kept_floors.HANGS_ON)
    assert {module.code_version for module in (analysis, cache, kept_floors, other_code, sizes)} == {code_version.code_version}
