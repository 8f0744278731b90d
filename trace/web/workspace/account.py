"""One's own account: name, language, security, and what one was told."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_security import logout_user
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...request.language import COOKIE
from ...services import accounts as verbs
from ...services import notices as notice_verbs
from ...services.notice_sentences import SENTENCES
from ...storage.notices import Notice, notices_of
from ...storage.pages import newest_first
from .. import filters
from ..forms import Form
from .blueprint import bp


class ProfileForm(Form):
    name = StringField(
        _l("Họ và tên"),
        render_kw={"autocomplete": "name"},
        validators=[InputRequired(_l("Hãy nhập họ và tên của bạn.")), Length(max=120)],
    )
    locale = RadioField(
        _l("Ngôn ngữ"),
        choices=[
            SelectChoice("vi", "Tiếng Việt"),
            SelectChoice("en", "English"),
            SelectChoice("", _l("Theo trình duyệt")),
        ],
        validate_choice=False,
    )


@bp.get("/account")
@requires(Permission.ACCOUNT_MANAGE)
def account() -> str:
    return _account_page(ProfileForm(obj=current_user))


@bp.post("/account")
@requires(Permission.ACCOUNT_MANAGE)
def update_account() -> Response | tuple[str, int]:
    form = ProfileForm()
    if form.validate():
        form.attempt(verbs.set_profile, db.session, current_actor(), name=form.name.data, locale=form.locale.data or "")
    if form.errors:
        return _account_page(form), 422
    flash(_("Đã lưu."), "success")
    answer = redirect(url_for(".account"), 303)
    answer.delete_cookie(COOKIE)  # what was chosen here outranks what this browser was set to before
    return answer


@bp.post("/account/sign-out-everywhere")
@requires(Permission.ACCOUNT_MANAGE)
def sign_out_everywhere() -> Response:
    verbs.sign_out_everywhere(db.session, current_actor())
    logout_user()
    flash(_("Mọi thiết bị đã được đăng xuất."), "success")
    return redirect(url_for("security.login"), 303)


@bp.get("/notices")
@requires(Permission.ACCOUNT_MANAGE)
def notices() -> str:
    page = newest_first(db.session, notices_of(current_user.id), Notice.id, after=filters.identifier("after"))
    shown = [(notice, _(SENTENCES[notice.kind][1], **notice.values)) for notice in page.items]
    return render_template("workspace/account/notices.html", notices=shown, next=page.next)


@bp.post("/notices")
@requires(Permission.ACCOUNT_MANAGE)
def read_notices() -> Response:
    notice_verbs.mark_read(db.session, current_actor())
    return redirect(url_for(".notices"), 303)


def _account_page(form: ProfileForm) -> str:
    return render_template("workspace/account/account.html", form=form, recovery_codes=current_user.mf_recovery_codes)
