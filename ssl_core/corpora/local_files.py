"""Text files of this machine as corpora, however large: nothing is copied, and nothing is read twice to recognise it."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ssl_core import paths
from ssl_core.code_version import code_version
from ssl_core.corpora import large_files, names
from ssl_core.corpora.base import Card, Corpus, Document
from ssl_core.corpora.reading import MAX_BYTES, read_file
from ssl_core.corpora.uploads import card_of, title_of
from ssl_core.errors import UserError
from ssl_core.i18n import N_

log = logging.getLogger(__name__)


COLUMN = "::"
"""Stands between the path of a table and the column to read, by name or number: ``answers.csv::comment``."""


def parted(name: str) -> tuple[str, str | None]:
    """Return the path and the column that a name of a text is made of; the column is None where none is named."""
    place = name.find(COLUMN)
    while place > 0:
        try:
            if Path(name[:place]).expanduser().is_file() and not Path(name).expanduser().is_file():
                return name[:place], name[place + len(COLUMN) :]
        except (OSError, ValueError):  # a name that no file can have
            return name, None
        place = name.find(COLUMN, place + 1)
    return name, None


def open_path(path: Path, text_column: str | None = None) -> Corpus:
    """Open a text file of this machine, up to 20 MB of any kind we read, and plain text of any size.

    Raises: UserError if it can't be used, or has no such column.
    """
    try:
        num_bytes = path.stat().st_size
        found = digest(path)
        if num_bytes > MAX_BYTES:
            return large_files.open_large(path, found, text_column)
        return _open_small(path, found, text_column)
    except OSError as error:
        raise UserError(N_("{path} can't be read: {reason}."), path=str(path)[:300], reason=error.strerror) from error


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces; while size and time stay the same it is not read again.

    Raises: OSError if it can't be read.
    """
    status = path.stat()
    name = hashlib.sha256(str(path.resolve()).encode("utf-8", "replace")).hexdigest()[:24]
    known = paths.cache_folder() / "digests" / f"{name}.json"
    state = [status.st_size, status.st_mtime_ns, status.st_ino]
    saved = _saved(known)
    if saved.get("state") == state:
        return str(saved["digest"])
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    _save(known, {"state": state, "digest": found})
    return found


def _open_small(path: Path, found: str, text_column: str | None) -> Corpus:
    content = [path.suffix.lower(), found, text_column, code_version("corpora")]
    fingerprint = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    facts = paths.cache_folder() / "files" / f"{fingerprint[:24]}.json"
    saved = _saved(facts)
    reading = None if saved else read_file(path.name, path.read_bytes(), text_column)
    if reading is not None:
        saved = asdict(card_of("", "", **reading.size()))
        _save(facts, saved)

    def read() -> Sequence[Document]:
        if reading is not None:
            return reading.documents
        if digest(path) != found:
            raise UserError(N_("{path} has changed since it was opened. Open it again."), path=str(path)[:300])
        return read_file(path.name, path.read_bytes(), text_column).documents

    key, title = str(path), title_of(path.name)
    if text_column is not None:
        key, title = f"{key}{COLUMN}{text_column}", f"{title} · {names.clean(text_column)}"
    return Corpus(Card(**{**saved, "key": key, "title": title}), fingerprint, read)


def _saved(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there yet, or damaged by hand
        return {}
    return found if isinstance(found, dict) else {}


def _save(path: Path, facts: Mapping[str, Any]) -> None:
    """Remember facts; where they can't be written, they are found out again another time."""
    try:
        with paths.written_whole(path) as partial:
            partial.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    except OSError as reason:
        log.warning("facts of a text can't be kept: %s", reason)
