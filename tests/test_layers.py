"""Who may import whom (see ARCHITECTURE.md), read from the sources themselves."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {"torch", "transformers", "bertviz", "peft", "sklearn"}

# from the ground up; a module may import from its own row and from rows above it in this list
LAYERS = (
    ("ssl_core.errors", "ssl_core.i18n"),
    ("ssl_core.config", "ssl_core.paths", "ssl_core.child", "ssl_core.code_version", "ssl_core.formulas"),
    ("ssl_core.models.config", "ssl_core.tokenization.config", "ssl_core.training.config"),
    ("ssl_core.pretext", "ssl_core.corpora", "ssl_core.training.clock"),
    ("ssl_core.tokenization", "ssl_core.losses"),
    ("ssl_core.models", "ssl_core.profile"),
    ("ssl_core.objectives", "ssl_core.mistakes"),
    ("ssl_core.runs", "ssl_core.shelf"),
    ("ssl_core.training", "ssl_core.attention", "ssl_core.shelf.opening", "ssl_core.shelf.judging", "ssl_core.shelf.building"),
    ("ssl_core.analysis",),
    ("ssl_core.engine",),
    ("ssl_core.cli",),
    ("ssl_core.__main__",),
)
FREE = {"ssl_core"}  # the version number

SOURCES = sorted((ROOT / "ssl_core").rglob("*.py"))
SCREENS = [path for path in [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))] if path.exists()]


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path):
    """Every module that a file imports anywhere, but for type checking only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = [
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    ]
    found = set()
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found |= {_whole_name(node.module, alias.name) for alias in node.names}
    return found


def _whole_name(module, name):
    """``from a import b`` imports the module a.b where there is one."""
    inner = ROOT.joinpath(*module.split("."), name)
    return f"{module}.{name}" if inner.with_suffix(".py").exists() or inner.is_dir() else module


def layer(module):
    matches = [
        (len(name), number)
        for number, names in enumerate(LAYERS)
        for name in names
        if module == name or module.startswith(f"{name}.")
    ]
    assert matches, f"{module} has no layer yet; give it one"
    return max(matches)[1]


def test_imports_go_downwards_only():
    upwards = [
        f"{module} must not import {other}"
        for module, path in ((module_name(path), path) for path in SOURCES)
        if module not in FREE
        for other in imported(path)
        if other.startswith("ssl_core") and other not in FREE and layer(other) > layer(module)
    ]
    assert not upwards, "\n".join(upwards)


def importing(paths, unwanted):
    return [
        f"{path.relative_to(ROOT)} imports {other}"
        for path in paths
        for other in imported(path)
        if other.split(".")[0] in unwanted
    ]


def test_the_core_knows_no_screen():
    assert not importing(SOURCES, {"streamlit", "pages", "app"})


def test_pages_import_nothing_heavy():
    assert not importing(SCREENS, HEAVY)


def test_what_pages_import_loads_nothing_heavy():
    wanted = sorted({other for path in SCREENS for other in imported(path) if other.startswith("ssl_core")})
    wanted += [f"ssl_core.engine.{name}" for name in ("client", "questions")]
    wanted += [f"ssl_core.runs.{name}" for name in ("store", "downloads", "presets")]
    program = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n    importlib.import_module(name)\n"
        f"heavy = sorted({HEAVY!r} & set(sys.modules))\nassert not heavy, heavy"
    )
    ended = subprocess.run([sys.executable, "-c", program, *wanted], capture_output=True, text=True, check=False, cwd=ROOT)
    assert ended.returncode == 0, ended.stderr


def test_nothing_is_called_by_a_name_that_says_nothing():
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
    assert not [path for path in [*SOURCES, *SCREENS] if set(path.relative_to(ROOT).with_suffix("").parts) & empty]


WRITES = ("update", "pop", "clear", "from_dict", "setdefault", "popitem")


def written_addresses(path):
    """Lines that change the address of the page other than by ``pages/_ui/address.py``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_item = isinstance(node, ast.Subscript) and isinstance(node.ctx, (ast.Store, ast.Del))
        is_call = isinstance(node, ast.Attribute) and node.attr in WRITES
        if (is_item or is_call) and ast.unparse(node.value).endswith("query_params"):
            yield node.lineno


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_changes_its_address_in_one_way(path):
    lines = list(written_addresses(path))
    assert bool(lines) == (path.name == "address.py"), (
        f"{path}, lines {lines}: use pages._ui.address, late messages undo others"
    )
