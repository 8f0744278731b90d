"""Deliveries in a trace: drawn from lane to lane, and the same in the table and the file."""

import io
import re

import openpyxl
import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from tests.farm import MORNING, URL, make_farm
from tests.trade import Trade, make_trade
from trace.services import balance, handovers
from trace.services.balance import TransformationFacts
from trace.storage.accounts import User
from trace.storage.batches import Batch


@pytest.fixture
def trade(session: Session, clock: Clock) -> Trade:
    clock.set(MORNING)
    return make_trade(make_farm(session))


@pytest.fixture
def batch(trade: Trade) -> Batch:
    return trade.farm.published(amount=120_000)


def seen(client: Client, user: User, path: str) -> str:
    client.sign_in(user)
    return client.get(f"{path}/trace?direction=forward").text


def of_farm(trade: Trade, client: Client, batch: Batch) -> str:
    owner = trade.farm.session.get_one(User, trade.farm.owner.user_id)
    return seen(client, owner, f"/workspace/{trade.farm.business.id}/batches/{batch.id}")


def trips(text: str) -> dict[str, str]:
    """What is written at each edge between holders, by its status."""
    statuses = re.findall(r'<path class="link trip (\w+)" d="[^"]*C', text)
    labels = re.findall(r"<title>Giao [^<]*</title>([^<]+)</text>", text)
    return dict(zip(statuses, labels, strict=True))


def test_both_sides_amounts_stand_at_the_edge_and_its_look_says_who_confirmed(
    trade: Trade, batch: Batch, client: Client, session: Session
) -> None:
    trade.accept(trade.offer(batch, 50_000))
    trade.accept(trade.offer(batch, 20_000), received=19_000, reason="Dập")
    handovers.reject(session, trade.buyer, trade.offer(batch, 7_000).id, reason="Úa", public_url=URL)
    trade.offer(batch, 3_000)
    text = of_farm(trade, client, batch)
    assert trips(text) == {
        "accepted": "50 kg",
        "accepted_with_difference": "20 kg → 19 kg",
        "rejected": "✕ 7 kg",
        "offered": "3 kg ?",
    }
    assert text.count('class="node stop"') == 1
    assert "nhận 69 kg" in text
    assert f'<text class="lane" x="284" y="{30 + 32 + 84 + 21}">{trade.shop.legal_name}' in text
    assert "4 chuyến giao nhận" in text


def test_what_was_made_of_a_bought_batch_starts_where_it_was_received(
    trade: Trade, batch: Batch, client: Client, session: Session
) -> None:
    trade.accept(trade.offer(batch, 50_000))
    site, soup = factories.make_site(session, trade.shop), factories.make_product(session, trade.shop)
    facts = TransformationFacts(
        inputs=[(batch.id, 30_000)], product_id=soup.id, site_id=site.id, amount=28_000, at=MORNING
    )
    balance.transform(session, trade.buyer, trade.shop.id, facts, public_url=URL)
    text = of_farm(trade, client, batch)
    [stop] = re.findall(r'class="node stop".*?<rect x="(\d+)" y="(\d+)"', text, re.DOTALL)
    [link] = re.findall(r'<path class="link declared" d="M(\d+) (\d+)H\d+C', text)
    assert (int(link[0]), int(link[1])) == (int(stop[0]) + 176, int(stop[1]) + 33)


def test_a_batch_that_comes_back_makes_no_cycle(trade: Trade, batch: Batch, client: Client, session: Session) -> None:
    trade.accept(trade.offer(batch, 50_000))
    back = trade.offer(batch, 10_000, seller=trade.buyer, business_id=trade.shop.id, buyer_id=trade.farm.business.id)
    handovers.accept(session, trade.farm.owner, back.id, public_url=URL)
    text = of_farm(trade, client, batch)
    assert trips(text) == {"accepted": "50 kg"}
    assert "2 chuyến giao nhận" in text


def test_a_business_sees_its_own_deliveries_and_an_officer_all(
    trade: Trade, batch: Batch, client: Client, session: Session
) -> None:
    trade.accept(trade.offer(batch, 50_000))
    stall = factories.make_business(session, owner=factories.make_user(session), legal_name="Sạp Chợ Hôm")
    trade.offer(batch, 9_000, seller=trade.buyer, business_id=trade.shop.id, buyer_id=stall.id)
    assert "Sạp Chợ Hôm" not in of_farm(trade, client, batch)
    text = seen(client, factories.make_officer(session), f"/authority/batches/{batch.public_code}")
    assert trips(text) == {"accepted": "50 kg", "offered": "9 kg ?"}
    address = f"/authority/batches/{batch.public_code}/trace.xlsx?direction=forward"
    book = openpyxl.load_workbook(io.BytesIO(client.get(address).data))
    rows = list(book.worksheets[3].iter_rows(min_row=2, values_only=True))
    assert [(row[3], row[4], row[6], row[8], row[10]) for row in rows] == [
        (trade.farm.business.legal_name, trade.shop.legal_name, 50, 50, "Đã nhận đủ"),
        (trade.shop.legal_name, "Sạp Chợ Hôm", 9, None, "Chờ nhận"),
    ]
    events = [row for row in book.worksheets[2].iter_rows(min_row=2, values_only=True) if row[0] == "Giao hàng"]
    assert [row[-1] for row in events] == ["Hai bên giao nhận cùng xác nhận", "Cơ sở tự khai"]
