"""Visits for tests: a business of any kind, an officer, and what was seen."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from trace.domain.inspections import CheckedPoint, Grade, InspectionKind, PlanFacts, Result, VisitFacts
from trace.domain.permissions import Actor
from trace.services import inspection_visits, inspections
from trace.services.clock import today
from trace.services.inspection_visits import Enclosed
from trace.storage.files import FileStore
from trace.storage.inspection_measures import checklist_on
from trace.storage.inspections import Inspection, InspectionMinutes


def plan_visit(session: Session, officer: Actor, business_id: int, **facts: Any) -> Inspection:
    """Today, as planned for the year."""
    facts = {"kind": InspectionKind.PERIODIC, "planned_on": today(), "reason": "Kế hoạch năm", **facts}
    return inspections.plan(session, officer, PlanFacts(business_id=business_id, **facts))


def seen(
    inspection: Inspection, *, faults: dict[str, Result] | None = None, days: int = 10, **facts: Any
) -> VisitFacts:
    """Everything is all right but ``faults``, by the codes of their points; to be put right within ``days``."""
    faults = faults or {}
    codes = [point.code for point in checklist_on(inspection.business.kind, today())]
    points = [
        CheckedPoint(
            code=code,
            result=faults.get(code, Result.PASSED),
            note=f"Sai ở mục {code}" if code in faults else "",
            deadline=today() + timedelta(days=days) if code in faults else None,
        )
        for code in codes
    ]
    facts = {
        "held_on": today(),
        "began": "08:30",
        "ended": "10:15",
        "officer": "Trần Văn An, chuyên viên",
        "representative": "Nguyễn Thị Sen, giám đốc",
        "grade": Grade.B,
        "grade_reason": "Còn lỗi nhẹ",
        "conclusion": "Cơ sở làm đúng phần lớn quy định.",
        **facts,
    }
    return VisitFacts(points=points, **facts)


def sign_visit(
    session: Session,
    officer: Actor,
    inspection: Inspection,
    store: FileStore,
    facts: VisitFacts | None = None,
    *,
    photos: dict[str, list[bytes]] | None = None,
    **how: Any,
) -> InspectionMinutes:
    """Signed by name; ``how`` as ``inspection_visits.sign`` takes it."""
    drawn = {name: how.pop(name) for name in ("officer_signature", "business_signature") if name in how}
    enclosed = Enclosed(store=store, photos=photos or {}, **drawn)
    return inspection_visits.sign(session, officer, inspection.id, facts or seen(inspection), enclosed, **how)
