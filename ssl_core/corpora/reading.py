"""A learner's file becomes documents: read, checked against the limits, cut into passages."""

from dataclasses import dataclass
from typing import Any

from ssl_core.corpora import formats, languages
from ssl_core.corpora.base import Document, count_words, language_of, tidy
from ssl_core.corpora.passages import passage_size, passages
from ssl_core.corpora.repeats import without_repeats
from ssl_core.errors import UserError
from ssl_core.i18n import N_

MAX_BYTES = 20 * 2**20
MIN_WORDS = 2000
MIN_DIFFERENT = 3


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
    return of_source(formats.read(filename, data), text_column)


def of_source(source: formats.Source, text_column: str | None) -> Reading:
    """Make documents of what a file holds.

    Raises: UserError if there is no such column, or too little in it.
    """
    if source.table is None:
        if text_column is not None:
            raise no_table()
        column, cells = None, iter([source.text or ""])
    else:
        column = source.table.choose(text_column)
        cells = source.table.cells(column)
    texts = [text for cell in cells if (text := tidy(cell)).strip()]
    documents, has_repeats = _documents(texts, is_table=source.table is not None)
    num_words = sum(count_words(document.text) for document in documents)
    if num_words < MIN_WORDS:
        raise too_few_words(num_words, has_repeats=has_repeats)
    told = "\n".join(text[:2000] for text in texts)[:500_000]
    return Reading(source, column, documents, num_words, language_of(told), languages.is_other(told))


def _documents(texts: list[str], *, is_table: bool) -> tuple[tuple[Document, ...], bool]:
    """Cut a text file into passages, and of a table only the cells that are much longer than a passage; say each thing once.

    Returns: the documents, and whether any was left out because it says what another one says.
    """
    size = passage_size(sum(map(len, texts)))
    parts = [part for text in texts for part in ([text] if is_table and len(text) <= 4 * size else passages(text, size))]
    documents = [Document(id=str(number), text=part) for number, part in enumerate(parts, start=1)]
    different = without_repeats(documents)
    if not is_table and len(different) < MIN_DIFFERENT:  # of a text that only repeats itself, keep all of it
        return tuple(documents), False
    return tuple(different), len(different) < len(documents)


def no_table() -> UserError:
    """Say that this text has no columns."""
    return UserError(N_("A column can be chosen in tables only (.csv, .tsv, .jsonl, .parquet). Leave the column out."))


def too_few_words(num_words: int, *, has_repeats: bool = False) -> UserError:
    """Say that a text is too short."""
    if has_repeats:
        return UserError(
            N_(
                "Without its repeats this text has {found} words; at least {needed} are needed to learn anything from it. "
                "Texts that say the same count once."
            ),
            found=num_words,
            needed=MIN_WORDS,
        )
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
