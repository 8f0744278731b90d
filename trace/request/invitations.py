"""The link that lets a person into a business, and the mail that brings it."""

from flask import current_app, url_for
from flask_babel import gettext as _

from ..domain.permissions import Role
from ..services import accounts
from ..services.jobs import Jobs
from ..services.mail import Mail
from ..storage.accounts import Invitation
from ..storage.businesses import Business
from .access import current_actor
from .database import db
from .settings import public_url


def send_invitation(business_id: int, *, role: Role, email: str = "") -> tuple[Invitation, str]:
    """Invite, and mail the link where it is meant for an address; the link is returned and kept nowhere else."""
    invitation, token = accounts.invite(db.session, current_actor(), business_id, role=role, email=email)
    link = public_url() + url_for("invitations.invitation", token=token)
    if invitation.email:
        _mail(invitation, link)
    return invitation, link


def _mail(invitation: Invitation, link: str) -> None:
    """In the language of who invites."""
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
