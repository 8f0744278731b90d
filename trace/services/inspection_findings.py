"""Findings after a visit: answered by the business, closed or handed back by an officer, and never forgotten."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from ..domain.businesses import ReasonRequired
from ..domain.dates import format_date
from ..domain.errors import N_
from ..domain.inspection_findings import FindingStatus, FindingStepNotPossible
from ..domain.inspections import LONGEST_TEXT, VisitFacts, findings_of
from ..domain.permissions import SYSTEM, Actor, Permission, require
from ..domain.text import clean_lines
from ..storage import inspection_findings as questions
from ..storage.inspection_findings import InspectionFinding
from ..storage.inspection_measures import measures_on
from ..storage.inspections import Inspection
from . import audit, inspections, notices
from .changes import load_for_change
from .clock import now, today
from .files import Proof, keep_proof


def keep(session: Session, inspection: Inspection, facts: VisitFacts, photos: Mapping[str, int]) -> None:
    """Within the verb that signs minutes: the findings as these say them. What a correction leaves out is dropped, and
    what it says again keeps its answer."""
    standing = {each.code: each for each in session.scalars(questions.findings_of(inspection.id))}
    for said in findings_of(facts):
        finding = standing.pop(said.code, None)
        if finding is None:
            finding = InspectionFinding(
                business_id=inspection.business_id,
                inspection_id=inspection.id,
                code=said.code,
                status=FindingStatus.OPEN,
            )
            session.add(finding)
        assert said.severity  # noqa: S101 - their absence was raised by check_visit
        assert said.deadline  # noqa: S101
        finding.severity, finding.text, finding.deadline = said.severity, said.text, said.deadline
        finding.photo_id = photos.get(said.code, finding.photo_id)
        if finding.status is FindingStatus.DROPPED:
            finding.status = FindingStatus.OPEN
    for dropped in standing.values():
        dropped.status = FindingStatus.DROPPED


def answer(
    session: Session,
    actor: Actor,
    finding_id: int,
    *,
    text: str,
    proof: Proof | None = None,
    version: int | None = None,
) -> InspectionFinding:
    """The business says what it did; again, as long as no officer has concluded. Raises FindingStepNotPossible,
    ReasonRequired, InvalidInput on ``proof`` or Conflict."""
    finding = load_for_change(session, InspectionFinding, finding_id, version)
    require(actor, Permission.INSPECTIONS_ANSWER, finding.business_id)
    _check_waiting(finding)
    said = clean_lines(text, field="text")[:LONGEST_TEXT]
    if not said:
        raise ReasonRequired(N_("Hãy ghi cơ sở đã khắc phục thế nào."), field="text")
    finding.status, finding.answer = FindingStatus.ANSWERED, said
    finding.answered_at, finding.answered_by_name = now(), actor.name
    if kept := keep_proof(session, finding.business_id, proof, field="proof"):
        finding.proof = kept
    audit.record(session, actor, "inspections:answer", finding, changes={"answer": said})
    if finding.inspection.lead_id is not None:
        link = inspections.officers_page(finding.inspection)
        notices.tell_user(session, finding.inspection.lead_id, "finding-answered", _values(finding), link)
    session.commit()
    return finding


def close(
    session: Session, actor: Actor, finding_id: int, *, conclusion: str, version: int | None = None
) -> InspectionFinding:
    """An officer is content, also without an answer. Raises FindingStepNotPossible, ReasonRequired or Conflict."""
    finding = _concluded(session, actor, finding_id, conclusion, version)
    finding.status, finding.closed_on = FindingStatus.CLOSED, today()
    return _done(session, actor, finding, "close")


def hand_back(
    session: Session,
    actor: Actor,
    finding_id: int,
    *,
    conclusion: str,
    deadline: date | None = None,
    version: int | None = None,
) -> InspectionFinding:
    """The answer will not do, or there is more time: open again, until ``deadline`` if it is a later one. Raises as
    ``close``."""
    finding = _concluded(session, actor, finding_id, conclusion, version)
    finding.status = FindingStatus.OPEN
    if deadline is not None and deadline > finding.deadline:
        finding.deadline, finding.reminded_on = deadline, None
    return _done(session, actor, finding, "hand_back")


def remind(session: Session) -> int:
    """Tell businesses whose deadlines are near or have passed, and the officer of those that have; returns how many.
    Each finding is told of twice at most."""
    day = today()
    waiting = session.scalars(questions.findings_to_remind(day, measures_on(day).remind_days)).all()
    for finding in waiting:
        passed = finding.deadline < day
        kind, lead = ("finding-overdue" if passed else "finding-due"), finding.inspection.lead_id
        notices.tell_business(
            session, finding.business_id, kind, _values(finding), inspections.page(finding.inspection)
        )
        if passed and lead is not None:
            notices.tell_user(session, lead, kind, _values(finding), inspections.officers_page(finding.inspection))
        finding.reminded_on = day
        audit.record(session, SYSTEM, "inspections:remind", finding)
    session.commit()
    return len(waiting)


def _concluded(
    session: Session, actor: Actor, finding_id: int, conclusion: str, version: int | None
) -> InspectionFinding:
    finding = load_for_change(session, InspectionFinding, finding_id, version)
    require(actor, Permission.INSPECTIONS_CONDUCT, finding.business_id)
    _check_waiting(finding)
    finding.conclusion = clean_lines(conclusion, field="conclusion")[:LONGEST_TEXT]
    if not finding.conclusion:
        raise ReasonRequired(N_("Hãy ghi kết luận; cơ sở đọc được."), field="conclusion")
    finding.concluded_by_name = actor.name
    return finding


def _done(session: Session, actor: Actor, finding: InspectionFinding, verb: str) -> InspectionFinding:
    changes = {"conclusion": finding.conclusion, "deadline": finding.deadline.isoformat()}
    audit.record(session, actor, f"inspections:{verb}", finding, changes=changes)
    kind = "finding-closed" if finding.status is FindingStatus.CLOSED else "finding-handed-back"
    said = {**_values(finding), "conclusion": finding.conclusion.rstrip(". ")}
    notices.tell_business(session, finding.business_id, kind, said, inspections.page(finding.inspection))
    session.commit()
    return finding


def _check_waiting(finding: InspectionFinding) -> None:
    if not finding.status.is_waiting:
        raise FindingStepNotPossible


def _values(finding: InspectionFinding) -> dict[str, str]:
    return {
        "business": finding.business.legal_name,
        "finding": finding.text.splitlines()[0][:80].rstrip(". "),
        "day": format_date(finding.deadline),
    }
