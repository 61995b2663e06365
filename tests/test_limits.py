"""Files and functions stay small enough to be read at one go."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAX_FILE, MAX_PAGE, MAX_FUNCTION = 300, 120, 80
SOURCES = [
    path
    for top in ("app.py", "pages", "ssl_core", "tests", "benchmarks", "tools")
    for path in ([ROOT / top] if top.endswith(".py") else sorted((ROOT / top).rglob("*.py")))
]
SCRIPTS = sorted((ROOT / "assets").rglob("*.js")) + sorted((ROOT / "assets").rglob("*.css"))
PAGES = [path for path in (ROOT / "pages").glob("*/*.py") if path.parent.name != "_ui"]
VAGUE = {"utils", "helpers", "common", "misc", "manager"}


def num_lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def too_long(paths: list[Path], most: int) -> list[str]:
    return [f"{path.relative_to(ROOT)}: {length} lines" for path in paths if (length := num_lines(path)) > most]


def test_a_file_fits_in_one_reading() -> None:
    assert not too_long(SOURCES + SCRIPTS, MAX_FILE), "split it by concept"


def test_a_page_is_thin() -> None:
    assert not too_long(PAGES, MAX_PAGE), "move parts into pages/_ui"


def test_a_function_fits_on_a_screen() -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    assert not [
        f"{path.relative_to(ROOT)}: {node.name} has {length} lines"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, functions)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION
    ]


def test_no_file_has_a_vague_name() -> None:
    assert not [path for path in SOURCES if VAGUE & set(path.stem.split("_"))]
