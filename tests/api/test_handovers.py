"""Deliveries by machine: offered once however often it is sent, and answered by the other side's key."""

from typing import Any

from sqlalchemy.orm import Session

from tests.client import Client, Clock
from tests.farm import MORNING, make_farm
from tests.trade import Trade, make_trade
from trace.domain.permissions import OF_BUSINESS, Actor
from trace.services import keys


def key_of(session: Session, actor: Actor, business_id: int) -> dict[str, str]:
    _, token = keys.issue_key(session, actor, name="máy", scopes=OF_BUSINESS, business_id=business_id)
    return {"Authorization": f"Bearer {token}"}


def test_a_delivery_goes_from_one_machine_to_another(client: Client, session: Session, clock: Clock) -> None:
    clock.set(MORNING)
    trade: Trade = make_trade(make_farm(session))
    batch = trade.farm.published(amount=120_000)
    sells, buys = (f"/api/v1/businesses/{each.id}/handovers" for each in (trade.farm.business, trade.shop))
    seller = key_of(session, trade.farm.owner, trade.farm.business.id)
    buyer = key_of(session, trade.buyer, trade.shop.id)
    batch_id, shop_id = batch.id, trade.shop.id
    found = client.get(f"{sells}/buyers?search=rau+sach", headers=seller).json["items"]
    assert [each["id"] for each in found] == [shop_id]
    body: dict[str, Any] = {"batch_id": batch_id, "amount": {"value": "50", "unit": "KGM"}, "buyer_id": shop_id}
    sent = [client.post(sells, json=body, headers={**seller, "Idempotency-Key": "a"}) for _ in range(2)]
    assert [each.status_code for each in sent] == [201, 201]
    assert sent[0].json == sent[1].json
    given = sent[0].json["handover"]["id"]
    assert trade.held(batch) == 70_000
    got = {"received": {"value": "48.5", "unit": "KGM"}, "reason": "Dập"}
    assert client.post(f"{buys}/{given}/acceptance", json=got, headers=seller).status_code == 404
    accepted = client.post(f"{buys}/{given}/acceptance", json=got, headers=buyer).json
    assert (accepted["status"], accepted["received"]["value"]) == ("accepted_with_difference", "48.5")
    again = client.post(f"{buys}/{given}/acceptance", json={}, headers=buyer)
    assert (again.status_code, again.json["code"]) == (409, "handover-decided")
    shown = client.get(f"{sells}/{given}", headers=seller).json
    assert [step["status"] for step in shown["steps"]] == ["offered", "accepted_with_difference"]
