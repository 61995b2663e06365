"""Portraits that are there already: recorded for the house's own texts, or counted once on this machine and kept.

``python -m ssl_core.profile.kept KEY`` counts one; the page process leaves that to a process of its own.
"""

import hashlib
import json
import sys
from functools import lru_cache
from pathlib import Path
from subprocess import Popen

from ssl_core import child, corpora, paths
from ssl_core.code_version import code_version
from ssl_core.corpora import Corpus
from ssl_core.corpora.uploads import not_written
from ssl_core.errors import UserError
from ssl_core.profile import portrait
from ssl_core.profile.portrait import Portrait

RECORDED = Path(__file__).parents[2] / "assets" / "portraits"


def found(key: str) -> Portrait | None:
    """Return the portrait of a text if it is there, else None: ask ``start`` for it.

    Raises: UserError if there is no such text.
    """
    recorded = RECORDED / f"{key}.json"
    if recorded.parent == RECORDED and recorded.is_file():
        return _loaded(recorded, recorded.stat().st_mtime_ns)
    path = _path(corpora.load(key))
    return _loaded(path, path.stat().st_mtime_ns) if path.is_file() else None


def made(key: str) -> Portrait:
    """Return the portrait of a text, counted now if it is not there yet.

    Raises: UserError if there is no such text, it can't be read, or the portrait can't be kept.
    """
    corpus = corpora.load(key)
    path = _path(corpus)
    if (known := found(key)) is not None:
        return known
    counted = portrait.of(corpus)
    try:
        with paths.written_whole(path) as partial:
            partial.write_text(_packed(counted), encoding="utf-8")
    except OSError as error:
        raise not_written(error) from error
    return counted


def start(key: str) -> "Popen[bytes]":
    """Count in a process of its own, at low priority, so that no page waits."""
    return child.start(__spec__.name, key)


def failure(key: str) -> UserError | None:
    """Return why a text could not be counted the last time; None where nobody tried or it could."""
    try:
        return UserError.from_json(json.loads(_note(key).read_text(encoding="utf-8")))
    except (OSError, ValueError, LookupError):
        return None


def record(key: str) -> Path:
    """Count one of the house's own texts and keep its portrait in the repository."""
    path = RECORDED / f"{key}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_packed(portrait.of(corpora.load(key))) + "\n", encoding="utf-8")
    return path


def _packed(counted: Portrait) -> str:
    return json.dumps(counted.to_json(), ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=24)
def _loaded(path: Path, _changed_at_ns: int) -> Portrait | None:
    try:
        return Portrait.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, LookupError):  # damaged by hand: counted anew
        return None


def _path(corpus: Corpus) -> Path:
    name = hashlib.sha256(f"{corpus.fingerprint} {code_version('corpora', 'profile')}".encode()).hexdigest()[:24]
    return paths.cache_folder() / "portraits" / f"{name}.json"


def _note(key: str) -> Path:
    name = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:24]
    return paths.cache_folder() / "portraits" / f"{name}.failure.json"


def main(key: str) -> None:
    """Count a text, and leave a note where that fails, for whoever asked."""
    note = _note(key)
    note.unlink(missing_ok=True)
    try:
        made(key)
    except UserError as error:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps(error.to_json(), ensure_ascii=False), encoding="utf-8")
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    import os

    child.end_with_parent()
    if hasattr(os, "nice"):
        os.nice(10)
    main(sys.argv[1])
