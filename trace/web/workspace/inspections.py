"""What the authority found at the business: its visits, their minutes, and its answers to findings."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from ...domain.errors import NotFound
from ...domain.permissions import Permission
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.files import file_store
from ...services import inspection_findings as verbs
from ...services.clock import today
from ...services.files import Proof
from ...storage.inspection_findings import InspectionFinding, findings_of
from ...storage.inspections import Inspection, inspections_seen_by, minutes_of, samples_of
from ...storage.pages import newest_first
from ...storage.sites import sites_of
from .. import filters
from ..fields import Required, VersionedForm, upload
from .blueprint import Answer, bp


class AnswerForm(VersionedForm):
    text = TextAreaField(_l("Đã khắc phục thế nào"), [Required()])
    proof = FileField(_l("Ảnh hoặc giấy tờ (PDF)"))


@bp.get("/<int:business_id>/inspections")
@requires(Permission.INSPECTIONS_READ)
def inspections(business_id: int) -> str:
    asked = inspections_seen_by(business_id)
    page = newest_first(db.session, asked, Inspection.id, after=filters.identifier("after"))
    return render_template("workspace/inspections/list.html", page=page)


@bp.get("/<int:business_id>/inspections/<int:inspection_id>")
@requires(Permission.INSPECTIONS_READ)
def inspection(business_id: int, inspection_id: int) -> str:
    return _show(_seen(business_id, inspection_id))


@bp.post("/<int:business_id>/findings/<int:finding_id>")
@requires(Permission.INSPECTIONS_ANSWER)
def answer_finding(business_id: int, finding_id: int) -> Answer:
    finding = owned(InspectionFinding, finding_id, business_id)
    form = AnswerForm()
    if form.validate_on_submit() and form.attempt(_answer, form, finding_id):
        flash(_("Đã gửi trả lời. Cán bộ sẽ xem và kết luận."), "success")
        return _back(finding)
    return _show(_seen(business_id, finding.inspection_id), form, finding_id), 422


def _answer(form: AnswerForm, finding_id: int) -> InspectionFinding:
    data = upload(form.proof)
    proof = Proof(data=data, store=file_store()) if data else None
    return verbs.answer(
        db.session, current_actor(), finding_id, text=form.text.data or "", proof=proof, version=form.seen
    )


def _seen(business_id: int, inspection_id: int) -> Inspection:
    """Raises NotFound also for a visit that was not announced."""
    asked = inspections_seen_by(business_id).where(Inspection.id == inspection_id)
    found = db.session.scalars(asked).one_or_none()
    if found is None:
        raise NotFound
    return found


def _show(found: Inspection, form: AnswerForm | None = None, answered: int | None = None) -> str:
    return render_template(
        "workspace/inspections/show.html",
        inspection=found,
        form=form or AnswerForm(),
        answered=answered,
        sites=[site for site in db.session.scalars(sites_of(found.business_id)) if site.id in found.site_ids],
        minutes=db.session.scalars(minutes_of(found.id)).all(),
        findings=db.session.scalars(findings_of(found.id)).all(),
        samples=db.session.scalars(samples_of(found.id)).all(),
        today=today(),
    )


def _back(finding: InspectionFinding) -> Response:
    page = url_for("workspace.inspection", business_id=finding.business_id, inspection_id=finding.inspection_id)
    return redirect(f"{page}#finding-{finding.id}", 303)
