"""Who is an officer: the platform administrator's one page."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import EmailField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from ...domain.errors import Conflict
from ...domain.permissions import OfficeRole, Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...services import officers as verbs
from ...storage import accounts as storage
from ...storage.accounts import User
from ...storage.addresses import gazetteer
from ..fields import EmailAddress
from ..forms import Form
from .blueprint import bp

ADMINISTRATOR = _l("Quản trị viên, giao quyền cho người khác")


class AppointForm(Form):
    email = EmailField(
        _l("Địa chỉ e-mail"),
        validators=[InputRequired(_l("Hãy nhập địa chỉ e-mail.")), EmailAddress()],
    )
    role = RadioField(
        _l("Vai trò"),
        choices=[
            *(SelectChoice(role.value, _l(role.label)) for role in OfficeRole),
            SelectChoice(verbs.ADMINISTRATOR, ADMINISTRATOR),
        ],
        default=OfficeRole.CITY.value,
    )
    commune = StringField(_l("Xã, phường phụ trách"))


@bp.get("/officers")
@requires(Permission.OFFICERS_MANAGE)
def officers() -> str:
    return _page(AppointForm())


@bp.post("/officers")
@requires(Permission.OFFICERS_MANAGE)
def appoint_officer() -> Response | tuple[str, int]:
    form = AppointForm()
    if form.validate() and form.attempt(_appoint, form):
        flash(_("Đã giao quyền. Người đó sẽ nhận được thông báo."), "success")
        return redirect(url_for(".officers"), 303)
    return _page(form), 422


@bp.post("/officers/<int:user_id>/<any(officer, administrator):role>/remove")
@requires(Permission.OFFICERS_MANAGE)
def remove_officer(user_id: int, role: str) -> Response:
    dismiss = verbs.dismiss_administrator if role == verbs.ADMINISTRATOR else verbs.dismiss
    try:
        dismiss(db.session, current_actor(), user_id)
    except Conflict as error:
        db.session.rollback()
        flash(_(error.message), "error")
    else:
        flash(_("Đã bỏ quyền."), "success")
    return redirect(url_for(".officers"), 303)


def _appoint(form: AppointForm) -> User:
    email, actor = form.email.data or "", current_actor()
    if form.role.data == verbs.ADMINISTRATOR:
        return verbs.appoint_administrator(db.session, actor, email)
    return verbs.appoint(db.session, actor, email, OfficeRole(form.role.data), form.commune.data or "")


def _page(form: AppointForm) -> str:
    people = [("officer", user, _office(user)) for user in db.session.scalars(storage.officers())]
    people += [(verbs.ADMINISTRATOR, user, str(ADMINISTRATOR)) for user in db.session.scalars(storage.administrators())]
    return render_template("authority/officers.html", form=form, people=people)


def _office(user: User) -> str:
    role = _(user.office.label) if user.office else ""
    return f"{role}, {gazetteer().commune(user.office_commune_code).full_name}" if user.office_commune_code else role
