"""Files are read in a process of their own: it has limits, and is gone when nobody waits for it."""

import io
import json
import subprocess
import sys

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ssl_core import corpora
from ssl_core.corpora import apart, reading, uploads
from ssl_core.errors import UserError

SENTENCES = [f"Sentence {n} tells how the cat number {n * 7 % 101} found its way home." for n in range(3000)]
TABLE = "\n".join(["text,label", *(f"{each},a name" for each in SENTENCES)]).encode()
SMALL = b"\n".join(TABLE.split(b"\n")[:400])


def readers():
    return [each.pid for each in psutil.Process().children(recursive=True) if apart.__name__ in " ".join(each.cmdline())]


def told(folder, name, data):
    """What a process is told that is to look at a file; the file lies in ``folder`` then."""
    (folder / apart.FILE).write_bytes(data)
    return json.dumps({"keep": False, "filename": name, "text_column": None, "folder": str(folder)})


def reply(folder):
    return json.loads((folder / apart.REPLY).read_text())


@pytest.mark.parametrize("data", [SMALL, TABLE])
def test_a_file_read_apart_is_what_it_is_read_here(data):
    assert (len(data) > apart.SMALL_BYTES) == (data is TABLE), "else this shows nothing"
    found = apart.look("a.csv", data)
    assert found.preview == uploads.preview("a.csv", data)
    assert (found.columns, found.text_column, found.problem) == (("text", "label"), "text", None)
    key = apart.keep("a.csv", data)
    assert key == uploads.keep("a.csv", data)
    assert len(corpora.load(key).documents()) == found.preview.num_documents


def test_a_column_that_will_not_do_leaves_the_others_to_choose_from():
    found = apart.look("a.csv", TABLE, "label")
    assert found.preview is None
    assert found.columns == ("text", "label")
    assert "Without its repeats" in str(found.problem)
    with pytest.raises(UserError, match="Without its repeats"):
        apart.keep("a.csv", TABLE, "label")


@pytest.mark.parametrize(("name", "data"), [("a.docx", TABLE), ("a.csv", b""), ("a.txt", b"x" * (20 * 2**20 + 1))])
def test_what_needs_no_reading_is_refused_without_a_process(name, data, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("no process is needed"))
    assert apart.look(name, data).problem is not None


def test_who_stops_waiting_ends_the_reading():
    seen = []

    def leave():
        seen.extend(readers())
        raise InterruptedError

    with pytest.raises(InterruptedError):
        apart.look("a.csv", TABLE, None, leave)
    assert len(seen) == 1
    assert not readers()
    assert apart.look("a.csv", TABLE).problem is None, "and leaves its place to the next one"


def test_a_process_that_takes_too_much_is_ended(monkeypatch):
    monkeypatch.setattr(apart, "MAX_MEMORY_BYTES", 2**20)
    found = apart.look("a.csv", TABLE * 20)
    assert "of memory" in str(found.problem)
    assert not readers()


def test_a_process_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(apart, "MAX_WAIT_S", 0.0)
    assert "seconds" in str(apart.look("a.csv", TABLE * 20).problem)
    assert not readers()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
def test_memory_beyond_the_limit_is_refused_and_told(monkeypatch, tmp_path):
    code = "from ssl_core.corpora import apart, formats\n"
    code += "apart.MAX_MEMORY_BYTES, apart._ADDRESS_ROOM = 200 * 2**20, 0\n"
    code += "formats.read = lambda *_: bytearray(400 * 2**20)\nimport sys\napart.main(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, told(tmp_path, "a.txt", b"words")], check=True, timeout=60)
    assert "MB of memory" in reply(tmp_path)["problem"]["template"]


def heavy_files():
    file = io.BytesIO()
    pq.write_table(pa.table({"text": ["word " * 200_000] * 400}), file)  # a few KB that unpack to 400 MB
    yield "bomb.parquet", file.getvalue()
    file = io.BytesIO()
    pq.write_table(pa.table({"text": pa.nulls(50_000_000, pa.string())}), file, compression="zstd")
    yield "nulls.parquet", file.getvalue()
    yield "keys.jsonl", "\n".join(json.dumps({f"k{n}": "a"}) for n in range(60_000)).encode()
    yield "lists.jsonl", b'{"x":[' + b"[]," * 1_300_000 + b"[]]}\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(("name", "data"), heavy_files())
def test_files_made_to_take_much_take_little(name, data, tmp_path):
    code = "import os, sys\nfrom ssl_core.corpora import apart\n"
    code += "def tell(_code):\n    sys.stderr.write(open('/proc/self/status').read())\n    sys.stderr.flush()\n    os.abort()\n"
    code += "os._exit = tell\napart.main(sys.argv[1])"
    command = [sys.executable, "-c", code, told(tmp_path, name, data)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=240)
    assert reply(tmp_path)["problem"], "refused"
    peak_kb = next(int(line.split()[1]) for line in done.stderr.decode().splitlines() if line.startswith("VmHWM"))
    assert peak_kb < 450 * 1024, "pyarrow alone takes 100 MB; a file that can be used takes up to 500"


def test_the_limit_of_words_is_the_same_everywhere():
    with pytest.raises(UserError, match="at least 2000"):
        reading.read_file("a.txt", b"Only a few words.", None)
