"""Deliveries that nobody answered, and disputes: so that no chain breaks unseen."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from ...domain.errors import N_, InvalidInput
from ...domain.handovers import HandoverStatus
from ...domain.permissions import Permission
from ...request.access import current_actor, existing, requires, within_office
from ...request.database import db
from ...services import handover_disputes as verbs
from ...services.audit import note_looks
from ...services.clock import now, today
from ...services.handover_disputes import TermsFacts
from ...storage.handovers import (
    NAMED,
    Handover,
    HandoverTerms,
    handovers_where,
    steps_of,
    terms_on,
    terms_said,
    waiting_since,
)
from ...storage.pages import oldest_first
from .. import filters
from ..fields import DayField, Required, WholeNumberField
from ..forms import Form
from .blueprint import bp


class TermsForm(Form):
    valid_from = DayField(_l("Áp dụng từ ngày"), [Required()])
    accept_within_days = WholeNumberField(_l("Bên nhận xác nhận trong (ngày)"), [Required()])
    overdue_after_days = WholeNumberField(_l("Cán bộ thấy chuyến hàng chưa nhận sau (ngày)"), [Required()])
    reason = TextAreaField(_l("Căn cứ"), [Required()])

    def facts(self) -> TermsFacts:
        if self.valid_from.data is None:
            raise InvalidInput(N_("Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 05/03/2026."), field="valid_from")
        return TermsFacts(
            valid_from=self.valid_from.data,
            accept_within_days=self.accept_within_days.data or 0,
            overdue_after_days=self.overdue_after_days.data or 0,
            reason=self.reason.data or "",
        )


class SettlementForm(Form):
    reason = TextAreaField(_l("Kết luận"), [Required()])


@bp.get("/handovers")
@requires(Permission.HANDOVERS_READ)
def handovers() -> str:
    """Oldest first; ``?disputed=yes`` shows what the two sides do not agree on."""
    disputed = request.args.get("disputed") == "yes"
    terms = db.session.scalars(terms_on(today())).one()
    overdue = waiting_since(now() - timedelta(days=terms.overdue_after_days))
    asked = handovers_where(status=HandoverStatus.DISPUTED) if disputed else overdue
    seen = within_office(asked, Handover.seller_id, Handover.buyer_id)
    page = oldest_first(db.session, seen, Handover.id, after=filters.identifier("after"))
    return render_template("authority/handovers/list.html", page=page, disputed=disputed, terms=terms)


@bp.route("/handovers/<int:handover_id>", methods=["GET", "POST"])
@requires(Permission.HANDOVERS_READ, change=Permission.HANDOVERS_OVERSEE)
def handover(handover_id: int) -> Response | str | tuple[str, int]:
    kept = existing(Handover, handover_id, *NAMED)
    form = SettlementForm()
    if form.validate_on_submit() and form.attempt(
        verbs.resolve, db.session, current_actor(), None, handover_id, note=form.reason.data or ""
    ):
        flash(_("Đã khép lại khiếu nại. Hai bên đã được báo."), "success")
        return redirect(url_for("authority.handovers", disputed="yes"), 303)
    note_looks(db.session, current_actor(), "handovers", [kept.seller_id, kept.buyer_id])
    steps = db.session.scalars(steps_of(handover_id)).all()
    page = render_template("authority/handovers/show.html", handover=kept, steps=steps, form=form)
    return page, 422 if form.errors else 200


@bp.route("/handovers/terms", methods=["GET", "POST"])
@requires(Permission.HANDOVERS_READ, change=Permission.TERMS_MANAGE)
def handover_terms() -> Response | str | tuple[str, int]:
    form = TermsForm()
    if form.validate_on_submit() and form.attempt(_set_terms, form):
        flash(_("Đã lưu. Chuyến hàng đã giao giữ thời hạn cũ."), "success")
        return redirect(url_for("authority.handover_terms"), 303)
    if not form.is_submitted():
        form.valid_from.data = today()
    said = db.session.scalars(terms_said().limit(20)).all()
    return render_template("authority/handovers/terms.html", form=form, said=said), 422 if form.errors else 200


def _set_terms(form: TermsForm) -> HandoverTerms:
    return verbs.set_terms(db.session, current_actor(), form.facts())
