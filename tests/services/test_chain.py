"""The steps of a published batch."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from trace.domain.batches import BatchStepNotPossible, PackedBeforeProduction, PackedInFuture
from trace.domain.errors import InvalidInput, NotFound
from trace.domain.permissions import Actor
from trace.domain.steps import ErrorAlreadyDeclared
from trace.services import batches, chain
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.chain import Event, standing_events

URL = "https://trace.test"
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _morning(clock: Clock) -> None:
    clock.set(NOW)


@pytest.fixture
def owner(session: Session) -> Actor:
    person = factories.make_user(session)
    factories.make_business(session, owner=person)
    return factories.actor(person)


@pytest.fixture
def draft(session: Session, owner: Actor) -> Batch:
    [business_id] = owner.memberships
    return factories.make_batch(session, session.get_one(Business, business_id))


@pytest.fixture
def batch(session: Session, owner: Actor, draft: Batch) -> Batch:
    return batches.publish(session, owner, draft.id, public_url=URL)


def pack(session: Session, owner: Actor, batch: Batch, at: datetime = NOW, packs: int | None = 240) -> Event:
    return chain.record_packing(session, owner, batch.id, at=at, site_id=batch.site_id, packs=packs, public_url=URL)


def test_a_packing_says_when_where_and_how_many_packs(session: Session, owner: Actor, batch: Batch) -> None:
    event = pack(session, owner, batch)
    assert event.body["bizStep"] == "packing"
    assert event.body["eventTime"] == "2026-03-02T10:00:00.000+07:00"
    assert event.body["bizLocation"] == {"id": f"{URL}/loc/{batch.site_id}"}
    assert event.body["trace:packs"] == 240


def test_a_site_with_a_gln_is_known_by_it(session: Session, owner: Actor, batch: Batch) -> None:
    batch.site.gln = "8930000000002"
    assert pack(session, owner, batch).body["readPoint"] == {"id": "https://id.gs1.org/414/8930000000002"}


def test_the_same_packing_said_twice_is_recorded_once(session: Session, owner: Actor, batch: Batch) -> None:
    assert pack(session, owner, batch).id == pack(session, owner, batch).id
    pack(session, owner, batch, packs=10)
    steps = session.scalars(select(Event.business_step).where(Event.batch_id == batch.id)).all()
    assert steps.count("packing") == 2


def test_nothing_is_packed_before_it_is_made_or_in_the_future(session: Session, owner: Actor, batch: Batch) -> None:
    with pytest.raises(PackedInFuture):
        pack(session, owner, batch, NOW + timedelta(minutes=1))
    with pytest.raises(PackedBeforeProduction):
        pack(session, owner, batch, datetime(2026, 2, 28, 16, 59, tzinfo=UTC))
    pack(session, owner, batch, datetime(2026, 2, 28, 17, 0, tzinfo=UTC))  # midnight in Việt Nam


def test_a_draft_has_no_steps(session: Session, owner: Actor, draft: Batch) -> None:
    with pytest.raises(BatchStepNotPossible):
        pack(session, owner, draft)


def test_a_packing_needs_a_place_of_the_business_and_a_sensible_number(
    session: Session, owner: Actor, batch: Batch
) -> None:
    elsewhere = factories.make_site(session, factories.make_business(session))
    with pytest.raises(InvalidInput) as raised:
        chain.record_packing(session, owner, batch.id, at=NOW, site_id=elsewhere.id, public_url=URL)
    assert raised.value.field == "site_id"
    with pytest.raises(InvalidInput):
        pack(session, owner, batch, packs=0)


def test_a_packing_declared_wrong_stays_in_the_record_and_no_longer_counts(
    session: Session, owner: Actor, batch: Batch
) -> None:
    event = pack(session, owner, batch)
    assert batch.complete
    chain.declare_error(session, owner, batch.id, event.id, reason="Nhầm lô")
    assert [one.business_step for one in session.scalars(standing_events(batch.id))] == ["creating_class_instance"]
    assert not batch.complete
    assert session.scalar(select(func.count()).where(Event.hash == event.hash)) == 2
    again = pack(session, owner, batch)
    assert again.hash != event.hash
    assert batch.complete


def test_an_error_is_declared_once_with_a_reason_and_only_for_a_packing(
    session: Session, owner: Actor, batch: Batch
) -> None:
    [production] = session.scalars(standing_events(batch.id))
    event = pack(session, owner, batch)
    with pytest.raises(InvalidInput):
        chain.declare_error(session, owner, batch.id, event.id, reason=" ")
    chain.declare_error(session, owner, batch.id, event.id, reason="Nhầm lô")
    for wrong, error in ((event, ErrorAlreadyDeclared), (production, NotFound)):
        with pytest.raises(error):
            chain.declare_error(session, owner, batch.id, wrong.id, reason="Nhầm lô")
        session.rollback()
