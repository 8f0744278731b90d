"""From a published batch to labels on paper."""

from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO

from flask import render_template, request, send_file
from flask_babel import gettext as _

from ...domain.errors import InvalidFields, TraceError
from ...domain.permissions import Permission
from ...labels.calibration import write_calibration_sheet
from ...labels.geometry import SheetGeometry
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.settings import public_url
from ...services import labels as verbs
from ...services.labels import LabelFile, SymbolFormat
from ...storage.batches import Batch
from ...storage.labels import issues_of, labels_made_for, latest_sheet_of
from .blueprint import Answer, bp
from .label_forms import LabelForm


@dataclass(frozen=True)
class Preview:
    """A label as a data URI, and the sheet whose places ``first`` to ``last`` (from 1) will be printed."""

    image: str
    geometry: SheetGeometry
    first: int
    last: int


@bp.route("/<int:business_id>/batches/<int:batch_id>/labels", methods=["GET", "POST"])
@requires(Permission.LABELS_MAKE)
def labels(business_id: int, batch_id: int) -> Answer:
    """The button pressed says what is wanted: a preview, a calibration sheet, a sheet of labels or a symbol."""
    kept = owned(Batch, batch_id, business_id)
    try:
        verbs.ready_batch(db.session, current_actor(), batch_id)
    except TraceError as error:
        page = render_template("workspace/labels/refused.html", batch=kept, sentence=_(error.message, **error.values))
        return page, 200 if request.method == "GET" else error.status
    form = LabelForm()
    made, packs = db.session.scalars(labels_made_for(batch_id)).one(), verbs.possible_packs(kept)
    if not form.is_submitted():
        left = max(packs - made, 0) if packs is not None else None
        form.start(db.session.scalar(latest_sheet_of(business_id)), packs_left=left)
    elif form.validate_on_submit() and (file := form.attempt(_wanted, form, kept, request.form.get("want", ""))):
        return send_file(BytesIO(file.data), file.media_type, as_attachment=True, download_name=file.name)
    preview = _preview(form, kept)
    page = render_template(
        "workspace/labels/page.html",
        form=form,
        batch=kept,
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
        out = BytesIO()
        write_calibration_sheet(out, form.geometry(), offset=form.offset())
        return LabelFile("can-chinh-may-in.pdf", "application/pdf", out.getvalue())
    if want == "pdf":
        return verbs.make_sheet(
            db.session,
            actor,
            kept.id,
            form.order(),
            excess_reason=form.excess_reason.data or "",
            public_url=public_url(),
        )
    return None


def _preview(form: LabelForm, kept: Batch) -> Preview | None:
    """None, with the reason among the form's errors, where there is nothing to see."""
    try:
        order = form.order()
        image = verbs.preview_label(db.session, current_actor(), kept.id, order.geometry, public_url=public_url())
    except TraceError as error:
        if not form.errors:
            for one in error.errors if isinstance(error, InvalidFields) else [error]:
                form.refuse(one)
        return None
    first = min(max(order.start_position, 1), order.geometry.labels_per_sheet)
    last = min(first - 1 + order.count, order.geometry.labels_per_sheet)
    return Preview(f"data:image/png;base64,{b64encode(image).decode()}", order.geometry, first, last)
