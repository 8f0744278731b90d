from flask import Flask

from tests.client import Client
from trace.request.database import db
from trace.web.health import warn_of_missing_keys


def test_the_service_says_that_it_is_alive(client: Client) -> None:
    assert client.get("/healthz").json == {"status": "alive"}


def test_the_service_is_ready_when_its_database_is_migrated(client: Client) -> None:
    assert client.get("/readyz").json == {"status": "ready"}


def test_the_start_leaves_no_connection_for_forked_workers_to_share(app: Flask) -> None:
    warn_of_missing_keys(app)
    with app.app_context():
        assert db.engine.pool.checkedin() == 0  # type: ignore[attr-defined] # of the pool that is used
