"""How a table of lines is written: what parts its cells, whether quotation marks hold cells together, where it begins."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from ssl_core.corpora.lines import lines_of

_DELIMITERS = ",;\t|"
NO_DELIMITER = "\x1f"  # a sign that no text has: the whole line is one cell
_SEP_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)  # Excel's: the next lines are parted by this sign
_QUOTED = re.compile(r'"(?:[^"]++|"")*+"')  # never goes back: a lone mark costs no more than what follows it
_RECORD_LINES = 100  # a first record that goes on for longer than this has a lone quotation mark
_PROSE_RATE = 0.9

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SENTENCE = re.compile(
    r"(?:\S+\s+){3,}\S*[.!…。！][\"'”’)\]]*\s*|[^\s]{10,}[。！]"
)  # no question: many columns are named by one
_MOSTLY = 0.9
_MIN_SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the lines of a text become cells."""

    delimiter: str
    start: int = 0  # where the first line begins
    quoted: bool = True  # quotation marks hold cells together, as in CSV; else they are part of the texts, as in GLUE's TSV
    unquote: bool = False  # not needed to hold anything together, but there in the way of CSV


def of_text(text: str, kind: str) -> Dialect:
    """Tell how a table is written: by Excel's ``sep=`` line, by the kind of file, or by what its first record is full of."""
    start = len(text) - len(text.lstrip("\r\n"))
    told = _SEP_LINE.match(text, start)
    if told:
        delimiter, start = told[1], told.end()
    else:
        delimiter = _most_even(text, start, "\t" if kind == "tsv" else _DELIMITERS)
    if delimiter != "\t":
        return Dialect(delimiter=delimiter, start=start)
    is_even, is_well_quoted = _tabs(text, start)
    return Dialect(delimiter=delimiter, start=start, quoted=not is_even, unquote=is_well_quoted)


def _most_even(text: str, start: int, candidates: str) -> str:
    """Return the separator that occurs outside quotation marks in the first record, and as often in the most lines below it."""
    record = _QUOTED.sub("", first_record(text, start))
    lines = [_QUOTED.sub("", line) for line in islice(lines_of(text, start), _RECORD_LINES)]

    def fits(delimiter: str) -> tuple[bool, int, int]:
        num_cells = record.count(delimiter)
        num_alike = sum(line.count(delimiter) == num_cells for line in lines)
        return not is_prose("".join(lines), delimiter), num_alike, num_cells

    return max((each for each in candidates if each in record), key=fits, default=NO_DELIMITER)


def first_record(text: str, start: int) -> str:
    """Return the first line, with those that its quotation marks hold to it; a lone mark holds nothing."""
    record = ""
    for line in islice(lines_of(text, start), _RECORD_LINES):
        record += line
        if record.count('"') % 2 == 0:
            return record
    return next(lines_of(text, start), "")


def is_prose(text: str, delimiter: str) -> bool:
    """Say whether a separator is used as in sentences: with a space after it."""
    num_all = text.count(delimiter)
    return delimiter in ",;" and text.count(f"{delimiter} ") >= _PROSE_RATE * num_all > 0


def has_header(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Say whether the first row names the columns, by what the rows below it say.

    It does not where one of its cells is a label or a number such as its column is full of, or where all are statements.
    """
    if not others:
        return True
    is_data = any(
        _is_one_of(cell, [row[place].strip() for row in others if place < len(row)])
        for place, cell in enumerate(map(str.strip, first))
        if cell
    )
    return not (is_data or all(_SENTENCE.fullmatch(cell) for cell in first))


def _is_one_of(cell: str, column: Sequence[str]) -> bool:
    times = column.count(cell)
    if times >= max(2, _MIN_SHARE * len(column)) and len(set(column)) <= len(column) / 2:
        return True
    if not _NUMBER.fullmatch(cell):
        return False
    num_numbers = sum(1 for other in column if _NUMBER.fullmatch(other))
    return num_numbers >= _MOSTLY * len(column) and (times > 0 or not _YEAR.fullmatch(cell))


def _tabs(text: str, start: int) -> tuple[bool, bool]:
    """Say whether all lines have as many tabs, so that no quotation marks are needed, and whether those there follow CSV."""
    lines = (line.rstrip("\r\n") for line in lines_of(text, start))
    filled = (line for line in lines if line.strip())
    is_well_quoted, expected = True, None
    for line in filled:
        expected = line.count("\t") if expected is None else expected
        if line.count("\t") != expected:
            return False, False
        if '"' in line:
            is_well_quoted = is_well_quoted and _all_well_quoted(line.split("\t"))
    return True, is_well_quoted


def _all_well_quoted(cells: Iterable[str]) -> bool:
    return all(_QUOTED.fullmatch(cell) for cell in cells if cell.startswith('"'))
