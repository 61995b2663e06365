"""Reading a learner's file: .txt, .csv, .jsonl and .parquet become columns of texts."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from ssl_core.corpora.encodings import decode
from ssl_core.corpora.parquet import read_parquet
from ssl_core.corpora.tables import Table, check_cell
from ssl_core.errors import UserError
from ssl_core.i18n import N_

KINDS = ("txt", "csv", "jsonl", "parquet")
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Source:
    """A file's content: one long text, or a table."""

    kind: str
    encoding: str
    text: str | None = None
    table: Table | None = None


def kind_of(filename: str) -> str:
    """Return which of ``KINDS`` a file is, by the end of its name.

    Raises: UserError if it is none of them.
    """
    ending = PurePath(filename).suffix.lower().removeprefix(".")
    if ending not in KINDS:
        raise UserError(
            N_("Files ending in {ending!r} can't be read here; use .txt, .csv, .jsonl or .parquet."), ending=f".{ending}"[:20]
        )
    return ending


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
    return Source(kind, encoding, table=_read_csv(text) if kind == "csv" else _read_jsonl(text))


def _read_csv(text: str) -> Table:
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # a cell that is too long is refused below, in words
    first_line = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    reader = csv.reader(io.StringIO(text.lstrip("\n\r"), newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    try:
        for row in reader:
            if not any(row):
                continue
            if not header:
                header = _distinct(row)
                continue
            if len(row) != len(header):
                raise _ragged(reader.line_num, len(row), len(header))
            for cell in row:
                check_cell(cell, len(rows) + 1)
            rows.append(row)
    except csv.Error as error:
        raise UserError(
            N_("Line {line} can't be read as CSV ({reason}). Check its quotation marks."), line=reader.line_num, reason=error
        ) from error
    return Table({name: [row[index] for row in rows] for index, name in enumerate(header)})


def _distinct(names: list[str]) -> list[str]:
    taken: list[str] = []
    for position, name in enumerate(names, start=1):
        name = name.strip() or f"column {position}"
        taken.append(name if name not in taken else f"{name} ({position})")
    return taken


def _ragged(line: int, found: int, expected: int) -> UserError:
    return UserError(
        N_(
            "Line {line} has {found} cells, the first line has {expected}. Put quotation marks around texts that contain "
            "the separator."
        ),
        line=line,
        found=found,
        expected=expected,
    )


def _read_jsonl(text: str) -> Table:
    records = list(_records(text))
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = {name: [record.get(name) for record in records] for name in names}
    return Table({name: column for name, column in columns.items() if any(column)})


def _records(text: str) -> Iterator[dict[str, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
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
