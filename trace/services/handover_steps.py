"""What the verbs of deliveries share: an offer is answered once, every word is kept, and the other side hears of it."""

from collections.abc import Iterable

from sqlalchemy import update
from sqlalchemy.orm import Session

from ..domain import handovers as rules
from ..domain.batches import refuse_recalled
from ..domain.dates import format_moment
from ..domain.errors import NotFound
from ..domain.handovers import HandoverStatus
from ..domain.permissions import Actor, Permission, require
from ..domain.quantities import format_amount
from ..storage.batches import Batch
from ..storage.handovers import Handover, HandoverStep, handover_with, steps_of
from . import audit, notices
from .clock import now
from .completeness import lock_all


def note_step(
    session: Session, actor: Actor, handover: Handover, verb: str, business_id: int | None, reason: str = ""
) -> None:
    """Keep who said what of a handover as it stands now, for both sides and for the audit trail."""
    session.add(
        HandoverStep(
            handover_id=handover.id,
            status=handover.status,
            business_id=business_id,
            by=actor.user_id,
            by_name=actor.name,
            reason=reason,
            at=now(),
        )
    )
    changes = {"status": handover.status.value, "sent": handover.sent, "received": handover.received, "reason": reason}
    side = business_id if business_id is not None else handover.seller_id
    audit.record(session, actor, f"handovers:{verb}", handover, business_id=side, changes=changes)


def tell(
    session: Session,
    handover: Handover,
    kind: str,
    business_id: int | None,
    reason: str = "",
    *,
    in_case: Iterable[Handover] = (),
) -> None:
    """Tell one side's people, where that side is enrolled, once for all that travels in the same case."""
    if business_id is None:
        return
    unit = handover.product.unit
    others = [
        f"{format_amount(each.sent, each.product.unit)} {each.product.name}" for each in in_case if each is not handover
    ]
    values = {
        "seller": handover.seller.legal_name,
        "buyer": handover.buyer_title,
        "product": ", ".join([handover.product.name, *others]),
        "amount": format_amount(handover.sent, unit),
        "received": format_amount(handover.received or 0, unit),
        "reason": reason.rstrip(". "),
    }
    notices.tell_business(session, business_id, kind, values, f"/workspace/{business_id}/handovers/{handover.id}")


def open_offer(
    session: Session, actor: Actor, handover_id: int, side: str, *, recalled: bool = False
) -> tuple[Handover, Batch]:
    """As ``standing_offer``, for an actor of that side: ``seller_id`` or ``buyer_id``."""
    handover = session.get(Handover, handover_id)
    if handover is None or getattr(handover, side) is None:
        raise NotFound
    require(actor, Permission.HANDOVERS_WRITE, getattr(handover, side))
    return standing_offer(session, handover, recalled=recalled)


def standing_offer(
    session: Session, handover: Handover, *, also: Iterable[int] = (), recalled: bool = False
) -> tuple[Handover, Batch]:
    """An offer and its batch as they are now, locked, with the businesses concerned.

    Raises HandoverDecided and, unless it is wanted even if ``recalled``, BatchRecalled.
    """
    handover, batch = locked(session, handover, also=also, recalled=recalled)
    if handover.status is not HandoverStatus.OFFERED:
        raise _decided(session, handover)
    return handover, batch


def locked(
    session: Session, handover: Handover, *, also: Iterable[int] = (), recalled: bool = False
) -> tuple[Handover, Batch]:
    """With everything that it was sent with in one case."""
    sides = filter(None, [handover.seller_id, handover.buyer_id])
    together = {content.batch_id for content in handover.case.contents} if handover.case else set()
    lock_all(session, {handover.batch_id, *together}, also=[*sides, *also])
    again = handover_with(handover.id).execution_options(populate_existing=True)
    found = session.scalars(again).one()
    if not recalled:
        refuse_recalled(found.batch.recall_id, found.batch.lot)
    return found, found.batch


def decide(session: Session, handover: Handover, status: HandoverStatus, **values: object) -> None:
    """One statement whose condition the database checks: an offer is answered once. Raises HandoverDecided."""
    answered = (
        update(Handover)
        .where(Handover.id == handover.id, Handover.status == HandoverStatus.OFFERED)
        .values(status=status, **values)
        .returning(Handover.id)
        .execution_options(synchronize_session=False)
    )
    won = session.execute(answered).first() is not None
    session.refresh(handover)
    if not won:
        raise _decided(session, handover)


def _decided(session: Session, handover: Handover) -> rules.HandoverDecided:
    answer = next(step for step in session.scalars(steps_of(handover.id)) if step.status is not HandoverStatus.OFFERED)
    return rules.HandoverDecided(rules.DECIDED[answer.status], person=answer.by_name, time=format_moment(answer.at))
