"""Python's own documentation: technical English that is on every machine this runs on."""

import ast
import hashlib
import platform
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from ssl_core.corpora.base import Card, Corpus, Document
from ssl_core.corpora.docstrings import prose
from ssl_core.corpora.passages import MAX_CHARACTERS, passages
from ssl_core.corpora.repeats import without_editions, without_repeats
from ssl_core.i18n import N_

CARD = Card(
    key="python-docs",
    title=N_("Python's documentation"),
    language="en",
    licence="Python-2.0",
    source=N_(
        "The language reference and the docstrings of the standard library that come with this machine's own Python, under "
        "the licence of the Python Software Foundation."
    ),
    description=N_(
        "Technical English: precise, dry and full of names. Good for seeing how far one kind of text is from another, such as "
        "news."
    ),
    flaws=N_(
        "Another version of Python brings another text, so figures are comparable only within one version. Examples and tables "
        "are left out as far as they can be told from sentences; some sentences lose a name with them."
    ),
)

TOPICS = "pydoc_data/topics.py"
LANGUAGE, LIBRARY = "language reference", "standard library"
_ELSEWHERE = {  # not on every machine with this version of Python, or no documentation
    "antigravity", "distutils", "ensurepip", "idlelib", "lib2to3", "msilib", "pydoc_data", "site", "sysconfig", "this",
    "tkinter", "turtle", "turtledemo", "venv",
}  # fmt: skip
_NO_LIBRARY = {"test", "tests", "_testing", "site-packages", "__pycache__"}
_MIN_CHARACTERS = 200


def load() -> Corpus:
    """Open the corpus; it is read when its documents are first asked for."""
    return Corpus(CARD, _fingerprint(), _read)


def _fingerprint() -> str:
    """Return what changes with the version of Python, and where a machine's library differs from the usual one."""
    found = hashlib.sha256(platform.python_version().encode())
    for name, path in _sources():
        found.update(f"\n{name}\n".encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return found.hexdigest()


def _sources() -> list[tuple[str, Path]]:
    """Return the modules of the standard library that are written in Python, by name, in the order of their names."""
    library = Path(sysconfig.get_path("stdlib"))
    found = [("pydoc_data.topics", library / TOPICS)]
    for top in sorted(sys.stdlib_module_names - _ELSEWHERE):
        if top.startswith("_"):
            continue
        for path in [library / f"{top}.py", *sorted((library / top).rglob("*.py"))]:
            inner = path.relative_to(library).with_suffix("").parts
            if path.is_file() and not _NO_LIBRARY & set(inner):
                found.append((".".join(inner).removesuffix(".__init__"), path))
    return [(name, path) for name, path in found if path.is_file()]


def _read() -> list[Document]:
    (_topics, topics), *library = _sources()
    found = [*_language_reference(topics), *_standard_library(library)]
    return without_editions(without_repeats(found))


def _language_reference(path: Path) -> Iterator[Document]:
    tree = ast.parse(path.read_bytes())
    tables = [node.value for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)]
    for topic, text in sorted(ast.literal_eval(tables[0]).items()):
        yield from _documents(f"topic {topic}", prose(text), LANGUAGE)


def _standard_library(sources: list[tuple[str, Path]]) -> Iterator[Document]:
    for module, path in sources:
        texts = (prose(text) for text in _docstrings(ast.parse(path.read_bytes())))
        yield from _documents(module, "\n\n".join(text for text in texts if text), LIBRARY)


def _docstrings(tree: ast.Module) -> Iterator[str]:
    """Give the docstrings of a module in the order in which they are written; private things have none."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, documented):
            if not isinstance(node, ast.Module) and node.name.startswith("_") and not node.name.startswith("__"):
                continue
            yield ast.get_docstring(node) or ""
        if isinstance(node, (ast.Module, ast.ClassDef)):
            waiting.extend(reversed(node.body))


def _documents(name: str, text: str, label: str) -> Iterator[Document]:
    if len(text) < _MIN_CHARACTERS:
        return
    for number, part in enumerate(passages(text, MAX_CHARACTERS), start=1):
        yield Document(id=f"{name}/{number}", text=part, label=label, labels={"part": label, "name": name})
