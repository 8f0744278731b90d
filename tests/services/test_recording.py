"""Steps between harvest and shelf: recorded by whoever has the goods, and put right without erasing anything."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.farm import MORNING, URL, Farm
from tests.pictures import encoded, halves
from trace.domain.balance import HappensBeforeProduction, HappensInFuture
from trace.domain.batches import BatchStepNotPossible
from trace.domain.errors import InvalidFields, NotFound
from trace.domain.evidence import Evidence
from trace.domain.permissions import Actor
from trace.domain.sensors import Reading
from trace.domain.steps import ErrorAlreadyDeclared, FindingMissing
from trace.domain.vocabulary import BusinessStep
from trace.services import chain, recording
from trace.services.files import Proof
from trace.services.recording import Correction, StepFacts
from trace.storage.balance import Holding
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.chain import Event, standing_events
from trace.storage.files import FileStore

HANOI = timezone(timedelta(hours=7))
EARLIER = datetime(2026, 3, 2, 9, 0, tzinfo=HANOI)


def record(farm: Farm, batch: Batch, step: BusinessStep = BusinessStep.STORING, **given: Any) -> Event:
    more = {name: given.pop(name) for name in ("proof", "correction", "device_time") if name in given}
    actor, business_id = given.pop("by", (farm.owner, farm.business.id))
    facts = StepFacts(**{"step": step, "at": EARLIER, "site_id": farm.site.id, **given})
    return recording.record(farm.session, actor, business_id, batch.id, facts, **more, public_url=URL)


def fault(farm: Farm, batch: Batch, **given: Any) -> Exception:
    with pytest.raises(InvalidFields) as raised:
        record(farm, batch, **given)
    [error] = raised.value.errors
    return error


@pytest.fixture
def holder(session: Session, farm: Farm) -> tuple[Actor, int]:
    """Somebody who was given some of everything that the farm has made."""
    person = factories.make_user(session)
    business = factories.make_business(session, owner=person)
    session.commit()
    return factories.actor(person), business.id


def give(session: Session, batch: Batch, business_id: int) -> None:
    session.add(Holding(batch_id=batch.id, business_id=business_id, amount=1000))
    session.commit()


def test_storing_keeps_temperature_and_humidity_as_a_sensor_would(farm: Farm) -> None:
    farm.product.storage_low, farm.product.storage_high = 0, 80
    readings = [
        Reading(at=EARLIER + timedelta(minutes=10), temperature=95, humidity=85),
        Reading(at=EARLIER, temperature=41),
    ]
    body = record(farm, farm.published(), readings=readings).body
    summary, every = body["sensorElementList"]
    assert summary["sensorMetadata"] == {
        "startTime": "2026-03-02T09:00:00+07:00",
        "endTime": "2026-03-02T09:10:00+07:00",
    }
    assert summary["sensorReport"][0] == {
        "type": "Temperature",
        "minValue": 4.1,
        "maxValue": 9.5,
        "meanValue": 6.8,
        "uom": "CEL",
        "exception": "ALARM_CONDITION",
    }
    assert [report.get("exception") for report in every["sensorReport"]] == [None, "ALARM_CONDITION", None]
    assert body["quantityList"] == [{"epcClass": body["quantityList"][0]["epcClass"]}]


def test_our_own_step_is_named_by_its_uri_and_when_and_where_by_its_offset_and_place(farm: Farm) -> None:
    at = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    device = MORNING - timedelta(minutes=5)
    event = record(farm, farm.published(), BusinessStep.PRELIMINARY_PROCESSING, at=at, device_time=device)
    assert event.body["bizStep"] == f"{URL}/voc/#preliminary_processing"
    assert (event.body["eventTime"], event.offset) == ("2026-03-02T01:30:00.000+00:00", "+00:00")
    assert (event.event_time, event.record_time, event.device_time) == (at, MORNING, device)
    assert record(farm, farm.published(), device_time=MORNING + timedelta(days=1)).device_time is None


def test_an_inspection_says_what_was_found(farm: Farm) -> None:
    batch = farm.published()
    assert isinstance(fault(farm, batch, step=BusinessStep.INSPECTING), FindingMissing)
    event = record(farm, batch, BusinessStep.INSPECTING, passed=False, note="Lá dập")
    assert (event.body["disposition"], event.body["trace:note"]) == ("non_conformant", "Lá dập")


def test_a_paper_raises_what_is_known_about_a_step(farm: Farm, tmp_path: Any) -> None:
    proof = Proof(data=encoded(halves()), store=FileStore(tmp_path))
    event = record(farm, farm.published(), proof=proof)
    assert event.evidence is Evidence.DOCUMENT
    assert event.document_id
    assert record(farm, farm.published()).evidence is Evidence.DECLARED


def test_the_same_step_said_twice_is_recorded_once(farm: Farm) -> None:
    batch = farm.published()
    assert record(farm, batch).id == record(farm, batch).id
    assert record(farm, batch, at=EARLIER + timedelta(minutes=1)).id != record(farm, batch).id


def test_a_holder_records_at_its_own_place_and_nobody_else_does(
    session: Session, farm: Farm, holder: tuple[Actor, int]
) -> None:
    batch = farm.published()
    with pytest.raises(NotFound):
        record(farm, batch, by=holder)
    give(session, batch, holder[1])
    assert fault(farm, batch, by=holder).field == "site_id"  # type: ignore[attr-defined] # only some errors have it
    place = factories.make_site(session, session.get_one(Business, holder[1]))
    session.commit()
    event = record(farm, batch, by=holder, site_id=place.id)
    assert (event.business_id, event.actor_name) == (holder[1], holder[0].name)


def test_time_goes_one_way(farm: Farm) -> None:
    batch = farm.published()
    assert isinstance(fault(farm, batch, at=MORNING + timedelta(minutes=1)), HappensInFuture)
    assert isinstance(fault(farm, batch, at=datetime(2026, 3, 1, 12, tzinfo=HANOI)), HappensBeforeProduction)
    late = [Reading(at=MORNING + timedelta(minutes=1), temperature=40)]
    assert isinstance(fault(farm, batch, readings=late), HappensInFuture)
    with pytest.raises(BatchStepNotPossible):
        record(farm, farm.register())


def test_a_step_is_said_again_and_both_stay(session: Session, farm: Farm) -> None:
    batch = farm.published()
    wrong = record(farm, batch, note="Kho 1")
    right = record(farm, batch, note="Kho 2", correction=Correction(event_id=wrong.id, reason="Nhầm kho"))
    rows = session.scalars(select(Event).where(Event.hash == wrong.hash).order_by(Event.id)).all()
    [declaration] = [row for row in rows if row.declares_error]
    said = declaration.body["errorDeclaration"]
    assert (said["reason"], said["trace:said"]) == ("incorrect_data", "Nhầm kho")
    assert said["correctiveEventIDs"] == [right.hash]
    assert {**declaration.body, "errorDeclaration": None} == {**wrong.body, "errorDeclaration": None}
    assert right in session.scalars(standing_events(batch.id)).all()
    assert wrong not in session.scalars(standing_events(batch.id)).all()


def test_a_correction_is_not_corrected(farm: Farm) -> None:
    batch = farm.published()
    wrong = record(farm, batch)
    chain.declare_error(farm.session, farm.owner, batch.id, wrong.id, reason="Không có")
    with pytest.raises(ErrorAlreadyDeclared):
        chain.declare_error(farm.session, farm.owner, batch.id, wrong.id, reason="Có chứ")
    farm.session.rollback()
    with pytest.raises(ErrorAlreadyDeclared):
        record(farm, batch, note="Khác", correction=Correction(event_id=wrong.id, reason="Có chứ"))


def test_only_whoever_recorded_a_step_takes_it_back(session: Session, farm: Farm, holder: tuple[Actor, int]) -> None:
    batch = farm.published()
    event = record(farm, batch)
    give(session, batch, holder[1])
    with pytest.raises(NotFound):
        chain.declare_error(session, holder[0], batch.id, event.id, reason="Sai")


def test_a_batch_is_not_corrected_to_be_younger_than_its_steps(farm: Farm) -> None:
    batch = farm.published(production_date=date(2026, 3, 1))
    record(farm, batch, at=datetime(2026, 3, 1, 20, tzinfo=HANOI))
    with pytest.raises(HappensBeforeProduction):
        farm.correct(batch, production_date=date(2026, 3, 2))
