"""Files as they come from people and programs: each is read rightly or refused with a clear reason."""

import csv
import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ssl_core.corpora import reading, uploads
from ssl_core.corpora.base import tidy
from ssl_core.errors import UserError

PROSE = [f"Well, sentence {n} has a comma, or two, and tells of cat {n * 7 % 101}; it goes on." for n in range(400)]


def documents(name, data):
    return [document.text for document in reading.read_file(name, data, None).documents]


@pytest.mark.parametrize("header", ["text", "\ufefftext", '"text"'])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_single_column_may_be_full_of_commas(header, line_end):
    data = line_end.join([header, *PROSE]).encode()
    assert documents("a.csv", data) == PROSE
    assert uploads.preview("a.csv", data).text_column == "text"


def test_a_single_column_may_be_quoted_as_csv_wants():
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["text"], *([line] for line in PROSE)])
    assert documents("a.csv", file.getvalue().encode()) == PROSE


def test_speech_in_a_single_column_keeps_its_quotation_marks():
    speech = [f'"Yes," said cat {n}, "this is the way home, I think."' for n in range(300)]
    assert documents("a.csv", "\n".join(["text", *speech]).encode()) == speech


def test_sentences_without_a_header_are_texts_each():
    assert documents("a.csv", "\n".join(["Once, long ago, there was a cat.", *PROSE[1:]]).encode())[1:] == PROSE[1:]


@pytest.mark.parametrize(("row", "found"), [("a text, with a comma,1", 3), ("only a text", 1), ("x,1,2,3,4", 5)])
def test_ragged_rows_of_a_table_are_named_by_their_line(row, found):
    table = "\n".join(["text,label", *(f"plain text number {n},{n % 2}" for n in range(500)), row]).encode()
    with pytest.raises(UserError, match=f"Line 502 has {found} cells, the first line has 2"):
        uploads.preview("a.csv", table)


@pytest.mark.parametrize("kind", ["txt", "csv", "jsonl"])
def test_a_byte_order_mark_is_no_part_of_the_text(kind):
    lines = {"txt": PROSE, "csv": ["text", *PROSE], "jsonl": [json.dumps({"text": line}) for line in PROSE]}[kind]
    data = b"\xef\xbb\xbf" + "\n".join(lines).encode()
    assert " ".join(documents(f"a.{kind}", data)).split() == " ".join(PROSE).split()


@pytest.mark.parametrize("kind", ["txt", "csv", "jsonl"])
def test_mixed_line_ends_are_line_ends(kind):
    lines = {"txt": PROSE, "csv": ["text", *PROSE], "jsonl": [json.dumps({"text": line}) for line in PROSE]}[kind]
    ends = ["\n", "\r\n", "\r"]
    data = "".join(line + ends[n % 3] for n, line in enumerate(lines)).encode()
    assert " ".join(documents(f"a.{kind}", data)).split() == " ".join(PROSE).split()


@pytest.mark.parametrize("kind", ["txt", "csv", "jsonl"])
def test_nul_bytes_are_refused_as_no_text(kind):
    lines = {"txt": PROSE, "csv": ["text", *PROSE], "jsonl": [json.dumps({"text": line}) for line in PROSE]}[kind]
    data = "\n".join(lines).encode().replace(b"cat 7 ", b"cat\x007 ").replace(b"cat 14;", b"cat\x00\x00;")
    assert b"\0" in data
    with pytest.raises(UserError, match="no text"):
        uploads.preview(f"a.{kind}", data)


def test_nul_escaped_in_json_is_dropped():
    data = "\n".join(json.dumps({"text": line + "\0"}) for line in PROSE).encode()
    assert documents("a.jsonl", data) == PROSE


@pytest.mark.parametrize(
    ("kind", "reason"), [("csv", "no text"), ("txt", "no text"), ("jsonl", "no text"), ("parquet", "Parquet")]
)
def test_a_zip_by_another_name_is_refused(kind, reason):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("a.csv", "\n".join(["text", *PROSE]))
    with pytest.raises(UserError, match=reason):
        uploads.preview(f"a.{kind}", file.getvalue())


def parquet(columns):
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


NESTED = {
    "tags": pa.array([["a tag", "b"]] * 400),
    "meta": pa.array([{"text": "an inner text that is much longer than the outer one, so it seems", "n": 1}] * 400),
    "pairs": pa.array([[("key", "a value with some words")]] * 400, type=pa.map_(pa.string(), pa.string())),
}


def test_beside_nested_columns_the_text_column_is_read():
    data = parquet({**NESTED, "text": pa.array(PROSE), "a.b": pa.array(["short"] * 400)})
    assert documents("a.parquet", data) == PROSE
    assert uploads.preview("a.parquet", data).columns == ("text", "a.b")


def test_texts_inside_nested_columns_only_are_refused_with_their_names():
    with pytest.raises(UserError, match=r"nested columns \(tags, meta, pairs\)"):
        uploads.preview("a.parquet", parquet(NESTED))


@pytest.mark.parametrize("kind", ["txt", "csv"])
def test_a_million_short_lines_are_read(kind):
    lines = [f"a line {n} go" for n in range(1_000_000)]
    data = "\n".join(["text and more", *lines] if kind == "csv" else lines).encode()
    found = reading.read_file(f"a.{kind}", data, None)
    assert found.num_words == 4_000_000
    assert "a line 999999 go" in found.documents[-1].text


def test_one_line_of_20_mb_is_cut_into_passages():
    data = (" ".join(PROSE) * 700).encode()[: 20 * 2**20]
    found = documents("a.txt", data)
    assert max(map(len, found)) <= 4001
    data = " ".join(f"word{n}" for n in range(3000)).encode() + b" " + b"x" * (20 * 2**20 - 30_000)
    assert max(map(len, documents("a.txt", data))) <= 4001


def test_one_line_of_20_mb_is_no_table():
    line = (" ".join(PROSE) * 700)[: 20 * 2**20 - 20]
    with pytest.raises(UserError, match=r"running text|1 MB|CSV"):
        uploads.preview("a.csv", line.encode())
    with pytest.raises(UserError, match=r"Row 1 .*1 MB"):
        uploads.preview("a.jsonl", json.dumps({"text": line}).encode())


def test_a_line_of_blanks_costs_no_more_than_its_length():
    # looking at each blank from each blank before it would take hours
    assert tidy("word" + " " * 3_000_000 + "word") == "word" + " " * 3_000_000 + "word"
    assert tidy("word" + " " * 3_000_000 + "\nword") == "word\nword"
