"""Buyers and sellers who began to trade after a connection event where both were (plan 96/KH-UBND, annex 3)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import aliased

from ..domain.dates import start_of_day
from .activities import Participant
from .businesses import Business
from .handovers import RECEIVED, Handover


def links_after(events: Sequence[tuple[int, date]], days: int) -> Select[int, int, datetime]:
    """Seller, buyer, and when their first delivery was confirmed: within so many days of one of the ``events`` (id, day).
    A pair is there once, however many events it was at; one that had traded before is not."""
    guests = select(Participant.business_id).where(Participant.activity_id.in_([event_id for event_id, _ in events]))
    first = (
        select(Handover.seller_id, Handover.buyer_id, func.min(Handover.received_at).label("at"))
        .where(Handover.status.in_(RECEIVED), Handover.seller_id.in_(guests), Handover.buyer_id.in_(guests))
        .group_by(Handover.seller_id, Handover.buyer_id)
        .subquery()
    )

    def of(event_id: int, held_on: date) -> ColumnElement[bool]:
        took_part = select(Participant.business_id).where(Participant.activity_id == event_id)
        return and_(
            first.c.seller_id.in_(took_part),
            first.c.buyer_id.in_(took_part),
            first.c.at >= start_of_day(held_on),
            first.c.at < start_of_day(held_on + timedelta(days=days + 1)),
        )

    return select(first.c.seller_id, first.c.buyer_id, first.c.at).where(or_(false(), *(of(*each) for each in events)))


def named_links_after(event_id: int, held_on: date, days: int) -> Select[Business, Business, datetime]:
    """Those of one event, the earliest first."""
    links = links_after([(event_id, held_on)], days).subquery()
    seller, buyer = aliased(Business), aliased(Business)
    return (
        select(seller, buyer, links.c.at)
        .join_from(links, seller, seller.id == links.c.seller_id)
        .join(buyer, buyer.id == links.c.buyer_id)
        .order_by(links.c.at, links.c.seller_id, links.c.buyer_id)
    )
