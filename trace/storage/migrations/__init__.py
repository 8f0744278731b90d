"""Moves a database from one shape of the tables to the next, in-process: ``flask --app trace db upgrade``.

Alembic's own command is not used, because the package called ``trace`` only imports from its checkout.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from ..models import Base

FOLDER = Path(__file__).parent
LOCK = 4_170_917  # any number that nothing else on the PostgreSQL server locks


class ForeignKeysBroken(RuntimeError):
    """A migration on SQLite left rows that point at nothing; it was rolled back."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to ``revision``, all or nothing. A second process that starts at once waits, then finds nothing to do."""
    with _migrating(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to ``revision``; ``base`` drops every table."""
    with _migrating(engine) as connection:
        command.downgrade(_config(connection), revision)


def current_revision(connection: Connection) -> str | None:
    """None where the database was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def differences(connection: Connection) -> list[Any]:
    """What Alembic would still change so that the tables match the models; empty when migrations are in step."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


def write_revision(engine: Engine, name: str) -> Path:
    """Write the next numbered revision from the difference between the (migrated) database and the models."""
    number = f"{len(list(ScriptDirectory.from_config(_config()).walk_revisions())) + 1:04}"
    with engine.connect() as connection:
        command.revision(_config(connection), message=name, rev_id=number, autogenerate=True)
    return next(FOLDER.glob(f"versions/{number}_*.py"))


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction around all revisions; only one process at a time."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:  # a table is changed by making it anew, which must not cascade to the rows that point at it
            _set_foreign_keys(connection, on=False)
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                yield connection
                if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
                    raise ForeignKeysBroken(str(broken[:5]))
        finally:
            if sqlite:
                _set_foreign_keys(connection, on=True)


def _set_foreign_keys(connection: Connection, *, on: bool) -> None:
    """On the driver's own connection, as SQLite ignores the pragma inside a transaction."""
    driver_connection = connection.connection.driver_connection
    assert driver_connection is not None  # noqa: S101 - the connection was just opened
    driver_connection.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
