"""Plain text files of any size: read in pieces, so that a gigabyte takes no more memory than a megabyte."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from ssl_core.corpora import languages, sizes
from ssl_core.corpora.base import Corpus, Document, count_words, language_of, tidy
from ssl_core.corpora.encodings import decode
from ssl_core.corpora.formats import kind_of
from ssl_core.corpora.passages import MAX_CHARACTERS, passages_of_stream
from ssl_core.corpora.reading import MAX_BYTES, MIN_WORDS, no_table, too_few_words
from ssl_core.corpora.uploads import card_of, title_of
from ssl_core.errors import UserError
from ssl_core.i18n import N_

SAMPLE_BYTES = 2**20
CHUNK_CHARACTERS = 2**20
_CODECS = {
    "UTF-8": ("utf-8-sig",), "UTF-16": ("utf-16-le", "utf-16-be", "utf-16"), "UTF-32": ("utf-32",), "GB18030": ("gb18030",),
    "Big5": ("cp950",),
    "Latin-1": ("cp1252", "latin-1"),
}  # fmt: skip
_LONGEST_CHARACTER = 4  # bytes: so many may be cut off at the end of a sample
_AS_WESTERN = "as-western"
codecs.register_error(_AS_WESTERN, lambda error: _western(error))


def open_large(path: Path, digest: str, text_column: str | None = None) -> Corpus:
    """Open a text file whose bytes have this SHA-256; encoding and language are told from its first megabyte.

    Raises: UserError if it is no plain text; OSError if it can't be read.
    """
    if kind_of(path.name) != "txt":
        raise UserError(
            N_("Of files larger than {limit} MB only plain text (.txt) is read. Save its texts as .txt, or use a part of it."),
            limit=MAX_BYTES // 2**20,
        )
    if text_column is not None:
        raise no_table()
    sample, codec = _sample(path)
    errors = _AS_WESTERN if sample.isascii() else "replace"  # nothing there says how accents are written further down
    if count_words(sample) < MIN_WORDS:
        raise too_few_words(count_words(sample))
    fingerprint = f"large {digest}"
    language, is_other = language_of(sample), languages.is_other(sample)
    title = title_of(path.name)
    card = card_of(str(path), title, language=language, is_other_language=is_other, num_documents=0, num_words=0)
    card = sizes.filled(card, fingerprint)

    def read() -> Iterator[Document]:
        for number, passage in enumerate(passages_of_stream(_chunks(path, codec, errors), MAX_CHARACTERS), start=1):
            if (text := tidy(passage)).strip():
                yield Document(id=str(number), text=text)

    return Corpus(card, fingerprint, read, is_large=True, num_bytes=path.stat().st_size)


def _sample(path: Path) -> tuple[str, str]:
    """Return the file's beginning and the codec it is written in."""
    with path.open("rb") as file:
        data = file.read(SAMPLE_BYTES)
    text, name = next(
        (found for missing in range(_LONGEST_CHARACTER) if (found := decode(data[: len(data) - missing]))[1] != "Latin-1"),
        decode(data),
    )
    for codec in _CODECS[name]:
        if data[: SAMPLE_BYTES // 2].decode(codec, errors="replace")[:1000] == text[:1000]:
            return text, codec
    raise AssertionError(f"{name} is read by one of its codecs")


def _western(error: UnicodeError) -> tuple[str, int]:
    """Read a byte that is no UTF-8 as the accent it is in Latin-1."""
    assert isinstance(error, UnicodeDecodeError), "only asked for while a file is read"
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


def _chunks(path: Path, codec: str, errors: str) -> Iterator[str]:
    try:
        with path.open(encoding=codec, errors=errors, newline=None) as file:
            while chunk := file.read(CHUNK_CHARACTERS):
                yield chunk
    except OSError as error:
        raise UserError(N_("{path} can't be read: {reason}."), path=str(path)[:300], reason=error.strerror) from error
