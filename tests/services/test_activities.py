"""The register of activities: evidence, history, and who took part."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.uploads import picture
from trace.domain.activities import ActivityFacts, ActivityKind, ActivityWithdrawn, EvidenceRequired
from trace.domain.businesses import BusinessStatus, ReasonRequired
from trace.domain.errors import Conflict, InvalidFields, NotFound
from trace.domain.permissions import Actor
from trace.domain.plans import Period
from trace.services import activities
from trace.services.activities import TakesNoParticipants
from trace.services.clock import today
from trace.services.files import Proof
from trace.storage.activities import activities_where, activity_versions_of, files_of, participants_of
from trace.storage.files import FileStore

FACTS = ActivityFacts(
    kind=ActivityKind.CONNECTION_EVENT,
    title="Hội nghị kết nối cung cầu",
    held_on=date(2026, 2, 1),
    stands=60,
    links=("https://example.vn/hoi-nghi",),
)


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session))


def problems(caught: pytest.ExceptionInfo[InvalidFields]) -> list[tuple[type, str | None]]:
    return [(type(error), error.field) for error in caught.value.errors]


def test_an_activity_needs_evidence_and_a_day_that_has_come(session: Session, officer: Actor) -> None:
    with pytest.raises(InvalidFields) as caught:
        activities.record(session, officer, replace(FACTS, links=(), held_on=today() + timedelta(days=1), count=0))
    assert problems(caught)[-1] == (EvidenceRequired, "links")
    assert {field for _, field in problems(caught)} == {"held_on", "count", "links"}
    with pytest.raises(InvalidFields):
        activities.record(session, officer, replace(FACTS, links=("javascript:alert(1)",)))


def test_a_file_is_evidence_too_and_the_same_one_twice_is_one(session: Session, officer: Actor, tmp_path: Path) -> None:
    photo = Proof(data=picture(), store=FileStore(tmp_path))
    made = activities.record(session, officer, replace(FACTS, links=()), files=[photo])
    activities.change(session, officer, made.id, replace(FACTS, links=()), reason="Thêm ảnh", files=[photo])
    assert len(session.scalars(files_of(made.id)).all()) == 1


def test_how_it_stood_before_a_change_is_kept_with_the_reason(session: Session, officer: Actor) -> None:
    made = activities.record(session, officer, FACTS)
    with pytest.raises(ReasonRequired):
        activities.change(session, officer, made.id, replace(FACTS, stands=58), reason=" ")
    session.rollback()
    activities.change(session, officer, made.id, replace(FACTS, stands=58), reason="Đếm lại", version=1)
    with pytest.raises(Conflict):
        activities.change(session, officer, made.id, FACTS, reason="Đếm lại", version=1)
    kept = session.scalars(activity_versions_of(made.id)).all()
    assert [(each.number, each.facts["stands"], each.reason) for each in kept] == [(2, 58, "Đếm lại"), (1, 60, "")]


def test_what_is_withdrawn_counts_no_more_and_stands_still(session: Session, officer: Actor) -> None:
    made = activities.record(session, officer, FACTS)
    activities.withdraw(session, officer, made.id, reason="Ghi hai lần")
    asked = {"kind": FACTS.kind, "period": Period(2026, 1), "search": "ket noi"}
    assert session.scalars(activities_where(**asked)).all() == []
    assert session.scalars(activities_where(**asked, withdrawn=True)).all() == [made]
    with pytest.raises(ActivityWithdrawn):
        activities.change(session, officer, made.id, FACTS, reason="x")


def test_enrolled_businesses_take_part_once_each(session: Session, officer: Actor) -> None:
    shop, farm = factories.make_business(session), factories.make_business(session)
    applicant = factories.make_business(session, status=BusinessStatus.APPLIED)
    made = activities.record(session, officer, FACTS)
    activities.add_participants(session, officer, made.id, [shop.id, farm.id, shop.id])
    activities.add_participants(session, officer, made.id, [shop.id])
    there = session.scalars(participants_of(made.id)).all()
    assert [each.business_id for each in there] == [shop.id, farm.id]
    activities.remove_participant(session, officer, made.id, there[0].id)
    assert [each.business_id for each in session.scalars(participants_of(made.id))] == [farm.id]
    with pytest.raises(NotFound):
        activities.add_participants(session, officer, made.id, [applicant.id])
    leaflet = activities.record(session, officer, replace(FACTS, kind=ActivityKind.LEAFLET))
    with pytest.raises(TakesNoParticipants):
        activities.add_participants(session, officer, leaflet.id, [farm.id])
