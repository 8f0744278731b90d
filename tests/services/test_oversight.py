"""Complaints and looks, month by month."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from trace.domain.complaints import ComplaintReason, ComplaintStatus
from trace.domain.dates import months_to
from trace.domain.permissions import SYSTEM, OfficeRole
from trace.domain.stamp_verdicts import StampVerdict
from trace.services import oversight
from trace.services.scans import ScanWriter
from trace.storage.complaints import Complaint, ComplaintUpdate
from trace.storage.scans import Scan
from trace.storage.stamps import StampSignal

FEBRUARY, MARCH = MONTHS = [date(2026, 2, 1), date(2026, 3, 1)]
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36"


def complain(session: Session, business_id: int, batch_id: int, at: datetime, *answers: tuple[int, str]) -> None:
    """``answers`` by days afterwards; without a word the department only began to look at it."""
    complaint = Complaint(
        tracking_number=f"PA-{at.isoformat()}",
        batch_id=batch_id,
        business_id=business_id,
        reason=ComplaintReason.OTHER,
        status=ComplaintStatus.RECEIVED,
        at=at,
    )
    session.add(complaint)
    session.flush()
    for days, words in answers:
        facts = {"status": ComplaintStatus.REVIEWING, "answer": words, "by_name": "Hà", "by_officer": True}
        session.add(ComplaintUpdate(complaint_id=complaint.id, at=at + timedelta(days=days), **facts))
    session.flush()


def test_a_complaint_is_answered_in_time_where_the_shopper_read_a_word_within_a_week(session: Session) -> None:
    batch = factories.make_batch(session, factories.make_business(session))
    for day, answers in (
        (1, [(2, ""), (7, "Đã đổi hàng")]),
        (2, [(8, "Muộn"), (9, "Lại muộn")]),
        (3, [(1, "")]),
        (4, []),
    ):
        complain(session, batch.business_id, batch.id, datetime(2026, 2, day, tzinfo=UTC), *answers)
    # in Việt Nam it was already March
    complain(session, batch.business_id, batch.id, datetime(2026, 2, 28, 18, tzinfo=UTC), (1, "Đã xem"))
    found = oversight.by_month(session, SYSTEM, MONTHS)
    assert [(each.month, each.complaints, each.in_time) for each in found] == [(FEBRUARY, 4, 1), (MARCH, 1, 1)]


def test_looks_are_counted_as_they_are_written(session: Session, engine: Engine, clock: Clock) -> None:
    batch = factories.make_batch(session, factories.make_business(session))
    signal = {"public_code": "X", "verdict": StampVerdict.OFTEN, "last_at": factories.NOW}
    session.add(StampSignal(business_id=batch.business_id, day=date(2026, 3, 31), count=4, **signal))
    batch_id = batch.id
    session.commit()
    writer = ScanWriter(engine, "salt", background=False)
    for at, leads_to, agent in (
        (datetime(2026, 2, 28, 16, tzinfo=UTC), batch_id, PHONE),
        (datetime(2026, 2, 28, 17, tzinfo=UTC), batch_id, PHONE),  # midnight in Việt Nam
        (datetime(2026, 3, 5, tzinfo=UTC), None, PHONE),
        (datetime(2026, 3, 6, tzinfo=UTC), batch_id, "curl/8"),
    ):
        clock.set(at)
        writer.record(batch_id=leads_to, code="X", user_agent=agent, language="vi", address="192.0.2.1")
    assert len(session.scalars(select(Scan)).all()) == 4
    found = oversight.by_month(session, SYSTEM, MONTHS)
    assert [(each.looks, each.resolved, each.suspicious) for each in found] == [(1, 1, 0), (2, 1, 4)]


def test_an_officer_of_a_commune_sees_the_complaints_about_it(session: Session) -> None:
    for day, commune in enumerate(("00070", "00004"), start=1):
        batch = factories.make_batch(session, factories.make_business(session, commune_code=commune))
        complain(session, batch.business_id, batch.id, datetime(2026, 2, day, tzinfo=UTC))
    near = factories.actor(factories.make_officer(session, OfficeRole.COMMUNE, office_commune_code="00070"))
    [month] = oversight.by_month(session, near, [FEBRUARY])
    assert (month.complaints, month.looks) == (1, None)


def test_months_go_back_over_a_new_year() -> None:
    assert months_to(date(2026, 1, 31), 3) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
