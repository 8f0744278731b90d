"""A business's machines hear of recalls: signed, only in the open Internet, again when nobody answered."""

import dataclasses
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.client import Clock
from tests.farm import Farm
from tests.recalling import confirm, propose
from trace.domain.errors import NotAllowed, NotFound
from trace.domain.webhooks import (
    Target,
    TooManyWebhooks,
    WebhookAddressPrivate,
    WebhookAddressWrong,
    WebhookHostUnknown,
    signature,
)
from trace.services import webhook_transport, webhooks
from trace.settings import Settings
from trace.storage.webhooks import Webhook, WebhookDelivery

HOOK = "https://kho.example.vn/thu-hoi"


class Internet:
    """Names and machines that answer; ``sent`` is what reached them."""

    def __init__(self) -> None:
        self.names = {"kho.example.vn": ["203.113.131.1", "2405:4800::1"]}
        self.status: int | Exception = 204
        self.sent: list[tuple[Target, str, bytes, dict[str, str]]] = []

    def resolve(self, host: str, port: int) -> list[str]:
        if host not in self.names:
            raise OSError("no such host")
        return self.names[host]

    def post(self, target: Target, address: str, body: bytes, headers: dict[str, str]) -> int:
        self.sent.append((target, address, body, headers))
        if isinstance(self.status, Exception):
            raise self.status
        return self.status


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Internet:
    internet = Internet()
    monkeypatch.setattr(webhook_transport, "resolve", internet.resolve)
    monkeypatch.setattr(webhook_transport, "post", internet.post)
    return internet


@pytest.fixture
def register(farm: Farm, settings: Settings, internet: Internet) -> Callable[..., tuple[Webhook, str]]:
    strict = dataclasses.replace(settings, testing=False)
    return lambda url=HOOK: webhooks.register(farm.session, farm.owner, farm.business.id, url, settings=strict)


def deliveries(farm: Farm) -> list[Any]:
    farm.session.expire_all()
    return list(farm.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))


def test_a_recall_reaches_the_machines_of_its_holders_signed(
    farm: Farm, register: Any, internet: Internet, settings: Settings
) -> None:
    _, secret = register()
    recall = confirm(farm, propose(farm, farm.published()))
    assert webhooks.deliver(farm.session, settings) == 1
    [(target, address, body, headers)] = internet.sent
    assert (target.host, target.path, address) == ("kho.example.vn", "/thu-hoi", "203.113.131.1")
    message = json.loads(body)
    assert (message["event"], message["number"], message["batches"]) == ("recall.confirmed", recall.number, 1)
    timestamp = int(headers["Trace-Signature"].split(",")[0].removeprefix("t="))
    assert headers["Trace-Signature"] == signature(secret, timestamp, body)
    [delivery] = deliveries(farm)
    assert (delivery.answer, delivery.next_attempt_at, message["id"]) == ("204", None, delivery.id)
    assert webhooks.deliver(farm.session, settings) == 0


def test_what_did_not_arrive_is_tried_later_and_at_last_given_up(
    farm: Farm, register: Any, internet: Internet, settings: Settings, clock: Clock
) -> None:
    webhook, _ = register()
    webhooks.send_test(farm.session, farm.owner, farm.business.id, webhook.id)
    webhooks.send_test(farm.session, farm.owner, farm.business.id, webhook.id)  # the first one waits
    for status in (302, 500, ConnectionRefusedError(), 404, TimeoutError(), 500, 500):
        internet.status = status
        assert webhooks.deliver(farm.session, settings) == 0
        assert webhooks.deliver(farm.session, settings) == 0  # not before its time
        clock.advance(minutes=24 * 60)
    [delivery] = deliveries(farm)
    assert (delivery.attempts, delivery.next_attempt_at, delivery.delivered_at) == (7, None, None)
    assert len(internet.sent) == 7


@pytest.mark.parametrize("addresses", [["10.0.0.7"], ["203.113.131.1", "127.0.0.1"], ["::1"], []])
def test_private_networks_are_refused_at_registration_and_at_delivery(
    farm: Farm, register: Any, internet: Internet, settings: Settings, addresses: list[str]
) -> None:
    webhook, _ = register()
    webhooks.send_test(farm.session, farm.owner, farm.business.id, webhook.id)
    internet.names["kho.example.vn"] = addresses
    with pytest.raises(WebhookAddressPrivate):
        register()
    farm.session.rollback()
    assert webhooks.deliver(farm.session, settings) == 0
    assert (internet.sent, deliveries(farm)[0].answer) == ([], "webhook-address-private")


def test_addresses_that_are_refused(farm: Farm, register: Any) -> None:
    for url, error in (("http://kho.example.vn/", WebhookAddressWrong), ("https://khong.co.vn/", WebhookHostUnknown)):
        with pytest.raises(error):
            register(url)
        farm.session.rollback()
    for _ in range(5):
        register()
    with pytest.raises(TooManyWebhooks):
        register()


def test_nothing_goes_to_an_address_that_was_removed_or_is_anothers(
    farm: Farm, register: Any, internet: Internet, settings: Settings
) -> None:
    session, business = farm.session, farm.business.id
    webhook, _ = register()
    webhooks.send_test(session, farm.owner, business, webhook.id)
    other = factories.make_user(session)
    strange = factories.make_business(session, owner=other)
    with pytest.raises(NotFound):
        webhooks.remove(session, factories.actor(other), strange.id, webhook.id)
    member = factories.make_user(session)
    factories.add_member(session, farm.business, member, "staff")
    with pytest.raises(NotAllowed):
        webhooks.send_test(session, factories.actor(member), business, webhook.id)
    webhooks.remove(session, farm.owner, business, webhook.id)
    confirm(farm, propose(farm, farm.published()))
    assert (webhooks.deliver(session, settings), len(deliveries(farm)), internet.sent) == (0, 1, [])
    with pytest.raises(NotFound):
        webhooks.send_test(session, farm.owner, business, webhook.id)


@pytest.fixture
def machine() -> Iterator[ThreadingHTTPServer]:
    """Answers that the way has moved; ``asked`` is what it was asked."""
    asked = list[tuple[str, str, bytes]]()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.path, self.headers["Host"], body))
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = asked  # type: ignore[attr-defined] # ours, for the handler
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_way_out_goes_to_the_checked_address_and_no_further(machine: Any) -> None:
    target = Target(False, "kho.example.vn", machine.server_port, "/thu-hoi?a=b")
    status = webhook_transport.post(target, "127.0.0.1", b"{}", {"Content-Type": "application/json"})
    assert status == 302
    assert machine.asked == [("/thu-hoi?a=b", f"kho.example.vn:{machine.server_port}", b"{}")]
