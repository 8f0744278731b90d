"""A migrated, empty database for each test: migrated once per worker, then copied in a few milliseconds."""

import shutil
import sqlite3
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import Engine, NullPool, create_engine, make_url

from trace.storage import migrations
from trace.storage.database import prepare_engine


class TestDatabase(Protocol):
    """``url`` stays the same for a worker; ``refresh`` makes what stands there empty and migrated again."""

    __test__ = False
    url: str

    def refresh(self) -> None: ...

    def drop(self) -> None: ...


class SqliteDatabase:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "trace.sqlite"
        self.template = folder / "template.sqlite"
        self.url = f"sqlite:///{self.path}"
        _migrate(f"sqlite:///{self.template}")
        with sqlite3.connect(self.template) as connection:  # leave no second file behind, so that one copy is all
            connection.execute("PRAGMA journal_mode=DELETE")
        connection.close()

    def refresh(self) -> None:
        self.drop()
        shutil.copyfile(self.template, self.path)

    def drop(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


class PostgresDatabase:
    """``server_url`` names any database on a server where databases may be created."""

    def __init__(self, server_url: str) -> None:
        server = make_url(server_url).set(drivername="postgresql")
        self.name = f"trace_test_{uuid4().hex[:12]}"
        self.template = f"{self.name}_template"
        self._server = psycopg.connect(server.render_as_string(hide_password=False), autocommit=True)
        database = server.set(drivername="postgresql+psycopg", database=self.name)
        self.url = database.render_as_string(hide_password=False)
        self._execute("CREATE DATABASE {}", self.template)
        _migrate(database.set(database=self.template).render_as_string(hide_password=False))

    def refresh(self) -> None:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", self.name, self.template)

    def drop(self) -> None:
        for name in (self.name, self.template):
            self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._server.close()

    def _execute(self, statement: str, *names: str) -> None:
        self._server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def open_engine(url: str) -> Engine:
    """As the application opens it, except that no connection outlives its use."""
    return prepare_engine(create_engine(url, poolclass=NullPool))


def _migrate(url: str) -> None:
    engine = open_engine(url)
    migrations.upgrade(engine)
    engine.dispose()
