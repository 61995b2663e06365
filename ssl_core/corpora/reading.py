"""A learner's file becomes documents: read, checked against the limits, cut into passages."""

from dataclasses import dataclass
from typing import Any

from ssl_core.corpora import formats, languages
from ssl_core.corpora.base import Document, count_words, language_of, tidy
from ssl_core.corpora.passages import passage_size, passages
from ssl_core.corpora.repeats import without_repeats
from ssl_core.corpora.tables import choose_column
from ssl_core.errors import UserError
from ssl_core.i18n import N_

MAX_BYTES = 20 * 2**20
MIN_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds, ready to be shown or kept."""

    source: formats.Source
    text_column: str | None
    documents: tuple[Document, ...]
    num_words: int
    language: str
    is_other_language: bool

    def size(self) -> dict[str, Any]:
        """Return what a card says of the text's size and language."""
        return {
            "language": self.language,
            "is_other_language": self.is_other_language,
            "num_documents": len(self.documents),
            "num_words": self.num_words,
        }


def read_file(filename: str, data: bytes, text_column: str | None) -> Reading:
    """Read a file's documents; of a table the column asked for, else the one with the longest texts.

    Raises: UserError if the file can't be used, with the reason.
    """
    check_size(len(data))
    source = formats.read(filename, data, text_column)
    column = choose_column(source.table.columns, text_column) if source.table else None
    cells = source.table.columns[column] if source.table and column else [source.text]
    texts = [text for cell in cells if cell and (text := tidy(cell)).strip()]
    num_words = sum(count_words(text) for text in texts)
    if num_words < MIN_WORDS:
        raise too_few_words(num_words)
    told = "\n".join(text[:2000] for text in texts)[:500_000]
    documents = _documents(texts, cut_all=source.table is None)
    return Reading(source, column, documents, num_words, language_of(told), languages.is_other(told))


def _documents(texts: list[str], *, cut_all: bool) -> tuple[Document, ...]:
    """Cut a text file into passages, and of a table only the cells that are much longer than a passage."""
    size = passage_size(sum(map(len, texts)))
    parts = [part for text in texts for part in (passages(text, size) if cut_all or len(text) > 4 * size else [text])]
    documents = [Document(id=str(number), text=part) for number, part in enumerate(parts, start=1)]
    different = without_repeats(documents)
    return tuple(different if len(different) >= 3 else documents)  # of a text that only repeats itself, keep all of it


def too_few_words(num_words: int) -> UserError:
    """Say that a text is too short."""
    return UserError(
        N_(
            "This text has {found} words; at least {needed} are needed to learn anything from it. (A Chinese character "
            "counts as one word.)"
        ),
        found=num_words,
        needed=MIN_WORDS,
    )


def check_size(num_bytes: int) -> None:
    """Refuse a file over the limit.

    Raises: UserError if it is larger than ``MAX_BYTES``.
    """
    if num_bytes > MAX_BYTES:
        raise UserError(N_("This file is larger than {limit} MB. Upload a part of it."), limit=MAX_BYTES // 2**20)
