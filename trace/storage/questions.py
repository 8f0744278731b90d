"""Questions that are asked so often that the way to the driver counts.

SQLAlchemy writes the statement once; asking it again costs what the driver costs, a quarter of the usual way.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect, Engine, Select


class DriverConnection(Protocol):
    """A connection of the database's own driver (PEP 249)."""

    def cursor(self) -> Any: ...


class Question:
    """``statement`` for one database; every value that changes is a named ``bindparam``.

    Rows are named tuples with the statement's column names, their values converted as SQLAlchemy would.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        columns = statement.selected_columns.items()
        self._sql = str(compiled)
        self._places: Sequence[str] | None = getattr(compiled, "positiontup", None)
        self._to_driver = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in getattr(compiled, "binds", {}).items()
        }
        self._fixed = {name: self._for_driver(name, value) for name, value in compiled.params.items()}
        self._row: Any = namedtuple("Row", [name for name, _ in columns])  # type: ignore[misc]
        self._from_driver = [
            (place, process)
            for place, (_, column) in enumerate(columns)
            if (process := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def ask(self, connection: DriverConnection, **values: Any) -> list[Any]:
        """All rows of the answer."""
        named = {**self._fixed, **{name: self._for_driver(name, value) for name, value in values.items()}}
        cursor = connection.cursor()
        cursor.execute(self._sql, [named[name] for name in self._places] if self._places else named)
        rows = cursor.fetchall()
        cursor.close()
        return [self._converted(row) for row in rows]

    def _converted(self, row: Sequence[Any]) -> Any:
        values = list(row)
        for place, process in self._from_driver:
            values[place] = process(values[place])
        return self._row._make(values)

    def _for_driver(self, name: str, value: Any) -> Any:
        process: Callable[[Any], Any] | None = self._to_driver[name]
        return value if process is None or value is None else process(value)


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
