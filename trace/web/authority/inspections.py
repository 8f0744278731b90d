"""Visits: the plan by week, whose turn it is, one visit, and the form that is filled in on site with a phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...domain.dates import parse_date
from ...domain.errors import InvalidInput, NotFound
from ...domain.inspections import InspectionKind, InspectionStatus
from ...domain.permissions import Permission
from ...request.access import current_actor, existing, requires, within_office
from ...request.database import db
from ...services import inspection_visits
from ...services import inspections as verbs
from ...services.clock import today
from ...services.inspection_contents import points_of
from ...storage.businesses import Business
from ...storage.inspection_findings import findings_of
from ...storage.inspection_measures import measures_on
from ...storage.inspections import (
    BusinessGrade,
    Inspection,
    InspectionMinutes,
    grades_due,
    in_week_order,
    inspections_where,
    minutes_of,
    never_graded,
    planned_visits,
    samples_of,
)
from ...storage.pages import in_order, oldest_first
from ...storage.sites import sites_of
from .. import filters
from .blueprint import bp
from .inspection_finding_forms import ConclusionForm, ResultForm
from .inspection_forms import ChangeForm, PlanForm, SignForm, visit_form

Answer = Response | str | tuple[str, int] | tuple[Response, int]
DUE_SOON = timedelta(days=60)


@bp.get("/inspections")
@requires(Permission.INSPECTIONS_OVERSEE)
def inspections() -> str:
    """One week, from the Monday before ``?day=`` on."""
    try:
        day = parse_date(request.args.get("day", ""))
    except InvalidInput:
        day = today()
    monday = day - timedelta(days=day.weekday())
    status, kind = filters.choice(InspectionStatus, "status"), filters.choice(InspectionKind, "kind")
    mine = request.args.get("mine") == "yes"
    found = inspections_where(
        since=monday,
        until=monday + timedelta(days=6),
        status=status,
        kind=kind,
        lead_id=current_actor().user_id if mine else None,
    )
    asked = in_week_order(found, filters.identifier("after"))
    return render_template(
        "authority/inspections/list.html",
        page=in_order(db.session, within_office(asked, Inspection.business_id), Inspection.id),
        monday=monday,
        week=timedelta(days=7),
        status=status,
        statuses=InspectionStatus,
        kind=kind,
        kinds=InspectionKind,
        mine=mine,
        today=today(),
    )


@bp.get("/inspections/due")
@requires(Permission.INSPECTIONS_OVERSEE)
def inspections_due() -> str:
    """Whose grade says that a visit is due by the end of the next two months; ``?never=yes``: who has no grade."""
    never, after = request.args.get("never") == "yes", filters.identifier("after")
    due = grades_due(today() + DUE_SOON, after)
    page: Any = (
        oldest_first(db.session, within_office(never_graded(), Business.id), Business.id, after=after)
        if never
        else in_order(db.session, within_office(due, BusinessGrade.business_id), BusinessGrade.business_id)
    )
    measures = measures_on(today())
    listed = [each.id if never else each.business_id for each in page.items]
    return render_template(
        "authority/inspections/due.html",
        page=page,
        never=never,
        today=today(),
        measures=measures,
        planned=dict(db.session.execute(planned_visits(listed)).all()),
    )


@bp.route("/inspections/new", methods=["GET", "POST"])
@requires(Permission.INSPECTIONS_CONDUCT)
def new_inspection() -> Answer:
    """``?business=`` is to be visited; ``?follows=`` names the visit whose findings are looked at again, ``?reason=`` says why."""
    business_id = filters.identifier("business")
    if business_id is None:
        flash(_("Hãy chọn cơ sở cần kiểm tra."), "info")
        return redirect(url_for("authority.inspections_due"), 303)
    business = existing(Business, business_id)
    follows = existing(Inspection, number) if (number := filters.identifier("follows")) else None
    form = PlanForm().offer(business, current_actor().user_id, follows)
    if not form.is_submitted():
        form.reason.data = filters.text("reason")
    if form.validate_on_submit():
        planned = form.attempt(lambda: verbs.plan(db.session, current_actor(), form.facts()))
        if planned:
            flash(_("Đã lên kế hoạch kiểm tra."), "success")
            return redirect(url_for("authority.inspection", inspection_id=planned.id), 303)
    return render_template("authority/inspections/form.html", form=form), 422 if form.errors else 200


@bp.get("/inspections/<int:inspection_id>")
@requires(Permission.INSPECTIONS_OVERSEE)
def inspection(inspection_id: int) -> str:
    return show(existing(Inspection, inspection_id))


@bp.post("/inspections/<int:inspection_id>/move")
@requires(Permission.INSPECTIONS_CONDUCT)
def move_inspection(inspection_id: int) -> Answer:
    form = ChangeForm()

    def move() -> Any:
        day, reason = form.planned_on.data, form.reason.data or ""
        return verbs.move(db.session, current_actor(), inspection_id, planned_on=day, reason=reason, version=form.seen)

    return _change(inspection_id, form, move, _("Đã dời cuộc kiểm tra."))


@bp.post("/inspections/<int:inspection_id>/cancel")
@requires(Permission.INSPECTIONS_CONDUCT)
def cancel_inspection(inspection_id: int) -> Answer:
    form = ChangeForm()

    def cancel() -> Any:
        reason = form.reason.data or ""
        return verbs.cancel(db.session, current_actor(), inspection_id, reason=reason, version=form.seen)

    return _change(inspection_id, form, cancel, _("Đã hủy cuộc kiểm tra."))


@bp.get("/inspections/worker.js")
@requires(Permission.INSPECTIONS_OVERSEE)
def inspections_worker() -> Response:
    """The service worker of visits and of nothing else."""
    response = current_app.send_static_file("js/offline-worker.js")
    response.headers["Service-Worker-Allowed"] = url_for("authority.inspections")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/inspections/<int:inspection_id>/visit", methods=["GET", "POST"])
@requires(Permission.INSPECTIONS_CONDUCT)
def visit(inspection_id: int) -> Answer:
    """A phone that comes back from a place without a network asks for JSON; see ``_sign``."""
    return _sign(existing(Inspection, inspection_id), None)


@bp.route("/inspections/<int:inspection_id>/correction", methods=["GET", "POST"])
@requires(Permission.INSPECTIONS_CONDUCT)
def correct_minutes(inspection_id: int) -> Answer:
    """Minutes in place of the latest ones."""
    latest = db.session.scalars(minutes_of(inspection_id)).first()
    if latest is None:
        raise NotFound
    return _sign(existing(Inspection, inspection_id), latest)


def show(
    found: Inspection,
    *,
    changing: ChangeForm | None = None,
    concluding: ConclusionForm | None = None,
    naming: ResultForm | None = None,
) -> str:
    """One visit; a form that was refused is shown again."""
    samples = list(db.session.scalars(samples_of(found.id)))
    changing = changing or ChangeForm()
    changing.version.data = found.version
    return render_template(
        "authority/inspections/show.html",
        inspection=found,
        form=next((form for form in (changing, concluding, naming) if form and form.errors), changing),
        changing=changing,
        concluding=concluding or ConclusionForm(),
        sites=[site for site in db.session.scalars(sites_of(found.business_id)) if site.id in found.site_ids],
        minutes=db.session.scalars(minutes_of(found.id)).all(),
        findings=db.session.scalars(findings_of(found.id)).all(),
        samples=samples,
        tests=inspection_visits.batches_of_samples(db.session, samples),
        today=today(),
    )


def _change(inspection_id: int, form: ChangeForm, verb: Callable[[], Any], sentence: str) -> Answer:
    found = existing(Inspection, inspection_id)
    if form.validate() and form.attempt(verb):
        flash(sentence, "success")
        return redirect(url_for("authority.inspection", inspection_id=inspection_id), 303)
    return show(found, changing=form), 422


def _sign(found: Inspection, corrected: InspectionMinutes | None) -> Answer:
    """To JSON: ``{"minutes": id}``, or ``{"errors": [sentences]}``, with 409 where other minutes came first."""
    form = visit_form(points_of(found, corrected, today()), corrected).offer(found, current_actor().name)
    minutes = form.attempt(_write, form, found, corrected) if form.validate_on_submit() else None
    taken = (
        minutes is None
        and form.is_submitted()
        and (found.status is not InspectionStatus.PLANNED) is not bool(corrected)
    )
    if form.is_submitted() and request.accept_mimetypes.best == "application/json":
        if minutes:
            return jsonify(minutes=minutes.id), 201
        errors = [sentence for each in form.errors.values() for sentence in each]
        return jsonify(errors=errors), 409 if taken else 422
    if minutes:
        flash(_("Đã ký biên bản số %(number)s.", number=minutes.number), "success")
        return redirect(url_for("authority.inspection", inspection_id=found.id), 303)
    page = render_template(
        "authority/inspections/visit.html", form=form, inspection=found, measures=measures_on(today())
    )
    return page, 422 if form.errors else 200


def _write(form: SignForm, found: Inspection, corrected: InspectionMinutes | None) -> InspectionMinutes:
    return inspection_visits.sign(
        db.session,
        current_actor(),
        found.id,
        form.facts(),
        form.enclosed(),
        origin=form.origin,
        corrects_id=corrected.id if corrected else None,
        reason=(form.reason.data or "") if corrected else "",
    )
