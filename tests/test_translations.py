"""Both languages everywhere: what is marked for translation is translated, and what is shown is marked."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
CATALOGUES = sorted((ROOT / "ssl_core" / "locale" / "zh").glob("*.po"))
SOURCES = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py")), *sorted((ROOT / "ssl_core").rglob("*.py"))]
SCREENS = [path for path in SOURCES if path.parts[len(ROOT.parts)] != "ssl_core"]
PROSE = ROOT / "assets" / "prose"

MARKS = {"_", "N_"}
SHOWN_FIRST = """
    title header subheader markdown caption text write info warning error success toast button link_button download_button
    menu_button checkbox toggle radio selectbox multiselect slider select_slider text_input text_area number_input date_input
    time_input file_uploader segmented_control pills expander popover metric form_submit_button dialog status spinner note
    lead message badge
"""
SHOWN_SECOND = frozenset({"header", "lead", "metric", "link", "page_link"})
SHOWN_BY_NAME = {"label", "help", "placeholder", "alt", "caption", "page_title", "text"}
WORD = re.compile(r"[^\W\d_]{2,}")


def marked(path: Path) -> Iterator[tuple[str, int]]:
    """Give each text that is marked for translation in a file, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _called(node) in MARKS and node.args:
            text = node.args[0]
            assert not isinstance(text, ast.JoinedStr), f"{path}:{node.lineno}: an f-string is looked up after it is filled"
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value, node.lineno


def catalogue() -> dict[str, dict[str, str]]:
    """Return msgid -> {file name: msgstr} over all Chinese catalogues."""
    found: dict[str, dict[str, str]] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, abort_invalid=True):
                if message.id:
                    found.setdefault(str(message.id), {})[path.name] = str(message.string or "")
    return found


def places(text: str) -> list[str]:
    """Return the named places of a template, with their formats."""
    return sorted(f"{name}:{form}:{turned}" for _text, name, form, turned in Formatter().parse(text) if name is not None)


def test_every_marked_text_has_a_chinese_translation() -> None:
    known = catalogue()
    missing = [
        f"{path.relative_to(ROOT)}:{line}: {text!r}"
        for path in SOURCES
        for text, line in marked(path)
        if not any(known.get(text, {}).values())
    ]
    assert not missing, "not in any ssl_core/locale/zh/*.po:\n" + "\n".join(missing)


def test_no_translation_is_left_over() -> None:
    used = {text for path in SOURCES for text, _line in marked(path)}
    stale = [f"{', '.join(files)}: {text!r}" for text, files in catalogue().items() if text not in used]
    assert not stale, "translated, but marked nowhere any more:\n" + "\n".join(stale)


def test_translations_keep_the_named_places() -> None:
    wrong = [
        f"{file}: {text!r} -> {string!r}"
        for text, files in catalogue().items()
        for file, string in files.items()
        if string and "{" in text + string and places(text) != places(string)
    ]
    assert not wrong, "named places differ:\n" + "\n".join(wrong)


def test_no_text_is_translated_twice_in_different_words() -> None:
    differing = [f"{text!r}: {files}" for text, files in catalogue().items() if len(set(files.values())) > 1]
    assert not differing, "\n".join(differing)


def test_every_prose_file_is_there_in_both_languages() -> None:
    english, chinese = ({path.name for path in (PROSE / language).glob("*.md")} for language in ("en", "zh"))
    assert english == chinese, f"only in one language: {sorted(english ^ chinese)}"
    assert english, "no prose was found at all"


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_shows_a_text_that_is_not_marked(path: Path) -> None:
    bare = [
        f"line {node.lineno}: {text!r}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for text in _shown(node)
        if WORD.search(text)
    ]
    assert not bare, f"{path.relative_to(ROOT)} shows words in one language only:\n" + "\n".join(bare)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _shown(node: ast.Call) -> Iterator[str]:
    """Give the literal words that a call puts on the screen."""
    name = _called(node)
    if name == "html":
        yield from (re.sub(r"<[^>]*>|&\w+;", " ", _literal(each)) for each in node.args[:1])
    elif name in SHOWN_FIRST.split() and isinstance(node.func, ast.Attribute):
        yield from (_literal(each) for each in node.args[:1])
    if name in SHOWN_SECOND and isinstance(node.func, ast.Attribute):
        yield from (_literal(each) for each in node.args[1:2])
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "st":
        yield from (_literal(each.value) for each in node.keywords if each.arg in SHOWN_BY_NAME)


def _literal(node: ast.expr) -> str:
    """Return the literal part of a string, with a control character in each place that is filled in later."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal(each) if isinstance(each, ast.Constant) else "\0" for each in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _literal(node.left) + _literal(node.right)
    return ""
