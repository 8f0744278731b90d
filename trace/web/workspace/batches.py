"""The daily work: a new batch after yesterday's model, its publication, and its page."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...domain.batches import BatchStatus, BatchStepNotPossible
from ...domain.errors import TraceError
from ...domain.permissions import Permission
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.settings import public_url
from ...services import batches as verbs
from ...services import chain
from ...storage.batches import Batch, batches_of, latest_batch_of, versions_of
from ...storage.complaints import complaints_about
from ...storage.diary import Season
from ...storage.diary_flags import flags_of_batch
from ...storage.labels import labels_made_for
from ...storage.pages import newest_first
from ...storage.scans import ScanCount
from .. import filters
from .batch_forms import BatchForm, CorrectionForm, PackingForm, ReasonForm
from .batch_history import corrections, items
from .blueprint import Answer, bp
from .step_history import history


@bp.get("/<int:business_id>/batches")
@requires(Permission.BATCHES_READ)
def batches(business_id: int) -> str:
    search, status = filters.text("search"), filters.choice(BatchStatus, "status")
    statement = batches_of(business_id, status=status, search=search)
    page = newest_first(db.session, statement, Batch.id, after=filters.identifier("after"))
    return render_template(
        "workspace/batches/list.html", page=page, search=search, status=status, statuses=list(BatchStatus)
    )


@bp.route("/<int:business_id>/batches/new", methods=["GET", "POST"])
@requires(Permission.BATCHES_WRITE)
def new_batch(business_id: int) -> Answer:
    """``?repeat=<batch>`` takes product and place from that batch, and asks for one number."""
    repeat = filters.identifier("repeat")
    model = owned(Batch, repeat, business_id) if repeat else None
    form = BatchForm().offer(business_id, batch=model)
    if form.validate_on_submit() and (batch := form.attempt(_register, form, business_id)):
        if "publish" in request.form:
            _publish(batch)
        else:
            flash(_("Đã lưu lô %(lot)s.", lot=batch.lot), "success")
        return redirect(_page(batch), 303)
    if not form.is_submitted():
        form.start(model or db.session.scalar(latest_batch_of(business_id)))
        if season := request.args.get("season", type=int):
            form.start_from(owned(Season, season, business_id))
    page = render_template("workspace/batches/form.html", form=form, model=model, batch=None)
    return page, 422 if form.errors else 200


@bp.get("/<int:business_id>/batches/<int:batch_id>")
@requires(Permission.BATCHES_READ)
def batch(business_id: int, batch_id: int) -> str:
    kept = owned(Batch, batch_id, business_id)
    found = verbs.completeness_of(db.session, kept)
    scans = db.session.get(ScanCount, batch_id)
    return render_template(
        "workspace/batches/page.html",
        batch=kept,
        flags=db.session.scalars(flags_of_batch(batch_id)).all(),
        items=items(kept, found),
        complete=found.complete,
        missing_stages=found.missing_stages,
        history=history(db.session, kept, business_id),
        corrections=corrections(db.session, db.session.scalars(versions_of(batch_id)).all()),
        packing=PackingForm(kept),
        scans=scans.people if scans else 0,
        complaints=db.session.scalars(complaints_about(batch_id)).one(),
        labels=db.session.scalars(labels_made_for(batch_id)).one(),
    )


@bp.route("/<int:business_id>/batches/<int:batch_id>/edit", methods=["GET", "POST"])
@requires(Permission.BATCHES_WRITE)
def edit_batch(business_id: int, batch_id: int) -> Answer:
    """A draft is changed; a published batch is corrected by a new version."""
    kept = owned(Batch, batch_id, business_id)
    draft = kept.status.is_editable
    form = (BatchForm() if draft else CorrectionForm()).offer(business_id, batch=kept)
    if form.validate_on_submit() and form.attempt(_change, form, kept):
        flash(_("Đã lưu.") if draft else _("Đã đính chính. Trang của người mua ghi rõ lô này đã được sửa."), "success")
        return redirect(_page(kept), 303)
    if not form.is_submitted():
        form.show(kept)
    page = render_template("workspace/batches/form.html", form=form, model=None, batch=kept)
    return page, 422 if form.errors else 200


@bp.post("/<int:business_id>/batches/<int:batch_id>/publish")
@requires(Permission.BATCHES_PUBLISH)
def publish_batch(business_id: int, batch_id: int) -> Response:
    kept = owned(Batch, batch_id, business_id)
    _publish(kept)
    return redirect(_page(kept), 303)


@bp.post("/<int:business_id>/batches/<int:batch_id>/delete")
@requires(Permission.BATCHES_WRITE)
def delete_batch(business_id: int, batch_id: int) -> Response:
    kept = owned(Batch, batch_id, business_id)
    lot, page = kept.lot, _page(kept)
    try:
        verbs.delete_draft(db.session, current_actor(), batch_id)
    except TraceError as error:
        return _refused(error, page)
    flash(_("Đã xóa bản nháp %(lot)s.", lot=lot), "success")
    return redirect(url_for("workspace.batches", business_id=business_id), 303)


@bp.route("/<int:business_id>/batches/<int:batch_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.BATCHES_PUBLISH)
def withdraw_batch(business_id: int, batch_id: int) -> Answer:
    kept = owned(Batch, batch_id, business_id)
    form = ReasonForm(data={"version": kept.version})
    if form.validate_on_submit() and form.attempt(
        verbs.withdraw, db.session, current_actor(), batch_id, reason=form.reason.data or "", version=form.seen
    ):
        flash(_("Đã rút lô %(lot)s. Người quét tem thấy ngay thông báo này.", lot=kept.lot), "success")
        return redirect(_page(kept), 303)
    page = render_template("workspace/batches/withdraw.html", form=form, batch=kept)
    return page, 422 if form.errors else 200


@bp.route("/<int:business_id>/batches/<int:batch_id>/packing", methods=["GET", "POST"])
@requires(Permission.BATCHES_WRITE)
def record_packing(business_id: int, batch_id: int) -> Answer:
    kept = owned(Batch, batch_id, business_id)
    form = PackingForm(kept)
    if form.validate_on_submit() and form.attempt(
        chain.record_packing,
        db.session,
        current_actor(),
        batch_id,
        at=form.at.data,
        site_id=form.site_id.data or 0,
        packs=form.packs.data,
        proof=form.proof,
        public_url=public_url(),
    ):
        flash(_("Đã ghi công đoạn đóng gói."), "success")
        return redirect(_page(kept), 303)
    page = render_template("workspace/batches/packing.html", form=form, batch=kept)
    return page, 422 if form.errors else 200


def _register(form: BatchForm, business_id: int) -> Batch:
    key = (form.form_key.data or "")[:64] or None
    return verbs.register(db.session, current_actor(), business_id, form.facts(), client_key=key)


def _change(form: BatchForm, kept: Batch) -> Batch:
    facts, actor = form.facts(), current_actor()
    if isinstance(form, CorrectionForm):
        reason = form.reason.data or ""
        return verbs.correct(
            db.session, actor, kept.id, facts, reason=reason, version=form.seen, public_url=public_url()
        )
    return verbs.update_draft(db.session, actor, kept.id, facts, version=form.seen)


def _publish(kept: Batch) -> None:
    """Publish and say so; the same request again finds the work done and says the same."""
    try:
        verbs.publish(db.session, current_actor(), kept.id, public_url=public_url())
    except TraceError as error:
        db.session.rollback()
        if not (isinstance(error, BatchStepNotPossible) and kept.status is BatchStatus.PUBLISHED):
            flash(_(error.message, **error.values), "error")
            return
    flash(_("Đã công bố lô %(lot)s. Bây giờ có thể in tem.", lot=kept.lot), "success")


def _refused(error: TraceError, page: str) -> Response:
    db.session.rollback()
    flash(_(error.message, **error.values), "error")
    return redirect(page, 303)


def _page(kept: Batch) -> str:
    return url_for("workspace.batch", business_id=kept.business_id, batch_id=kept.id)
