"""Enrolment as the business sees it: the application, the overview, the profile and the papers behind it."""

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...domain.businesses import Decision
from ...domain.certificates import LAPSE_NOTICE_DAYS
from ...domain.handovers import HandoverStatus
from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...request.files import file_store
from ...request.limits import SIGN_UP, limiter
from ...services import businesses
from ...services.businesses import DOCUMENT_LIMIT, SHOWABLE, Upload
from ...services.clock import today
from ...storage.batches import Batch, batches_of, latest_published_of
from ...storage.businesses import Business
from ...storage.certificates import lapsing_or_lapsed
from ...storage.handovers import Handover, handovers_of
from ...storage.pages import newest_first
from ...storage.progress import progress_of
from ...storage.recalls import unanswered_of
from ..addresses import commune_of, tell_conversion
from ..deliveries import KEPT_LINK
from ..fields import uploads
from .blueprint import Answer, bp
from .business_forms import ApplicationForm, DocumentsForm, ProfileForm


@bp.route("/apply", methods=["GET", "POST"])
@limiter.limit(SIGN_UP, methods=["POST"])
@requires(Permission.BUSINESSES_APPLY)
def apply() -> Answer:
    form = ApplicationForm()
    if form.validate_on_submit():
        business = form.attempt(_apply, form)
        if business:
            flash(_("Đã nộp hồ sơ. Trong lúc chờ duyệt, bạn hãy chuẩn bị sản phẩm và lô hàng đầu tiên."), "success")
            if token := session.pop(KEPT_LINK, None):
                return redirect(url_for("deliveries.delivery", delivery_token=token), 303)
            return redirect(url_for("workspace.business", business_id=business.id), 303)
    return render_template("workspace/businesses/apply.html", form=form), 422 if form.errors else 200


def _apply(form: ApplicationForm) -> Business:
    facts, address = form.facts()
    documents = [Upload(*each) for each in uploads(form.documents)]
    site = form.site(facts.commune_code)
    business = businesses.apply(db.session, current_actor(), facts, site=site, documents=documents, store=file_store())
    tell_conversion(address)
    return business


@bp.get("/<int:business_id>")
@requires(Permission.BUSINESS_READ)
def business(business_id: int) -> str:
    return render_template(
        "workspace/businesses/overview.html",
        progress=progress_of(db.session, business_id),
        batches=newest_first(db.session, batches_of(business_id), Batch.id, size=5).items,
        shown_batch=db.session.scalar(latest_published_of(business_id)),
        certificates=db.session.scalars(lapsing_or_lapsed(business_id, today(), LAPSE_NOTICE_DAYS)).all(),
        recalls_unanswered=db.session.scalars(unanswered_of(business_id)).one(),
        today=today(),
        waiting=db.session.scalars(
            handovers_of(business_id, given=False, status=HandoverStatus.OFFERED).order_by(Handover.id).limit(5)
        ).all(),
    )


@bp.get("/<int:business_id>/settings")
@requires(Permission.BUSINESS_READ)
def settings(business_id: int) -> str:
    return render_template(
        "workspace/businesses/settings.html", shown_batch=db.session.scalar(latest_published_of(business_id))
    )


@bp.route("/<int:business_id>/profile", methods=["GET", "POST"])
@requires(Permission.BUSINESS_WRITE)
def profile(business_id: int) -> Answer:
    kept = db.session.get_one(Business, business_id)
    form = ProfileForm(obj=kept, **commune_of(kept.commune_code))
    if form.validate_on_submit() and form.attempt(_update, form, business_id):
        flash(_("Đã lưu hồ sơ."), "success")
        return redirect(url_for("workspace.settings", business_id=business_id), 303)
    return render_template("workspace/businesses/profile.html", form=form), 422 if form.errors else 200


def _update(form: ProfileForm, business_id: int) -> Business:
    facts, address = form.facts()
    business = businesses.update(db.session, current_actor(), business_id, facts, version=form.seen)
    tell_conversion(address)
    return business


@bp.route("/<int:business_id>/documents", methods=["GET", "POST"])
@requires(Permission.BUSINESS_WRITE)
def documents(business_id: int) -> Answer:
    form = DocumentsForm()
    if form.validate_on_submit():
        chosen = [Upload(*each) for each in uploads(form.documents)]
        if form.attempt(businesses.add_documents, db.session, current_actor(), business_id, chosen, store=file_store()):
            flash(_("Đã thêm giấy tờ."), "success")
            return redirect(url_for("workspace.documents", business_id=business_id), 303)
    page = render_template("workspace/businesses/documents.html", form=form, limit=DOCUMENT_LIMIT)
    return page, 422 if form.errors else 200


@bp.route("/<int:business_id>/visibility", methods=["GET", "POST"])
@requires(Permission.BUSINESS_WRITE)
def profile_visibility(business_id: int) -> Answer:
    if request.method == "POST":
        shown = {name: name in request.form for name in SHOWABLE}
        businesses.set_visibility(db.session, current_actor(), business_id, shown)
        flash(_("Đã lưu những gì người mua thấy."), "success")
        return redirect(url_for("workspace.settings", business_id=business_id), 303)
    shown_batch = db.session.scalar(latest_published_of(business_id))
    return render_template("workspace/businesses/visibility.html", shown_batch=shown_batch)


@bp.post("/<int:business_id>/enrolment/<any(apply, withdraw):step>")
@requires(Permission.BUSINESS_WRITE)
def change_enrolment(business_id: int, step: str) -> Response:
    """The owner's own decisions: to apply again, and to withdraw."""
    businesses.decide(db.session, current_actor(), business_id, Decision(step))
    flash(_("Đã nộp lại hồ sơ.") if step == "apply" else _("Đã rút khỏi hệ thống."), "success")
    return redirect(url_for("workspace.business", business_id=business_id), 303)
