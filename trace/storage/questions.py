"""Questions that are asked so often that the way to the driver counts.

SQLAlchemy writes the statement once; asking it again costs what the driver costs, a quarter of the usual way.
"""

import json
import re
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, Date, Dialect, Engine, Select, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine, UserDefinedType

from .database import UtcDateTime

Convert = Callable[[Any], Any]
Value = TypeVar("Value")


class DriverConnection(Protocol):
    """A connection of the database's own driver (PEP 249)."""

    def cursor(self) -> Any: ...


class Question:
    """``statement`` for one database; every value that changes is a named ``bindparam``.

    Rows are named tuples with the statement's column names, their values converted as SQLAlchemy would.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        # what never changes is written out: a driver takes longer to hand over twenty values than to ask for a page
        written = {
            name: compiled.render_literal_value(bind.value, bind.type)
            for name, bind in compiled.binds.items()
            if not bind.required
        }
        self._sql, self._places = _with_literals(str(compiled), compiled.positiontup, written)
        self._to_driver = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
            if bind.required
        }
        self._convert = _rows_of(statement, [_processor(column.type, dialect) for column in statement.selected_columns])

    def ask(self, connection: DriverConnection, **values: Any) -> list[Any]:
        """All rows of the answer."""
        named = {name: self._for_driver(name, value) for name, value in values.items()}
        cursor = connection.cursor()
        cursor.execute(self._sql, named if self._places is None else [named[name] for name in self._places])
        rows = cursor.fetchall()
        cursor.close()
        return self._convert(rows)

    def _for_driver(self, name: str, value: Any) -> Any:
        process: Callable[[Any], Any] | None = self._to_driver[name]
        return value if process is None or value is None else process(value)


def _with_literals(
    sql: str, places: Sequence[str] | None, written: Mapping[str, str]
) -> tuple[str, Sequence[str] | None]:
    """The statement with these values in it, and the names of the ``?`` that stay; None where places have names."""
    if places is None:
        doubled = {name: literal.replace("%", "%%") for name, literal in written.items()}
        return re.sub(r"%\((\w+)\)s", lambda place: doubled.get(place[1], place[0]), sql), None
    parts = sql.split("?")
    filled = (written.get(name, "?") + part for name, part in zip(places, parts[1:], strict=True))
    return parts[0] + "".join(filled), [name for name in places if name not in written]


class nested(FunctionElement[list[Any]]):  # noqa: N801 - reads as a function, like those of SQLAlchemy
    """A column that holds the rows of ``statement``, which names columns of the tables around it by ``around``.

    They travel as JSON within the one answer: a second question would cost more than all of its rows.
    """

    inherit_cache = False
    name = "nested"

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        super().__init__()
        self.inner = statement.subquery()
        self.type = _Rows(statement)


@compiles(nested, "sqlite")
def _nested_on_sqlite(element: nested, compiler: SQLCompiler, **options: Any) -> str:
    return _aggregated(element, compiler, "json_group_array(json_array({}))", **options)


@compiles(nested, "postgresql")
def _nested_on_postgresql(element: nested, compiler: SQLCompiler, **options: Any) -> str:
    return _aggregated(element, compiler, "coalesce(json_agg(json_build_array({})), '[]')", **options)


def _aggregated(element: nested, compiler: SQLCompiler, aggregate: str, **_: Any) -> str:
    rows = compiler.process(element.inner, asfrom=True)
    columns = ", ".join(compiler.process(column) for column in element.inner.c)
    return f"(SELECT {aggregate.format(columns)} FROM {rows})"  # noqa: S608 - both parts are SQLAlchemy's


def around(column: InstrumentedAttribute[Value]) -> ColumnElement[Value]:
    """A column of the statement around a ``nested`` one; SQLAlchemy itself would add its table to those asked."""
    return literal_column(f"{column.class_.__table__.name}.{column.key}", column.type)


class _Rows(UserDefinedType[list[Any]]):
    cache_ok = False

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement

    def result_processor(self, dialect: Dialect, _coltype: object) -> Convert:
        from_json = _from_json if dialect.name == "postgresql" else _processor  # SQLite keeps as text what JSON lacks
        convert = _rows_of(
            self.statement, [from_json(column.type, dialect) for column in self.statement.selected_columns]
        )
        return lambda answer: convert(json.loads(answer) if isinstance(answer, str) else answer)


def _rows_of(
    statement: Select[*tuple[Any, ...]], processors: Sequence[Convert | None]
) -> Callable[[Sequence[Sequence[Any]]], list[Any]]:
    row: Any = namedtuple("Row", statement.selected_columns.keys())  # type: ignore[misc] # the names are known when it runs
    needed = [(place, process) for place, process in enumerate(processors) if process]

    def converted(values: Sequence[Any]) -> Any:
        values = list(values)
        for place, process in needed:
            values[place] = process(values[place])
        return row._make(values)

    return lambda rows: [converted(values) for values in rows]


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _from_json(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if isinstance(kind, UtcDateTime):
        return lambda value: value and datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(kind, Date):
        return lambda value: value and date.fromisoformat(value)
    return _processor(kind, dialect)


@contextmanager
def outside_transactions(engine: Engine) -> Iterator[DriverConnection]:
    """A connection on which each question is answered by itself, so that no BEGIN and ROLLBACK travel to a server."""
    with closing(engine.raw_connection()) as connection:
        driver: Any = connection.dbapi_connection
        if engine.dialect.name == "postgresql":
            driver.autocommit = True
        try:
            yield connection
        finally:
            if engine.dialect.name == "postgresql" and not driver.closed:
                driver.autocommit = False


@cache
def question(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> Question:
    """The same for the same statement and database."""
    return Question(statement, dialect)


def ask(connection: Connection, statement: Select[*tuple[Any, ...]], **values: Any) -> list[Any]:
    """All rows of the answer, within the connection's transaction."""
    return question(statement, connection.dialect).ask(connection.connection, **values)
