from flask import Flask
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from tests.client import Client
from trace.request.database import db
from trace.services.clock import now
from trace.storage.labels import StampKey
from trace.web.health import warn_of_missing_keys


def test_the_service_says_that_it_is_alive(client: Client) -> None:
    assert client.get("/healthz").json == {"status": "alive"}


def test_the_service_is_ready_when_its_database_is_migrated(client: Client) -> None:
    assert client.get("/readyz").json == {"status": "ready"}


def test_the_start_leaves_no_connection_for_forked_workers_to_share(app: Flask) -> None:
    warn_of_missing_keys(app)
    with app.app_context():
        assert db.engine.pool.checkedin() == 0  # type: ignore[attr-defined] # of the pool that is used


def test_a_key_that_printed_stamps_need_is_named_at_the_start(app: Flask, session: Session) -> None:
    session.add(StampKey(id="0a1b2c3d", first_used_at=now()))
    session.commit()
    with capture_logs() as logs:
        warn_of_missing_keys(app)
    assert [(each["event"], each["keys"]) for each in logs] == [("stamp key missing", ["0a1b2c3d"])]
