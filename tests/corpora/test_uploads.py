"""A learner's own file: looked at, kept or refused."""

import csv
import errno
import io
import json
import multiprocessing

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ssl_core import corpora, paths
from ssl_core.corpora import uploads
from ssl_core.errors import UserError
from ssl_core.i18n import in_language

SENTENCES = [f"Sentence {number} tells how the cat number {number * 7 % 101} found its way home." for number in range(300)]
TEXT = "\n".join(SENTENCES)
ROWS = [{"id": str(number), "headline": f"Cat {number}", "body": sentence * 2} for number, sentence in enumerate(SENTENCES)]


def as_csv(rows=ROWS, delimiter=","):
    file = io.StringIO()
    writer = csv.DictWriter(file, rows[0].keys(), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def as_jsonl(rows=ROWS):
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def as_parquet(rows=ROWS, **options):
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), file, **options)
    return file.getvalue()


def written(home):
    return sorted(str(path.relative_to(home)) for path in home.rglob("*"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030", "latin-1"])
def test_text_files_round_trip_in_every_encoding(encoding):
    key = uploads.keep("cats.txt", TEXT.encode(encoding))
    kept = "\n".join(document.text for document in corpora.load(key).documents())
    assert kept.split() == TEXT.split()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030"])
def test_chinese_files_round_trip_and_are_chinese(encoding):
    text = "\n".join(f"第{number}天，我们学习了语言模型的第{number * 3}个例子，大家都觉得很有意思。" for number in range(120))
    look = uploads.preview("课文.txt", text.encode(encoding))
    assert look.language == "zh"
    key = uploads.keep("课文.txt", text.encode(encoding))
    assert "".join(document.text for document in corpora.load(key).documents()).replace("\n", "") == text.replace("\n", "")
    assert corpora.card(key).title == "课文.txt"


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.csv", as_csv()), ("b.CSV", as_csv(delimiter=";")), ("c.jsonl", as_jsonl()), ("d.parquet", as_parquet()),
     ("e.csv", as_csv(delimiter="\t")), ("f.parquet", as_parquet(use_dictionary=False, compression="gzip"))],
)  # fmt: skip
def test_of_a_table_the_column_with_the_longest_texts_is_read(name, data, home):
    before = written(home)
    look = uploads.preview(name, data)
    assert written(home) == before, "a preview writes nothing"
    assert look.text_column == "body"
    assert {"headline", "body"} <= set(look.columns)
    assert look.rows[0] == ROWS[0]["body"]
    assert look.num_documents == len(ROWS)
    assert look.language == "en"
    key = uploads.keep(name, data)
    assert [document.text for document in corpora.load(key).documents()] == [row["body"] for row in ROWS]


def test_another_column_can_be_chosen():
    rows = [{"short": f"{number} is a number with a name", "long": "x y z " * 20 + str(number)} for number in range(400)]
    for name, data in (("t.csv", as_csv(rows)), ("t.jsonl", as_jsonl(rows)), ("t.parquet", as_parquet(rows))):
        assert uploads.preview(name, data, "short").rows[0] == "0 is a number with a name"
        with pytest.raises(UserError, match=r"'nope'.*short, long"):
            uploads.preview(name, data, "nope")


def test_same_text_gets_the_same_key_whatever_file_it_came_in():
    keys = {
        uploads.keep("one.txt", TEXT.encode()),
        uploads.keep("two.txt", TEXT.encode("utf-16")),
        uploads.keep("three.txt", TEXT.replace("\n", "\r\n").encode()),
    }
    assert len(keys) == 1
    assert uploads.KEY.fullmatch(keys.pop())
    assert [card.title for card in corpora.cards()][-1] == "one.txt"
    assert uploads.keep("four.txt", (TEXT + " More.").encode()) != uploads.keep("one.txt", TEXT.encode())


CELL_TOO_LONG = [{"text": "a b c " * 2000}, {"text": "word " * 220_000}]
REFUSED = {
    "empty": ("a.txt", b"", "empty"),
    "blank": ("a.txt", b" \n\n\t ", "empty"),
    "blank with a mark": ("a.txt", b"\xef\xbb\xbf \n", "empty"),
    "binary": ("a.txt", bytes(range(256)) * 100, "no text"),
    "zip named text": ("a.csv", b"PK\x03\x04" + TEXT.encode(), "no text"),
    "too few words": ("a.txt", ("word " * 1999).encode(), "1999 words; at least 2000"),
    "too few Chinese words": ("a.txt", ("字" * 1999).encode(), "1999 words"),
    "over the limit": ("a.txt", b"word " * (4 * 2**20 + 4), "20 MB"),
    "unknown ending": ("a.docx", TEXT.encode(), r"'\.docx'"),
    "an ending of its own": ("notes.2024", TEXT.encode(), r"let its name end in \.txt"),
    "no ending and no text": ("README", bytes(range(256)) * 100, "no text"),
    "csv without text": ("a.csv", as_csv([{"x": "1", "y": "2.5"}] * 3000), "running text"),
    "csv with names only": ("a.csv", as_csv([{"name": "Ann"}] * 3000), "running text"),
    "csv of a header": ("a.csv", b"text,label\n", "running text"),
    "jsonl without text": ("a.jsonl", b'{"x": 1}\n' * 3000, "running text"),
    "parquet without text": ("a.parquet", as_parquet([{"x": 1}] * 3000), "running text"),
    "parquet without rows": ("a.parquet", as_parquet(ROWS[:1])[:0] or b"PAR1", "Parquet"),
    "broken parquet": ("a.parquet", as_parquet()[:-40], "Parquet"),
    "damaged parquet": ("a.parquet", b"PAR1" + b"\x07" * 5000 + b"PAR1", "Parquet"),
    "csv cell over 1 MB": ("a.csv", as_csv(CELL_TOO_LONG), "Row 2 .*1 MB"),
    "jsonl cell over 1 MB": ("a.jsonl", as_jsonl(CELL_TOO_LONG), "Row 2 .*1 MB"),
    "parquet cell over 1 MB": ("a.parquet", as_parquet(CELL_TOO_LONG), "Row 2 .*1 MB"),
    "ragged csv": ("a.csv", b"text,label\na b c,1\nd, e, f,2\n", "Line 3 has 4 cells, the first line has 2"),
    "unclosed quote": ("a.csv", b'text,label\n"a b c,1\nd e f,2\n', "Line 3 .*CSV"),
    "invalid jsonl": ("a.jsonl", b'{"text": "a b"}\n\n{"text": oops}\n', "Line 3 is no valid JSON"),
    "jsonl of lists": ("a.jsonl", b'["a b c"]\n', "Line 1 is no JSON object"),
    "jsonl too deep": ("a.jsonl", b"[" * 200_000, "Line 1 is no valid JSON"),
    "unpacks too far": ("a.parquet", as_parquet([{"text": "word " * 200_000}] * 90), "64 MB"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_bad_files_are_refused_with_a_reason_and_nothing_is_written(case, home):
    name, data, reason = REFUSED[case]
    before = written(home)
    for refuse in (uploads.preview, uploads.keep):
        with pytest.raises(UserError, match=reason):
            refuse(name, data)
        with pytest.raises(UserError) as refusal, in_language("zh"):
            refuse(name, data)
        assert refusal.value.message("zh") != refusal.value.message("en")
    assert written(home) == before


@pytest.mark.parametrize("case", [each for each in REFUSED if each != "over the limit"])  # its plain text may be of any size
def test_the_command_line_refuses_the_same_files(case, tmp_path):
    name, data, reason = REFUSED[case]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UserError, match=reason):
        corpora.load(str(path))


def test_a_file_without_an_ending_is_plain_text(tmp_path):
    path = tmp_path / "README"
    path.write_bytes(TEXT.encode())
    assert uploads.preview("README", TEXT.encode()).kind == "txt"
    assert "\n".join(document.text for document in corpora.load(str(path)).documents()).split() == TEXT.split()


def test_enough_words_are_enough():
    for word in ("word ", "字"):
        assert uploads.preview("a.txt", (word * 2000).encode()).num_words == 2000


def test_markup_stays_text():
    attack = "<script>alert('x')</script> <img src=x onerror=alert(1)> & [MASK] {x} **bold** "
    data = "\n".join(f"{attack} {sentence}" for sentence in SENTENCES).encode()
    key = uploads.keep("<img src=x onerror=alert(1)>.txt", data)
    text = corpora.load(key).documents()[0].text
    assert attack in text
    assert corpora.card(key).title == "<img src=x onerror=alert(1)>.txt"


@pytest.mark.parametrize(
    ("name", "title"),
    [("../../etc/cats.txt", "cats.txt"), ("C:\\Users\\ann\\cats.txt", "cats.txt"), ("a\x00b\n\u202ec.txt", "ab c.txt"),
     ("x" * 300 + ".txt", "x" * 80)],
)  # fmt: skip
def test_file_name_is_for_display_only(name, title, home):
    key = uploads.keep(name, TEXT.encode())
    assert corpora.card(key).title == title
    assert {path.split("/")[0] for path in written(home)} == {"uploads"}
    assert all(path in ("uploads", f"uploads/{key}") or path.startswith(f"uploads/{key}/") for path in written(home))


def test_full_disk_is_said_in_words_and_leaves_nothing(home, monkeypatch):
    def full(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(UserError, match="disk is full"):
        uploads.keep("a.txt", TEXT.encode())
    assert [path for path in written(home) if path != "uploads"] == []


def test_lone_surrogates_in_json_do_no_harm():
    rows = [{"text": f"{sentence} \ud800 end"} for sentence in SENTENCES]
    key = uploads.keep("a.jsonl", "\n".join(json.dumps(row) for row in rows).encode())
    assert corpora.load(key).documents()[0].text.endswith("\ufffd end")


def test_text_that_only_repeats_itself_is_kept_whole():
    assert uploads.preview("a.txt", b"the cat sat on the mat. " * 500).num_words == 3000


def test_damaged_upload_is_not_offered(home):
    key = uploads.keep("a.txt", TEXT.encode())
    (paths.uploads_folder() / key / "card.json").write_text("{", encoding="utf-8")
    assert key not in [card.key for card in corpora.cards()]
    with pytest.raises(UserError, match="Upload the file again"):
        corpora.load(key)


def test_a_path_reads_as_its_upload_would(tmp_path, home):
    path = tmp_path / "cats.csv"
    path.write_bytes(as_csv())
    before = written(home)
    corpus = corpora.load(str(path))
    assert [each for each in written(home) if not each.startswith("cache")] == before, "only what can be found out again"
    kept = corpora.load(uploads.keep("cats.csv", as_csv()))
    assert [document.text for document in corpus.documents()] == [document.text for document in kept.documents()]
    assert corpus.card.title == "cats.csv"


def test_two_processes_may_keep_the_same_text_at_once(home):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        keys = pool.starmap(uploads.keep, [("a.txt", TEXT.encode())] * 6)
    assert len(set(keys)) == 1
    assert written(home) == ["uploads"] + [f"uploads/{keys[0]}{rest}" for rest in ("", "/card.json", "/documents.jsonl")]


def test_a_deleted_text_is_gone_whole_and_can_be_kept_anew(home):
    before = written(home)
    key = uploads.keep("cats.txt", TEXT.encode())
    uploads.delete(key)
    assert [path for path in written(home) if path != "uploads"] == before
    assert key not in [card.key for card in corpora.cards()]
    assert uploads.keep("cats.txt", TEXT.encode()) == key


@pytest.mark.parametrize("key", ["upload-0123456789ab", "../runs", "upload-../../x", "", "bbc-news"])
def test_what_was_never_kept_cannot_be_deleted(key):
    with pytest.raises(UserError, match="no uploaded text"):
        uploads.delete(key)
