"""Deliveries on pages: offered at a desk, received by scanning, refused, disputed, and seen by officers."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from tests.farm import MORNING, make_farm
from tests.recalling import confirm, propose
from tests.trade import Trade, make_trade
from trace.domain.handovers import HandoverStatus
from trace.services import handover_disputes, handovers
from trace.storage.accounts import User
from trace.storage.batches import Batch
from trace.storage.handovers import Handover


@pytest.fixture
def trade(session: Session, clock: Clock) -> Trade:
    clock.set(MORNING)
    return make_trade(make_farm(session))


@pytest.fixture
def batch(trade: Trade) -> Batch:
    return trade.farm.published(amount=120_000)


def sign_in(client: Client, session: Session, trade: Trade, *, seller: bool) -> str:
    """Returns where the side's deliveries are."""
    actor, business = (trade.farm.owner, trade.farm.business) if seller else (trade.buyer, trade.shop)
    client.sign_in(session.get_one(User, actor.user_id))
    return f"/workspace/{business.id}/handovers"


def latest(session: Session) -> Handover:
    session.rollback()
    return session.scalars(select(Handover).order_by(Handover.id.desc()).limit(1)).one()


def offer(client: Client, place: str, batch: Batch, **typed: Any) -> Any:
    return client.submit(f"{place}/new?batch={batch.id}", {"amount": "12,5", "form_key": "", **typed})


@pytest.mark.parametrize("typed", ["cua hang rau sach", "Cửa hàng Rau Sạch", "tax code"])
def test_a_buyer_is_found_by_name_or_tax_code(
    typed: str, client: Client, session: Session, trade: Trade, batch: Batch
) -> None:
    place = sign_in(client, session, trade, seller=True)
    assert "120 kg" in client.get(f"{place}/new").text
    answer = offer(client, place, batch, buyer=trade.shop.tax_code if typed == "tax code" else typed)
    assert answer.status_code == 303
    made = latest(session)
    assert (made.buyer_id, made.sent, made.status) == (trade.shop.id, 12_500, HandoverStatus.OFFERED)
    assert "Cửa hàng Rau Sạch" in client.get(answer.location).text
    assert "Cửa hàng Rau Sạch" in client.get(f"{place}?given=yes").text


def test_similar_names_are_asked_about_and_unknown_ones_refused(
    client: Client, session: Session, trade: Trade, batch: Batch
) -> None:
    other = factories.make_business(session, legal_name="Cửa hàng Rau Xanh")
    session.commit()
    place = sign_in(client, session, trade, seller=True)
    asked = offer(client, place, batch, buyer="cửa hàng")
    assert asked.status_code == 422
    assert re.findall(r'name="buyer_choice"[^>]*value="(\d+)"', asked.text) == [str(trade.shop.id), str(other.id)]
    assert offer(client, place, batch, buyer="Không có ai").status_code == 422
    assert offer(client, place, batch, buyer="cửa hàng", buyer_choice=str(other.id)).status_code == 303
    assert latest(session).buyer_id == other.id
    names = client.get(f"{place}/buyers?q=cua+hang").json["buyers"]
    assert names == [{"name": "Cửa hàng Rau Sạch"}, {"name": "Cửa hàng Rau Xanh"}]


def test_a_stranger_gets_a_link_that_is_shown_once_and_leads_to_receiving(
    client: Client, session: Session, trade: Trade, batch: Batch
) -> None:
    place = sign_in(client, session, trade, seller=True)
    page = offer(client, place, batch, buyer_name="Sạp bà Tư", buyer_phone="0912 345 678").location
    link = re.search(r'value="([^"]*/deliveries/[^"]+)"', client.get(page).text)
    assert link
    assert "/deliveries/" not in client.get(page).text
    path = link[1].removeprefix("http://trace.test").removeprefix("http://localhost")
    client.delete_cookie("session")
    assert "Tạo tài khoản mới" in client.get(path).text
    sign_in(client, session, trade, seller=False)
    answer = client.submit(path, {"business_id": str(trade.shop.id)})
    assert (answer.status_code, latest(session).buyer_id) == (303, trade.shop.id)
    assert "Nhận đủ 12,5 kg" in client.get(answer.location).text
    assert client.get(path).status_code == 404


def test_everything_is_received_with_one_button(client: Client, session: Session, trade: Trade, batch: Batch) -> None:
    given = trade.offer(batch, 50_000)
    place = sign_in(client, session, trade, seller=False)
    assert "Hàng đang chờ cơ sở nhận" in client.get(f"/workspace/{trade.shop.id}").text
    assert "Chờ cơ sở nhận" in client.get(place).text
    answer = client.submit(f"{place}/{given.id}/acceptance", {"all": "yes"}, form=f"{place}/{given.id}")
    assert answer.status_code == 303
    assert latest(session).status is HandoverStatus.ACCEPTED
    again = client.submit(f"{place}/{given.id}/acceptance", {"all": "yes"}, form=f"{place}/{given.id}")
    assert (again.status_code, "không cần nhận lại" in again.text) == (422, True)


def test_less_needs_a_number_and_a_reason(client: Client, session: Session, trade: Trade, batch: Batch) -> None:
    given = trade.offer(batch, 50_000)
    place = sign_in(client, session, trade, seller=False)
    page = f"{place}/{given.id}"
    for typed in ({}, {"received": "48"}, {"received": "51", "reason": "Thừa"}, {"received": "nhiều", "all": "yes"}):
        answer = client.submit(f"{page}/acceptance", typed, form=page)
        assert (answer.status_code, latest(session).status) == (422, HandoverStatus.OFFERED)
    assert client.submit(f"{page}/acceptance", {"received": "48", "reason": "Dập"}, form=page).status_code == 303
    assert "thiếu 2 kg" in client.get(page).text


def test_it_is_refused_taken_back_disputed_and_settled(
    client: Client, session: Session, trade: Trade, batch: Batch
) -> None:
    first, second, third = (trade.offer(batch, 1_000) for _ in range(3))
    trade.accept(third)
    buys = sign_in(client, session, trade, seller=False)
    assert client.submit(f"{buys}/{first.id}/rejection", {}, form=f"{buys}/{first.id}").status_code == 422
    said = {"reason": "Rau úa"}
    assert client.submit(f"{buys}/{first.id}/rejection", said, form=f"{buys}/{first.id}").status_code == 303
    assert client.submit(f"{buys}/{third.id}/dispute", said, form=f"{buys}/{third.id}").status_code == 303
    sells = sign_in(client, session, trade, seller=True)
    assert "Rau úa" in client.get(f"{sells}/{first.id}").text
    assert client.submit(f"{sells}/{second.id}/withdrawal", {}, form=f"{sells}/{second.id}").status_code == 303
    assert client.submit(f"{sells}/{third.id}/resolution", said, form=f"{sells}/{third.id}").status_code == 303
    session.rollback()
    statuses = [session.get_one(Handover, each.id).status for each in (first, second, third)]
    assert statuses == [HandoverStatus.REJECTED, HandoverStatus.WITHDRAWN, HandoverStatus.ACCEPTED]


def test_officers_see_what_waits_and_what_is_disputed(
    client: Client, session: Session, trade: Trade, batch: Batch, clock: Clock
) -> None:
    given = trade.accept(trade.offer(batch, 1_000))
    trade.offer(batch, 2_000)
    client.sign_in(factories.make_officer(session))
    assert "Không có chuyến hàng nào bị bỏ quên" in client.get("/authority/handovers").text
    clock.advance(days=2)
    assert "2 kg" in client.get("/authority/handovers").text
    assert "More than 1 day after" in client.get("/authority/handovers?lang=en").text
    handover_disputes.dispute(session, trade.buyer, trade.shop.id, given.id, reason="Thiếu")
    assert "1 kg" in client.get("/authority/handovers?disputed=yes").text
    assert client.submit(f"/authority/handovers/{given.id}", {"reason": "Đã cân lại"}).status_code == 303
    terms = {"valid_from": "2026-03-10", "accept_within_days": "5", "overdue_after_days": "2", "reason": "Đường xa"}
    assert client.submit("/authority/handovers/terms", {**terms, "reason": ""}).status_code == 422
    assert client.submit("/authority/handovers/terms", terms).status_code == 303
    assert "Đường xa" in client.get("/authority/handovers/terms").text


def test_a_scan_leads_the_buyer_to_its_delivery_and_the_seller_to_giving(
    client: Client, session: Session, trade: Trade, batch: Batch
) -> None:
    given = trade.offer(batch, 50_000)
    scanned = f"/q/{batch.public_code}"
    assert "/workspace/" not in client.get(scanned).text
    sign_in(client, session, trade, seller=False)
    assert f'href="/workspace/{trade.shop.id}/handovers/{given.id}"' in client.get(scanned).text
    trade.accept(given)
    assert f"/workspace/{trade.shop.id}/handovers/new?batch={batch.id}" in client.get(scanned).text
    sign_in(client, session, trade, seller=True)
    assert f"/workspace/{trade.farm.business.id}/handovers/new?batch={batch.id}" in client.get(scanned).text
    client.sign_in(factories.make_user(session))
    assert "/workspace/" not in client.get(scanned).text


def test_shoppers_read_who_confirmed_the_delivery(client: Client, session: Session, trade: Trade, batch: Batch) -> None:
    def evidence() -> dict[str, str]:
        shown = client.get(f"/q/{batch.public_code}", headers={"Accept": "application/json"}).json
        return {step["step"]: step["evidence"] for step in shown["steps"]}

    refused = trade.offer(batch, 1_000)
    assert evidence()["shipping"] == "declared"
    handovers.reject(session, trade.buyer, refused.id, reason="Rau úa", public_url="http://trace.test")
    assert "shipping" not in evidence()
    given = trade.accept(trade.offer(batch, 1_000))
    assert (evidence()["shipping"], evidence()["receiving"]) == ("confirmed", "confirmed")
    handover_disputes.dispute(session, trade.buyer, trade.shop.id, given.id, reason="Thiếu")
    assert (evidence()["shipping"], evidence()["receiving"]) == ("declared", "declared")


def test_what_was_recalled_on_the_way_is_sent_back_and_not_received(
    client: Client, session: Session, trade: Trade, batch: Batch
) -> None:
    given = trade.offer(batch)
    confirm(trade.farm, propose(trade.farm, batch))
    page = f"{sign_in(client, session, trade, seller=True)}/{given.id}"
    assert "Rút lại chuyến hàng" not in client.get(page).text
    page = f"{sign_in(client, session, trade, seller=False)}/{given.id}"
    shown = client.get(page).text
    assert "đang bị thu hồi" in shown
    assert "Nhận đủ" not in shown
    assert client.submit(f"{page}/rejection", {"reason": "Lô bị thu hồi"}, form=page).status_code == 303
    assert latest(session).status is HandoverStatus.REJECTED
