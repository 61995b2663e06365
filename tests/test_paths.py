from pathlib import Path

import pytest

from ssl_core import paths


def test_home_is_where_the_environment_says_and_is_made(monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path / "new" / "home"))
    assert paths.home() == (tmp_path / "new" / "home").resolve()
    assert paths.home().is_dir()


def test_without_the_environment_it_is_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("PLAYGROUND_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(paths.platformdirs, "user_data_dir", lambda *_names: str(tmp_path / "pretraining-playground"))
    assert paths.home() == (tmp_path / "pretraining-playground").resolve()


def test_another_store_can_be_named(monkeypatch):
    monkeypatch.setenv("PLAYGROUND_STORE_URL", "postgresql://somewhere/runs")
    assert paths.store_url() == "postgresql://somewhere/runs"


def test_a_file_appears_whole(tmp_path):
    target = tmp_path / "deep" / "file.txt"
    with paths.written_whole(target) as partial:
        partial.write_text("half")
        assert not target.exists()
        partial.write_text("whole")
    assert target.read_text() == "whole"
    assert [each.name for each in target.parent.iterdir()] == ["file.txt"]


@pytest.mark.parametrize("make", [lambda path: path.write_text("x"), lambda path: (path / "inner").mkdir(parents=True)])
def test_what_breaks_off_leaves_the_old_and_no_rubbish(tmp_path: Path, make):
    target = tmp_path / "folder" / "thing"
    target.parent.mkdir()
    target.write_text("old")

    def break_off():
        with paths.written_whole(target) as partial:
            make(partial)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert target.read_text() == "old"
    assert [each.name for each in target.parent.iterdir()] == ["thing"]


def test_a_folder_appears_whole(tmp_path):
    with paths.written_whole(tmp_path / "folder") as partial:
        partial.mkdir()
        (partial / "inside").write_text("x")
    assert (tmp_path / "folder" / "inside").read_text() == "x"
