"""Giving goods to another business: offered by one side, accepted, rejected or left by the other.

What is offered leaves the seller's stock at once, so that nothing is promised twice, and comes back where the offer
comes to nothing. Every verb waits for the batch, so of two people who decide at once one is told who was faster.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ..domain import handovers as rules
from ..domain.balance import MovementKind, NotHeld
from ..domain.batches import BatchRecalled, BatchStatus, refuse_recalled
from ..domain.errors import N_, InvalidInput
from ..domain.evidence import Evidence
from ..domain.handovers import HandoverStatus, MayNotTrade
from ..domain.permissions import SYSTEM, Actor, Permission, require
from ..domain.text import clean, clean_lines
from ..domain.vocabulary import BusinessStep
from ..storage.balance import holding_of
from ..storage.batches import Batch
from ..storage.businesses import Business
from ..storage.cases import Case
from ..storage.chain import event_of_handover
from ..storage.handovers import Handover, expired_at, first_received, handover_of_form, terms_on
from ..storage.sites import Site, sites_of
from . import chain, handover_events, reviews
from .case_trips import keep_whole, open_on_the_way, together, whole_case
from .clock import now, today
from .completeness import lock, recount
from .handover_invitations import Counterparty, invite
from .handover_steps import decide, note_step, open_offer, standing_offer, tell
from .holdings import move_in, move_out, take_back


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
    _check_movable(batch)
    buyer = session.get(Business, shipment.buyer_id) if shipment.buyer_id else None
    for party in (session.get_one(Business, business_id), *filter(None, [buyer])):
        _check_trades(party)
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
    site = _site(session, business_id, shipment.site_id, usual=batch.site)
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
    recount(session, batch=batch)
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
        _check_movable(each.batch)
    for party in (session.get_one(Business, buyer_id), handover.seller):
        _check_trades(party)
    site = _site(session, buyer_id, site_id)
    kind = "handover-accepted" if status is HandoverStatus.ACCEPTED else "handover-difference"
    for each in arriving:
        got = amount if each is handover else each.sent
        decide(session, each, status, received=got, received_at=received_at, buyer_site_id=site.id)
        said = handover_events.receiving(each, got, site, public_url, at=received_at)
        chain.append(
            session,
            actor,
            each.batch,
            site,
            said,
            public_url,
            business_id=buyer_id,
            handover_id=each.id,
            evidence=Evidence.CONFIRMED,
        )
        move_in(session, each.batch, buyer_id, got)
        note_step(session, actor, each, "accept", buyer_id, reason)
        recount(session, batch=each.batch)
    tell(session, handover, kind, handover.seller_id, reason, in_case=arriving)
    if status is HandoverStatus.ACCEPTED:
        keep_whole(session, arriving, business_id=buyer_id, site=site)
    open_on_the_way(session, actor, handover, site, public_url)
    session.commit()
    return handover


def reject(
    session: Session, actor: Actor, handover_id: int, *, reason: str, alone: bool = False, public_url: str
) -> Handover:
    """The buyer sends everything back, and says why: with the case that it came in, unless ``alone``, which opens that.

    Raises HandoverDecided or InvalidInput (``reason``).
    """
    handover, _ = open_offer(session, actor, handover_id, "buyer_id")
    if not (reason := clean_lines(reason)):
        raise InvalidInput(N_("Hãy ghi vì sao không nhận; bên giao cũng đọc được."), field="reason")
    returning = [handover] if alone else together(session, handover)
    for each in returning:
        _come_back(session, actor, each, HandoverStatus.REJECTED, "reject", handover.buyer_id, reason)
    tell(session, handover, "handover-rejected", handover.seller_id, reason, in_case=returning)
    keep_whole(session, returning, business_id=handover.seller_id)
    open_on_the_way(session, actor, handover, None, public_url)
    session.commit()
    return handover


def withdraw(session: Session, actor: Actor, handover_id: int, *, reason: str = "") -> Handover:
    """The seller takes back what nobody accepted yet, with the case that it is in. Raises HandoverDecided, BatchRecalled."""
    handover, _ = open_offer(session, actor, handover_id, "seller_id")
    reason = clean_lines(reason)
    returning = whole_case(session, handover)
    for each in returning:
        _come_back(session, actor, each, HandoverStatus.WITHDRAWN, "withdraw", handover.seller_id, reason)
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
            _come_back(session, SYSTEM, each, HandoverStatus.EXPIRED, "expire", None, "")
        for side in (handover.seller_id, handover.buyer_id):
            tell(session, handover, "handover-expired", side, in_case=returning)
        keep_whole(session, returning, business_id=handover.seller_id)
        session.commit()
        ended += len(returning)
    return ended


def _come_back(
    session: Session,
    actor: Actor,
    handover: Handover,
    status: HandoverStatus,
    verb: str,
    business_id: int | None,
    reason: str,
) -> None:
    """Nobody received the goods: they are the seller's again, and their shipping is declared not to have come about."""
    decide(session, handover, status)
    event = session.scalars(event_of_handover(handover.batch_id, handover.id, BusinessStep.SHIPPING)).one()
    take_back(session, handover.batch, handover.seller_id, handover.sent, event=event)
    chain.declare_wrong(
        session, actor, event, reason="did_not_occur", said=status.label
    )  # the reason is between the two sides
    note_step(session, actor, handover, verb, business_id, reason)
    recount(session, batch=handover.batch)


def _check_movable(batch: Batch) -> None:
    if batch.status is not BatchStatus.PUBLISHED:
        raise rules.NotMovable(lot=batch.lot)
    refuse_recalled(batch.recall_id, batch.lot)
    reviews.check_free([batch])


def _check_trades(business: Business) -> None:
    if not business.status.may_publish:
        raise MayNotTrade(business=business.legal_name)


def _site(session: Session, business_id: int, site_id: int | None, *, usual: Site | None = None) -> Site:
    """The chosen site in use, or the only one there is, or the usual one. Raises InvalidInput."""
    sites = {site.id: site for site in session.scalars(sites_of(business_id, active=True))}
    if site_id is not None:
        found = sites.get(site_id)
    elif usual and usual.business_id == business_id:
        found = usual
    else:
        found = next(iter(sites.values())) if len(sites) == 1 else None
    if found is None:
        raise InvalidInput(N_("Hãy chọn một địa điểm của cơ sở cho chuyến hàng này."), field="site_id")
    return found
