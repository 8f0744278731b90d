"""Goods change hands: both amounts are kept, nothing is promised twice, and an offer is answered once."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.farm import MORNING, TODAY, URL, Farm
from tests.trade import Trade, make_trade
from trace.domain import handovers as rules
from trace.domain.balance import Direction, HappensBeforeProduction, HappensInFuture, NotEnoughHeld, NotHeld
from trace.domain.batches import AmountNotPositive
from trace.domain.businesses import BusinessStatus
from trace.domain.errors import InvalidInput, NotFound, TraceError
from trace.domain.evidence import Evidence
from trace.domain.handovers import HandoverStatus
from trace.domain.vocabulary import BusinessStep
from trace.services import balance, batches, handovers, trace
from trace.services.balance import TransformationFacts, balance_of
from trace.storage.balance import Holding, Movement, holding_of
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.chain import Event, standing_events
from trace.storage.handovers import Handover, HandoverStep
from trace.storage.notices import Notice


@pytest.fixture
def trade(farm: Farm) -> Trade:
    return make_trade(farm)


@pytest.fixture
def batch(farm: Farm) -> Batch:
    return farm.published(amount=120_000)


def refuses(session: Session, error: type[TraceError], verb: Callable[[], Any]) -> TraceError:
    """The verb raises, and leaves nothing behind."""
    session.commit()

    def counted() -> Sequence[int]:
        tables = (Handover, HandoverStep, Holding, Movement, Event, Notice)
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]

    before = counted()
    with pytest.raises(error) as raised:
        verb()
    session.rollback()
    assert counted() == before
    return raised.value


def steps(session: Session, batch: Batch) -> list[tuple[str, Evidence]]:
    return [(event.business_step, event.evidence) for event in session.scalars(standing_events(batch.id))]


def notices_to(session: Session, person: int | None) -> list[str]:
    return list(session.scalars(select(Notice.kind).where(Notice.user_id == person).order_by(Notice.id)))


def test_what_is_offered_is_gone_and_what_is_accepted_has_come(trade: Trade, batch: Batch, session: Session) -> None:
    given = trade.offer(batch, 50_000, vehicle="29C-123.45", expected_at=MORNING + timedelta(hours=2))
    assert (given.status, trade.held(batch), trade.held(batch, trade.shop)) == (HandoverStatus.OFFERED, 70_000, None)
    assert notices_to(session, trade.buyer.user_id) == ["handover-offered"]
    got = trade.accept(given)
    assert (got.status, got.sent, got.received) == (HandoverStatus.ACCEPTED, 50_000, 50_000)
    assert (trade.held(batch), trade.held(batch, trade.shop)) == (70_000, 50_000)
    assert notices_to(session, trade.farm.owner.user_id) == ["handover-accepted"]


def test_both_events_belong_to_the_batch_and_name_the_same_paper(trade: Trade, batch: Batch, session: Session) -> None:
    given = trade.accept(trade.offer(batch, 50_000))
    shipped, received = list(session.scalars(standing_events(batch.id)))[-2:]
    assert [shipped.business_step, received.business_step] == ["shipping", "receiving"]
    assert (shipped.body["disposition"], received.body["disposition"]) == ("in_transit", "sellable_accessible")
    assert shipped.body["bizTransactionList"] == received.body["bizTransactionList"]
    assert shipped.body["bizTransactionList"][0]["bizTransaction"] == f"{URL}/handover/{given.id}"
    assert shipped.body["destinationList"][0]["destination"] == f"{URL}/party/{trade.shop.id}"
    assert (shipped.business_id, received.business_id) == (trade.farm.business.id, trade.shop.id)
    assert received.evidence is Evidence.CONFIRMED


def test_less_is_accepted_with_a_reason_and_both_amounts_are_kept(trade: Trade, batch: Batch, session: Session) -> None:
    given = trade.offer(batch, 50_000)
    refuses(session, rules.DifferenceUnexplained, lambda: trade.accept(given, received=48_000))
    got = trade.accept(given, received=48_000, reason="Dập hai cân")
    assert (got.status, got.sent, got.received) == (HandoverStatus.ACCEPTED_WITH_DIFFERENCE, 50_000, 48_000)
    assert (trade.held(batch), trade.held(batch, trade.shop)) == (70_000, 48_000)
    found = balance_of(session, session.scalars(holding_of(trade.farm.business.id, batch.id)).one())
    assert (found.had, found.left, found.shipped, found.lost_in_transit) == (120_000, 70_000, 50_000, 2_000)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (rules.MoreThanSent, {"received": 50_001, "reason": "Thừa"}),
        (AmountNotPositive, {"received": 0, "reason": "Hỏng"}),
        (HappensInFuture, {"at": MORNING + timedelta(hours=1)}),
        (rules.ReceivedBeforeShipped, {"at": MORNING - timedelta(hours=1)}),
        (InvalidInput, {"site_id": 999}),
    ],
)
def test_what_cannot_have_been_received_is_refused(
    error: type[TraceError], said: dict[str, Any], trade: Trade, batch: Batch, session: Session
) -> None:
    given = trade.offer(batch)
    refuses(session, error, lambda: trade.accept(given, **said))


@pytest.mark.parametrize(
    ("error", "facts"),
    [
        (NotEnoughHeld, {"amount": 120_001}),
        (AmountNotPositive, {"amount": 0}),
        (HappensInFuture, {"shipped_at": MORNING + timedelta(minutes=1)}),
        (HappensBeforeProduction, {"shipped_at": MORNING - timedelta(days=2)}),
        (rules.ExpectedBeforeShipped, {"expected_at": MORNING - timedelta(minutes=1)}),
        (InvalidInput, {"site_id": 999}),
        (InvalidInput, {"buyer_id": None}),
    ],
)
def test_what_cannot_have_been_shipped_is_refused(
    error: type[TraceError], facts: dict[str, Any], trade: Trade, batch: Batch, session: Session
) -> None:
    refuses(session, error, lambda: trade.offer(batch, **facts))


def test_nobody_gives_what_they_do_not_hold_or_to_themselves(trade: Trade, batch: Batch, session: Session) -> None:
    mine = {"seller": trade.buyer, "business_id": trade.shop.id, "buyer_id": trade.farm.business.id}
    refuses(session, NotHeld, lambda: trade.offer(batch, **mine))
    refuses(session, rules.OfferedToItself, lambda: trade.offer(batch, buyer_id=trade.farm.business.id))


@pytest.mark.parametrize("status", [BusinessStatus.SUSPENDED, BusinessStatus.WITHDRAWN, BusinessStatus.APPLIED])
def test_only_approved_businesses_trade(status: BusinessStatus, trade: Trade, batch: Batch, session: Session) -> None:
    given = trade.offer(batch)
    for party in (trade.shop, trade.farm.business):
        party.status = status
        session.commit()
        refuses(session, rules.MayNotTrade, lambda: trade.offer(batch))
        refuses(session, rules.MayNotTrade, lambda: trade.accept(given))
        party.status = BusinessStatus.APPROVED
        session.commit()
    assert trade.accept(given).status is HandoverStatus.ACCEPTED


def test_a_withdrawn_batch_goes_nowhere_but_back(trade: Trade, batch: Batch, session: Session) -> None:
    given = trade.offer(batch)
    batches.withdraw(session, trade.farm.owner, batch.id, reason="Ghi thiếu lần phun")
    refuses(session, rules.NotMovable, lambda: trade.offer(batch))
    refuses(session, rules.NotMovable, lambda: trade.accept(given))
    handovers.reject(session, trade.buyer, given.id, reason="Lô đã rút", public_url=URL)
    assert trade.held(batch) == 120_000


@pytest.mark.parametrize("ending", ["reject", "withdraw", "expire"])
def test_what_nobody_received_is_the_sellers_again(
    ending: str, trade: Trade, batch: Batch, session: Session, clock: Clock
) -> None:
    given = trade.offer(batch)
    if ending == "reject":
        refuses(
            session, InvalidInput, lambda: handovers.reject(session, trade.buyer, given.id, reason=" ", public_url=URL)
        )
        handovers.reject(session, trade.buyer, given.id, reason="Rau úa", public_url=URL)
    elif ending == "withdraw":
        handovers.withdraw(session, trade.farm.owner, given.id)
    else:
        clock.set(MORNING + timedelta(days=3, minutes=-1))
        assert handovers.expire(session) == 0
        clock.set(MORNING + timedelta(days=3))
        assert (handovers.expire(session), handovers.expire(session)) == (1, 0)
    session.refresh(given)
    assert given.status.came_back
    assert (trade.held(batch), trade.held(batch, trade.shop)) == (120_000, None)
    assert BusinessStep.SHIPPING not in dict(steps(session, batch))  # declared not to have come about
    found = balance_of(session, session.scalars(holding_of(trade.farm.business.id, batch.id)).one())
    assert (found.had, found.shipped, found.in_transit) == (120_000, 0, 0)
    refuses(session, rules.HandoverDecided, lambda: trade.accept(given))


def test_receiving_twice_is_refused_and_says_who_was_faster(trade: Trade, batch: Batch, session: Session) -> None:
    given = trade.accept(trade.offer(batch))
    error = refuses(session, rules.HandoverDecided, lambda: trade.accept(given))
    assert error.values == {"person": "Chị Trang", "time": "10:00 02/03/2026"}
    refuses(session, rules.HandoverDecided, lambda: handovers.withdraw(session, trade.farm.owner, given.id))
    assert trade.held(batch, trade.shop) == 50_000


def test_of_two_phones_at_once_one_receives(trade: Trade, batch: Batch, session: Session, engine: Engine) -> None:
    given = trade.offer(batch).id
    session.commit()
    ready = threading.Barrier(2)

    def receive(_: int) -> str:
        with Session(engine) as own:
            ready.wait()
            try:
                handovers.accept(own, trade.buyer, given, public_url=URL)
            except TraceError as error:
                return error.code
            return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(receive, range(2))) == ["done", "handover-decided"]
    session.rollback()
    assert trade.held(batch, trade.shop) == 50_000


def test_only_the_two_sides_have_a_say(trade: Trade, batch: Batch, session: Session) -> None:
    given = trade.offer(batch)
    stranger = factories.make_user(session)
    factories.make_business(session, owner=stranger)
    for verb in (
        lambda: handovers.accept(session, factories.actor(stranger), given.id, public_url=URL),
        lambda: handovers.accept(session, trade.farm.owner, given.id, public_url=URL),
        lambda: handovers.withdraw(session, trade.buyer, given.id),
    ):
        refuses(session, NotFound, verb)


def test_what_was_bought_is_sold_on_and_made_into_something_else(trade: Trade, batch: Batch, session: Session) -> None:
    trade.accept(trade.offer(batch, 50_000))
    next_buyer = factories.make_business(session, owner=factories.make_user(session))
    early = {"shipped_at": MORNING - timedelta(minutes=1)}
    mine = {"seller": trade.buyer, "business_id": trade.shop.id, "buyer_id": next_buyer.id}
    refuses(session, rules.ShippedBeforeReceived, lambda: trade.offer(batch, 10_000, **mine, **early))
    trade.offer(batch, 10_000, **mine)
    soup, kitchen = factories.make_product(session, trade.shop), factories.make_site(session, trade.shop)
    facts = TransformationFacts(
        inputs=[(batch.id, 30_000)], product_id=soup.id, site_id=kitchen.id, amount=28_000, at=MORNING
    )
    made = balance.transform(session, trade.buyer, trade.shop.id, facts, public_url=URL)
    assert (trade.held(batch, trade.shop), trade.held(made, trade.shop)) == (10_000, 28_000)
    seen = trace.follow(session, trade.buyer, made.public_code or "", Direction.BACK)
    assert {row.code for row in seen.batches.values()} == {made.public_code, batch.public_code}


def test_a_correction_respects_what_was_shipped(trade: Trade, batch: Batch, session: Session) -> None:
    farm = trade.farm
    given = trade.offer(batch, 100_000)
    refuses(session, NotEnoughHeld, lambda: farm.correct(batch, amount=99_000))
    farm.correct(batch, amount=100_000)
    assert trade.held(batch) == 0
    handovers.withdraw(session, farm.owner, given.id)
    farm.correct(batch, amount=90_000)
    assert trade.held(batch) == 90_000


def test_a_batch_cannot_be_younger_than_its_shipping(farm: Farm, session: Session) -> None:
    old = farm.published(production_date=date(2026, 3, 1))
    make_trade(farm).offer(old, shipped_at=MORNING - timedelta(days=1))
    refuses(session, HappensBeforeProduction, lambda: farm.correct(old, production_date=TODAY))


def test_a_form_sent_twice_gives_once(trade: Trade, batch: Batch, session: Session) -> None:
    facts = handovers.OfferFacts(batch_id=batch.id, amount=1_000, buyer_id=trade.shop.id)
    made = {
        handovers.offer(session, trade.farm.owner, trade.farm.business.id, facts, public_url=URL, client_key="a")[0].id
        for _ in range(2)
    }
    assert len(made) == 1
    assert trade.held(batch) == 119_000
    assert session.get_one(Business, trade.shop.id)
