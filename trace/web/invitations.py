"""Where an invitation's link leads, for people with an account and for those who still need one."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from ..domain.permissions import Permission
from ..request.access import current_actor, public, requires
from ..request.database import db
from ..services import accounts as verbs
from ..services.jobs import Jobs
from ..services.mail import Mail
from ..storage.accounts import Invitation, Membership
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


def mail_invitation(invitation: Invitation, link: str) -> None:
    """To the address that it was made for, in the language of who invites."""
    business = db.session.get_one(Business, invitation.business_id)
    subject = _("Lời mời tham gia %(business)s", business=business.legal_name)
    text = _(
        "%(person)s mời bạn cùng làm việc cho %(business)s trên Rõ Nguồn.\n\nMở liên kết này trong vòng 7 ngày:\n%(link)s",
        person=current_actor().name,
        business=business.legal_name,
        link=link,
    )
    jobs: Jobs = current_app.extensions["trace.jobs"]
    jobs.send_later(Mail(invitation.email, subject, text))
