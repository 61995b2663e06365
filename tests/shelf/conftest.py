import pytest

from ssl_core import shelf


@pytest.fixture
def shelf_folder(tmp_path, monkeypatch):
    """An empty shelf."""
    folder = tmp_path / "shelf"
    monkeypatch.setattr(shelf, "FOLDER", folder)
    return folder
