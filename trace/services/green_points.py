"""Green business points: applied for with a self-check, awarded or refused by an officer, announced before they lapse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from ..domain.businesses import ReasonRequired
from ..domain.dates import format_date
from ..domain.errors import N_, InvalidInput, NotFound
from ..domain.green_points import (
    AlreadyGreenPoint,
    GreenPointStatus,
    GreenPointStep,
    SelfCheck,
    after,
    check_answers,
    check_applicant,
    months_later,
)
from ..domain.permissions import Actor, Permission, require
from ..domain.products import Commodity
from ..domain.text import clean, clean_lines
from ..storage.businesses import Business
from ..storage.files import FileStore
from ..storage.green_points import (
    GreenPoint,
    GreenPointEvidence,
    GreenPointGoods,
    criteria_on,
    lapsing_points,
    measures_on,
    open_for_site,
)
from ..storage.sites import Site
from . import audit, notices
from .changes import load_for_change
from .clock import now, today
from .directory import check_reader
from .files import Proof, keep_proof


@dataclass(frozen=True, kw_only=True)
class GreenPointFacts:
    """``answers`` and ``evidence`` by the name of the criterion; an empty ``shown_address`` shows the commune alone."""

    site_id: int
    commodities: Sequence[Commodity]
    shown_address: str = ""
    answers: Mapping[str, SelfCheck] = field(default_factory=dict)
    evidence: Mapping[str, bytes] = field(default_factory=dict)


def apply(session: Session, actor: Actor, business_id: int, facts: GreenPointFacts, *, store: FileStore) -> GreenPoint:
    """Raises InvalidFields by criterion, InvalidInput, AlreadyGreenPoint, or DirectoryClosed for a business that is not
    approved."""
    require(actor, Permission.GREEN_POINTS_WRITE, business_id)
    check_reader(session, actor, business_id)
    business = load_for_change(session, Business, business_id)  # one application at a time: two would both find none
    site = session.get(Site, facts.site_id)
    if site is None or site.business_id != business_id:
        raise InvalidInput(N_("Hãy chọn một điểm bán hoặc kho của cơ sở."), field="site_id")
    check_applicant(business.kind, site.kind)
    if not facts.commodities:
        raise InvalidInput(N_("Hãy chọn ít nhất một nhóm hàng bán ở đây."), field="commodities")
    criteria = criteria_on(today())
    answers = {
        each.name: replace(facts.answers.get(each.name, SelfCheck()), has_evidence=bool(facts.evidence.get(each.name)))
        for each in criteria
    }
    check_answers(criteria, answers)
    if session.scalars(open_for_site(site.id, today()).limit(1)).first():
        raise AlreadyGreenPoint
    point = GreenPoint(
        business_id=business_id,
        site_id=site.id,
        status=GreenPointStatus.APPLIED,
        shown_address=clean(facts.shown_address, field="shown_address")[:200],
        answers=[
            {"criterion": name, "met": answer.met, "note": clean_lines(answer.note)[:600]}
            for name, answer in answers.items()
        ],
        applied_on=today(),
        created_at=now(),
        goods=[GreenPointGoods(commodity=each) for each in dict.fromkeys(facts.commodities)],
        evidence=[],
    )
    for name in answers:
        if data := facts.evidence.get(name):
            file = keep_proof(session, business_id, Proof(data=data, store=store), field=f"file_{name}")
            point.evidence.append(GreenPointEvidence(criterion=name, file=file))
    session.add(point)
    audit.record(session, actor, "green_points:apply", point, changes={"site": site.name})
    notices.tell_officers(
        session, "green-point-applied", _values(point, business, site), f"/authority/green-points/{point.id}"
    )
    session.commit()
    return point


def move(
    session: Session,
    actor: Actor,
    point_id: int,
    step: GreenPointStep,
    *,
    reason: str = "",
    version: int | None = None,
) -> GreenPoint:
    """An officer awards, refuses or revokes; the business cancels while it waits.

    Raises NotFound, ReasonRequired, GreenPointStepNotPossible or Conflict.
    """
    found = session.get(GreenPoint, point_id)
    if found is None:
        raise NotFound
    if step is GreenPointStep.CANCEL:
        require(actor, Permission.GREEN_POINTS_WRITE, found.business_id)
    else:
        require(actor, Permission.GREEN_POINTS_DECIDE, found.business_id)
    point = load_for_change(session, GreenPoint, point_id, version)
    status = after(point.status, step)
    reason = clean_lines(reason, field="reason")
    if step.needs_reason and not reason:
        raise ReasonRequired(field="reason")
    point.status, point.reason, point.decided_at, point.decided_by_name = status, reason, now(), actor.name
    if step is GreenPointStep.AWARD:
        point.valid_from = today()
        point.valid_until = months_later(today(), measures_on(today()).validity_months)
    changes = {"status": status.value, "reason": reason}
    audit.record(session, actor, f"green_points:{step.value}", point, changes=changes)
    if step is not GreenPointStep.CANCEL:
        _tell_business(session, point, f"green-point-{step.value}")
    session.commit()
    return point


def announce_lapsing(session: Session) -> int:
    """Tell each business, once, of a point whose time ends soon; return how many."""
    points = session.scalars(lapsing_points(today())).all()
    for point in points:
        point.lapse_announced_at = now()
        _tell_business(session, point, "green-point-lapsing")
    session.commit()
    return len(points)


def _tell_business(session: Session, point: GreenPoint, kind: str) -> None:
    values = _values(point, point.business, point.site)
    link = f"/workspace/{point.business_id}/green-points/{point.id}"
    notices.tell_business(session, point.business_id, kind, values, link)


def _values(point: GreenPoint, business: Business, site: Site) -> dict[str, str]:
    return {
        "business": business.legal_name,
        "site": site.name,
        "reason": point.reason.rstrip(". ") if point.reason else "",
        "valid_until": format_date(point.valid_until) if point.valid_until else "–",
    }
