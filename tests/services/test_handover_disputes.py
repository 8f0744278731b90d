"""Buyers who are not enrolled, disputes after receiving, and the terms of offers."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.farm import MORNING, TODAY, URL, Farm
from tests.trade import Trade, make_trade
from trace.domain import handovers as rules
from trace.domain.businesses import BusinessStatus
from trace.domain.errors import InvalidFields, InvalidInput, NotFound
from trace.domain.handovers import HandoverStatus
from trace.domain.permissions import Actor
from trace.services import handover_disputes, handover_invitations, handovers
from trace.services.handover_disputes import TermsFacts
from trace.services.handover_invitations import Counterparty, DeliveryGone
from trace.services.handovers import OfferFacts
from trace.storage.batches import Batch
from trace.storage.handovers import Handover, steps_of


@pytest.fixture
def trade(farm: Farm) -> Trade:
    return make_trade(farm)


@pytest.fixture
def batch(farm: Farm) -> Batch:
    return farm.published(amount=120_000)


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session))


def give_to_stranger(farm: Farm, batch: Batch, **facts: Any) -> tuple[Handover, str]:
    known = Counterparty(**{"name": "Sạp bà Tư", "phone": "0912 345 678", "commune_code": "00070", **facts})
    said = OfferFacts(batch_id=batch.id, amount=20_000, counterparty=known)
    return handovers.offer(farm.session, farm.owner, farm.business.id, said, public_url=URL)


def test_goods_go_to_a_named_stranger_and_the_offer_waits(
    trade: Trade, batch: Batch, session: Session, clock: Clock
) -> None:
    given, token = give_to_stranger(trade.farm, batch)
    assert (given.buyer_id, given.buyer_title, given.buyer_phone) == (None, "Sạp bà Tư", "+84912345678")
    assert trade.held(batch) == 100_000
    clock.set(MORNING + timedelta(days=60))
    assert handovers.expire(session) == 0
    assert handover_invitations.find_delivery(session, token).id == given.id


@pytest.mark.parametrize("facts", [{"name": " "}, {"phone": "12"}, {"name": "x" * 201}])
def test_a_stranger_has_a_name_and_a_number(facts: dict[str, str], trade: Trade, batch: Batch) -> None:
    with pytest.raises(InvalidFields):
        give_to_stranger(trade.farm, batch, **facts)
    trade.farm.session.rollback()
    assert trade.held(batch) == 120_000


def test_the_link_binds_the_delivery_to_a_business_that_may_receive_once_approved(
    trade: Trade, batch: Batch, session: Session
) -> None:
    given, token = give_to_stranger(trade.farm, batch)
    trade.shop.status = BusinessStatus.APPLIED
    session.commit()
    handover_invitations.claim(session, trade.buyer, trade.shop.id, token)
    with pytest.raises(rules.MayNotTrade):
        trade.accept(given)
    session.rollback()
    trade.shop.status = BusinessStatus.APPROVED
    session.commit()
    assert trade.accept(given).status is HandoverStatus.ACCEPTED
    with pytest.raises(DeliveryGone):
        handover_invitations.claim(session, trade.buyer, trade.shop.id, token)


def test_a_link_can_be_renewed_and_ends_with_the_offer(trade: Trade, batch: Batch, session: Session) -> None:
    given, old = give_to_stranger(trade.farm, batch)
    new = handover_invitations.renew_invitation(session, trade.farm.owner, given.id)
    with pytest.raises(DeliveryGone):
        handover_invitations.find_delivery(session, old)
    with pytest.raises(rules.OfferedToItself):
        handover_invitations.claim(session, trade.farm.owner, trade.farm.business.id, new)
    session.rollback()
    handovers.withdraw(session, trade.farm.owner, given.id)
    with pytest.raises(DeliveryGone):
        handover_invitations.find_delivery(session, new)


def test_either_side_disputes_and_somebody_settles_it(
    trade: Trade, batch: Batch, session: Session, officer: Actor
) -> None:
    given, farm = trade.offer(batch), trade.farm
    with pytest.raises(rules.DisputeNotPossible):
        handover_disputes.dispute(session, farm.owner, farm.business.id, given.id, reason="Chưa tới")
    session.rollback()
    trade.accept(given, received=49_000, reason="Thiếu một cân")
    for actor, business_id in ((farm.owner, farm.business.id), (trade.buyer, trade.shop.id)):
        with pytest.raises(InvalidInput):
            handover_disputes.dispute(session, actor, business_id, given.id, reason=" ")
        session.rollback()
        handover_disputes.dispute(session, actor, business_id, given.id, reason="Cân lại khác")
        with pytest.raises(rules.DisputeNotPossible):
            handover_disputes.dispute(session, actor, business_id, given.id, reason="Lần nữa")
        session.rollback()
        settled = handover_disputes.resolve(session, officer, None, given.id, note="Hai bên đã cân lại")
        assert settled.status is HandoverStatus.ACCEPTED_WITH_DIFFERENCE
    with pytest.raises(rules.NotDisputed):
        handover_disputes.resolve(session, officer, None, given.id, note="Xong")
    session.rollback()
    said = [step.status.value for step in session.scalars(steps_of(given.id))]
    assert said == ["offered", "accepted_with_difference", *["disputed", "accepted_with_difference"] * 2]
    assert (trade.held(batch), trade.held(batch, trade.shop)) == (70_000, 49_000)


def test_a_stranger_disputes_nothing(trade: Trade, batch: Batch, session: Session) -> None:
    given = trade.accept(trade.offer(batch))
    owner = factories.make_user(session)
    other = factories.make_business(session, owner=owner)
    with pytest.raises(NotFound):
        handover_disputes.dispute(session, factories.actor(owner), other.id, given.id, reason="Tôi không biết")


def test_new_terms_hold_for_new_offers(
    trade: Trade, batch: Batch, session: Session, officer: Actor, clock: Clock
) -> None:
    before = trade.offer(batch, 1_000)
    facts = TermsFacts(valid_from=TODAY, accept_within_days=10, overdue_after_days=4, reason="Hàng khô đi xa")
    handover_disputes.set_terms(session, officer, facts)
    after = trade.offer(batch, 1_000, expected_at=MORNING + timedelta(days=1))
    assert (before.expires_at, after.expires_at) == (MORNING + timedelta(days=3), MORNING + timedelta(days=11))
    clock.set(MORNING + timedelta(days=5))
    assert handovers.expire(session) == 1
    with pytest.raises(InvalidFields) as raised:
        handover_disputes.set_terms(
            session,
            officer,
            TermsFacts(valid_from=TODAY, accept_within_days=0, overdue_after_days=91, reason=""),
        )
    assert len(raised.value.errors) == 4
