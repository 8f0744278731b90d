"""What holders of recalled goods answer, who is reminded, and how a case ends."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.farm import MORNING, URL, Farm
from tests.recalling import confirm, propose
from trace.domain.balance import MovementKind
from trace.domain.batches import BatchRecalled
from trace.domain.errors import InvalidFields, NotFound
from trace.domain.quantities import Unit
from trace.domain.recalls import (
    Disposal,
    HoldersSilent,
    RecallNotPossible,
    RecallStatus,
)
from trace.services import handovers, recall_answers, recalls
from trace.services.handover_invitations import Counterparty
from trace.services.handovers import OfferFacts
from trace.services.recall_answers import Found
from trace.storage.balance import Holding, Movement
from trace.storage.notices import Notice
from trace.storage.recalls import Recall, RecallHolder, RecallItem, holder_of, items_of
from trace.storage.webhooks import WebhookDelivery


@pytest.fixture
def officer(session: Session) -> Any:
    return factories.actor(factories.make_officer(session))


def answer(farm: Farm, recall: Recall, *found: Found, **more: Any) -> Any:
    return recall_answers.acknowledge(
        farm.session, farm.owner, recall.id, business_id=farm.business.id, found=found, public_url=URL, **more
    )


def items(farm: Farm, recall: Recall) -> list[Any]:
    holder = farm.session.scalars(holder_of(recall.id, farm.business.id)).one()
    return list(farm.session.scalars(items_of(holder.id)))


def test_a_holder_says_what_it_found_and_destroyed_goods_leave_its_stock(farm: Farm) -> None:
    first, second = farm.published(), farm.published()
    recall = confirm(farm, propose(farm, first, second))
    one, two = items(farm, recall)
    holder = answer(farm, recall, Found(item_id=one.id, amount=100_000, disposal=Disposal.DESTROY))
    assert holder.acknowledged_at is None
    holding = farm.session.scalars(select(Holding).where(Holding.batch_id == one.batch_id)).one()
    moved = farm.session.scalars(select(Movement).where(Movement.batch_id == one.batch_id)).one()
    assert (holding.amount, moved.kind, moved.amount) == (20_000, MovementKind.DESTROYED, 100_000)
    for wrong in (
        Found(item_id=one.id, amount=1, disposal=Disposal.REPAIR),  # destroyed goods are gone
        Found(item_id=two.id, amount=120_001, disposal=Disposal.REPAIR),
        Found(item_id=two.id, amount=1),
    ):
        with pytest.raises(InvalidFields):
            answer(farm, recall, wrong)
        farm.session.rollback()
    with pytest.raises(NotFound):
        answer(farm, recall, Found(item_id=0, amount=0))
    farm.session.rollback()
    answer(farm, recall, Found(item_id=two.id, amount=0))
    holder = answer(farm, recall, Found(item_id=two.id, amount=5000, disposal=Disposal.CHANGE_PURPOSE), note="Kho 2")
    assert (holder.acknowledged_by_name, holder.note) == (farm.owner.name, "Kho 2")
    assert [item.located for item in items(farm, recall)] == [100_000, 5000]


def test_a_case_is_closed_once_everyone_has_answered(farm: Farm, officer: Any) -> None:
    recall = confirm(farm, propose(farm, farm.published()))
    closing = {"business_id": farm.business.id, "conclusion": "Đã xong"}
    with pytest.raises(HoldersSilent):
        recalls.close(farm.session, farm.owner, recall.id, **closing)
    farm.session.rollback()
    answer(farm, recall, *(Found(item_id=item.id, amount=0) for item in items(farm, recall)))
    assert recalls.close(farm.session, farm.owner, recall.id, **closing).status is RecallStatus.CLOSED
    with pytest.raises(RecallNotPossible):
        recalls.close(farm.session, officer, recall.id, business_id=None, conclusion="Nữa")
    farm.session.rollback()
    with pytest.raises(RecallNotPossible):
        answer(farm, recall)


def test_the_silent_are_reminded_when_their_time_is_over(farm: Farm, officer: Any, clock: Clock) -> None:
    recall = confirm(farm, propose(farm, farm.published()))
    clock.set(MORNING + timedelta(hours=3, minutes=59))
    assert recall_answers.remind_silent(farm.session) == 0
    clock.advance(minutes=1)
    assert recall_answers.remind_silent(farm.session) == 1
    assert recall_answers.remind_silent(farm.session) == 0
    kinds = farm.session.scalars(select(Notice.kind)).all()
    assert (kinds.count("recall-reminder"), kinds.count("recall-silent")) == (1, 1)
    assert recall_answers.remind(farm.session, officer, recall.id, business_id=None) == 1
    answer(farm, recall, *(Found(item_id=item.id, amount=0) for item in items(farm, recall)))
    assert recall_answers.remind(farm.session, farm.owner, recall.id, business_id=farm.business.id) == 0
    clock.advance(days=3)
    assert recall_answers.remind_silent(farm.session) == 0
    assert farm.session.scalars(select(WebhookDelivery)).all() == []


def test_goods_on_the_way_are_asked_of_whoever_they_were_sent_to(farm: Farm, session: Session) -> None:
    field = farm.published()
    buyer = factories.make_business(session, owner=factories.make_user(session))
    session.commit()
    sent = [OfferFacts(batch_id=field.id, amount=2000, buyer_id=buyer.id) for _ in range(2)]
    stall = Counterparty(name="Sạp cô Ba", phone="0987654321")
    offered = [
        handovers.offer(session, farm.owner, farm.business.id, each, public_url=URL)[0]
        for each in (*sent, OfferFacts(batch_id=field.id, amount=500, counterparty=stall))
    ]
    proposed = propose(farm, field)
    assert recalls.reach(session, proposed).on_the_way == {Unit.KGM: 4500}
    recall = confirm(farm, proposed)
    assert recall.holder_count == 3
    asked = session.execute(select(RecallHolder.name, RecallItem.amount, RecallItem.on_the_way).join(RecallItem.holder))
    assert set(asked.all()) == {("", 115_500, False), ("", 4000, True), ("Sạp cô Ba", 500, True)}
    with pytest.raises(BatchRecalled):
        handovers.withdraw(session, farm.owner, offered[0].id)
    session.rollback()
    with pytest.raises(BatchRecalled):
        handovers.offer(session, farm.owner, farm.business.id, sent[0], public_url=URL)
