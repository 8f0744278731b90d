"""Findings of all visits, and what an officer concludes about each."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...domain.inspection_findings import FindingStatus
from ...domain.permissions import Permission
from ...request.access import current_actor, existing, requires, within_office
from ...request.database import db
from ...services import inspection_findings as verbs
from ...services import inspection_visits
from ...services.clock import today
from ...storage.inspection_findings import InspectionFinding, findings_where
from ...storage.inspections import Inspection, InspectionSample
from ...storage.pages import oldest_first
from .. import filters
from .blueprint import bp
from .inspection_finding_forms import ConclusionForm, ResultForm
from .inspections import show

Answer = Response | tuple[str, int]


@bp.get("/inspections/findings")
@requires(Permission.INSPECTIONS_OVERSEE)
def inspection_findings() -> str:
    """Of one status; with ``?overdue=yes`` those that wait beyond their deadline."""
    overdue = request.args.get("overdue") == "yes"
    status = None if overdue else filters.choice(FindingStatus, "status") or FindingStatus.ANSWERED
    asked = findings_where(status=status, overdue_on=today() if overdue else None)
    own = within_office(asked, InspectionFinding.business_id)
    page = oldest_first(db.session, own, InspectionFinding.id, after=filters.identifier("after"))
    return render_template(
        "authority/inspections/findings.html",
        page=page,
        status=status,
        statuses=FindingStatus,
        overdue=overdue,
        today=today(),
    )


@bp.post("/inspections/findings/<int:finding_id>/close")
@requires(Permission.INSPECTIONS_CONDUCT)
def close_finding(finding_id: int) -> Answer:
    form = ConclusionForm()

    def close() -> Any:
        said = form.conclusion.data or ""
        return verbs.close(db.session, current_actor(), finding_id, conclusion=said, version=form.seen)

    return _conclude(finding_id, form, close, _("Đã kết luận sai lỗi được khắc phục. Cơ sở đã được báo."))


@bp.post("/inspections/findings/<int:finding_id>/hand-back")
@requires(Permission.INSPECTIONS_CONDUCT)
def hand_back_finding(finding_id: int) -> Answer:
    form = ConclusionForm()

    def hand_back() -> Any:
        said, day = form.conclusion.data or "", form.deadline.data
        return verbs.hand_back(
            db.session, current_actor(), finding_id, conclusion=said, deadline=day, version=form.seen
        )

    return _conclude(finding_id, form, hand_back, _("Đã yêu cầu khắc phục tiếp. Cơ sở đã được báo."))


@bp.post("/inspections/samples/<int:sample_id>/result")
@requires(Permission.INSPECTIONS_CONDUCT)
def name_sample_result(sample_id: int) -> Answer:
    form, sample = ResultForm(), existing(InspectionSample, sample_id)

    def name() -> Any:
        return inspection_visits.attach_result(db.session, current_actor(), sample_id, form.chosen)

    if form.validate() and form.attempt(name):
        flash(_("Đã gắn phiếu kiểm nghiệm với mẫu."), "success")
        return _back(sample.inspection_id)
    return show(existing(Inspection, sample.inspection_id), naming=form), 422


def _conclude(finding_id: int, form: ConclusionForm, verb: Callable[[], Any], sentence: str) -> Answer:
    finding = existing(InspectionFinding, finding_id)
    if form.validate() and form.attempt(verb):
        flash(sentence, "success")
        return _back(finding.inspection_id)
    return show(existing(Inspection, finding.inspection_id), concluding=form), 422


def _back(inspection_id: int) -> Response:
    return redirect(url_for("authority.inspection", inspection_id=inspection_id), 303)
