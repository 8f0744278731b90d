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


def lift_indexes(connection: Connection, tables: Iterable[Table]) -> list[str]:
    """Drop what PostgreSQL would look up and keep in order for every row: all but primary keys and checks.

    Returns the statements that bring it back, which look at each table once.
    """
    if connection.dialect.name != "postgresql":
        return []
    again = []
    for table in tables:
        constraints = connection.execute(
            text("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = CAST(:table AS regclass) "
                 "AND contype IN ('f', 'u') ORDER BY contype DESC"),
            {"table": table.name},
        ).all()  # fmt: skip
        for name, definition in constraints:
            connection.exec_driver_sql(f'ALTER TABLE {table.name} DROP CONSTRAINT "{name}"')
            again.append(f'ALTER TABLE {table.name} ADD CONSTRAINT "{name}" {definition}')
        indexes = connection.execute(
            text("SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
                 "WHERE indrelid = CAST(:table AS regclass) AND NOT indisprimary"),
            {"table": table.name},
        ).all()  # fmt: skip
        for name, definition in indexes:
            connection.exec_driver_sql(f"DROP INDEX {name}")
            again.append(definition)
    return again
