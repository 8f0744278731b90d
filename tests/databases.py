"""A migrated, empty database for each test: migrated once per worker, then made anew in a few milliseconds."""

import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self
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
    """``server_url`` names any database on a server where databases may be created.

    A copy of the template takes half a second, so the database of the last test is emptied where that is enough.
    """

    def __init__(self, server_url: str) -> None:
        server = make_url(server_url).set(drivername="postgresql")
        self.name = f"trace_test_{uuid4().hex[:12]}"
        self.template = f"{self.name}_template"
        self._server = psycopg.connect(server.render_as_string(hide_password=False), autocommit=True)
        self._inside: psycopg.Connection[Any] | None = None
        self._first = _PostgresContents()
        self._dsn = server.set(database=self.name).render_as_string(hide_password=False)
        self.url = make_url(self._dsn).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        self._execute("CREATE DATABASE {}", self.template)
        template = server.set(drivername="postgresql+psycopg", database=self.template)
        _migrate(template.render_as_string(hide_password=False))

    def refresh(self) -> None:
        if self._inside is None or not _emptied(self._inside, self._first):
            self._copy_template()

    def drop(self) -> None:
        self._close()
        for name in (self.name, self.template):
            self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._server.close()

    def _copy_template(self) -> None:
        self._close()
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", self.name, self.template)
        if self._server.info.parameter_status("is_superuser") == "on":  # who may go round the triggers
            self._inside = psycopg.connect(self._dsn, autocommit=True)
            self._first = _PostgresContents.read(self._inside)

    def _close(self) -> None:
        if self._inside:
            self._inside.close()
            self._inside = None

    def _execute(self, statement: str, *names: str) -> None:
        self._server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


MOST_GROWTH = 4_000_000
"""Bytes. Deleted rows stay where they were and are read again each time, so after this a copy is cheaper."""


@dataclass(frozen=True)
class _PostgresContents:
    shape: Any = None
    """Of tables, constraints, triggers: what a migration changes."""
    sequences: Mapping[str, int | None] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    filled: Mapping[str, str] = field(default_factory=dict)
    """Digest of each table that is not empty."""

    @classmethod
    def read(cls, connection: psycopg.Connection[Any]) -> Self:
        sizes = dict(
            connection.execute(
                "SELECT relname, pg_relation_size(oid) FROM pg_class "
                "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
            ).fetchall()
        )
        shape = connection.execute(
            "SELECT (SELECT array_agg((oid, relname, relnatts) ORDER BY oid) FROM pg_class WHERE relnamespace = n), "
            "(SELECT array_agg(oid ORDER BY oid) FROM pg_constraint WHERE connamespace = n), "
            "(SELECT array_agg((oid, tgenabled) ORDER BY oid) FROM pg_trigger) "
            "FROM (SELECT 'public'::regnamespace AS n)"
        ).fetchone()
        sequences = connection.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall()
        digest = sql.SQL(
            "SELECT {name}, md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t HAVING count(*) > 0"
        )
        filled = sql.SQL(" UNION ALL ").join(
            digest.format(name=sql.Literal(name), table=sql.Identifier(name)) for name in sizes
        )
        return cls(shape, dict(sequences), sizes, dict(connection.execute(filled).fetchall()) if sizes else {})


def _emptied(connection: psycopg.Connection[Any], first: _PostgresContents) -> bool:
    """Whether the database is now as it was at first; where a test changed more than rows, nothing is done."""
    connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    found = _PostgresContents.read(connection)
    written = [name for name, digest in found.filled.items() if first.filled.get(name) != digest]
    if (
        found.shape != first.shape
        or any(name in written or name not in found.filled for name in first.filled)
        or sum(found.sizes.values()) > sum(first.sizes.values()) + MOST_GROWTH
    ):
        return False
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")  # what is append-only is deleted, too
        for name in written:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        for name, last in first.sequences.items():
            if found.sequences[name] != last:
                connection.execute("SELECT setval(%s::regclass, %s, %s)", (name, last or 1, last is not None))
    return True


def open_engine(url: str) -> Engine:
    """As the application opens it, except that no connection outlives its use."""
    return prepare_engine(create_engine(url, poolclass=NullPool))


def _migrate(url: str) -> None:
    engine = open_engine(url)
    migrations.upgrade(engine)
    engine.dispose()
