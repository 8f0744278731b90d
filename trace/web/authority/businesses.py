"""Applications to decide, the register of businesses, and one business's dossier."""

from flask import flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from ...domain.businesses import BusinessKind, BusinessStatus, Decision, decisions_from
from ...domain.certificates import CertificateState, standing
from ...domain.errors import N_, InvalidInput
from ...domain.permissions import Permission
from ...request.access import current_actor, existing, requires, within_office
from ...request.database import db
from ...services import businesses as verbs
from ...services.clock import today
from ...storage.batches import Batch, batches_of
from ...storage.businesses import Business
from ...storage.certificates import WITHOUT_SCOPE, certificates_of
from ...storage.coverage import current_list_with
from ...storage.pages import newest_first, oldest_first
from ...storage.products import products_of
from ...storage.register import businesses_where, waiting_at
from ...storage.sites import sites_of
from .. import filters
from ..fields import VersionedForm
from .blueprint import bp

DONE = {
    Decision.APPROVE: _l("Đã duyệt hồ sơ. Cơ sở đã được báo."),
    Decision.REJECT: _l("Đã từ chối hồ sơ. Cơ sở đã được báo cùng lý do."),
    Decision.SUSPEND: _l("Đã đề nghị đình chỉ. Việc có hiệu lực khi một cán bộ khác duyệt."),
    Decision.REINSTATE: _l("Đã khôi phục cơ sở."),
}


class DecisionForm(VersionedForm):
    decision = StringField()
    reason = TextAreaField(_l("Lý do"))


@bp.get("/applications")
@requires(Permission.REGISTER_READ)
def applications() -> str:
    waiting = within_office(businesses_where(status=BusinessStatus.APPLIED, on=today()), Business.id)
    page = oldest_first(db.session, waiting, Business.id, after=filters.identifier("after"))
    return render_template("authority/businesses/applications.html", page=page)


@bp.get("/businesses")
@requires(Permission.REGISTER_READ)
def businesses() -> str:
    asked = filters.of_businesses()
    page = newest_first(
        db.session,
        within_office(businesses_where(**asked), Business.id),
        Business.id,
        after=filters.identifier("after"),
    )
    return render_template(
        "authority/businesses/register.html",
        page=page,
        asked_for=asked,
        kinds=BusinessKind,
        statuses=BusinessStatus,
        states=CertificateState,
    )


@bp.get("/businesses/<int:business_id>")
@requires(Permission.REGISTER_READ)
def business(business_id: int) -> str:
    return _dossier(business_id, DecisionForm())


@bp.post("/businesses/<int:business_id>")
@requires(Permission.APPLICATIONS_DECIDE)
def decide_business(business_id: int) -> Response | tuple[str, int]:
    form = DecisionForm()
    if form.validate_on_submit() and form.attempt(_decide, form, business_id):
        flash(DONE[Decision(form.decision.data)], "success")
        return redirect(url_for("authority.business", business_id=business_id), 303)
    return _dossier(business_id, form), 422


def _decide(form: DecisionForm, business_id: int) -> Business:
    try:
        decision = Decision(form.decision.data)
    except ValueError:
        decision = None
    if decision is None or not decision.is_officers:
        raise InvalidInput(N_("Hãy chọn một quyết định."))
    return verbs.decide(db.session, current_actor(), business_id, decision, form.reason.data or "", version=form.seen)


def _dossier(business_id: int, form: DecisionForm) -> str:
    business = existing(Business, business_id, joinedload(Business.decisions), joinedload(Business.documents))
    form.version.data = business.version  # whoever was too late decides again on what the page shows now
    suspension, excesses, diary_flags, risk = db.session.execute(waiting_at(business_id)).one()
    decisions = [
        each
        for each in decisions_from(business.status)
        if each.is_officers and not (suspension and each is Decision.SUSPEND)
    ]
    form.reason.flags.required = all(each.needs_reason for each in decisions)
    listed, entry = db.session.execute(current_list_with(business_id)).first() or (None, None)
    return render_template(
        "authority/businesses/dossier.html",
        business=business,
        form=form,
        decisions=decisions,
        sites=db.session.scalars(sites_of(business.id)).all(),
        products=db.session.scalars(products_of(business.id)).all(),
        certificates=db.session.scalars(certificates_of(business.id).options(*WITHOUT_SCOPE)).all(),
        batches=newest_first(db.session, batches_of(business.id), Batch.id, size=5).items,
        listed=listed,
        entry=entry,
        excesses=excesses,
        diary_flags=diary_flags,
        standing=standing,
        suspension=suspension,
        today=today(),
        risk=risk,
    )
