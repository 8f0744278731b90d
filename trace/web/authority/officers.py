"""Who is an officer: the platform administrator's one page."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import EmailField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from ...domain.errors import Conflict
from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...services import accounts as verbs
from ...storage.accounts import users_with_role
from ..fields import EmailAddress
from ..forms import Form
from .blueprint import bp

ROLES = {"officer": _l("Cán bộ"), "administrator": _l("Quản trị viên")}


class AppointForm(Form):
    email = EmailField(
        _l("Địa chỉ e-mail"),
        validators=[InputRequired(_l("Hãy nhập địa chỉ e-mail.")), EmailAddress()],
    )
    role = RadioField(
        _l("Vai trò"), choices=[SelectChoice(name, label) for name, label in ROLES.items()], default="officer"
    )


@bp.get("/officers")
@requires(Permission.OFFICERS_MANAGE)
def officers() -> str:
    return _page(AppointForm())


@bp.post("/officers")
@requires(Permission.OFFICERS_MANAGE)
def appoint_officer() -> Response | tuple[str, int]:
    form = AppointForm()
    if form.validate() and form.attempt(
        verbs.appoint_officer, db.session, current_actor(), form.email.data, form.role.data
    ):
        flash(_("Đã giao quyền. Người đó sẽ nhận được thông báo."), "success")
        return redirect(url_for(".officers"), 303)
    return _page(form), 422


@bp.post("/officers/<int:user_id>/<role>/remove")
@requires(Permission.OFFICERS_MANAGE)
def remove_officer(user_id: int, role: str) -> Response:
    try:
        verbs.remove_officer(db.session, current_actor(), user_id, role)
    except Conflict as error:
        db.session.rollback()
        flash(_(error.message), "error")
    else:
        flash(_("Đã bỏ quyền."), "success")
    return redirect(url_for(".officers"), 303)


def _page(form: AppointForm) -> str:
    people = [(role, user) for role in ROLES for user in db.session.scalars(users_with_role(role))]
    return render_template("authority/officers.html", form=form, people=people, roles=ROLES)
