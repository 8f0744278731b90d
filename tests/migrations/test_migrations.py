"""The tables that migrations make are those of the models, on whichever database this run uses."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, Enum, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from trace.storage import migrations
from trace.storage.database import UtcDateTime
from trace.storage.models import Base

APPEND_ONLY = (
    "activity_versions",
    "audit_entries",
    "batch_versions",
    "business_decisions",
    "coverage_snapshot_amounts",
    "coverage_snapshot_cells",
    "coverage_snapshots",
    "diary_entries",
    "events",
    "inspected_events",
    "inspection_minutes",
    "making_rules",
    "outside_figures",
    "plan_indicators",
    "report_snapshots",
    "stamp_ranges",
)


def test_a_migrated_database_matches_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        assert migrations.current_revision(connection) == migrations.newest_revision()
        assert migrations.differences(connection) == []


def test_migrations_go_all_the_way_down_and_up_again(engine: Engine) -> None:
    migrations.downgrade(engine, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrations.upgrade(engine)
    with engine.connect() as connection:
        assert migrations.differences(connection) == []


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    migrations.upgrade(engine)
    with engine.connect() as connection:
        assert migrations.current_revision(connection) == migrations.newest_revision()


def test_revisions_are_numbered_in_order_and_named_by_what_they_do() -> None:
    files = sorted(path.stem for path in migrations.FOLDER.glob("versions/*.py"))
    numbers = [name[:5] for name in files]
    assert numbers == [f"{number:04}_" for number in range(1, len(files) + 1)]


def test_a_migration_that_fails_leaves_everything_as_it_was(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("trace.storage.migrations.append_only.drop_function", fail)
    before = set(inspect(engine).get_table_names())
    with pytest.raises(RuntimeError):
        migrations.downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) == before


@pytest.mark.parametrize("name", APPEND_ONLY)
def test_the_database_itself_refuses_to_change_the_record(engine: Engine, name: str) -> None:
    table = Base.metadata.tables[name]
    with engine.connect() as connection:
        postgres = engine.dialect.name == "postgresql"
        role = "SET session_replication_role = {}".format if postgres else "PRAGMA defer_foreign_keys = ON".format
        connection.execute(text(role("replica")))  # one row, without the rows that it points at
        connection.execute(table.insert(), {column.name: _something(column.type) for column in table.columns})
        connection.execute(text(role("origin")))
        for change in (table.update().values({next(iter(table.columns)).name: 2}), table.delete()):
            with pytest.raises(DBAPIError, match=f"{name} is append-only"), connection.begin_nested():
                connection.execute(change)


def _something(kind: TypeEngine[Any]) -> object:
    if isinstance(kind, Enum):
        return kind.enums[0] if kind.enum_class is None else next(iter(kind.enum_class))
    if isinstance(kind, UtcDateTime):
        return datetime(2026, 1, 2, tzinfo=UTC)
    return {int: 999, bool: True, dict: {}, date: date(2026, 1, 2), Decimal: Decimal(1)}.get(kind.python_type, "x")


def test_the_command_line_checks_upgrades_and_goes_back(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["db", "check"]).exit_code == 0
    assert run(args=["db", "downgrade", "base"]).exit_code == 0
    refused = run(args=["db", "check"])
    assert refused.exit_code == 1
    assert "run `db upgrade`" in refused.output
    assert run(args=["db", "upgrade"]).exit_code == 0
    assert run(args=["db", "check"]).exit_code == 0
