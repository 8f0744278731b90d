"""Planning visits: whom, when, why and who goes."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from ..domain.businesses import ReasonRequired
from ..domain.dates import format_date
from ..domain.errors import N_, NotFound
from ..domain.inspections import (
    LONGEST_LINE,
    LONGEST_TEXT,
    InspectionStatus,
    InspectionStepNotPossible,
    PlanFacts,
    check_day,
    check_plan,
)
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean, clean_lines
from ..storage.accounts import User
from ..storage.businesses import Business
from ..storage.inspections import Inspection, inspectors_of, planned_visits
from ..storage.sites import sites_of
from . import audit, notices
from .changes import Faults, load_for_change
from .clock import now, today


def plan(session: Session, actor: Actor, facts: PlanFacts) -> Inspection:
    """The business is told of a visit that is announced, and the officer who leads it of every one. Raises InvalidFields."""
    inspection = _plan(session, actor, facts)
    session.commit()
    return inspection


def plan_round(session: Session, actor: Actor, visits: Sequence[PlanFacts]) -> list[Inspection]:
    """Several visits at once, or none of them. Raises InvalidFields: a ``planned_on`` is named with its business, as
    ``planned_on_17``; who was planned meanwhile is refused in the same place."""
    faults, planned = Faults(), []
    waiting = {business for business, _ in session.execute(planned_visits([each.business_id for each in visits]))}
    for facts in visits:
        own = Faults()
        if facts.business_id in waiting:
            own.add(N_("Cơ sở này đã có cuộc kiểm tra trong kế hoạch."), field="planned_on")
        else:
            planned.append(own.attempt(_plan, session, actor, facts))
        for error in own.errors:
            if error.field == "planned_on":
                error.field = f"planned_on_{facts.business_id}"
            if error.field not in {each.field for each in faults.errors}:  # what is asked once is answered once
                faults.note(error)
    faults.raise_any()
    session.commit()
    return [each for each in planned if each]


def _plan(session: Session, actor: Actor, facts: PlanFacts) -> Inspection:
    require(actor, Permission.INSPECTIONS_CONDUCT, facts.business_id)
    faults = Faults()
    faults.attempt(check_plan, facts, today=today())
    business = session.get(Business, facts.business_id)
    if business is None:
        raise NotFound
    _check_sites(session, faults, facts)
    lead = _lead(session, faults, business, facts.lead_id if facts.lead_id is not None else actor.user_id)
    if facts.follows_id is not None:
        earlier = session.get(Inspection, facts.follows_id)
        if earlier is None or earlier.business_id != business.id or earlier.status is not InspectionStatus.SIGNED:
            faults.add(N_("Cuộc kiểm tra trước không phải của cơ sở này, hoặc chưa có biên bản."), field="follows_id")
    faults.raise_any()
    inspection = Inspection(
        business=business,
        kind=facts.kind,
        status=InspectionStatus.PLANNED,
        planned_on=facts.planned_on,
        site_ids=sorted(set(facts.site_ids)),
        lead_id=lead.id if lead else None,
        lead_name=(lead.name or lead.email) if lead else actor.name,
        team=clean_lines(facts.team, field="team")[:LONGEST_TEXT],
        reason=clean_lines(facts.reason, field="reason")[:LONGEST_TEXT],
        follows_id=facts.follows_id,
        planned_by_name=actor.name,
        planned_at=now(),
    )
    session.add(inspection)
    changes = {"kind": inspection.kind.value, "planned_on": inspection.planned_on.isoformat()}
    audit.record(session, actor, "inspections:plan", inspection, changes=changes)
    _tell(session, actor, inspection, "inspection-planned")
    return inspection


def move(
    session: Session,
    actor: Actor,
    inspection_id: int,
    *,
    planned_on: date | None,
    reason: str,
    version: int | None = None,
) -> Inspection:
    """To another day. Raises InspectionStepNotPossible, ReasonRequired, InvalidFields or Conflict."""
    inspection = planned(session, actor, inspection_id, version)
    check_day(planned_on, today=today())
    assert planned_on  # noqa: S101 - its absence was raised above
    reason = _reason(reason)
    before, inspection.planned_on, inspection.changed_because = inspection.planned_on, planned_on, reason
    changes = {"planned_on": [before.isoformat(), planned_on.isoformat()], "reason": reason}
    audit.record(session, actor, "inspections:move", inspection, changes=changes)
    _tell(session, actor, inspection, "inspection-moved")
    session.commit()
    return inspection


def cancel(
    session: Session, actor: Actor, inspection_id: int, *, reason: str, version: int | None = None
) -> Inspection:
    """Raises InspectionStepNotPossible, ReasonRequired or Conflict."""
    inspection = planned(session, actor, inspection_id, version)
    inspection.status, inspection.changed_because = InspectionStatus.CANCELLED, _reason(reason)
    audit.record(session, actor, "inspections:cancel", inspection, changes={"reason": inspection.changed_because})
    _tell(session, actor, inspection, "inspection-cancelled")
    session.commit()
    return inspection


def planned(session: Session, actor: Actor, inspection_id: int, version: int | None = None) -> Inspection:
    """A visit that still may be changed, locked. Raises InspectionStepNotPossible."""
    inspection = load_for_change(session, Inspection, inspection_id, version)
    require(actor, Permission.INSPECTIONS_CONDUCT, inspection.business_id)
    if inspection.status is not InspectionStatus.PLANNED:
        raise InspectionStepNotPossible
    return inspection


def values(inspection: Inspection) -> dict[str, str]:
    """What the notices about a visit name."""
    return {"business": inspection.business.legal_name, "day": format_date(inspection.planned_on)}


def page(inspection: Inspection) -> str:
    """Where the business reads of it."""
    return f"/workspace/{inspection.business_id}/inspections/{inspection.id}"


def officers_page(inspection: Inspection) -> str:
    return f"/authority/inspections/{inspection.id}"


def _check_sites(session: Session, faults: Faults, facts: PlanFacts) -> None:
    own = {site.id for site in session.scalars(sites_of(facts.business_id))}
    if not own.issuperset(facts.site_ids):
        faults.add(N_("Hãy chọn địa điểm trong danh sách của cơ sở."), field="site_ids")


def _lead(session: Session, faults: Faults, business: Business, lead_id: int | None) -> User | None:
    """None only where a machine of the service itself plans."""
    if lead_id is None:
        return None
    lead = session.scalars(inspectors_of(business.commune_code).where(User.id == lead_id)).one_or_none()
    if lead is None:
        faults.add(N_("Hãy chọn cán bộ phụ trách trong danh sách."), field="lead_id")
    return lead


def _reason(typed: str) -> str:
    reason = clean(typed, field="reason")[:LONGEST_LINE]
    if not reason:
        raise ReasonRequired(N_("Hãy ghi lý do."), field="reason")
    return reason


def _tell(session: Session, actor: Actor, inspection: Inspection, kind: str) -> None:
    said = {**values(inspection), "reason": (inspection.changed_because or inspection.reason).rstrip(". ")}
    if inspection.lead_id is not None and inspection.lead_id != actor.user_id:
        notices.tell_user(session, inspection.lead_id, kind, said, officers_page(inspection))
    if inspection.kind.is_announced:
        notices.tell_business(session, inspection.business_id, kind, said, page(inspection))
