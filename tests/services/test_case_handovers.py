"""A case given to another business: it arrives closed, comes back closed, or is opened on the way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import recalling
from tests.client import Clock
from tests.farm import MORNING, URL, Farm
from tests.warehouse import HELD, Warehouse, make_warehouse
from trace.domain import handovers as rules
from trace.domain.batches import BatchRecalled
from trace.domain.cases import CaseNotClosed, CaseStatus
from trace.domain.errors import TraceError
from trace.domain.handovers import HandoverStatus
from trace.domain.recalls import Disposal
from trace.services import case_handovers, handover_invitations, handovers
from trace.services.handover_invitations import Counterparty
from trace.services.handovers import Shipment
from trace.services.recall_answers import Found, acknowledge
from trace.storage.chain import standing_events
from trace.storage.notices import Notice
from trace.storage.recalls import holder_of


@pytest.fixture
def warehouse(farm: Farm) -> Warehouse:
    return make_warehouse(farm)


def refuses(session: Session, error: type[TraceError], verb: Callable[[], Any]) -> TraceError:
    session.commit()
    with pytest.raises(error) as raised:
        verb()
    session.rollback()
    return raised.value


def test_a_case_that_is_accepted_is_the_buyers_and_still_closed(warehouse: Warehouse, session: Session) -> None:
    trade, case = warehouse.trade, warehouse.pack(50_000, 30_000)
    given = warehouse.give(case)
    assert [each.sent for each in given] == [50_000, 30_000]
    assert (case.status, warehouse.stock()) == (CaseStatus.SHIPPED, [(70_000, 0), (90_000, 0)])
    refuses(session, CaseNotClosed, lambda: warehouse.unpack(case))
    refuses(session, CaseNotClosed, lambda: warehouse.give(case))
    trade.accept(given[1])
    session.expire_all()
    assert {each.status for each in given} == {HandoverStatus.ACCEPTED}
    assert (case.status, case.business_id) == (CaseStatus.CLOSED, trade.shop.id)
    assert warehouse.stock(trade.shop) == [(50_000, 50_000), (30_000, 30_000)]
    offered = session.scalars(select(Notice.values).where(Notice.kind == "handover-offered")).all()
    assert [each["product"] for each in offered] == ["Cải ngọt, 30 kg Cải ngọt"]
    shipped = [e for e in session.scalars(standing_events(given[0].batch_id)) if e.business_step == "shipping"]
    assert shipped[0].body["epcList"] == [f"{URL}/case/{case.code}"]


def test_a_difference_opens_the_case_and_the_rest_is_answered_by_itself(warehouse: Warehouse, session: Session) -> None:
    trade, case = warehouse.trade, warehouse.pack(50_000, 30_000)
    first, second = warehouse.give(case)
    trade.accept(first, received=49_000, reason="Dập")
    assert (case.status, second.status) == (CaseStatus.UNPACKED, HandoverStatus.OFFERED)
    assert warehouse.events(warehouse.batches[1])[-1] == ("unpacking", "DELETE")
    handovers.reject(session, trade.buyer, second.id, reason="Úa", public_url=URL)
    assert (warehouse.stock(), warehouse.stock(trade.shop)) == ([(70_000, 0), (HELD, 0)], [(49_000, 0), (0, 0)])


@pytest.mark.parametrize("ending", ["reject", "withdraw", "expire"])
def test_a_case_that_nobody_received_comes_back_closed(
    ending: str, warehouse: Warehouse, session: Session, clock: Clock
) -> None:
    case = warehouse.pack(50_000, 30_000)
    first, _ = warehouse.give(case)
    if ending == "reject":
        handovers.reject(session, warehouse.trade.buyer, first.id, reason="Nhầm nơi", public_url=URL)
    elif ending == "withdraw":
        handovers.withdraw(session, warehouse.farm.owner, first.id)
    else:
        clock.set(MORNING + timedelta(days=3))
        assert handovers.expire(session) == 2
    assert (case.status, case.business_id) == (CaseStatus.CLOSED, warehouse.farm.business.id)
    assert warehouse.stock() == [(HELD, 50_000), (HELD, 30_000)]
    warehouse.unpack(case)


def test_one_batch_of_a_case_may_be_refused_alone(warehouse: Warehouse, session: Session) -> None:
    case = warehouse.pack(50_000, 30_000)
    first, second = warehouse.give(case)
    handovers.reject(session, warehouse.trade.buyer, first.id, reason="Úa", alone=True, public_url=URL)
    assert (case.status, second.status) == (CaseStatus.UNPACKED, HandoverStatus.OFFERED)
    warehouse.trade.accept(second)
    assert (warehouse.stock(), warehouse.stock(warehouse.trade.shop)[1]) == ([(HELD, 0), (90_000, 0)], (30_000, 0))


def test_a_recalled_batch_is_taken_out_of_its_case(warehouse: Warehouse, session: Session) -> None:
    farm, trade, case = warehouse.farm, warehouse.trade, warehouse.pack(50_000, 30_000)
    first, second = warehouse.give(warehouse.pack(1_000, 1_000))
    recalling.confirm(farm, recalling.propose(farm, warehouse.batches[0]))
    refuses(session, BatchRecalled, lambda: warehouse.pack(1))
    refuses(session, BatchRecalled, lambda: warehouse.give(case))
    refuses(session, BatchRecalled, lambda: handovers.withdraw(session, farm.owner, second.id))
    assert trade.accept(second).case.status is CaseStatus.UNPACKED  # type: ignore[union-attr] # it was sent in one
    assert first.status is HandoverStatus.OFFERED
    warehouse.unpack(case)
    assert [packed for _, packed in warehouse.stock()] == [0, 0]


def test_what_is_destroyed_out_of_a_case_on_the_way_opens_it(warehouse: Warehouse, session: Session) -> None:
    trade, case = warehouse.trade, warehouse.pack(50_000, 30_000)
    first, second = warehouse.give(case)
    recall = recalling.confirm(warehouse.farm, recalling.propose(warehouse.farm, warehouse.batches[0]))
    holder = session.scalars(holder_of(recall.id, trade.shop.id)).one()
    found = [Found(item_id=holder.items[0].id, amount=50_000, disposal=Disposal.DESTROY)]
    acknowledge(session, trade.buyer, recall.id, business_id=trade.shop.id, found=found, public_url=URL)
    assert (case.status, first.status, second.status) == (
        CaseStatus.UNPACKED,
        HandoverStatus.ACCEPTED,
        HandoverStatus.OFFERED,
    )
    assert warehouse.stock(trade.shop) == [(0, 0), (0, 0)]


def test_one_link_is_enough_for_a_case_sent_to_a_stranger(warehouse: Warehouse, session: Session) -> None:
    farm, trade, case = warehouse.farm, warehouse.trade, warehouse.pack(50_000, 30_000)
    shipment = Shipment(counterparty=Counterparty(name="Sạp bà Tư", phone="0912 345 678"))
    made, token = case_handovers.offer_case(session, farm.owner, farm.business.id, case.id, shipment, public_url=URL)
    handover_invitations.claim(session, trade.buyer, trade.shop.id, token)
    trade.accept(made[0])
    assert (case.business_id, case.status) == (trade.shop.id, CaseStatus.CLOSED)


def test_a_delivery_answers_for_itself_once_the_case_is_the_buyers(warehouse: Warehouse, session: Session) -> None:
    given = warehouse.give(warehouse.pack(50_000, 30_000))
    warehouse.trade.accept(given[0])
    refuses(session, rules.HandoverDecided, lambda: warehouse.trade.accept(given[1]))
