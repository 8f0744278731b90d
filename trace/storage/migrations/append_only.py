"""Tables whose rows are written once: the database itself refuses to change or remove them.

Used by revisions, so what a function here does must never change: add another one instead.
"""

from alembic import op


def forbid_changes(table: str) -> None:
    """From now on UPDATE and DELETE on ``table`` raise, whoever tries."""
    if op.get_context().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_forbid_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION forbid_changes() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    for verb, scope in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {table}_forbid_{verb} BEFORE {verb.upper()} ON {table} "
            f"FOR EACH {scope} EXECUTE FUNCTION forbid_changes()"
        )


def drop_function() -> None:
    """Once no table uses it any more."""
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION forbid_changes()")
