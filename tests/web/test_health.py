from tests.client import Client


def test_the_service_says_that_it_is_alive(client: Client) -> None:
    assert client.get("/healthz").json == {"status": "alive"}


def test_the_service_is_ready_when_its_database_is_migrated(client: Client) -> None:
    assert client.get("/readyz").json == {"status": "ready"}
