"""Very many rows at once: what the ORM does for one row would take hours for a million batches."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Table, func, insert, select, text

Value = str | int | bool | None


def write_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Append rows whose values the database takes as they are: moments and days as ISO text in UTC, JSON as text."""
    if connection.dialect.name == "postgresql":
        copy = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
        driver: Any = connection.connection.dbapi_connection
        with driver.cursor() as cursor, cursor.copy(copy) as target:
            for row in rows:
                target.write_row(row)
        return
    values = [tuple(row) for row in rows]
    if values:
        statement = insert(table).compile(dialect=connection.dialect, column_keys=list(columns))
        connection.exec_driver_sql(str(statement), values)


def next_id(connection: Connection, table: Table) -> int:
    """The first of the ids that ``write_rows`` may give; afterwards call ``continue_after``."""
    return (connection.scalar(select(func.max(table.c.id))) or 0) + 1


def continue_after(connection: Connection, tables: Iterable[Table]) -> None:
    """Let the database number its own rows after those that came with a number."""
    if connection.dialect.name == "postgresql":
        for table in tables:
            following = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :next, false)")
            connection.execute(following, {"table": table.name, "next": next_id(connection, table)})
