"""Reading a learner's file: .txt is one text; .csv, .tsv, .jsonl and .parquet are tables."""

from dataclasses import dataclass
from pathlib import PurePath

from ssl_core.corpora.comma_separated import read_csv
from ssl_core.corpora.encodings import decode
from ssl_core.corpora.json_lines import JsonLines
from ssl_core.corpora.parquet import read_parquet
from ssl_core.corpora.tables import Table, of_rows
from ssl_core.errors import UserError
from ssl_core.i18n import N_

KINDS = ("txt", "csv", "tsv", "jsonl", "parquet")


@dataclass(frozen=True, slots=True)
class Source:
    """A file's content: one long text, or a table."""

    kind: str
    encoding: str
    text: str | None = None
    table: Table | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of a table that hold anything written."""
        return self.table.columns if self.table is not None else ()


def kind_of(filename: str) -> str:
    """Return which of ``KINDS`` a file is, by the end of its name; without one it is taken for plain text.

    Raises: UserError if it is none of them.
    """
    ending = PurePath(filename).suffix.lower().removeprefix(".")
    if ending and ending not in KINDS:
        raise UserError(
            N_(
                "Files ending in {ending!r} can't be read here; use .txt, .csv, .tsv, .jsonl or .parquet. If it is plain text, "
                "let its name end in .txt."
            ),
            ending=f".{ending}"[:20],
        )
    return ending or "txt"


def read(filename: str, data: bytes) -> Source:
    """Read a file's text or look through its table.

    Raises: UserError if it is empty, binary, damaged, or has a cell that is too long.
    """
    kind = kind_of(filename)
    if not data.strip():
        raise UserError(N_("This file is empty. Choose a file with text in it."))
    if kind == "parquet":
        return Source(kind, "UTF-8", table=read_parquet(data))
    text, encoding = decode(data)
    if not text.strip():
        raise UserError(N_("This file is empty. Choose a file with text in it."))
    if kind == "txt":
        return Source(kind, encoding, text=text)
    return Source(kind, encoding, table=of_rows(JsonLines(text)) if kind == "jsonl" else read_csv(text, kind))
