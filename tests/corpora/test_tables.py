"""Tables as people and programs write them: one reading, one column, whatever the format; limits before anything is built."""

import csv
import io
import json
import tracemalloc

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ssl_core import corpora
from ssl_core.cli.parser import parse
from ssl_core.cli.train import spec_of
from ssl_core.corpora import names, reading, tables
from ssl_core.errors import UserError

SENTENCES = [f"The old camera number {n} was delivered a day late, and the box had {n * 7 % 31} holes." for n in range(400)]
LABELS = [str(n % 2) for n in range(400)]


def documents(name, data, column=None):
    found = reading.read_file(name, data if isinstance(data, bytes) else data.encode(), column)
    return [document.text for document in found.documents]


def rows(*columns, delimiter="\t"):
    return "\n".join(delimiter.join(row) for row in zip(*columns, strict=True)) + "\n"


def parquet(columns):
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def as_csv(columns, **options):
    file = io.StringIO()
    csv.writer(file, **options).writerows([list(columns), *zip(*columns.values(), strict=True)])
    return file.getvalue()


@pytest.mark.parametrize("name", ["a.tsv", "a.csv"])
def test_lone_quotation_marks_of_a_tsv_are_part_of_its_texts(name):
    texts = [('"' if n % 50 == 3 else "") + each + ('"' if n % 70 == 9 else "") for n, each in enumerate(SENTENCES)]
    assert documents(name, "label\ttext\n" + rows(LABELS, texts)) == texts


def test_a_tsv_that_a_spreadsheet_wrote_loses_its_quotation_marks():
    texts = [f'{each} "Yes," it said.' for each in SENTENCES]
    assert documents("a.tsv", as_csv({"text": texts, "label": LABELS}, delimiter="\t")) == texts
    broken = [each.replace(", ", ",\n") for each in texts]
    assert documents("a.tsv", as_csv({"text": broken, "label": LABELS}, delimiter="\t")) == broken


@pytest.mark.parametrize(
    "columns", [(SENTENCES, LABELS), (LABELS, SENTENCES), ([str(n) for n in range(400)], SENTENCES, LABELS)]
)
@pytest.mark.parametrize("name", ["a.tsv", "a.csv"])
def test_a_table_without_names_loses_no_row(name, columns):
    found = reading.read_file(name, rows(*columns).encode(), None)
    assert [each.text for each in found.documents] == SENTENCES
    assert found.source.columns == tuple(f"column {n + 1}" for n in range(len(columns)))


@pytest.mark.parametrize("header", [["text", "label"], ["What did you like best about the course?", "Mark"], ["2019", "2020"]])
def test_names_are_told_from_rows(header):
    found = reading.read_file("a.csv", as_csv(dict(zip(header, (SENTENCES, LABELS), strict=True))).encode(), None)
    assert [each.text for each in found.documents] == SENTENCES
    assert found.source.columns == tuple(header)


def test_a_name_may_have_a_line_break_and_separators():
    data = as_csv({"row\nnumber; or id, if any": LABELS, "text": SENTENCES})
    found = reading.read_file("a.csv", data.encode(), None)
    assert found.source.columns == ("row number; or id, if any", "text")
    assert [each.text for each in found.documents] == SENTENCES


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|", "^"])
@pytest.mark.parametrize("first", ["sep={}\n", "sep={}\r\n", '"sep={}"\n'])
def test_the_line_that_tells_a_spreadsheet_the_separator_is_obeyed(first, delimiter):
    data = first.format(delimiter) + as_csv({"text": SENTENCES, "label": LABELS}, delimiter=delimiter)
    found = reading.read_file("a.csv", data.encode(), None)
    assert (found.source.columns, [each.text for each in found.documents]) == (("text", "label"), SENTENCES)


def formats_of(columns):
    """Return one table in all formats."""
    lines = [json.dumps(dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True)]
    return {
        "csv": as_csv(columns).encode(), "tsv": as_csv(columns, delimiter="\t").encode(), "jsonl": "\n".join(lines).encode(),
        "parquet": parquet({name: list(cells) for name, cells in columns.items()}),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet"])
def test_every_format_reads_the_same_column_chosen_on_all_rows(kind):
    few = [f"{each} {each} {each}" if n < 100 else each[:39] for n, each in enumerate(SENTENCES)]  # long ones first
    data = formats_of({"question": few, "answer": [each * 2 for each in SENTENCES]})[kind]
    found = reading.read_file(f"a.{kind}", data, None)
    assert (found.text_column, len(found.documents)) == ("answer", 400)
    for wanted in ("question", "1"):
        other = reading.read_file(f"a.{kind}", data, wanted)
        assert (other.text_column, [each.text for each in other.documents]) == ("question", few)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_rows_without_a_text_say_nothing_about_a_column(kind):
    empty = None if kind == "parquet" else ""
    data = formats_of({"text": [empty] * 2000 + SENTENCES, "lang": ["en"] * 2400})[kind]
    assert documents(f"a.{kind}", data) == SENTENCES


def test_a_table_of_the_same_few_answers_is_refused_with_the_reason():
    answers = [SENTENCES[n % 5] for n in range(2000)]
    with pytest.raises(UserError, match=r"Without its repeats this text has 80 words"):
        documents("a.csv", as_csv({"id": map(str, range(2000)), "answer": answers}))
    with pytest.raises(UserError, match="Without its repeats"):
        documents("a.csv", as_csv({"id": ["1"] * 2000, "answer": SENTENCES[:1] * 2000}))


def test_names_are_cleaned_as_cells_are():
    lines = [json.dumps({"text\ud83d\u202e\x07": each, "text\ud83d": "b", "": "c d e f"}) for each in SENTENCES]
    found = reading.read_file("a.jsonl", "\n".join(lines).encode(), None)
    assert found.source.columns == ("text\ufffd", "text\ufffd (2)", "column 3")
    assert reading.read_file("a.jsonl", "\n".join(lines).encode(), "text\ud83d").text_column == "text\ufffd"
    assert json.dumps(found.source.columns, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a\nb\tc", "a b c"), ("\ud800", "\ufffd"), ("x\u202egnp.exe", "xgnp.exe"), ("नमस्ते", "नमस्ते"), ("می‌خواهم", "می‌خواهم"),
     ("w" * 300, "w" * 80), (" \u2066 ", "")],
)  # fmt: skip
def test_a_name_is_one_visible_line(name, shown):
    assert names.clean(name) == shown


CHAT = [{"messages": [{"role": "user", "content": each}]} for each in SENTENCES]


def test_advice_fits_texts_that_are_nested_or_bytes():
    with pytest.raises(UserError, match=r"inside lists or objects \(messages\).*\{\"text\": \"…\"\}"):
        documents("a.jsonl", "\n".join(map(json.dumps, CHAT)))
    with pytest.raises(UserError, match=r"columns text hold bytes.*decode"):
        documents("a.parquet", parquet({"text": [each.encode() for each in SENTENCES]}))
    beside = [json.dumps(each | {"text": text}) for each, text in zip(CHAT, SENTENCES, strict=True)]
    assert documents("a.jsonl", "\n".join(beside)) == SENTENCES


KEYS = "\n".join(json.dumps({f"k{n}": ""}) for n in range(60_000))
HEAVY = {
    "many keys": ("a.jsonl", KEYS, "more than 1,000 columns"),
    "many keys in one object": ("a.jsonl", json.dumps({f"k{n}": "a b c d" for n in range(100_000)}), "more than 1,000 columns"),
    "a wide header": ("a.csv", ",".join(f"c{n}" for n in range(80_000)) + "\n1\n", "more than 1,000 columns"),
    "a wide row": ("a.csv", "text,label\n" + "a," * 2_000_000, "more than 1,000 columns"),
    "a wide row behind a quoted cell": ("a.csv", 'text,label\n"a\nb"' + ",a" * 2_000_000, "more than 1,000 columns"),
    "a wide row of a TSV": ("a.tsv", "a\t" * 2_000_000, "more than 1,000 columns"),
    "one line of separators": ("a.csv", "a," * 2_000_000, "more than 1,000 columns"),
    "deeply nested": ("a.jsonl", '{"x":' * 400_000, r"Line 1 is no valid JSON"),
    "a long line": ("a.jsonl", '{"x":[' + "[]," * 2_000_000 + "[]]}", "Row 1 has a cell of more than 1 MB"),
    "a long number": ("a.jsonl", '{"x":' + "1" * 3_000_000 + "}", "Line 1 is no valid JSON"),
}  # fmt: skip


@pytest.mark.parametrize("case", HEAVY)
def test_a_small_file_takes_no_more_than_a_few_times_its_size(case):
    name, text, reason = HEAVY[case]
    data = text.encode()
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match=reason):
            reading.read_file(name, data, None)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16 * 2**20 + 6 * len(data), f"{peak / 2**20:.0f} MB for {len(data) / 2**20:.1f} MB"


def test_a_table_of_too_many_cells_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_CELLS", 700)
    for kind, data in formats_of({"text": SENTENCES, "label": LABELS}).items():
        with pytest.raises(UserError, match=r"more than 700 cells" if kind != "parquet" else "cells"):
            documents(f"a.{kind}", data)


@pytest.mark.parametrize("columns", [999, 1001])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_thousand_columns_are_enough(kind, columns):
    data = formats_of({"text": SENTENCES} | {f"c{n}": LABELS for n in range(columns - 1)})[kind]
    if columns > tables.MAX_COLUMNS:
        with pytest.raises(UserError, match="more than 1,000 columns"):
            documents(f"a.{kind}", data)
    else:
        assert documents(f"a.{kind}", data) == SENTENCES


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet"])
def test_a_table_over_20_mb_is_refused_in_words(kind, tmp_path):
    path = tmp_path / f"a.{kind}"
    path.write_bytes(b"text\n" + b"x" * (20 * 2**20))
    with pytest.raises(UserError, match="larger than 20 MB only plain text"):
        corpora.load(str(path))
    with pytest.raises(UserError, match=r"larger than 20 MB\. Upload a part"):
        reading.read_file(path.name, path.read_bytes(), None)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text(as_csv({"question": [each * 2 for each in SENTENCES], "comment": SENTENCES}), encoding="utf-8")
    return path


@pytest.mark.parametrize("column", ["comment", "2"])
def test_the_command_line_reads_the_column_that_is_asked_for(table, column):
    spec = spec_of(parse(["train", "--corpus", str(table), "--text-column", column]))
    corpus = corpora.load(spec.corpus)
    assert [document.text for document in corpus.documents()] == SENTENCES
    assert corpora.load(spec.corpus).documents()[0].text == SENTENCES[0], "from what was found out before, too"
    assert corpus.card.title == f"answers.csv · {column}"
    assert spec_of(parse(["train", "--corpus", spec.corpus])) == spec, "a run's settings name the column"
    assert corpora.load(str(table)).fingerprint != corpus.fingerprint


@pytest.mark.parametrize(
    ("words", "reason"),
    [(["--corpus", "bbc-news"], "tables only"), ([], "Name the table"), (["--corpus", "{text}"], "tables only"),
     (["--corpus", "{table}"], "no text in a column 'nope'; the columns with text are question, comment")],
)  # fmt: skip
def test_a_column_that_is_not_there_is_said(words, reason, table, small_text):
    words = [each.format(table=table, text=small_text) for each in words]
    with pytest.raises(UserError, match=reason):
        corpora.load(spec_of(parse(["train", *words, "--text-column", "nope"])).corpus).documents()
