"""A store that can't be used is told in words a person can act on; anything else is left to be told as what it is."""

import errno
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from ssl_core.cli import main
from ssl_core.errors import UserError
from ssl_core.i18n import LANGUAGES
from ssl_core.runs import unusable
from ssl_core.runs.store import RunStore


@pytest.fixture(params=["a damaged list", "a folder in its place", "a home that is a file"])
def broken_home(request, tmp_path, monkeypatch):
    home = tmp_path / "broken"
    monkeypatch.setenv("PLAYGROUND_HOME", str(home))
    if request.param == "a home that is a file":
        home.write_text("not a folder")
        return home
    home.mkdir()
    if request.param == "a folder in its place":
        (home / "runs.sqlite").mkdir()
    else:
        (home / "runs.sqlite").write_bytes(b"\xf3" * 20_000)
    return home


@pytest.mark.parametrize("words", [["runs", "list"], ["runs", "show", "deadbeef"]])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_line_says_what_to_do(broken_home, words, language, capsys):
    assert main(["--lang", language, *words]) == 2
    told = capsys.readouterr().err
    assert str(broken_home) in told
    assert len(told.splitlines()) == 1, "one sentence to act on, no traceback"


def test_a_damaged_list_is_left_as_it_is(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    (tmp_path / "runs.sqlite").write_bytes(b"\xf3" * 20_000)
    assert main(["runs", "list"]) == 2
    assert "Move that file elsewhere" in capsys.readouterr().err
    assert (tmp_path / "runs.sqlite").read_bytes() == b"\xf3" * 20_000


@pytest.mark.parametrize("url", ["nonsense", "nonsense://x/y", "postgresql+nodriver://x/y"])
def test_an_address_of_no_database_is_told(url, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_STORE_URL", url)
    with pytest.raises(UserError, match="PLAYGROUND_STORE_URL"):
        RunStore()


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (OSError(errno.EROFS, "Read-only file system", "/x/runs.sqlite.lock"), "Make that folder writable"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "Permission denied (/x)"),
        (OSError(errno.ENOSPC, "No space left on device"), "Free some space"),
        (sqlite3.OperationalError("database or disk is full"), "Free some space"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "Make that folder writable"),
        (sqlite3.OperationalError("database is locked"), "Try again"),
        (sqlite3.DatabaseError("database disk image is malformed"), "Move that file elsewhere"),
        (UserError("said already"), "said already"),
    ],
)
def test_each_trouble_has_its_remedy(reason, said):
    raised = OperationalError("SELECT 1", {}, reason) if isinstance(reason, sqlite3.Error) else reason
    assert said in str(unusable.of_store(raised))


@pytest.mark.parametrize("reason", [FileNotFoundError(errno.ENOENT, "No such file", "x"), ValueError("x"), KeyError("x")])
def test_our_own_faults_are_not_told_as_trouble_with_the_store(reason):
    assert unusable.of_store(reason) is None
