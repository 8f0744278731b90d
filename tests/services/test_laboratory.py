"""A laboratory's word: kept with its paper, judged by an officer, and keeping back what is not good."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.farm import URL, Farm
from tests.pictures import encoded, halves
from trace.domain.batches import BatchStatus, BatchStepNotPossible, BatchUnderReview
from trace.domain.businesses import ReasonRequired
from trace.domain.diary import FlagKind, HarvestInsideInterval
from trace.domain.errors import InvalidFields, NotAllowed, NotFound
from trace.domain.evidence import Evidence
from trace.domain.laboratory import (
    Finding,
    LaboratoryFacts,
    LaboratoryStatus,
    LaboratoryStepNotPossible,
    LaboratoryTestFailed,
    ReportAlreadySubmitted,
)
from trace.domain.permissions import Actor
from trace.services import balance, batches, labels, laboratory
from trace.services.balance import TransformationFacts
from trace.services.files import Proof
from trace.storage.batches import Batch
from trace.storage.chain import Event, standing_events
from trace.storage.files import FileStore
from trace.storage.laboratory import LaboratoryTest
from trace.storage.notices import Notice

SAMPLED = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=7)))


@pytest.fixture
def paper(tmp_path: Any) -> Proof:
    return Proof(data=encoded(halves()), store=FileStore(tmp_path))


@pytest.fixture
def officer(session: Session) -> Actor:
    person = factories.make_officer(session)
    session.commit()
    return factories.actor(person)


def submit(farm: Farm, batch: Batch, paper: Proof | None, **facts: Any) -> LaboratoryTest:
    said = {
        "laboratory": "Trung tâm Phân tích",
        "report": "KN-7",
        "sampled_at": SAMPLED,
        "site_id": farm.site.id,
        "passed": True,
        "findings": [Finding("Chlorpyrifos", "0,02", "mg/kg", "0,01")],
        **facts,
    }
    return laboratory.submit(
        farm.session,
        farm.owner,
        farm.business.id,
        batch.id,
        LaboratoryFacts(**said),
        paper=paper,
        public_url=URL,
    )


def decide(farm: Farm, officer: Actor, test: LaboratoryTest, decision: LaboratoryStatus, reason: str = "") -> None:
    laboratory.decide(farm.session, officer, test.id, decision, reason=reason)


def made_of(farm: Farm, batch: Batch) -> Batch:
    facts = TransformationFacts(
        inputs=[(batch.id, 1000)], product_id=farm.product.id, site_id=farm.site.id, amount=1000, at=SAMPLED
    )
    return balance.transform(farm.session, farm.owner, farm.business.id, facts, public_url=URL)


def kinds(session: Session) -> set[str]:
    return set(session.scalars(select(Notice.kind)))


def test_a_report_is_a_step_with_its_paper(farm: Farm, paper: Proof) -> None:
    batch = farm.published()
    test = submit(farm, batch, paper)
    event = farm.session.get_one(Event, test.event_id)
    assert (event.evidence, event.document_id) == (Evidence.DOCUMENT, test.document_id)
    assert event.body["bizStep"] == f"{URL}/voc/#laboratory_testing"
    assert event.body["disposition"] == "conformant"
    assert event.body["trace:findings"] == ["Chlorpyrifos: 0,02 mg/kg (≤ 0,01)"]
    assert batch.under_review_since is None
    assert submit(farm, batch, paper).id == test.id
    with pytest.raises(ReportAlreadySubmitted):
        submit(farm, batch, paper, passed=False)


def test_every_fault_is_named_at_once(farm: Farm) -> None:
    batch = farm.published()
    with pytest.raises(InvalidFields) as raised:
        submit(farm, batch, None, laboratory=" ", report="", site_id=0, passed=None, findings=[Finding("", "1")])
    fields = {error.field for error in raised.value.errors}
    assert fields == {"laboratory", "report", "site_id", "paper", "passed", "findings"}


def test_a_stranger_hands_nothing_in(farm: Farm, paper: Proof, session: Session) -> None:
    other = factories.make_business(session, owner=factories.make_user(session))
    elsewhere = factories.make_batch(session, other, status=BatchStatus.PUBLISHED, public_code="7K3M9XW2QT")
    session.commit()
    with pytest.raises(NotFound):
        submit(farm, elsewhere, paper)


def test_a_failed_batch_and_what_was_made_of_it_wait_for_an_officer(
    farm: Farm, paper: Proof, officer: Actor, session: Session
) -> None:
    batch = farm.published()
    child = made_of(farm, batch)
    test = submit(farm, batch, paper, passed=False)
    for each in (batch, child):
        session.refresh(each)
        assert each.under_review_since
        with pytest.raises(BatchUnderReview):
            labels.ready_batch(session, farm.owner, each.id)
    with pytest.raises(BatchUnderReview):
        made_of(farm, batch)
    session.rollback()
    assert {"laboratory-failed", "batches-failed"} <= kinds(session)

    decide(farm, officer, test, LaboratoryStatus.CONFIRMED)
    assert batch.under_review_since
    with pytest.raises(ReasonRequired):
        decide(farm, officer, test, LaboratoryStatus.RELEASED)
    session.rollback()
    decide(farm, officer, test, LaboratoryStatus.RELEASED, "Mẫu đối chứng đạt")
    for each in (batch, child):
        session.refresh(each)
        assert each.under_review_since is None
    assert {"laboratory-released", "batches-released"} <= kinds(session)
    with pytest.raises(LaboratoryStepNotPossible):
        decide(farm, officer, test, LaboratoryStatus.REFUSED, "Muộn")


def test_another_failed_test_still_keeps_it_back(farm: Farm, paper: Proof, officer: Actor, session: Session) -> None:
    batch = farm.published()
    first = submit(farm, batch, paper, passed=False)
    submit(farm, batch, paper, passed=False, report="KN-8")
    decide(farm, officer, first, LaboratoryStatus.REFUSED, "Phiếu của lô khác")
    session.refresh(batch)
    assert batch.under_review_since


def test_a_refused_report_stays_in_the_record_as_wrong(
    farm: Farm, paper: Proof, officer: Actor, session: Session
) -> None:
    batch = farm.published()
    test = submit(farm, batch, paper, passed=False)
    decide(farm, officer, test, LaboratoryStatus.REFUSED, "Phiếu của lô khác")
    session.refresh(batch)
    assert batch.under_review_since is None
    assert [event.business_step for event in session.scalars(standing_events(batch.id))] == ["creating_class_instance"]
    assert session.scalar(select(Event.body).where(Event.declares_error))["errorDeclaration"]["trace:said"]
    assert submit(farm, batch, paper, passed=False).id != test.id


def test_a_failed_draft_is_not_published_nor_lost(farm: Farm, paper: Proof, officer: Actor) -> None:
    draft = farm.register()
    test = submit(farm, draft, paper, passed=False)
    assert test.event_id is None
    with pytest.raises(LaboratoryTestFailed):
        batches.publish(farm.session, farm.owner, draft.id, public_url=URL)
    farm.session.rollback()
    with pytest.raises(BatchStepNotPossible):
        batches.delete_draft(farm.session, farm.owner, draft.id)
    farm.session.rollback()
    decide(farm, officer, test, LaboratoryStatus.RELEASED, "Đã kiểm lại")
    batches.publish(farm.session, farm.owner, draft.id, public_url=URL)
    steps = [event.business_step for event in farm.session.scalars(standing_events(draft.id))]
    assert steps == ["creating_class_instance", "laboratory_testing"]


def test_a_confirmed_pass_lets_an_early_harvest_go(farm: Farm, paper: Proof, officer: Actor, session: Session) -> None:
    season = factories.make_season(session, farm.business, site_id=farm.site.id, product_id=farm.product.id)
    entry = factories.make_diary_entry(session, season)
    details = {"material": "Thuốc A", "safe_from": date(2026, 3, 9).isoformat()}
    flag = factories.make_diary_flag(
        session, entry, kind=FlagKind.HARVEST_IN_INTERVAL, harvested_on=date(2026, 3, 2), details=details
    )
    session.commit()
    draft = farm.register()
    with pytest.raises(HarvestInsideInterval):
        batches.publish(session, farm.owner, draft.id, public_url=URL)
    session.rollback()
    test = submit(farm, draft, paper)
    with pytest.raises(HarvestInsideInterval):
        batches.publish(session, farm.owner, draft.id, public_url=URL)
    session.rollback()
    with pytest.raises(NotAllowed):
        decide(farm, farm.owner, test, LaboratoryStatus.CONFIRMED)
    decide(farm, officer, test, LaboratoryStatus.CONFIRMED)
    session.refresh(flag)
    assert (flag.cleared_by_name, flag.evidence_id) == (officer.name, test.document_id)
    assert batches.publish(session, farm.owner, draft.id, public_url=URL).status is BatchStatus.PUBLISHED
