"""A mark of the code: what is kept of its work carries it, so that no mended fault lives on in what was worked out before.

    code_version("analysis", "attention")     of these packages
    code_version("training.floors")           of one module
    code_version()                            of all of ``ssl_core``
    code_version(libraries=("torch",))        and of what others wrote

It is that of the files' content, not of their times: these are alike where a checkout is unpacked or copied, and differ where
nothing has changed. Reading all 400 files takes 35 ms where the system has them at hand; a process does it once.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parent
SUFFIXES = (".py", ".toml")  # code, and the grammars that it reads


@cache
def code_version(*packages: str, libraries: tuple[str, ...] = ()) -> str:
    """Return what changes when any of these packages or modules changes; it stays as it was when first asked for.

    ``packages`` are dotted names below ``ssl_core``; none means all of it.
    """
    content = hashlib.sha256()
    for file in _files(packages):
        content.update(f"{file.relative_to(ROOT).as_posix()}\0{file.stat().st_size}\0".encode())
        content.update(file.read_bytes())
    content.update(repr([(name, _version(name)) for name in libraries]).encode())
    return content.hexdigest()[:24]


def _files(packages: tuple[str, ...]) -> Iterator[Path]:
    found: set[Path] = set()
    for each in packages or ("",):
        place = ROOT.joinpath(*filter(None, each.split(".")))
        single = place.with_suffix(".py")
        files = {single} if each and single.is_file() else {path for path in place.rglob("*") if path.suffix in SUFFIXES}
        assert files, f"there is no code called {each!r}"
        found |= files
    yield from sorted(path for path in found if "__pycache__" not in path.parts)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:  # loaded from a folder: its files are not looked at
        return ""
