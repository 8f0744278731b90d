"""A database that does not answer in time is no fault of whoever asked."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.client import Client


@pytest.fixture
def locked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def fail(**_values: object) -> None:
        raise OperationalError("UPDATE …", {}, Exception("database is locked"))

    return lambda endpoint: monkeypatch.setitem(app.view_functions, endpoint, fail)


def test_a_page_asks_to_try_again(client: Client, locked: Callable[[str], None]) -> None:
    locked("public.home")
    answer = client.get("/", headers={"Accept-Language": "vi"})
    assert answer.status_code == 503
    assert "Hãy thử lại sau ít giây" in answer.text
    assert "locked" not in answer.text


def test_the_api_names_the_error(client: Client, locked: Callable[[str], None]) -> None:
    locked("api_docs.docs")
    answer = client.get("/api/docs")
    assert answer.status_code == 503
    assert answer.json
    assert answer.json["code"] == "busy"
