"""From a published batch to labels on paper."""

from io import BytesIO

from flask import render_template, request, send_file
from flask_babel import gettext as _

from ...domain.errors import TraceError
from ...domain.permissions import Permission
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.settings import public_url
from ...services import label_issues
from ...services import labels as verbs
from ...services.labels import LabelFile, SymbolFormat
from ...services.printers import calibration_of
from ...storage.batches import Batch
from ...storage.labels import issues_of, labels_made_for, latest_labels_of
from ...storage.printers import printers_of
from .blueprint import Answer, bp
from .label_forms import LabelForm


@bp.route("/<int:business_id>/batches/<int:batch_id>/labels", methods=["GET", "POST"])
@requires(Permission.LABELS_MAKE)
def labels(business_id: int, batch_id: int) -> Answer:
    """The button pressed says what is wanted: a preview, a calibration sheet, labels or a symbol."""
    kept = owned(Batch, batch_id, business_id)
    try:
        verbs.ready_batch(db.session, current_actor(), batch_id)
    except TraceError as error:
        page = render_template("workspace/labels/refused.html", batch=kept, sentence=_(error.message, **error.values))
        return page, 200 if request.method == "GET" else error.status
    form = LabelForm()
    form.offer(db.session.scalars(printers_of(business_id)).all())
    made, packs = db.session.scalars(labels_made_for(batch_id)).one(), verbs.possible_packs(kept)
    if not form.is_submitted():
        left = max(packs - made, 0) if packs is not None else None
        form.start(db.session.scalar(latest_labels_of(business_id)), packs_left=left)
    elif (
        not form.reveal()
        and form.validate_on_submit()
        and (file := form.attempt(_wanted, form, kept, request.form.get("want", "")))
    ):
        return send_file(BytesIO(file.data), file.media_type, as_attachment=True, download_name=file.name)
    order = form.look(form.order)
    preview = order and form.look(
        lambda: label_issues.preview_equal(db.session, current_actor(), batch_id, order, public_url=public_url())
    )
    page = render_template(
        "workspace/labels/page.html",
        form=form,
        batch=kept,
        order=order,
        preview=preview,
        made=made,
        packs=packs,
        excess=packs is not None and made + (form.count.data or 0) > packs,
        issues=db.session.scalars(issues_of(batch_id).limit(20)).all(),
    )
    return page, 422 if form.errors else 200


def _wanted(form: LabelForm, kept: Batch, want: str) -> LabelFile | None:
    actor = current_actor()
    if want in set(SymbolFormat):
        return verbs.make_symbol(db.session, actor, kept.id, file_format=SymbolFormat(want), public_url=public_url())
    if want == "calibration":
        return calibration_of(form.taken())
    if want == "file":
        reason = form.excess_reason.data or ""
        return label_issues.equal_labels(
            db.session, actor, kept.id, form.order(), excess_reason=reason, public_url=public_url()
        )
    return None
