"""Buyers that are not enrolled: named by the seller, invited by a link, and bound to their delivery once they are here."""

import secrets
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ..domain.businesses import BusinessStatus
from ..domain.errors import N_, Conflict, NotFound
from ..domain.handovers import MayNotTrade, OfferedToItself
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean
from ..storage.addresses import gazetteer
from ..storage.businesses import Business
from ..storage.handovers import Handover, handover_of_invitation
from .accounts import hash_token
from .case_trips import whole_case
from .changes import Faults
from .handover_steps import note_step, open_offer, standing_offer
from .phones import parse_phone

ENDED = (BusinessStatus.SUSPENDED, BusinessStatus.WITHDRAWN, BusinessStatus.REJECTED)


class DeliveryGone(NotFound):
    """The link was used or replaced, or the seller took the goods back."""

    code = "delivery-gone"
    message = N_("Liên kết nhận hàng này không còn dùng được. Hãy nhờ bên giao gửi liên kết mới.")


@dataclass(frozen=True, kw_only=True)
class Counterparty:
    """A buyer who is not enrolled, as the seller knows it."""

    name: str
    phone: str
    commune_code: str | None = None


def invite(handover: Handover, counterparty: Counterparty) -> str:
    """Within the verb that offers: name the buyer and return the token of the link for it. Raises InvalidFields."""
    faults = Faults()
    if not (name := clean(counterparty.name)):
        faults.add(N_("Hãy ghi tên người hoặc nơi nhận hàng."), field="buyer_name")
    elif len(name) > 200:
        faults.add(N_("Tên quá dài (tối đa 200 ký tự)."), field="buyer_name")
    phone = faults.attempt(parse_phone, counterparty.phone, field="buyer_phone")
    commune = faults.attempt(gazetteer().commune, counterparty.commune_code) if counterparty.commune_code else None
    faults.raise_any()
    handover.buyer_name, handover.buyer_phone = name, phone or ""
    handover.buyer_commune_code = commune.code if commune else None
    return _new_token(handover)


def renew_invitation(session: Session, actor: Actor, handover_id: int) -> str:
    """A new link for a buyer who lost theirs; the old one ends. Raises HandoverDecided, or Conflict once it was used."""
    handover, _ = open_offer(session, actor, handover_id, "seller_id")
    if handover.buyer_id is not None:
        raise Conflict(N_("Bên nhận đã dùng liên kết này rồi, không cần liên kết mới."))
    token = _new_token(handover)
    note_step(session, actor, handover, "invite", handover.seller_id)
    session.commit()
    return token


def find_delivery(session: Session, token: str) -> Handover:
    """What a link is about. Raises DeliveryGone."""
    found = session.scalars(handover_of_invitation(hash_token(token))).one_or_none()
    if found is None:
        raise DeliveryGone
    return found


def claim(session: Session, actor: Actor, business_id: int, token: str) -> Handover:
    """Say by the link that a business of the actor is the buyer, of all that came in the same case.

    It may receive the goods as soon as it is approved.
    Raises DeliveryGone, OfferedToItself or MayNotTrade.
    """
    require(actor, Permission.HANDOVERS_WRITE, business_id)
    handover = find_delivery(session, token)
    if handover.seller_id == business_id:
        raise OfferedToItself(field="business_id")
    business = session.get_one(Business, business_id)
    if business.status in ENDED:
        raise MayNotTrade(business=business.legal_name)
    handover, _ = standing_offer(session, handover, also=[business_id])
    if handover.buyer_id is not None:
        raise DeliveryGone
    for each in whole_case(session, handover):
        each.buyer_id, each.token_hash = business_id, None
        note_step(session, actor, each, "claim", business_id)
    session.commit()
    return handover


def _new_token(handover: Handover) -> str:
    token = secrets.token_urlsafe(24)
    handover.token_hash = hash_token(token)
    return token
