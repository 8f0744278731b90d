"""What the other tests lean on."""

import smtplib
import socket
import sqlite3
import threading
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from babel.messages import Catalog
from flask import Flask
from redis import Redis
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from setup import translations
from tests.client import Client, Clock
from tests.conftest import forget
from tests.databases import TestDatabase
from tests.network import NetworkForbidden
from trace.request.database import db
from trace.services import clock as service_clock
from trace.storage import migrations


def test_no_test_reaches_beyond_this_machine() -> None:
    with socket.socket() as outside, pytest.raises(NetworkForbidden):
        outside.connect(("192.0.2.1", 80))


def test_no_test_opens_a_mail_server() -> None:
    with pytest.raises(NetworkForbidden):
        smtplib.SMTP("127.0.0.1", 25)


@pytest.mark.parametrize("_time", [1, 2])
def test_each_test_begins_with_an_empty_database(engine: Engine, _time: int) -> None:
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM roles")) == 0
        connection.execute(text("INSERT INTO roles (id, name) VALUES (1, 'x')"))


RECORD = text(
    "INSERT INTO audit_entries (at, actor, action, subject_type, changes) "
    "VALUES ('2026-03-02 01:00:00', 'An', 'x:y', 'X', '{}')"
)


@pytest.mark.parametrize(
    "change",
    [RECORD.text, "DELETE FROM alembic_version", "ALTER TABLE roles ADD COLUMN colour integer", "DROP TABLE api_keys"],
    ids=["append-only rows", "rows of migrations", "a column", "a table"],
)
def test_a_database_is_again_as_it_was_whatever_was_done_to_it(
    database: TestDatabase, engine: Engine, change: str
) -> None:
    with engine.begin() as connection:
        connection.execute(text(change))
    left_open = engine.connect()
    left_open.execute(text("SELECT 1"))
    database.refresh()
    left_open.invalidate()
    left_open.close()
    with engine.begin() as connection:
        assert migrations.current_revision(connection) == migrations.newest_revision()
        assert migrations.differences(connection) == []
        connection.execute(RECORD)
        assert connection.scalars(text("SELECT id FROM audit_entries")).all() == [1], "empty, and numbers begin anew"
    with engine.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text("DELETE FROM audit_entries"))


def test_a_test_that_reads_does_not_block_the_request_that_writes(client: Client, session: Session) -> None:
    session.execute(text("SELECT count(*) FROM roles"))
    assert session.in_transaction()
    client.get("/healthz")
    assert not session.in_transaction()


def test_the_services_believe_the_clock_of_the_test(clock: Clock) -> None:
    clock.set(datetime(2026, 3, 1, 18, tzinfo=UTC))
    clock.advance(minutes=5)
    assert service_clock.now() == datetime(2026, 3, 1, 18, 5, tzinfo=UTC)
    assert service_clock.today().isoformat() == "2026-03-02", "in Việt Nam it is already the next day"


def test_redis_is_real_and_empty(redis_url: str) -> None:
    with Redis.from_url(redis_url) as server:
        assert server.ping()
        assert server.dbsize() == 0


def test_a_translation_that_is_missing_or_fuzzy_or_left_over_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    source, english = Catalog(), Catalog(locale="en")
    for message in ("Lô", "Tem", "Nhãn", "Có %(count)s lô"):
        source.add(message)
    english.add("Tem")
    english.add("Nhãn", "Label", flags=["fuzzy"])
    english.add("Có %(count)s lô", "%(number)s batches", flags=["python-format"])
    english.add("Cũ", "Old")
    monkeypatch.setattr(translations, "read", lambda _path: english)
    kinds = [problem.split(":")[0] for problem in translations.problems(translations.po_files()[0], source)]
    assert kinds[:4] == ["fuzzy", "no longer used", "not in the file", "not translated"]
    assert "placeholder 'number'" in kinds[4]


def test_a_request_that_a_closed_browser_left_behind_ends_before_its_application_is_forgotten(app: Flask) -> None:
    with app.app_context():
        connection = db.engine.raw_connection()
    driver: Any = connection.dbapi_connection
    threading.Timer(0.2, connection.close).start()
    forget(app)
    with pytest.raises((psycopg.OperationalError, sqlite3.ProgrammingError), match="closed"):
        driver.execute("SELECT 1")
