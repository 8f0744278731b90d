"""Cases on the pages of a business: packed, given whole, received whole, opened."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import recalling
from tests.client import Client, Clock
from tests.farm import MORNING, make_farm
from tests.trade import Trade, make_trade
from trace.domain.cases import CaseStatus
from trace.domain.handovers import HandoverStatus
from trace.storage.accounts import User
from trace.storage.batches import Batch
from trace.storage.cases import Case
from trace.storage.handovers import Handover


@pytest.fixture(autouse=True)
def _morning(clock: Clock) -> None:
    clock.set(MORNING)


@pytest.fixture
def trade(session: Session, client: Client) -> Trade:
    farm = make_farm(session)
    client.sign_in(session.get_one(User, farm.owner.user_id))
    return make_trade(farm)


@pytest.fixture
def batches(trade: Trade) -> list[Batch]:
    return [trade.farm.published(amount=120_000), trade.farm.published(amount=120_000)]


def pack(client: Client, trade: Trade, batches: list[Batch], **typed: Any) -> Any:
    form = {"batch": [each.id for each in batches], f"amount-{batches[0].id}": "50", f"amount-{batches[1].id}": "30"}
    facts = {"site_id": trade.farm.site.id, "at": "2026-03-02T09:30", "step": "save", **form, **typed}
    return client.submit(f"/workspace/{trade.farm.business.id}/cases/new", data=facts)


def packed(client: Client, trade: Trade, batches: list[Batch]) -> Case:
    assert pack(client, trade, batches).status_code == 303
    return trade.farm.session.scalars(select(Case)).one()


def test_a_case_is_packed_and_opened_again(client: Client, trade: Trade, batches: list[Batch]) -> None:
    home = f"/workspace/{trade.farm.business.id}"
    assert "Không có thùng nào" in client.get(f"{home}/cases").text
    case = packed(client, trade, batches)
    assert "trong đó 50 kg ở trong thùng" in client.get(f"{home}/stock").text
    assert "– trong đó ở trong thùng" in client.get(f"{home}/stock/{batches[0].id}").text
    assert "Đóng vào thùng" in client.get(f"{home}/batches/{batches[0].id}/steps").text
    here = f"{home}/cases/{case.id}"
    assert client.submit(f"{here}/unpacking", form=here).status_code == 303
    again = client.submit(f"{here}/unpacking", form=f"{home}/cases/new", follow_redirects=True)
    assert "đang giao hoặc đã mở" in again.text
    assert "Trong thùng từng có" in again.text


def test_what_was_typed_wrongly_is_shown_again(client: Client, trade: Trade, batches: list[Batch]) -> None:
    too_much = pack(client, trade, batches, **{f"amount-{batches[0].id}": "121"})
    assert too_much.status_code == 422
    assert "chỉ còn 120 kg" in too_much.text
    assert 'value="121"' in too_much.text
    wrong = pack(client, trade, batches, sscc="340123400000000010")
    assert "chữ số cuối phải là 2" in wrong.text


def test_a_case_is_given_and_received_whole(
    client: Client, trade: Trade, batches: list[Batch], session: Session
) -> None:
    case = packed(client, trade, batches)
    form = {"buyer": trade.shop.legal_name, "site_id": trade.farm.site.id}
    assert client.submit(f"/workspace/{trade.farm.business.id}/cases/{case.id}/handover", data=form).status_code == 303
    first = session.scalars(select(Handover).order_by(Handover.id)).first()
    assert first
    client.sign_in(session.get_one(User, trade.buyer.user_id))
    here = f"/workspace/{trade.shop.id}/handovers/{first.id}"
    page = client.get(here).text
    assert "Nhận đủ cả thùng, 2 lô" in page
    assert "Mở thùng, chỉ trả lại lô này" in page
    assert client.submit(f"{here}/acceptance", form=here, data={"all": "yes"}).status_code == 303
    session.expire_all()
    assert set(session.scalars(select(Handover.status))) == {HandoverStatus.ACCEPTED}
    assert (case.status, case.business_id) == (CaseStatus.CLOSED, trade.shop.id)
    assert case.code in client.get(f"/workspace/{trade.shop.id}/cases").text.replace("-", "")


def test_a_recalled_batch_is_found_with_its_case(client: Client, trade: Trade, batches: list[Batch]) -> None:
    case = packed(client, trade, batches)
    recall = recalling.confirm(trade.farm, recalling.propose(trade.farm, batches[0]))
    home = f"/workspace/{trade.farm.business.id}"
    page = client.get(f"{home}/recalls/{recall.id}").text
    assert f'href="{home}/cases/{case.id}"' in page
    assert "Trong thùng có lô bị thu hồi" in client.get(f"{home}/cases/{case.id}").text
