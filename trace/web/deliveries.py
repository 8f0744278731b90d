"""Where the link leads that a seller passes on to a buyer who is not enrolled."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from ..domain.errors import NotFound
from ..domain.permissions import Permission
from ..request.access import current_actor, public, requires
from ..request.database import db
from ..request.limits import LOOK_UP, limiter
from ..services import handover_invitations as verbs
from ..storage.businesses import Business
from .fields import identifier

bp = Blueprint("deliveries", __name__, url_prefix="/deliveries")
KEPT_LINK = "delivery"
"""The session keeps the token while the buyer enrols, so that the application leads back to the delivery."""


@bp.get("/<delivery_token>")
@limiter.limit(LOOK_UP)
@public
def delivery(delivery_token: str) -> str:
    handover = verbs.find_delivery(db.session, delivery_token)
    session[KEPT_LINK] = delivery_token
    mine = current_actor().memberships if current_user.is_authenticated else ()
    own = select(Business).where(Business.id.in_(mine), Business.id != handover.seller_id).order_by(Business.id)
    businesses = db.session.scalars(own).all()
    return render_template("deliveries/delivery.html", handover=handover, businesses=businesses)


@bp.post("/<delivery_token>")
@requires(Permission.ACCOUNT_MANAGE)
def claim_delivery(delivery_token: str) -> Response:
    business_id = identifier(request.form.get("business_id"))
    if business_id not in current_actor().memberships:
        raise NotFound
    handover = verbs.claim(db.session, current_actor(), business_id, delivery_token)
    session.pop(KEPT_LINK, None)
    flash(_("Chuyến hàng nay thuộc cơ sở của bạn. Được duyệt rồi thì xác nhận nhận hàng ở đây."), "success")
    return redirect(url_for("workspace.handover", business_id=business_id, handover_id=handover.id), 303)
