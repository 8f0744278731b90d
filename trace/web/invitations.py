"""Where an invitation's link leads, for people with an account and for those who still need one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from ..domain.permissions import Permission
from ..request.access import current_actor, public, requires
from ..request.database import db
from ..services import accounts as verbs
from ..storage.accounts import Membership
from ..storage.businesses import Business

bp = Blueprint("invitations", __name__, url_prefix="/account/invitations")


@bp.get("/<token>")
@public
def invitation(token: str) -> str | Response:
    found = verbs.find_invitation(db.session, token)
    if current_user.is_authenticated and found.business_id in current_actor().memberships:
        return redirect(url_for("workspace.business", business_id=found.business_id))
    return render_template(
        "accounts/invitation.html", business=db.session.get(Business, found.business_id), token=token
    )


@bp.post("/<token>")
@requires(Permission.ACCOUNT_MANAGE)
def accept(token: str) -> Response:
    return _joined(verbs.accept_invitation(db.session, current_actor(), token))


@bp.post("/<int:invitation_id>/accept")
@requires(Permission.ACCOUNT_MANAGE)
def accept_addressed(invitation_id: int) -> Response:
    return _joined(verbs.accept_addressed(db.session, current_actor(), invitation_id))


def _joined(membership: Membership) -> Response:
    flash(_("Chào mừng bạn! Từ bây giờ bạn làm việc cùng cơ sở này."), "success")
    return redirect(url_for("workspace.business", business_id=membership.business_id), 303)
