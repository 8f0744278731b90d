"""Giving goods to another business: offered by one side, accepted, rejected or left by the other.

What is offered leaves the seller's stock at once, so that nothing is promised twice, and comes back where the offer
comes to nothing. Every verb waits for the batch, so of two people who decide at once one is told who was faster.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ..domain import handovers as rules
from ..domain.balance import MovementKind, NotHeld
from ..domain.batches import BatchRecalled
from ..domain.errors import N_, InvalidInput
from ..domain.handovers import HandoverStatus
from ..domain.permissions import SYSTEM, Actor, Permission, require
from ..domain.text import clean, clean_lines
from ..storage.balance import holding_of
from ..storage.batches import Batch
from ..storage.businesses import Business
from ..storage.cases import Case
from ..storage.handovers import Handover, expired_at, first_received, handover_of_form, offers_of, terms_on
from . import chain, handover_events
from .case_trips import keep_whole, open_on_the_way, together, whole_case
from .clock import now, today
from .completeness import lock, recount, recount_with_step
from .handover_invitations import Counterparty, invite
from .handover_moves import check_movable, check_trades, chosen_site, come_back, receive
from .handover_steps import note_step, open_offer, standing_offer, tell
from .holdings import move_out
from .reach import climbed
from .recall_writing import give_back_recalled, lock_recalls


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """To whom and how goods are sent; ``counterparty`` where the buyer is not enrolled.

    ``shipped_at`` None: now. ``site_id`` None: the only site of the seller, or where the batch was made.
    """

    buyer_id: int | None = None
    counterparty: Counterparty | None = None
    site_id: int | None = None
    vehicle: str = ""
    shipped_at: datetime | None = None
    expected_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OfferFacts(Shipment):
    """``amount`` in the base unit of the batch's product."""

    batch_id: int
    amount: int


def offer(
    session: Session, actor: Actor, business_id: int, facts: OfferFacts, *, public_url: str, client_key: str = ""
) -> tuple[Handover, str]:
    """Give goods to a buyer who is still to say that they came. The same ``client_key`` again returns the first one.

    Returns the handover, and for a counterparty that is not enrolled the token of its invitation, which is kept nowhere.
    Raises NotHeld, NotEnoughHeld, MayNotTrade, OfferedToItself, NotMovable, BatchUnderReview, InvalidInput and as ``check_offer``.
    """
    require(actor, Permission.HANDOVERS_WRITE, business_id)
    if session.scalars(holding_of(business_id, facts.batch_id)).one_or_none() is None:
        raise NotHeld(field="batch_id")
    if facts.buyer_id == business_id:
        raise rules.OfferedToItself(field="buyer")
    batch = lock(session, facts.batch_id, also=[business_id, *filter(None, [facts.buyer_id])])
    if client_key and (made := session.scalars(handover_of_form(business_id, client_key)).one_or_none()):
        return made, ""
    made, token = write_offer(session, actor, business_id, batch, facts.amount, facts, public_url, client_key)
    tell(session, made, "handover-offered", made.buyer_id)
    session.commit()
    return made, token


def write_offer(
    session: Session,
    actor: Actor,
    business_id: int,
    batch: Batch,
    amount: int,
    shipment: Shipment,
    public_url: str,
    client_key: str = "",
    *,
    case: Case | None = None,
) -> tuple[Handover, str]:
    """Within a verb that has locked the batch and both sides: one delivery of what is loose. Raises as ``offer``."""
    check_movable(batch)
    buyer = session.get(Business, shipment.buyer_id) if shipment.buyer_id else None
    for party in (session.get_one(Business, business_id), *filter(None, [buyer])):
        check_trades(party)
    if buyer is None and shipment.counterparty is None:
        raise InvalidInput(N_("Hãy chọn bên nhận."), field="buyer")
    at = now()
    shipped_at = shipment.shipped_at or at
    rules.check_offer(
        amount,
        shipped_at=shipped_at,
        expected_at=shipment.expected_at,
        received_at=session.scalar(first_received(business_id, batch.id)),
        lot=batch.lot,
        production_date=batch.production_date,
        now=at,
    )
    site = chosen_site(session, business_id, shipment.site_id, usual=batch.site)
    days = session.scalars(terms_on(today())).one().accept_within_days
    handover = Handover(
        batch_id=batch.id,
        seller_id=business_id,
        buyer_id=buyer.id if buyer else None,
        seller_site_id=site.id,
        sent=amount,
        vehicle=clean(shipment.vehicle)[:60],
        shipped_at=shipped_at,
        expected_at=shipment.expected_at,
        status=HandoverStatus.OFFERED,
        offered_at=at,
        expires_at=max(at, shipment.expected_at or at) + timedelta(days=days) if buyer else None,
        client_key=client_key or None,
        case=case,
    )
    token = "" if buyer or shipment.counterparty is None else invite(handover, shipment.counterparty)
    session.add(handover)
    session.flush()
    said = handover_events.shipping(handover, site, public_url)
    event = chain.append(
        session, actor, batch, site, said, public_url, business_id=business_id, handover_id=handover.id
    )
    move_out(session, batch, business_id, MovementKind.SHIPPED, amount, event=event, at=shipped_at)
    note_step(session, actor, handover, "offer", business_id)
    recount_with_step(session, batch)
    return handover, token


def accept(
    session: Session,
    actor: Actor,
    handover_id: int,
    *,
    received: int | None = None,
    reason: str = "",
    site_id: int | None = None,
    at: datetime | None = None,
    public_url: str,
) -> Handover:
    """Say that goods came: all of them, or ``received`` and why not the rest. They are the buyer's from now on.

    Raises HandoverDecided, MayNotTrade, NotMovable, BatchUnderReview, InvalidInput (``site_id``) and as ``received_status``, ``check_receipt``.
    """
    handover, batch = open_offer(session, actor, handover_id, "buyer_id")
    buyer_id, received_at = handover.buyer_id or 0, at or now()
    amount, reason = handover.sent if received is None else received, clean_lines(reason)
    status = rules.received_status(handover.sent, amount, reason=reason, unit=batch.product.unit)
    rules.check_receipt(received_at, shipped_at=handover.shipped_at, now=now())
    arriving = together(session, handover) if status is HandoverStatus.ACCEPTED else [handover]
    for each in arriving:
        check_movable(each.batch)
    for party in (session.get_one(Business, buyer_id), handover.seller):
        check_trades(party)
    site = chosen_site(session, buyer_id, site_id)
    for each in arriving:
        got = amount if each is handover else each.sent
        receive(session, actor, each, status, got, site=site, reason=reason, at=received_at, public_url=public_url)
        climbed(session, each.batch, also=[buyer_id])
        recount(session, batch=each.batch)
    _tell_received(session, handover, reason, arriving)
    if status is HandoverStatus.ACCEPTED:
        keep_whole(session, arriving, business_id=buyer_id, site=site)
    open_on_the_way(session, actor, handover, site, public_url)
    session.commit()
    return handover


def receive_recalled(
    session: Session, actor: Actor, batch: Batch, buyer_id: int, amount: int, *, reason: str, public_url: str
) -> None:
    """Within the answer to a recall: so much of what was on the way to the buyer came, the oldest delivery first.

    What of a delivery that came was not found is its difference; a delivery that did not come stays on the way.
    """
    for handover in session.scalars(offers_of(batch.id, buyer_id)).all():
        received = min(amount, handover.sent)
        if not received:
            return
        amount -= received
        status = rules.settled_status(handover.sent, received)
        receive(session, actor, handover, status, received, site=None, reason=reason, at=now(), public_url=public_url)
        climbed(session, batch, also=[buyer_id])
        _tell_received(session, handover, reason)
        open_on_the_way(session, actor, handover, None, public_url)


def reject(
    session: Session, actor: Actor, handover_id: int, *, reason: str, alone: bool = False, public_url: str
) -> Handover:
    """The buyer sends everything back, and says why; also what was recalled, of which the seller has to say then.

    With it goes the case that it came in, unless ``alone``, which opens that.
    Raises HandoverDecided or InvalidInput (``reason``).
    """
    lock_recalls(session, handover_id)
    handover, _ = open_offer(session, actor, handover_id, "buyer_id", recalled=True)
    if not (reason := clean_lines(reason)):
        raise InvalidInput(N_("Hãy ghi vì sao không nhận; bên giao cũng đọc được."), field="reason")
    returning = [handover] if alone else together(session, handover)
    for each in returning:
        come_back(session, actor, each, HandoverStatus.REJECTED, "reject", handover.buyer_id, reason)
    tell(session, handover, "handover-rejected", handover.seller_id, reason, in_case=returning)
    keep_whole(session, returning, business_id=handover.seller_id)
    open_on_the_way(session, actor, handover, None, public_url)
    give_back_recalled(session, handover)
    session.commit()
    return handover


def withdraw(session: Session, actor: Actor, handover_id: int, *, reason: str = "") -> Handover:
    """The seller takes back what nobody accepted yet, with the case that it is in. Raises HandoverDecided, BatchRecalled."""
    handover, _ = open_offer(session, actor, handover_id, "seller_id")
    reason = clean_lines(reason)
    returning = whole_case(session, handover)
    for each in returning:
        come_back(session, actor, each, HandoverStatus.WITHDRAWN, "withdraw", handover.seller_id, reason)
    tell(session, handover, "handover-withdrawn", handover.buyer_id, in_case=returning)
    keep_whole(session, returning, business_id=handover.seller_id)
    session.commit()
    return handover


def expire(session: Session) -> int:
    """Give back what nobody accepted in time, each in a transaction of its own; returns how many offers that were."""
    ended = 0
    for handover_id in session.scalars(expired_at(now())).all():
        session.rollback()
        try:
            handover, _ = standing_offer(session, session.get_one(Handover, handover_id))
            returning = whole_case(session, handover)
        except (rules.HandoverDecided, BatchRecalled):
            continue  # answered in the last second, or on its way when it was recalled: its recall asks for it
        for each in returning:
            come_back(session, SYSTEM, each, HandoverStatus.EXPIRED, "expire", None, "")
        for side in (handover.seller_id, handover.buyer_id):
            tell(session, handover, "handover-expired", side, in_case=returning)
        keep_whole(session, returning, business_id=handover.seller_id)
        session.commit()
        ended += len(returning)
    return ended


def _tell_received(session: Session, handover: Handover, reason: str, in_case: Iterable[Handover] = ()) -> None:
    kind = "handover-accepted" if handover.status is HandoverStatus.ACCEPTED else "handover-difference"
    tell(session, handover, kind, handover.seller_id, reason, in_case=in_case)
