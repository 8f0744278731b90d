"""Where a business's own machines hear of recalls."""

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField

from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...request.settings import settings
from ...services import webhooks as verbs
from ...storage.pages import newest_first
from ...storage.webhooks import Webhook, WebhookDelivery, deliveries_of, webhooks_of
from .. import filters
from ..fields import Required
from ..forms import Form
from .blueprint import Answer, bp

FRESH = "webhook"
"""The session keeps a new secret until the page has shown it once."""


class WebhookForm(Form):
    url = StringField(_l("Địa chỉ nhận tin"), [Required()])


@bp.get("/<int:business_id>/webhooks")
@requires(Permission.WEBHOOKS_MANAGE)
def webhooks(business_id: int) -> str:
    return _page(business_id, WebhookForm())


@bp.post("/<int:business_id>/webhooks")
@requires(Permission.WEBHOOKS_MANAGE)
def register_webhook(business_id: int) -> Answer:
    form = WebhookForm()
    if form.validate():
        made = form.attempt(_register, form, business_id)
        if made is not None:
            session[FRESH] = made[1]
            return redirect(url_for(".webhooks", business_id=business_id), 303)
    return _page(business_id, form), 422


@bp.post("/<int:business_id>/webhooks/<int:webhook_id>/test")
@requires(Permission.WEBHOOKS_MANAGE)
def test_webhook(business_id: int, webhook_id: int) -> Response:
    verbs.send_test(db.session, current_actor(), business_id, webhook_id)
    flash(_("Tin thử được gửi trong vòng một phút. Tải lại trang để xem kết quả."), "success")
    return redirect(url_for(".webhooks", business_id=business_id), 303)


@bp.post("/<int:business_id>/webhooks/<int:webhook_id>/removal")
@requires(Permission.WEBHOOKS_MANAGE)
def remove_webhook(business_id: int, webhook_id: int) -> Response:
    verbs.remove(db.session, current_actor(), business_id, webhook_id)
    flash(_("Đã xóa địa chỉ. Không tin nào được gửi đến đó nữa."), "success")
    return redirect(url_for(".webhooks", business_id=business_id), 303)


def _register(form: WebhookForm, business_id: int) -> tuple[Webhook, str]:
    return verbs.register(db.session, current_actor(), business_id, form.url.data or "", settings=settings())


def _page(business_id: int, form: WebhookForm) -> str:
    sent = newest_first(
        db.session, deliveries_of(business_id), WebhookDelivery.id, after=filters.identifier("after"), size=20
    )
    return render_template(
        "workspace/webhooks.html",
        form=form,
        webhooks=db.session.scalars(webhooks_of(business_id)).all(),
        sent=sent,
        fresh=session.pop(FRESH, None),
    )
