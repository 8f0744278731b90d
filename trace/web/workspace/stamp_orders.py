"""Ordering stamps for a batch or on a blank roll, and fetching their file."""

from io import BytesIO
from typing import Any

from flask import redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...domain.errors import TraceError
from ...domain.permissions import Permission
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.jobs import write_labels_after
from ...request.settings import public_url, settings, stamp_keys
from ...services import label_files, label_issues
from ...services.labels import LabelFile, possible_packs, ready_batch
from ...services.printers import calibration_of
from ...storage.batches import Batch
from ...storage.labels import LabelIssue, labels_made_for, latest_stamps_of
from ...storage.printers import printers_of
from .blueprint import Answer, bp
from .label_forms import StampOrderForm


@bp.route("/<int:business_id>/batches/<int:batch_id>/stamps", methods=["GET", "POST"])
@requires(Permission.LABELS_MAKE)
def new_stamps(business_id: int, batch_id: int) -> Answer:
    """Stamps of a batch: what is chosen is previewed, and issued by its button."""
    batch = owned(Batch, batch_id, business_id)
    try:
        ready_batch(db.session, current_actor(), batch_id)
    except TraceError as error:
        sentence = _(error.message, **error.values)
        page = render_template("workspace/labels/refused.html", batch=batch, sentence=sentence)
        return page, 200 if request.method == "GET" else error.status
    made, packs = db.session.scalars(labels_made_for(batch_id)).one(), possible_packs(batch)
    left = max(packs - made, 0) if packs is not None else None
    return _order(business_id, batch, packs_left=left, made=made, packs=packs)


@bp.route("/<int:business_id>/stamps/rolls", methods=["GET", "POST"])
@requires(Permission.LABELS_MAKE)
def new_stamp_roll(business_id: int) -> Answer:
    """A blank roll."""
    return _order(business_id, None, packs_left=None)


@bp.post("/<int:business_id>/stamps/<int:issue_id>/file")
@requires(Permission.LABELS_MAKE)
def make_stamp_file(business_id: int, issue_id: int) -> Response:
    """Again, where it failed or was cleared away."""
    owned(LabelIssue, issue_id, business_id)
    _write(issue_id)
    return redirect(url_for("workspace.stamp_issue", business_id=business_id, issue_id=issue_id), 303)


@bp.get("/<int:business_id>/stamps/<int:issue_id>/file")
@requires(Permission.LABELS_MAKE)
def stamp_file(business_id: int, issue_id: int) -> Response:
    """A download that was broken off goes on where it stopped (RFC 9110 §14)."""
    owned(LabelIssue, issue_id, business_id)
    issue, path = label_files.ready_file(db.session, current_actor(), issue_id, settings().labels_path)
    kind = "application/pdf" if issue.format == "pdf" else "application/octet-stream"
    name = f"tem-{issue.public_code}-{(issue.ordinal or 0) + 1}.{issue.format}"
    return send_file(path, kind, as_attachment=True, download_name=name, max_age=0)


def _order(business_id: int, batch: Batch | None, *, packs_left: int | None, **shown: Any) -> Answer:
    form = StampOrderForm()
    form.offer(db.session.scalars(printers_of(business_id)).all())
    if not form.is_submitted():
        form.start(db.session.scalar(latest_stamps_of(business_id)), packs_left=packs_left)
    elif not form.reveal() and form.validate_on_submit() and (made := form.attempt(_wanted, form, business_id, batch)):
        if isinstance(made, LabelFile):
            return send_file(BytesIO(made.data), made.media_type, as_attachment=True, download_name=made.name)
        _write(made.id)
        return redirect(url_for("workspace.stamp_issue", business_id=business_id, issue_id=made.id), 303)
    order = form.look(form.order)
    preview = order and form.look(
        lambda: label_issues.preview_stamp(
            db.session, current_actor(), business_id, batch, order, stamp_keys(), public_url()
        )
    )
    page = render_template("workspace/stamps/order.html", form=form, batch=batch, order=order, preview=preview, **shown)
    return page, 422 if form.errors else 200


def _wanted(form: StampOrderForm, business_id: int, batch: Batch | None) -> LabelIssue | LabelFile | None:
    """By the button pressed."""
    want = request.form.get("want")
    if want == "calibration":
        return calibration_of(form.taken())
    if want != "issue":
        return None
    asked: dict[str, Any] = {"keys": stamp_keys(), "public_url": public_url()}
    if batch is None:
        return label_issues.issue_roll(db.session, current_actor(), business_id, form.order(), **asked)
    reason = form.excess_reason.data or ""
    return label_issues.issue(db.session, current_actor(), batch.id, form.order(), excess_reason=reason, **asked)


def _write(issue_id: int) -> None:
    label_files.ask_for(db.session, current_actor(), issue_id)
    write_labels_after(issue_id)
