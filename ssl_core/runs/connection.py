"""One engine of SQLAlchemy per store and process, set up so that thirty writers and a reader get along."""

import sqlite3
from functools import cache
from typing import Any

import sqlalchemy
from filelock import FileLock
from sqlalchemy import Engine, event

from ssl_core.runs import patience, unusable
from ssl_core.runs.tables import metadata


@cache
def connect(url: str) -> Engine:
    """Return the engine for ``url``, with all tables there.

    Raises: UserError if that is no address of a database that can be used here.
    """
    try:
        engine = sqlalchemy.create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    except (sqlalchemy.exc.ArgumentError, ImportError) as reason:  # no URL, or a driver that is not installed
        raise unusable.of_address(reason) from reason
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "checkout", _set_patience)
    if engine.dialect.name == "sqlite" and engine.url.database:
        with FileLock(f"{engine.url.database}.lock"):  # two first processes must not make the same tables at once
            metadata.create_all(engine)
    else:
        metadata.create_all(engine)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {round(patience.PATIENCE_S * 1000)}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")  # a power cut may lose the last second, never the file
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _set_patience(connection: sqlite3.Connection, record: Any, _proxy: Any) -> None:
    wanted_ms = round(patience.seconds() * 1000)
    if record.info.get("patience_ms") != wanted_ms:
        connection.execute(f"PRAGMA busy_timeout = {wanted_ms}").close()
        record.info["patience_ms"] = wanted_ms
