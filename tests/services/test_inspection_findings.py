"""Findings answered, closed, handed back and reminded of."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.farm import MORNING, TODAY, Farm
from tests.inspecting import plan_visit, seen, sign_visit
from tests.pictures import encoded, halves
from trace.domain.businesses import ReasonRequired
from trace.domain.errors import Conflict, InvalidFields, InvalidInput, NotAllowed, NotFound
from trace.domain.inspection_findings import FindingStatus, FindingStepNotPossible
from trace.domain.inspections import InspectionKind, Result
from trace.domain.permissions import Actor
from trace.services import inspection_findings
from trace.services.files import Proof
from trace.storage.files import FileStore
from trace.storage.inspection_findings import (
    InspectionFinding,
    closed_in_time_between,
    due_between,
    findings_of,
    findings_where,
)
from trace.storage.notices import Notice


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session))


@pytest.fixture
def finding(session: Session, farm: Farm, officer: Actor, tmp_path: Path) -> InspectionFinding:
    """Due in ten days."""
    visit = plan_visit(session, officer, farm.business.id)
    sign_visit(session, officer, visit, FileStore(tmp_path), seen(visit, faults={"T1": Result.MINOR}))
    return session.scalars(findings_of(visit.id)).one()


def test_a_business_answers_with_words_and_a_photo_and_an_officer_closes(
    session: Session, farm: Farm, officer: Actor, finding: InspectionFinding, tmp_path: Path
) -> None:
    with pytest.raises(ReasonRequired):
        inspection_findings.answer(session, farm.owner, finding.id, text="")
    session.rollback()
    proof = Proof(data=encoded(halves()), store=FileStore(tmp_path))
    inspection_findings.answer(session, farm.owner, finding.id, text="Đã ghi sổ nhập hàng", proof=proof)
    assert finding.status is FindingStatus.ANSWERED
    assert finding.proof
    inspection_findings.close(session, officer, finding.id, conclusion="Đã xem sổ")
    assert (finding.status, finding.closed_on) == (FindingStatus.CLOSED, TODAY)
    with pytest.raises(FindingStepNotPossible):
        inspection_findings.answer(session, farm.owner, finding.id, text="Thêm")


def test_a_proof_that_is_no_photo_or_paper_is_refused(
    session: Session, farm: Farm, finding: InspectionFinding, tmp_path: Path
) -> None:
    proof = Proof(data=b"MZ", store=FileStore(tmp_path))
    with pytest.raises(InvalidInput) as refused:
        inspection_findings.answer(session, farm.owner, finding.id, text="Xong", proof=proof)
    assert refused.value.field == "proof"


def test_an_answer_that_will_not_do_is_handed_back_with_more_time(
    session: Session, farm: Farm, officer: Actor, finding: InspectionFinding
) -> None:
    inspection_findings.answer(session, farm.owner, finding.id, text="Xong")
    later = finding.deadline + timedelta(days=5)
    inspection_findings.hand_back(session, officer, finding.id, conclusion="Chưa có ảnh", deadline=later)
    assert (finding.status, finding.deadline) == (FindingStatus.OPEN, later)
    earlier = later - timedelta(days=2)
    inspection_findings.hand_back(session, officer, finding.id, conclusion="Vẫn chưa", deadline=earlier)
    assert finding.deadline == later


def test_each_side_does_only_its_own_part(
    session: Session, farm: Farm, officer: Actor, finding: InspectionFinding
) -> None:
    with pytest.raises(NotAllowed):
        inspection_findings.answer(session, officer, finding.id, text="Xong")
    session.rollback()
    with pytest.raises(NotAllowed):
        inspection_findings.close(session, farm.owner, finding.id, conclusion="Xong")
    session.rollback()
    stranger = factories.make_user(session)
    factories.make_business(session, owner=stranger)
    with pytest.raises(NotFound):
        inspection_findings.answer(session, factories.actor(stranger), finding.id, text="Xong")


def test_who_saw_an_older_state_is_told_so(
    session: Session, farm: Farm, officer: Actor, finding: InspectionFinding
) -> None:
    before = finding.version
    inspection_findings.answer(session, farm.owner, finding.id, text="Xong")
    with pytest.raises(Conflict):
        inspection_findings.close(session, officer, finding.id, conclusion="Đạt", version=before)


def test_a_business_is_reminded_before_and_after_the_deadline_and_the_officer_after(
    session: Session, farm: Farm, finding: InspectionFinding, clock: Clock
) -> None:
    told = select(Notice.kind).where(Notice.kind.in_(["finding-due", "finding-overdue"])).order_by(Notice.id)
    for days in range(14):
        clock.set(MORNING + timedelta(days=days))
        inspection_findings.remind(session)
    assert session.scalars(told).all() == ["finding-due", "finding-overdue", "finding-overdue"]
    waiting = session.scalars(findings_where(overdue_on=TODAY + timedelta(days=11))).all()
    assert waiting == [finding]


def test_a_visit_follows_another_of_the_same_business(
    session: Session, farm: Farm, officer: Actor, finding: InspectionFinding
) -> None:
    kind = InspectionKind.REINSPECTION
    again = plan_visit(session, officer, farm.business.id, kind=kind, follows_id=finding.inspection_id)
    assert again.follows_id == finding.inspection_id
    other = factories.make_business(session)
    with pytest.raises(InvalidFields):
        plan_visit(session, officer, other.id, kind=kind, follows_id=finding.inspection_id)


def test_findings_are_counted_by_deadline_and_by_whether_they_were_closed_in_time(
    session: Session, officer: Actor, finding: InspectionFinding, clock: Clock
) -> None:
    period = TODAY, TODAY + timedelta(days=30)
    assert (session.scalar(due_between(*period)), session.scalar(closed_in_time_between(*period))) == (1, 0)
    clock.set(MORNING + timedelta(days=10))
    inspection_findings.close(session, officer, finding.id, conclusion="Đạt")
    assert session.scalar(closed_in_time_between(*period)) == 1
