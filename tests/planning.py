"""What plans are fed with, for tests: activities of the register."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tests.factories import NOW
from trace.domain.activities import ActivityKind
from trace.domain.text import fold
from trace.storage.activities import Activity, Participant
from trace.storage.businesses import Business
from trace.storage.reports import Report


def make_activity(session: Session, participants: Iterable[Business] = (), **facts: Any) -> Activity:
    facts = {
        "kind": ActivityKind.CLASS,
        "title": "Lớp ghi nhật ký điện tử",
        "held_on": date(2026, 2, 10),
        "place": "Hà Nội",
        "count": 1,
        "audience": 30,
        "stands": None,
        "partners": "",
        "links": ["https://example.vn/lop-hoc"],
        "recorded_at": NOW,
        "recorded_by_name": "Hà",
        **facts,
    }
    activity = Activity(folded_title=fold(facts["title"]), **facts)
    session.add(activity)
    session.flush()
    session.add_all(Participant(activity_id=activity.id, business_id=business.id) for business in participants)
    session.flush()
    return activity


def make_report(session: Session, plan_id: int, period: str = "2020-H1", **facts: Any) -> Report:
    facts = {
        "parent_agency": "UBND thành phố Hà Nội",
        "agency": "Sở Nông nghiệp và Môi trường",
        "symbol": "",
        "place": "Hà Nội",
        "dated_on": None,
        "addressee": "",
        "basis": "",
        "inspections": "",
        "difficulties": "",
        "proposals": "",
        "recipients": "",
        "signer_title": "Giám đốc",
        "signer_name": "",
        "created_at": NOW,
        "created_by_name": "Hà",
        **facts,
    }
    report = Report(plan_id=plan_id, period=period, **facts)
    session.add(report)
    session.flush()
    return report
