"""Files made to take much: each small enough to be uploaded, each larger than it looks once it is read without care."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from itertools import count

from ssl_core.corpora.uploads import MAX_BYTES

MB = 2**20
LARGE = MAX_BYTES - MB
Make = Callable[[], bytes]


def files() -> dict[str, tuple[str, Make]]:
    """Return the files by what they are: their names, and what makes their bytes."""
    return {
        "JSONL, a new key in each line": ("keys.jsonl", lambda: _keys(567_000)),
        "the same, larger": ("keys.jsonl", lambda: _keys(13_000_000)),
        "the same, small enough to be read in the app": ("keys.jsonl", lambda: _keys(99_000)),
        "CSV, a header of 80,000 columns": ("wide.csv", lambda: (",".join(f"c{n}" for n in range(80_000)) + "\n1\n").encode()),
        "CSV, one line `a,a,a…`": ("commas.csv", lambda: b"a," * (LARGE // 2)),
        "CSV, lines `a,a`": ("pairs.csv", lambda: b"a,a\n" * (LARGE // 4)),
        "CSV, one quotation mark that never ends": ("quote.csv", lambda: b'text,n\n"' + b"word, " * (LARGE // 6)),
        "JSONL, one huge line": ("line.jsonl", lambda: json.dumps({"text": "word " * (LARGE // 5)}).encode()),
        "JSONL, a list of lists of lists …": ("deep.jsonl", lambda: b"[" * LARGE),
        "text, one huge line without a blank": ("line.txt", lambda: b"x" * LARGE),
        "text, one huge line of words that repeat": ("words.txt", lambda: b"word " * (LARGE // 5)),
        "Parquet that unpacks to 4 GB": ("bomb.parquet", _parquet_bomb),
        "a zip bomb by the name of a table": ("bomb.csv", _zip_bomb),
        "for comparison, a text that can be used": ("text.txt", _text),
    }


def _keys(num_bytes: int) -> bytes:
    """Return objects of one value each, under names that all differ."""
    lines = io.BytesIO()
    for number in count():
        lines.write(f'{{"k{number}":"a"}}\n'.encode())
        if lines.tell() >= num_bytes:
            return lines.getvalue()
    raise AssertionError


def _parquet_bomb() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    schema = pa.schema([("text", pa.string())])
    with pq.ParquetWriter(file, schema, compression="zstd", use_dictionary=True) as writer:
        for _group in range(40):
            writer.write_table(pa.table({"text": ["word " * 200_000] * 100}, schema=schema))
    return file.getvalue()


def _zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("a.csv", "w") as unpacked:
        for _part in range(1000):
            unpacked.write(bytes(MB))
    return file.getvalue()


def _text() -> bytes:
    """Return sentences that all differ."""
    return "".join(
        _until(LARGE, (f"Sentence {n} tells how cat number {n * 7 % 101} found its way home. " for n in count()))
    ).encode()


def _until(num_characters: int, parts: Iterator[str]) -> Iterator[str]:
    while num_characters > 0:
        part = next(parts)
        num_characters -= len(part)
        yield part
