"""What is said of a delivery after it was received, and how long an offer stands."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from ..domain.errors import N_, InvalidInput, NotFound
from ..domain.handovers import DisputeNotPossible, HandoverStatus, NotDisputed, settled_status
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean_lines
from ..storage.batches import Batch
from ..storage.handovers import Handover, HandoverTerms
from . import audit, notices
from .changes import Faults
from .clock import now, today
from .handover_steps import locked, note_step, tell
from .reach import climbed

LONGEST_DAYS = 90


@dataclass(frozen=True, kw_only=True)
class TermsFacts:
    """In days; ``reason`` names the rule or the experience behind the numbers."""

    valid_from: date
    accept_within_days: int
    overdue_after_days: int
    reason: str


def dispute(session: Session, actor: Actor, business_id: int, handover_id: int, *, reason: str) -> Handover:
    """Either side says that what was received is not as recorded. Raises DisputeNotPossible, InvalidInput (``reason``)."""
    require(actor, Permission.HANDOVERS_WRITE, business_id)
    handover, _ = _received(session, business_id, handover_id)
    if not handover.status.is_received:
        raise DisputeNotPossible
    handover.status = HandoverStatus.DISPUTED
    said = _required(reason)
    note_step(session, actor, handover, "dispute", business_id, said)
    _stand_again(session, handover)
    tell(session, handover, "handover-disputed", _other_side(handover, business_id), said)
    values = {"seller": handover.seller.legal_name, "buyer": handover.buyer_title, "reason": said.rstrip(". ")}
    notices.tell_officers(
        session, "handover-disputed-officer", values, "/authority/handovers", about=handover.seller_id
    )
    session.commit()
    return handover


def resolve(session: Session, actor: Actor, business_id: int | None, handover_id: int, *, note: str) -> Handover:
    """Either side, or an officer (``business_id`` None), says how a dispute was settled; the amounts stay as recorded.

    Raises NotDisputed or InvalidInput (``reason``).
    """
    if business_id is not None:
        require(actor, Permission.HANDOVERS_WRITE, business_id)
    handover, _ = _received(session, business_id, handover_id)
    if business_id is None:
        near = next(
            (each for each in (handover.seller_id, handover.buyer_id) if each and actor.knows(each)), handover.seller_id
        )
        require(actor, Permission.HANDOVERS_OVERSEE, near)
    if handover.status is not HandoverStatus.DISPUTED:
        raise NotDisputed
    handover.status = settled_status(handover.sent, handover.received)
    said = _required(note)
    note_step(session, actor, handover, "resolve", business_id, said)
    _stand_again(session, handover)
    for side in {handover.seller_id, handover.buyer_id} - {business_id}:
        tell(session, handover, "handover-resolved", side, said)
    session.commit()
    return handover


def set_terms(session: Session, actor: Actor, facts: TermsFacts) -> HandoverTerms:
    """From a day on, offers stand so long; those already made keep their time. Raises InvalidFields."""
    require(actor, Permission.TERMS_MANAGE)
    faults = Faults()
    for name in ("accept_within_days", "overdue_after_days"):
        if not 1 <= getattr(facts, name) <= LONGEST_DAYS:
            faults.add(N_("Hãy nhập số ngày từ 1 đến %(most)s."), field=name, most=LONGEST_DAYS)
    if facts.valid_from < today():
        faults.add(N_("Chỉ đổi được từ hôm nay trở đi."), field="valid_from")
    if not (reason := clean_lines(facts.reason)):
        faults.add(N_("Hãy ghi căn cứ, ví dụ số văn bản hoặc điều đã rút ra từ thực tế."), field="reason")
    faults.raise_any()
    terms = HandoverTerms(
        valid_from=facts.valid_from,
        accept_within_days=facts.accept_within_days,
        overdue_after_days=facts.overdue_after_days,
        reason=reason,
        set_by=actor.user_id,
        set_by_name=actor.name,
        at=now(),
    )
    session.add(terms)
    changes = {"accept_within_days": facts.accept_within_days, "overdue_after_days": facts.overdue_after_days}
    audit.record(session, actor, "handovers:set_terms", terms, changes={**changes, "reason": reason})
    session.commit()
    return terms


def _received(session: Session, business_id: int | None, handover_id: int) -> tuple[Handover, Batch]:
    """A handover as it is now, its batch locked. Raises NotFound also where the business is on neither side."""
    handover = session.get(Handover, handover_id)
    if handover is None or business_id not in (None, handover.seller_id, handover.buyer_id):
        raise NotFound
    return locked(session, handover)


def _stand_again(session: Session, handover: Handover) -> None:
    climbed(session, handover.batch, also=filter(None, [handover.buyer_id]), deliveries=True)


def _other_side(handover: Handover, business_id: int) -> int | None:
    return handover.buyer_id if business_id == handover.seller_id else handover.seller_id


def _required(reason: str) -> str:
    reason = clean_lines(reason)
    if not reason:
        raise InvalidInput(N_("Hãy ghi rõ để bên kia và cơ quan quản lý hiểu."), field="reason")
    return reason
