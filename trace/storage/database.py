"""The tables' common ground: naming, types, and how each database is opened."""

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import JSON, BigInteger, Date, DateTime, Dialect, Engine, Enum, Integer, MetaData, Text, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import TypeDecorator

BigInt = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite, which has no time zones, stores it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone was about to be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A number as it was written, kept as text: SQLite has no exact decimals."""

    impl = Text
    cache_ok = True
    python_type = Decimal

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        int: BigInt,
        str: Text(),
        date: Date(),
        datetime: UtcDateTime(),
        Decimal: ExactDecimal(),
        dict[str, Any]: JSON(),
        list[dict[str, Any]]: JSON(),
        list[str]: JSON(),
        list[int]: JSON(),
        enum.StrEnum: Enum(
            enum.StrEnum, native_enum=False, length=32, values_callable=lambda kind: [m.value for m in kind]
        ),
    }


PrimaryKey = Annotated[int, mapped_column(BigInt, primary_key=True)]

_reading: ContextVar[bool] = ContextVar("reading", default=False)


def intend(*, reads: bool) -> None:
    """Say whether new transactions of this thread only read, so SQLite need not take its single write lock.

    Everywhere else a transaction may write and takes the lock at its start: a read that turns into a write
    halfway fails on SQLite at once, without waiting, when another writer came first.
    """
    _reading.set(reads)


@contextmanager
def writing() -> Iterator[None]:
    """Within this block a new transaction may write, whatever the request intended."""
    token = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """Within this block a new transaction only reads, so that on SQLite it keeps nobody from writing."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def prepare_engine(engine: Engine) -> Engine:
    """Set up what each database needs; call it once on every engine before first use."""
    if engine.dialect.name != "sqlite":
        engine.dialect.do_rollback = _roll_back  # type: ignore[assignment] # no event stands in its place
        return engine

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "busy_timeout=15000",
            "synchronous=FULL",
            "cache_size=-32000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # straight to the driver: this stands before every page
        connection.connection.cursor().execute("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")

    return engine


def insert_into(session: Session, table: type[DeclarativeBase]) -> Any:
    """An INSERT with ON CONFLICT, which both databases know and SQLAlchemy writes for each by itself."""
    return (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(table)


def _roll_back(connection: Any) -> None:
    """As psycopg does it, without forgetting its prepared statements: every transaction that only read ends so, and the
    next would have each of its statements planned anew. No statement of ours depends on a table made meanwhile."""
    status = connection.pgconn.transaction_status
    in_transaction = status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)
    if not in_transaction or connection.pgconn.exec_(b"ROLLBACK").status != ExecStatus.COMMAND_OK:
        connection.rollback()  # nothing to do, or it says what is wrong


def was_taken(error: IntegrityError) -> bool:
    """Whether a value that only one row may have was already there."""
    return getattr(error.orig, "sqlstate", None) == "23505" or getattr(error.orig, "sqlite_errorname", "") in {
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
    }
