"""Where a signed-in person starts: the department, their business, the choice between several, or the way in."""

from flask import redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...services.clock import now
from ...storage.accounts import Invitation, open_invitations
from ...storage.businesses import Business
from .blueprint import bp


@bp.get("/")
@requires(Permission.ACCOUNT_MANAGE)
def home() -> str | Response:
    actor = current_actor()
    if not actor.memberships and actor.officer:
        return redirect(url_for("authority.home"))
    if not actor.memberships and actor.administrator:
        return redirect(url_for("authority.officers"))
    invitations = db.session.execute(
        open_invitations(now())
        .where(Invitation.email == current_user.email, Invitation.business_id.not_in(actor.memberships))
        .join(Business, Business.id == Invitation.business_id)
        .add_columns(Business.legal_name)
    ).all()
    if len(actor.memberships) == 1 and not invitations:
        return redirect(url_for("workspace.business", business_id=next(iter(actor.memberships))))
    mine = select(Business).where(Business.id.in_(actor.memberships)).order_by(Business.legal_name)
    return render_template(
        "workspace/home.html", businesses=db.session.scalars(mine).all(), invitations=invitations, actor=actor
    )
