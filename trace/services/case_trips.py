"""What becomes of a case with the deliveries of what is in it: it arrives whole, comes back whole, or is opened on the way."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from ..domain.batches import refuse_recalled
from ..domain.cases import CaseStatus
from ..domain.permissions import Actor
from ..storage.handovers import Handover, open_handovers_in
from ..storage.sites import Site
from . import holdings
from .cases import note_unpacking


def whole_case(session: Session, handover: Handover) -> list[Handover]:
    """The deliveries of the closed case that this one travels in; itself alone where there is none. Raises BatchRecalled."""
    found = _travelling(session, handover)
    for each in found:
        refuse_recalled(each.batch.recall_id, each.batch.lot)
    return found


def together(session: Session, handover: Handover) -> list[Handover]:
    """As ``whole_case``, but itself alone where something in the case was recalled, which has to be taken out."""
    found = _travelling(session, handover)
    return [handover] if any(each.batch.recall_id for each in found) else found


def keep_whole(session: Session, answered: Sequence[Handover], *, business_id: int, site: Site | None = None) -> None:
    """If that was all in the case, the business has it now, closed as it was, at ``site``; None: where it was packed."""
    case = answered[0].case
    if case is None or case.status is not CaseStatus.SHIPPED or len(answered) < len(case.contents):
        return
    for content in case.contents:
        holdings.pack(session, content.batch, business_id, content.amount)
    case.status, case.business_id = CaseStatus.CLOSED, business_id
    if site:
        case.site_id = site.id


def open_on_the_way(session: Session, actor: Actor, handover: Handover, site: Site | None, public_url: str) -> None:
    """If the case did not stay whole, its buyer opened it: what nobody answered yet is delivered loose."""
    case = handover.case
    if case and case.status is CaseStatus.SHIPPED:
        note_unpacking(session, actor, case, site, business_id=handover.buyer_id or 0, public_url=public_url)


def _travelling(session: Session, handover: Handover) -> list[Handover]:
    case = handover.case
    if case is None or case.status is not CaseStatus.SHIPPED:
        return [handover]
    return list(session.scalars(open_handovers_in(case.id)).all())
