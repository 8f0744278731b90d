"""Who belongs to a business, and how another person gets in: by a link that the owner sends."""

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import EmailField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from ...domain.permissions import Permission, Role
from ...request.access import current_actor, requires
from ...request.database import db
from ...request.invitations import send_invitation
from ...services import accounts as verbs
from ...services.clock import now
from ...storage.accounts import Invitation, members_of, open_invitations
from ..fields import EmailAddress
from ..forms import Form
from .blueprint import bp

ROLES = {Role.STAFF: _l("Nhân viên"), Role.OWNER: _l("Chủ cơ sở")}
FRESH_LINK = "invitation_link"
"""The session keeps a new link until the page has shown it once."""


class InviteForm(Form):
    role = RadioField(
        _l("Người được mời là"),
        choices=[
            SelectChoice(Role.STAFF.value, _l("Nhân viên: ghi lô hàng, in tem")),
            SelectChoice(Role.OWNER.value, _l("Chủ cơ sở: thêm quyền sửa hồ sơ, mời người")),
        ],
        default=Role.STAFF.value,
    )
    email = EmailField(
        _l("E-mail người được mời"),
        validators=[Optional(), EmailAddress()],
    )


@bp.get("/<int:business_id>/members")
@requires(Permission.MEMBERS_MANAGE)
def members(business_id: int) -> str:
    return _page(business_id, InviteForm())


@bp.post("/<int:business_id>/members")
@requires(Permission.MEMBERS_MANAGE)
def invite_member(business_id: int) -> Response | tuple[str, int]:
    form = InviteForm()
    if form.validate():
        made = form.attempt(send_invitation, business_id, role=Role(form.role.data), email=form.email.data or "")
        if made is not None:
            session[FRESH_LINK] = made[1]
            return redirect(url_for(".members", business_id=business_id), 303)
    return _page(business_id, form), 422


@bp.post("/<int:business_id>/members/invitations/<int:invitation_id>/revoke")
@requires(Permission.MEMBERS_MANAGE)
def revoke_invitation(business_id: int, invitation_id: int) -> Response:
    verbs.revoke_invitation(db.session, current_actor(), business_id, invitation_id)
    flash(_("Liên kết mời không còn dùng được."), "success")
    return redirect(url_for(".members", business_id=business_id), 303)


@bp.post("/<int:business_id>/members/<int:user_id>/remove")
@requires(Permission.MEMBERS_MANAGE)
def remove_member(business_id: int, user_id: int) -> Response:
    try:
        verbs.revoke_member(db.session, current_actor(), business_id, user_id)
    except verbs.LastOwner as error:
        db.session.rollback()
        flash(_(error.message), "error")
    else:
        flash(_("Đã bỏ quyền của thành viên."), "success")
    left = user_id == current_user.id and business_id not in {m.business_id for m in current_user.memberships}
    return redirect(url_for(".home") if left else url_for(".members", business_id=business_id), 303)


def _page(business_id: int, form: InviteForm) -> str:
    return render_template(
        "workspace/members.html",
        form=form,
        members=db.session.scalars(members_of(business_id)).all(),
        invitations=db.session.scalars(open_invitations(now()).where(Invitation.business_id == business_id)).all(),
        link=session.pop(FRESH_LINK, None),
        roles=ROLES,
    )
