"""A recall meets goods on their way: found and destroyed there, or sent back; what was made is always somewhere."""

import pytest
from sqlalchemy import select

from tests.farm import URL, Farm
from tests.recalling import confirm, propose
from tests.trade import Trade, make_trade
from trace.domain.balance import MovementKind
from trace.domain.batches import BatchRecalled
from trace.domain.errors import InvalidFields
from trace.domain.handovers import HandoverStatus
from trace.domain.recalls import Disposal
from trace.services import handovers, recall_answers
from trace.services.recall_answers import Found
from trace.services.whole_balance import whole_balance_of
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.notices import Notice
from trace.storage.recalls import Recall, RecallHolder, RecallItem, holder_of, items_of

MADE = 100


@pytest.fixture
def trade(farm: Farm) -> Trade:
    return make_trade(farm)


@pytest.fixture
def batch(farm: Farm) -> Batch:
    return farm.published(amount=MADE)


def items(trade: Trade, recall: Recall, business: Business) -> list[RecallItem]:
    session = trade.farm.session
    return list(session.scalars(items_of(session.scalars(holder_of(recall.id, business.id)).one().id)))


def found(trade: Trade, recall: Recall, business: Business, amount: int, disposal: Disposal | None) -> RecallHolder:
    actor = trade.buyer if business is trade.shop else trade.farm.owner
    [item] = items(trade, recall, business)
    said = [Found(item_id=item.id, amount=amount, disposal=disposal)]
    return recall_answers.acknowledge(
        trade.farm.session, actor, recall.id, business_id=business.id, found=said, public_url=URL
    )


def test_goods_destroyed_on_the_way_are_received_and_gone(trade: Trade, batch: Batch) -> None:
    first, second, third = (trade.offer(batch, 10) for _ in range(3))
    recall = confirm(trade.farm, propose(trade.farm, batch))
    found(trade, recall, trade.shop, 15, Disposal.DESTROY)
    statuses = (first.status, second.status, second.received, third.status)
    assert statuses == (
        HandoverStatus.ACCEPTED,
        HandoverStatus.ACCEPTED_WITH_DIFFERENCE,
        5,
        HandoverStatus.OFFERED,
    )
    whole = whole_balance_of(trade.farm.session, batch)
    assert (whole.left, whole.gone[MovementKind.DESTROYED], whole.between) == (MADE - 30, 15, 15)
    assert trade.held(batch, trade.shop) == 0

    found(trade, recall, trade.shop, 25, Disposal.DESTROY)
    assert third.status is HandoverStatus.ACCEPTED
    assert whole_balance_of(trade.farm.session, batch).gone[MovementKind.DESTROYED] == 25
    for amount, disposal in ((24, Disposal.DESTROY), (25, Disposal.REPAIR)):
        with pytest.raises(InvalidFields):
            found(trade, recall, trade.shop, amount, disposal)
        trade.farm.session.rollback()


def test_what_is_rejected_is_asked_of_its_sender(trade: Trade, batch: Batch) -> None:
    session, farm = trade.farm.session, trade.farm
    given, other = trade.offer(batch, 30), trade.offer(batch, 10)
    recall = confirm(farm, propose(farm, batch))
    found(trade, recall, trade.shop, 40, Disposal.REPAIR)
    assert found(trade, recall, farm.business, 60, Disposal.DESTROY).acknowledged_at
    with pytest.raises(BatchRecalled):
        trade.accept(given)
    session.rollback()

    handovers.reject(session, trade.buyer, given.id, reason="Lô bị thu hồi", public_url=URL)
    [left], [back] = items(trade, recall, trade.shop), items(trade, recall, farm.business)
    assert (left.amount, left.located, back.amount, back.located) == (10, 10, 90, 60)
    assert trade.held(batch) == 30
    assert {"handover-rejected", "recall-returned"} <= set(session.scalars(select(Notice.kind)))
    assert back.holder.acknowledged_at is None
    assert found(trade, recall, farm.business, 90, Disposal.DESTROY).acknowledged_at
    assert trade.held(batch) == 0

    handovers.reject(session, trade.buyer, other.id, reason="Lô bị thu hồi", public_url=URL)
    assert items(trade, recall, trade.shop) == []
    assert whole_balance_of(session, batch).between == 0


def test_a_sender_who_had_nothing_left_is_asked_of_what_came_back(trade: Trade, batch: Batch) -> None:
    given = trade.offer(batch, MADE)
    recall = confirm(trade.farm, propose(trade.farm, batch))
    assert items(trade, recall, trade.farm.business) == []
    handovers.reject(trade.farm.session, trade.buyer, given.id, reason="Lô bị thu hồi", public_url=URL)
    assert [item.amount for item in items(trade, recall, trade.farm.business)] == [MADE]
