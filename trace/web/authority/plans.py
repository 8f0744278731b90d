"""Plans of the city: how far each indicator is, where its figure comes from, and keeping them."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...domain.permissions import Permission
from ...domain.plans import periods_within
from ...request.access import current_actor, existing, requires
from ...request.database import db
from ...request.files import file_store
from ...request.language import select_language
from ...services import plan_results
from ...services import plans as verbs
from ...services.clock import today
from ...services.files import Proof
from ...services.plan_tables import result_columns
from ...storage.activities import activities_where
from ...storage.plans import Plan, PlanIndicator, all_plans, figures_of, indicator_versions
from .. import filters
from ..fields import upload
from .blueprint import bp
from .exports import FORMATS
from .plan_forms import FigureForm, IndicatorForm, PlanForm

Answer = Response | tuple[str, int]


@bp.get("/plans")
@requires(Permission.PLANS_READ)
def plans() -> str:
    return render_template("authority/plans/list.html", plans=db.session.scalars(all_plans()).all(), today=today())


@bp.route("/plans/new", methods=["GET", "POST"])
@requires(Permission.PLANS_MANAGE)
def new_plan() -> Answer:
    """``?copy=`` names the plan whose indicators it begins with."""
    copied = filters.identifier("copy")
    earlier = existing(Plan, copied) if copied else None
    form = PlanForm()
    if form.is_submitted() and form.validate():
        made = form.attempt(lambda: verbs.add(db.session, current_actor(), form.facts(), copied_from=copied))
        if made:
            flash(_("Đã thêm kế hoạch."), "success")
            return redirect(url_for("authority.plan", plan_id=made.id), 303)
    if not form.is_submitted() and earlier:
        form.issuer.data, form.title.data = earlier.issuer, earlier.title
    page = render_template("authority/plans/form.html", form=form, plan=None, earlier=earlier)
    return page, 422 if form.errors else 200


@bp.get("/plans/<int:plan_id>")
@requires(Permission.PLANS_READ)
def plan(plan_id: int) -> str:
    found = existing(Plan, plan_id)
    period = plan_results.period_asked(found, filters.text("period"))
    return render_template(
        "authority/plans/show.html",
        plan=found,
        period=period,
        periods=periods_within(found.starts_on, found.ends_on),
        results=plan_results.results(db.session, current_actor(), found, period),
    )


@bp.get("/plans/<int:plan_id>/results.<any(xlsx, csv):extension>")
@requires(Permission.PLANS_READ)
def plan_file(plan_id: int, extension: str) -> Response:
    """What the page shows, as a file."""
    found = existing(Plan, plan_id)
    period = plan_results.period_asked(found, filters.text("period"))
    rows = plan_results.results(db.session, current_actor(), found, period).rows
    parts, media_type = FORMATS[extension]
    name = f"plan-{found.id}-{period.code}.{extension}"
    return Response(
        parts(result_columns(period), rows, select_language()),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.route("/plans/<int:plan_id>/edit", methods=["GET", "POST"])
@requires(Permission.PLANS_MANAGE)
def edit_plan(plan_id: int) -> Answer:
    found = existing(Plan, plan_id)
    form = PlanForm()
    if not form.is_submitted():
        form.show(found)
    elif form.validate() and form.attempt(
        lambda: verbs.update(db.session, current_actor(), plan_id, form.facts(), version=form.seen)
    ):
        flash(_("Đã lưu."), "success")
        return redirect(url_for("authority.plan", plan_id=plan_id), 303)
    page = render_template("authority/plans/form.html", form=form, plan=found, earlier=None)
    return page, 422 if form.errors else 200


@bp.route("/plans/<int:plan_id>/indicators/new", methods=["GET", "POST"])
@requires(Permission.PLANS_MANAGE)
def new_plan_indicator(plan_id: int) -> Answer:
    return _edit(existing(Plan, plan_id), None)


@bp.route("/plans/indicators/<int:indicator_id>/edit", methods=["GET", "POST"])
@requires(Permission.PLANS_MANAGE)
def edit_plan_indicator(indicator_id: int) -> Answer:
    """The next version of an indicator."""
    row = existing(PlanIndicator, indicator_id)
    return _edit(row.plan, row)


@bp.get("/plans/indicators/<int:indicator_id>")
@requires(Permission.PLANS_READ)
def plan_indicator(indicator_id: int) -> str:
    """Where its figure of a period comes from."""
    return _derive(existing(PlanIndicator, indicator_id), FigureForm(), filters.text("period"))


@bp.post("/plans/indicators/<int:indicator_id>/figures")
@requires(Permission.FIGURES_ENTER)
def enter_plan_figure(indicator_id: int) -> Answer:
    row = existing(PlanIndicator, indicator_id)
    form = FigureForm()
    if form.validate():
        data = upload(form.paper)
        paper = Proof(data=data, store=file_store()) if data else None
        entered = form.attempt(
            lambda: verbs.enter_figure(
                db.session, current_actor(), indicator_id, form.facts(), paper=paper, seen=form.seen
            )
        )
        if entered:
            flash(_("Đã ghi số liệu."), "success")
            here = url_for("authority.plan_indicator", indicator_id=indicator_id, period=entered.period)
            return redirect(here, 303)
    return _derive(row, form, ""), 422


def _derive(row: PlanIndicator, form: FigureForm, asked: str) -> str:
    """Of the version that held in the period, whichever version the address names."""
    found = row.plan
    period = plan_results.period_asked(found, asked or (form.period.data if form.errors else "") or "")
    shown = plan_results.results(db.session, current_actor(), found, period)
    versions = db.session.scalars(indicator_versions(found.id, row.ref)).all()
    result = next((each for each in shown.rows if each.indicator.ref == row.ref), None)
    figures = db.session.scalars(figures_of(found.id, ref=row.ref)).all()
    if not request.form:
        form.show(period, next((each for each in figures if each.period == period.code), None))
    kind = row.activity_kind
    return render_template(
        "authority/plans/indicator.html",
        plan=found,
        row=result.indicator if result else versions[0],
        result=result,
        results=shown,
        period=period,
        periods=[each for each in periods_within(found.starts_on, found.ends_on) if each.suits(row.frequency)],
        definition=plan_results.definition(row.measure, shown) if row.measure else None,
        activities=db.session.scalars(activities_where(kind=kind, period=period).limit(20)).all() if kind else [],
        figures=figures,
        versions=versions,
        form=form,
    )


def _edit(found: Plan, row: PlanIndicator | None) -> Answer:
    form = IndicatorForm()
    versions = db.session.scalars(indicator_versions(found.id, row.ref)).all() if row else []
    if form.is_submitted() and form.validate():
        published = form.attempt(
            lambda: verbs.publish_indicator(
                db.session, current_actor(), found.id, form.facts(row), seen=form.seen if row else None
            )
        )
        if published:
            flash(_("Đã công bố chỉ tiêu."), "success")
            return redirect(url_for("authority.plan_indicator", indicator_id=published.id), 303)
    if not form.is_submitted():
        form.valid_from.data, form.target_on.data = found.starts_on, found.ends_on
        if versions:
            form.show(versions[0])
    page = render_template("authority/plans/indicator_form.html", form=form, plan=found, row=row, versions=versions)
    return page, 422 if form.errors else 200
