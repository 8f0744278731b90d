"""What every test may ask for.

`make test` runs everything on SQLite, and on PostgreSQL again whatever asks for a database. By hand: ``pytest
tests/web`` runs on SQLite, and on PostgreSQL where ``TRACE_TEST_DATABASE=postgres`` and ``TRACE_TEST_POSTGRES_URL``
are set (``make test ARGS=tests/web`` does that for you).

``database``   a fresh, migrated, empty database (``.url``)
``engine``     opened on it; ``session`` a session of its own. Before each request of ``client`` or of a browser the
               session is committed, so nothing you added is invisible and no lock of SQLite is held
``settings``   the settings of ``app``: instance folder and database of this test
``app``        the application, made once per worker; ``client`` calls it, ``client.submit`` also sends the form's token
``mailbox``    the mails sent so far; opening a real mail server fails the test
``clock``      ``clock.set(datetime)`` / ``clock.advance(minutes=5)``: what the services think the time is
``redis_url``  a real Redis, emptied
``live_server``  the address of a running server; ``phone`` and ``desk`` (= ``page``) are pages of a real Chromium on it
"""

import dataclasses
import os
import shutil
from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, QueuePool
from sqlalchemy.orm import Session

from tests.client import Client, Clock
from tests.databases import PostgresDatabase, SqliteDatabase, TestDatabase, open_engine
from tests.network import forbid_network
from trace import create_app
from trace.request.limits import limiter
from trace.services.mail import Mail
from trace.settings import Settings

pytest_plugins = ["tests.browser"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that asks for no database, or only looks at pages, has nothing to add to what it said on SQLite. (Every page
    is opened on PostgreSQL too: by the permission matrix, and where questions are counted.)"""
    if os.environ.get("TRACE_TEST_DATABASE", "sqlite") == "sqlite":
        return
    asking = [
        item
        for item in items
        if "worker_database" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("appearance")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in asking])
    items[:] = asking


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[Any]:
    """In CI a test that was not run is a test that failed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_network(monkeypatch)


@pytest.fixture(scope="session")
def worker_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDatabase]:
    if os.environ.get("TRACE_TEST_DATABASE", "sqlite") == "postgres":
        database: TestDatabase = PostgresDatabase(os.environ["TRACE_TEST_POSTGRES_URL"])
    else:
        database = SqliteDatabase(tmp_path_factory.mktemp("database"))
    yield database
    database.drop()


@pytest.fixture
def database(worker_database: TestDatabase) -> TestDatabase:
    worker_database.refresh()
    return worker_database


@pytest.fixture
def engine(database: TestDatabase) -> Iterator[Engine]:
    engine = open_engine(database.url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture(scope="session")
def worker_settings(worker_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    environ = {
        "TRACE_INSTANCE_PATH": str(tmp_path_factory.mktemp("instance")),
        "TRACE_DATABASE_URL": worker_database.url,
        "TRACE_PUBLIC_URL": "http://trace.test",
        "TRACE_STAMP_KEYS": "k" * 48,
    }
    return dataclasses.replace(Settings.load(environ), testing=True)


@pytest.fixture
def settings(worker_settings: Settings) -> Iterator[Settings]:
    yield worker_settings
    for path in worker_settings.instance_path.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "secrets.json":
            path.unlink()


@pytest.fixture(scope="session")
def worker_app(worker_settings: Settings) -> Flask:
    return create_app(worker_settings)


@pytest.fixture
def app(worker_app: Flask, database: TestDatabase, settings: Settings) -> Iterator[Flask]:
    yield worker_app
    forget(worker_app)


@pytest.fixture
def client(app: Flask, session: Session) -> Client:
    client = Client(app, use_cookies=True)
    client.before_request = session.commit
    return client


@pytest.fixture
def own_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """One limiter serves every application of a process: what another application sets ends with the test."""
    for name in ("enabled", "_storage", "_limiter"):
        monkeypatch.setattr(limiter, name, getattr(limiter, name))


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> list[Mail]:
    mails: list[Mail] = []
    monkeypatch.setattr("trace.services.mail.deliver", lambda _settings, mail: mails.append(mail))
    return mails


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("trace.services.clock.datetime", clock)
    return clock


@pytest.fixture
def redis_url() -> str:
    url = os.environ.get("TRACE_TEST_REDIS_URL")
    if not url:
        pytest.skip("no Redis: run `make test`, or set TRACE_TEST_REDIS_URL")
    import redis

    with redis.Redis.from_url(url) as server:
        server.flushall()
    return url


def forget(app: Flask) -> None:
    """Close an application's connections, as its database is about to be replaced.

    A browser that is closed leaves requests behind; a connection that comes back after this would be closed by nobody.
    """
    from trace.request.database import db

    with app.app_context():
        pool = db.engine.pool
        assert isinstance(pool, QueuePool)
        end = monotonic() + 5
        while pool.checkedout() and monotonic() < end:
            sleep(0.02)
        db.engine.dispose()
