"""What somebody who scans a batch at work may do with it: receive it, or give it to another business.

Whoever is not signed in costs nothing here: without a cookie nobody's account is looked for.
"""

from dataclasses import dataclass

from flask import request
from flask_login import current_user
from sqlalchemy import select

from ...domain.errors import N_
from ...domain.permissions import Permission, allowed
from ...request.access import current_actor
from ...request.database import db
from ...storage.balance import Holding
from ...storage.handovers import open_offer


@dataclass(frozen=True)
class Errand:
    """``why`` and ``action`` are gettext ids."""

    why: str
    action: str
    link: str


def errand_with(batch_id: int) -> Errand | None:
    if not request.cookies or not current_user.is_authenticated:
        return None
    actor = current_actor()
    mine = [each for each in actor.memberships if allowed(actor, Permission.HANDOVERS_WRITE, each)]
    if offer := db.session.execute(open_offer(batch_id, mine)).first():
        link = f"/workspace/{offer.buyer_id}/handovers/{offer.id}"
        return Errand(N_("Có hàng giao cho cơ sở của bạn"), N_("Nhận chuyến hàng này"), link)
    held = select(Holding.business_id).where(
        Holding.batch_id == batch_id, Holding.business_id.in_(mine), Holding.amount > 0
    )
    if holder := db.session.scalar(held.limit(1)):
        link = f"/workspace/{holder}/handovers/new?batch={batch_id}"
        return Errand(N_("Lô này đang ở trong kho của bạn"), N_("Giao lô này"), link)
    return None
