"""API keys of a business."""

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from ...domain.permissions import OF_BUSINESS, Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...services import keys as verbs
from ...storage.accounts import keys_of
from ..forms import Form
from .blueprint import bp

SCOPES = {
    Permission.BUSINESS_READ: _l("Xem hồ sơ cơ sở"),
    Permission.BUSINESS_WRITE: _l("Sửa hồ sơ cơ sở"),
    Permission.SITES_WRITE: _l("Thêm, sửa vùng trồng và địa điểm"),
    Permission.PRODUCTS_WRITE: _l("Thêm, sửa sản phẩm"),
    Permission.CERTIFICATES_WRITE: _l("Gửi giấy chứng nhận"),
    Permission.BATCHES_READ: _l("Xem lô hàng"),
    Permission.BATCHES_WRITE: _l("Ghi lô hàng"),
    Permission.BATCHES_PUBLISH: _l("Công bố, đính chính, rút lô hàng"),
    Permission.DIARY_READ: _l("Xem nhật ký sản xuất"),
    Permission.DIARY_WRITE: _l("Ghi nhật ký sản xuất"),
    Permission.HANDOVERS_READ: _l("Xem giao nhận"),
    Permission.HANDOVERS_WRITE: _l("Giao hàng, nhận hàng"),
    Permission.LABELS_MAKE: _l("In tem"),
    Permission.RECALLS_READ: _l("Xem vụ thu hồi"),
    Permission.RECALLS_WRITE: _l("Đề nghị thu hồi, xác nhận hàng tìm thấy"),
    Permission.RECALLS_CONFIRM: _l("Xác nhận và kết thúc vụ thu hồi"),
    Permission.CONNECTIONS_WRITE: _l("Xem, gửi và trả lời lời kết nối"),
    Permission.GREEN_POINTS_WRITE: _l("Đăng ký điểm kinh doanh xanh"),
    Permission.WEBHOOKS_MANAGE: _l("Quản lý địa chỉ nhận tin thu hồi"),
    Permission.INSPECTIONS_READ: _l("Xem biên bản kiểm tra và sai lỗi"),
    Permission.INSPECTIONS_ANSWER: _l("Trả lời sai lỗi"),
    Permission.COMPLAINTS_ANSWER: _l("Xem và trả lời phản ánh"),
    Permission.AUDIT_READ: _l("Xem nhật ký thao tác"),
    Permission.MEMBERS_MANAGE: _l("Quản lý thành viên"),
    Permission.API_KEYS_MANAGE: _l("Quản lý khóa API"),
}
"""What each permission lets a key do, in the words of the page; every permission of a business has its line."""
FRESH_KEY = "api_key"
"""The session keeps a new key until the page has shown it once."""


class KeyForm(Form):
    name = StringField(
        _l("Tên khóa"), validators=[InputRequired(_l("Hãy đặt tên để sau này nhận ra khóa.")), Length(max=80)]
    )
    scopes = SelectMultipleField(
        _l("Khóa được làm gì"),
        choices=[SelectChoice(scope.value, label) for scope, label in SCOPES.items() if scope in OF_BUSINESS],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[InputRequired(_l("Hãy chọn ít nhất một việc mà khóa này được làm."))],
    )


@bp.get("/<int:business_id>/keys")
@requires(Permission.API_KEYS_MANAGE)
def keys(business_id: int) -> str:
    return _page(business_id, KeyForm())


@bp.post("/<int:business_id>/keys")
@requires(Permission.API_KEYS_MANAGE)
def issue_key(business_id: int) -> Response | tuple[str, int]:
    form = KeyForm()
    if form.validate():
        issued = form.attempt(
            verbs.issue_key,
            db.session,
            current_actor(),
            name=form.name.data,
            scopes=[Permission(scope) for scope in form.scopes.data],
            business_id=business_id,
        )
        if issued is not None:
            session[FRESH_KEY] = issued[1]
            return redirect(url_for(".keys", business_id=business_id), 303)
    return _page(business_id, form), 422


@bp.post("/<int:business_id>/keys/<int:key_id>/revoke")
@requires(Permission.API_KEYS_MANAGE)
def revoke_key(business_id: int, key_id: int) -> Response:
    verbs.revoke_key(db.session, current_actor(), key_id, business_id=business_id)
    flash(_("Khóa đã bị thu hồi và không còn dùng được."), "success")
    return redirect(url_for(".keys", business_id=business_id), 303)


def _page(business_id: int, form: KeyForm) -> str:
    return render_template(
        "workspace/keys.html",
        form=form,
        keys=db.session.scalars(keys_of(business_id)).all(),
        fresh=session.pop(FRESH_KEY, None),
        labels={scope.value: label for scope, label in SCOPES.items()},
    )
