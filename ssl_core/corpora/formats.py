"""Reading a learner's file: .txt, .csv, .jsonl and .parquet become columns of texts."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from ssl_core.corpora.comma_separated import read_csv
from ssl_core.corpora.encodings import decode
from ssl_core.corpora.parquet import read_parquet
from ssl_core.corpora.tables import Table, check_cell
from ssl_core.errors import UserError
from ssl_core.i18n import N_

KINDS = ("txt", "csv", "jsonl", "parquet")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Source:
    """A file's content: one long text, or a table."""

    kind: str
    encoding: str
    text: str | None = None
    table: Table | None = None


def kind_of(filename: str) -> str:
    """Return which of ``KINDS`` a file is, by the end of its name; without one it is taken for plain text.

    Raises: UserError if it is none of them.
    """
    ending = PurePath(filename).suffix.lower().removeprefix(".")
    if ending and ending not in KINDS:
        raise UserError(
            N_(
                "Files ending in {ending!r} can't be read here; use .txt, .csv, .jsonl or .parquet. If it is plain text, let "
                "its name end in .txt."
            ),
            ending=f".{ending}"[:20],
        )
    return ending or "txt"


def read(filename: str, data: bytes, text_column: str | None = None) -> Source:
    """Read a file's text or table.

    Raises: UserError if it is empty, binary, damaged, or has a cell that is too long.
    """
    kind = kind_of(filename)
    if not data.strip():
        raise UserError(N_("This file is empty. Choose a file with text in it."))
    if kind == "parquet":
        return Source(kind, "UTF-8", table=read_parquet(data, text_column))
    text, encoding = decode(data)
    if not text.strip():
        raise UserError(N_("This file is empty. Choose a file with text in it."))
    if kind == "txt":
        return Source(kind, encoding, text=text)
    return Source(kind, encoding, table=read_csv(text) if kind == "csv" else _read_jsonl(text))


def _read_jsonl(text: str) -> Table:
    records = list(_records(text))
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = {name: [record.get(name) for record in records] for name in names}
    return Table({name: column for name, column in columns.items() if any(column)})


def _records(text: str) -> Iterator[dict[str, str]]:
    for number, line in enumerate(_LINE_END.split(text), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UserError(N_("Line {line} is no valid JSON: {reason}."), line=number, reason=str(error)[:120]) from error
        if not isinstance(record, dict):
            raise UserError(N_('Line {line} is no JSON object; each line needs the form {example}.'),
                            line=number, example='{"text": "…"}')  # fmt: skip
        for value in record.values():
            check_cell(value, number)
        yield {str(name): value for name, value in record.items() if isinstance(value, str)}
