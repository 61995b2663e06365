"""Where things are kept: everything under one folder, PLAYGROUND_HOME."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs


def home() -> Path:
    """Return the folder that holds all runs, uploads and caches, making it where it is missing.

    It is ``PLAYGROUND_HOME`` if that is set, else the platform's user data folder.
    """
    folder = named_home()
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def named_home() -> Path:
    """Return the folder that ``home`` makes, whether or not it can be made."""
    named = os.environ.get("PLAYGROUND_HOME")
    return Path(named).expanduser() if named else Path(platformdirs.user_data_dir("pretraining-playground", False))


def store_url() -> str:
    """Return the SQLAlchemy URL of the run store: ``PLAYGROUND_STORE_URL``, else SQLite in ``home()``."""
    return os.environ.get("PLAYGROUND_STORE_URL") or f"sqlite:///{home() / 'runs.sqlite'}"


def run_folder(run_id: str) -> Path:
    """Return the folder for the large files of one run (checkpoints, exported model)."""
    return home() / "runs" / run_id


def cache_folder() -> Path:
    """Return the folder for what can be computed again (tokenised corpora, tokenizers)."""
    return home() / "cache"


def uploads_folder() -> Path:
    """Return the folder for the learner's own texts."""
    return home() / "uploads"


def answers_folder() -> Path:
    """Return the folder for the large arrays of answers about models."""
    return home() / "answers"


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``, moved there when the block ends well and removed when it does not.

    A reader sees either the old file or the whole new one, never half of it. Works for files and for folders.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.partial")
    try:
        yield partial
        os.replace(partial, path)
    except BaseException:
        _remove(partial)
        raise


def _remove(path: Path) -> None:
    if path.is_dir():
        for child in path.iterdir():
            _remove(child)
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
