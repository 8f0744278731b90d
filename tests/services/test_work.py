"""What waits is read from the subjects; who does it, and why it was closed, is kept beside them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.approving import make_approval
from tests.client import Clock
from tests.risk_records import finding, recall, visited
from trace.domain.businesses import BusinessStatus
from trace.domain.certificates import CertificateScheme, CertificateStatus
from trace.domain.complaints import ComplaintReason, ComplaintStatus
from trace.domain.diary import FlagKind
from trace.domain.errors import InvalidInput, NotAllowed, NotFound
from trace.domain.handovers import HandoverStatus
from trace.domain.inspections import Grade
from trace.domain.permissions import Actor, OfficeRole
from trace.domain.work import EndsWithDecision, NotHandling, Queue, Whose, Work, WorkChanged, WorkClosed
from trace.services import work
from trace.storage.audit import AuditEntry
from trace.storage.certificates import Certificate
from trace.storage.complaints import Complaint
from trace.storage.handovers import Handover
from trace.storage.notices import Notice
from trace.storage.recalls import RecallHolder
from trace.storage.work import waiting_in

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def in_march(clock: Clock) -> None:
    clock.set(factories.NOW)


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session, name="Cán bộ Hà"))


@pytest.fixture
def lapsing(session: Session) -> Certificate:
    return factories.make_certificate(session, factories.make_business(session), valid_until=TODAY + timedelta(days=3))


def ids(session: Session, queue: Queue, **filters: object) -> list[int]:
    asked = waiting_in(queue, work.asked_now(session), **filters)  # type: ignore[arg-type] # values of several types
    return [each.id for each in session.scalars(asked).unique()]


def test_each_queue_counts_what_waits_and_what_waits_too_long(session: Session, officer: Actor) -> None:
    farm, shop = factories.make_business(session), factories.make_business(session, commune_code="00004")
    long_ago = factories.NOW - timedelta(days=30)
    factories.make_business(session, status=BusinessStatus.APPLIED)
    factories.make_business(session, status=BusinessStatus.APPLIED, created_at=long_ago)
    factories.make_certificate(session, farm, status=CertificateStatus.SUBMITTED)
    for days in (-91, -90, -1, 0, 6, 7, 29, 30):
        factories.make_certificate(session, farm, valid_until=TODAY + timedelta(days=days), scheme=_scheme(days))
    factories.make_certificate(session, shop, valid_until=TODAY)
    factories.make_certificate(session, shop, valid_until=TODAY + timedelta(days=400))
    batch = factories.make_batch(session, farm)
    told = {"batch_id": batch.id, "business_id": farm.id, "reason": ComplaintReason.SPOILED, "at": long_ago}
    session.add(Complaint(tracking_number="A", status=ComplaintStatus.REVIEWING, **told))
    session.add(Complaint(tracking_number="B", status=ComplaintStatus.RESOLVED, **told))
    season = factories.make_season(session, farm)
    entry = factories.make_diary_entry(session, season)
    factories.make_diary_flag(session, entry, kind=FlagKind.HARVEST_IN_INTERVAL, harvested_on=TODAY)
    factories.make_diary_flag(session, entry)
    factories.make_excess(session, batch)
    given = {"batch_id": batch.id, "seller_id": shop.id, "buyer_id": farm.id, "sent": 1, "shipped_at": long_ago}
    session.add(Handover(**given, offered_at=long_ago, status=HandoverStatus.OFFERED))
    session.add(Handover(**given, offered_at=factories.NOW, status=HandoverStatus.OFFERED))
    make_approval(session, farm)
    visit = visited(session, farm, TODAY - timedelta(days=20), Grade.B)
    for days in (0, 1, 8):
        finding(session, visit, TODAY - timedelta(days=days))
    recalled = recall(session, number="TH-1", confirmed_at=factories.NOW - timedelta(days=2))
    session.add(RecallHolder(recall_id=recalled.id, business_id=farm.id))
    session.add(RecallHolder(recall_id=recalled.id, business_id=shop.id, acknowledged_at=factories.NOW))
    session.commit()
    assert work.lengths(session, officer) == {
        Queue.APPLICATIONS: (2, 1),
        Queue.APPROVALS: (1, 0),
        Queue.CERTIFICATES: (1, 0),
        Queue.COMPLAINTS: (1, 1),
        Queue.RECALL_HOLDERS: (1, 1),
        Queue.HARVESTS: (1, 0),
        Queue.EXCESSES: (1, 0),
        Queue.FINDINGS: (2, 1),
        Queue.HANDOVERS: (1, 1),
        Queue.EXPIRED: (2, 2),
        Queue.EXPIRING_7: (2, 0),
        Queue.EXPIRING_30: (2, 0),
    }
    elsewhere = factories.make_officer(session, OfficeRole.COMMUNE, office_commune_code="00004")
    assert {
        queue: length for queue, length in work.lengths(session, factories.actor(elsewhere)).items() if any(length)
    } == {Queue.HANDOVERS: (1, 1)}


def _scheme(days: int) -> CertificateScheme:
    """Another one for each, so that none replaces another."""
    return list(CertificateScheme)[[-91, -90, -1, 0, 6, 7, 29, 30].index(days)]


def test_work_is_given_to_an_officer_who_is_told(session: Session, officer: Actor, lapsing: Certificate) -> None:
    colleague = factories.make_officer(session, name="Cán bộ Nam")
    work.assign(session, officer, Work.RENEWAL, lapsing.id, assignee_id=colleague.id, version=0)
    assert ids(session, Queue.EXPIRING_7, whose=Whose.MINE, user_id=colleague.id) == [lapsing.id]
    assert ids(session, Queue.EXPIRING_7, whose=Whose.UNASSIGNED) == []
    assert [notice.user_id for notice in session.scalars(select(Notice))] == [colleague.id]
    assert session.scalars(select(AuditEntry.action)).all() == ["work:assign"]


def test_the_second_officer_is_told_who_was_faster(session: Session, officer: Actor, lapsing: Certificate) -> None:
    colleague = factories.actor(factories.make_officer(session, name="Cán bộ Nam"))
    work.assign(session, officer, Work.RENEWAL, lapsing.id, assignee_id=officer.user_id, version=0)
    with pytest.raises(WorkChanged, match="Cán bộ Hà"):
        work.assign(session, colleague, Work.RENEWAL, lapsing.id, assignee_id=colleague.user_id, version=0)
    session.rollback()
    work.close(session, officer, Work.RENEWAL, lapsing.id, reason="Đã nộp hồ sơ cấp lại")
    with pytest.raises(WorkClosed, match="Cán bộ Hà"):
        work.close(session, colleague, Work.RENEWAL, lapsing.id, reason="Đã gọi", version=0)


def test_what_was_closed_leaves_its_queue_until_it_is_reopened(
    session: Session, officer: Actor, lapsing: Certificate
) -> None:
    with pytest.raises(InvalidInput):
        work.close(session, officer, Work.RENEWAL, lapsing.id, reason="  ")
    work.comment(session, officer, Work.RENEWAL, lapsing.id, "Đã gọi điện")
    item = work.close(session, officer, Work.RENEWAL, lapsing.id, reason="Cơ sở nghỉ vụ")
    assert ids(session, Queue.EXPIRING_7) == []
    item = work.reopen(session, officer, Work.RENEWAL, lapsing.id, reason="Cơ sở làm lại")
    assert ids(session, Queue.EXPIRING_7) == [lapsing.id]
    assert [note.text for note in item.notes] == ["Cơ sở làm lại", "Cơ sở nghỉ vụ", "Đã gọi điện"]


def test_what_ends_with_a_decision_is_not_closed_by_hand(session: Session, officer: Actor) -> None:
    applicant = factories.make_business(session, status=BusinessStatus.APPLIED)
    with pytest.raises(EndsWithDecision):
        work.close(session, officer, Work.APPLICATION, applicant.id, reason="Xong")


def test_work_stays_with_officers_who_handle_the_area(session: Session, officer: Actor, lapsing: Certificate) -> None:
    auditor = factories.actor(factories.make_officer(session, OfficeRole.AUDITOR))
    elsewhere = factories.actor(factories.make_officer(session, OfficeRole.COMMUNE, office_commune_code="00004"))
    with pytest.raises(NotAllowed):
        work.comment(session, auditor, Work.RENEWAL, lapsing.id, "x")
    with pytest.raises(NotFound):
        work.comment(session, elsewhere, Work.RENEWAL, lapsing.id, "x")
    for person in (auditor, elsewhere):
        with pytest.raises(NotHandling):
            work.assign(session, officer, Work.RENEWAL, lapsing.id, assignee_id=person.user_id)


def test_what_belongs_to_no_business_is_for_officers_of_the_city(session: Session, officer: Actor) -> None:
    stranger = RecallHolder(recall_id=recall(session, number="TH-1").id, name="Sạp bà Tư")
    session.add(stranger)
    session.commit()
    work.comment(session, officer, Work.RECALL_HOLDER, stranger.id, "Không ai nghe máy")
    commune = factories.actor(factories.make_officer(session, OfficeRole.COMMUNE, office_commune_code="00004"))
    with pytest.raises(NotFound):
        work.comment(session, commune, Work.RECALL_HOLDER, stranger.id, "Đã gọi")
