"""Python's documentation: read from the sources, as sentences."""

import ast
import inspect
import re
import subprocess
import sys
import textwrap

import pytest

from ssl_core import corpora
from ssl_core.corpora import python_docs
from ssl_core.corpora.docstrings import prose


def documents():
    return corpora.load("python-docs").documents()


def test_there_is_a_language_reference_and_a_library_of_readable_size():
    labels = [document.label for document in documents()]
    assert labels.count("language reference") > 80
    assert labels.count("standard library") > 300
    assert sum(len(document.text) for document in documents()) > 800_000


def test_a_paragraph_of_a_docstring_is_found_on_one_line():
    written = " ".join(inspect.getdoc(textwrap.fill).split("\n\n")[0].split())
    found = "\n".join(document.text for document in documents() if document.labels["name"] == "textwrap")
    assert written in found
    assert inspect.getdoc(inspect.getdoc).splitlines()[0] not in found, "that is another module's"


def test_lines_are_sentences_and_not_code():
    lines = [line for document in documents() for line in document.text.split("\n") if line]
    assert not [line for line in lines if line.startswith((">>>", "..."))]
    assert not [line for line in lines if re.search(r":\w+:`|``|^[=\-~^]{3,}$", line)]
    with_a_word = [line for line in lines if re.search(r"\b[a-z]{2,}\b.*\b[a-z]{2,}\b", line)]
    assert len(with_a_word) > 0.99 * len(lines)


@pytest.mark.parametrize(
    ("docstring", "text"),
    [
        ("Return *x* rounded to ``n`` places.\n", "Return x rounded to n places."),
        ("See :class:`~os.PathLike` and :meth:`run <Thing.run>` for more.", "See os.PathLike and run for more."),
        (
            "The title of it\n===============\n\nA paragraph that\n   goes on here.",
            "The title of it\nA paragraph that goes on here.",
        ),
        (
            "For example, we write this:\n\n    >>> f(1)\n    2\n\nThen it goes on.",
            "For example, we write this:\nThen it goes on.",
        ),
        ("Use the following form::\n\n    x = {1: 'a', 2: 'b'}\n", "Use the following form:"),
        ("* the first point is long", "the first point is long"),
        (".. note:: This is not so fast.", "This is not so fast."),
        ("Give <b>bold</b> text to the reader.", ""),
        ("if_stmt ::= 'if' assignment_expression ':' suite", ""),
    ],
)
def test_markup_and_examples_are_left_out(docstring, text):
    assert prose(docstring) == text


def test_private_things_are_not_documented():
    tree = ast.parse('"""Whole."""\ndef f():\n    """Open."""\ndef _g():\n    """Closed."""\nclass C:\n    """Kind."""\n'
                     '    def __len__(self):\n        """Size."""\n    def _h(self): """Hidden."""\n')  # fmt: skip
    assert list(python_docs._docstrings(tree)) == ["Whole.", "Open.", "Kind.", "Size."]


def test_size_is_known_once_the_text_was_read_and_remembered_by_another_process():
    read = sum(1 for _ in documents())
    assert corpora.card("python-docs").num_documents in (0, read), "another home may not have counted yet"
    code = "from ssl_core import corpora; before = corpora.card('python-docs').num_documents\n"
    code += "corpora.load('python-docs').documents(); print(before, corpora.card('python-docs').num_documents)"
    first, second = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout.split()
        for _ in range(2)
    )
    assert (first, second) == (["0", str(read)], [str(read), str(read)])


def test_another_version_of_python_has_another_fingerprint(monkeypatch):
    before = python_docs._fingerprint()
    assert python_docs._fingerprint() == before
    monkeypatch.setattr(python_docs.platform, "python_version", lambda: "3.99.0")
    assert python_docs._fingerprint() != before
