"""The learner's own texts: looked at first, then kept under a key made from their content."""

import errno
import hashlib
import json
import re
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ssl_core import paths
from ssl_core.corpora import names
from ssl_core.corpora.base import Card, Corpus, Document
from ssl_core.corpora.reading import MAX_BYTES, MIN_WORDS, Reading, read_file
from ssl_core.errors import UserError
from ssl_core.i18n import N_

__all__ = ["KEY", "MAX_BYTES", "MIN_WORDS", "Preview", "delete", "keep", "kept_card", "kept_cards", "kept_corpus", "preview"]

KEY = re.compile(r"upload-[0-9a-f]{12}")
PREVIEW_ROWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file would become: shown before anything is kept."""

    encoding: str
    kind: str
    columns: tuple[str, ...]  # of a table, those with text
    text_column: str | None
    rows: tuple[str, ...]  # the first documents, as they will be read
    num_documents: int
    num_words: int
    language: str
    is_other_language: bool

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)


def preview(filename: str, data: bytes, text_column: str | None = None) -> Preview:
    """Look at a file without keeping it.

    Raises: UserError if it can't be used.
    """
    return preview_of(read_file(filename, data, text_column))


def preview_of(reading: Reading) -> Preview:
    """Return what is shown of a file that was read."""
    return Preview(
        encoding=reading.source.encoding,
        kind=reading.source.kind,
        columns=reading.source.columns,
        text_column=reading.text_column,
        rows=tuple(document.text for document in reading.documents[:PREVIEW_ROWS]),
        num_documents=len(reading.documents),
        num_words=reading.num_words,
        language=reading.language,
        is_other_language=reading.is_other_language,
    )


def keep(filename: str, data: bytes, text_column: str | None = None) -> str:
    """Keep a file's text and return its key; the same text gets the same key, whatever file it came in.

    Raises: UserError if it can't be used or kept; nothing is written then.
    """
    return keep_reading(filename, read_file(filename, data, text_column))


def keep_reading(filename: str, reading: Reading) -> str:
    """Keep what was read of a file, and return its key.

    Raises: UserError if it can't be kept; nothing is written then.
    """
    lines = [json.dumps(document.text, ensure_ascii=False) for document in reading.documents]
    content = ("\n".join(lines) + "\n").encode()
    key = f"upload-{hashlib.sha256(content).hexdigest()[:12]}"
    facts = asdict(card_of(key, title_of(filename), **reading.size()))
    try:
        _write(paths.uploads_folder() / key, content, json.dumps(facts, ensure_ascii=False).encode())
    except OSError as error:
        raise not_written(error) from error
    return key


def _write(folder: Path, content: bytes, facts: bytes) -> None:
    if folder.is_dir():
        return
    try:
        with paths.written_whole(folder) as partial:
            partial.mkdir()
            (partial / "documents.jsonl").write_bytes(content)
            (partial / "card.json").write_bytes(facts)
    except OSError:
        if not folder.is_dir():  # else another process has just kept the same text
            raise


def delete(key: str) -> None:
    """Remove a kept text for good; runs that learned from it stay, but can't be started again.

    Raises: UserError if there is none under this key, or it can't be removed.
    """
    kept_card(key)  # lets no key through that could lead elsewhere
    folder = paths.uploads_folder() / key
    gone = folder.with_name(f".{key}.{uuid.uuid4().hex[:8]}.partial")
    try:
        folder.rename(gone)  # nobody ever sees half a text
        shutil.rmtree(gone)
    except OSError as error:
        raise UserError(N_("This text can't be removed: {reason}."), reason=error.strerror or str(error)) from error


def kept_corpus(key: str) -> Corpus:
    """Open a kept text.

    Raises: UserError if there is none under this key.
    """
    found = kept_card(key)
    path = paths.uploads_folder() / key / "documents.jsonl"

    def documents() -> Sequence[Document]:
        with path.open(encoding="utf-8", newline="\n") as lines:
            return [Document(id=str(number), text=json.loads(line)) for number, line in enumerate(lines, start=1)]

    return Corpus(found, key, documents)


def kept_card(key: str) -> Card:
    """Return the card of a kept text.

    Raises: UserError if there is none under this key.
    """
    saved = _saved_card(key) if KEY.fullmatch(key) else None
    if saved is None:
        raise UserError(N_("There is no uploaded text {key!r} here. Upload the file again."), key=key[:40])
    return saved


def kept_cards() -> list[Card]:
    """Return the cards of all kept texts, the newest first."""
    folders = [folder for folder in paths.uploads_folder().glob("upload-*") if KEY.fullmatch(folder.name)]
    folders.sort(key=lambda folder: (-folder.stat().st_mtime, folder.name))
    return [card for folder in folders if (card := _saved_card(folder.name))]


def _saved_card(key: str) -> Card | None:
    try:
        return Card(**json.loads((paths.uploads_folder() / key / "card.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # removed or damaged by hand: not offered any more
        return None


def title_of(filename: str) -> str:
    """Return a file's name for display: no path, no invisible characters, not too long."""
    return names.clean(re.split(r"[/\\]", filename)[-1]) or "?"


def not_written(error: OSError) -> UserError:
    """Say why something could not be kept: a full disk, or what the system says."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(N_("The disk is full, so nothing was kept. Free some space and try again."))
    return UserError(
        N_("This could not be kept in {folder}: {reason}. Check that the folder can be written to."),
        folder=str(error.filename or "?"),
        reason=error.strerror or type(error).__name__,
    )


def card_of(key: str, title: str, *, language: str, is_other_language: bool, num_documents: int, num_words: int) -> Card:
    """Return the card of a text that nobody but its owner knows."""
    return Card(
        key=key,
        title=title,
        language=language,
        is_other_language=is_other_language,
        licence=N_("as its author decides"),
        source=N_("Your own file; it stays on this machine."),
        description=N_("A text of your own. What a model learns from it shows what is in it."),
        flaws=N_(
            "Nobody has checked this text. Long texts were cut into passages and repeats dropped; nothing else was changed."
        ),
        num_documents=num_documents,
        num_words=num_words,
    )
