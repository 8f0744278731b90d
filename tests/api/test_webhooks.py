"""A machine sees to it that it hears of recalls."""

import pytest

from tests.api.conftest import Machine
from trace.services import webhook_transport
from trace.storage.businesses import Business


def test_registered_tried_and_removed(machine: Machine, business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    here = f"/businesses/{business.id}/webhooks"
    monkeypatch.setattr(webhook_transport, "resolve", lambda *_: ["169.254.169.254"])
    refused = machine("POST", here, {"url": "https://kho.example.vn/b"})
    assert (refused.status_code, refused.json["code"]) == (422, "webhook-address-private")
    monkeypatch.setattr(webhook_transport, "resolve", lambda *_: ["203.113.131.1"])
    made = machine("POST", here, {"url": "https://kho.example.vn/b"})
    assert (made.status_code, made.json["secret"][:3]) == (201, "tb_")
    assert machine("GET", here).json["items"] == [made.json["webhook"]]
    one = f"{here}/{made.json['webhook']['id']}"
    tried = machine("POST", f"{one}/test")
    assert (tried.status_code, tried.json["kind"], tried.json["attempts"]) == (202, "test", 0)
    assert machine("GET", f"/businesses/{business.id}/webhook-deliveries").json["items"] == [tried.json]
    assert machine("DELETE", one).status_code == 204
    assert machine("POST", f"{one}/test").status_code == 404
