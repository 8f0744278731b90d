"""Visits to several businesses planned on one form: who goes and why is said once, each business has its day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Self

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import SelectField, TextAreaField

from ...domain.dates import format_date
from ...domain.errors import NotFound
from ...domain.inspections import InspectionKind, PlanFacts
from ...domain.permissions import Permission, allowed
from ...request.access import current_actor, requires, within_office
from ...request.database import db
from ...services import inspections as verbs
from ...services.clock import today
from ...storage.businesses import Business, businesses_with
from ...storage.inspections import inspectors_of
from .. import filters
from ..fields import DayField, KindRadioField, Required, identifier
from ..forms import Form
from .blueprint import bp

MOST = 30
SATURDAY = 5


class RoundForm(Form):
    """``round_form`` adds the day of each business as ``planned_on_`` with its number."""

    kind = KindRadioField(_l("Loại kiểm tra"), InspectionKind, validators=[Required()])
    lead_id = SelectField(_l("Cán bộ phụ trách"), [Required()], coerce=identifier, validate_choice=False)
    team = TextAreaField(_l("Thành viên khác của đoàn"))
    reason = TextAreaField(_l("Lý do, căn cứ"), [Required()])

    businesses: Sequence[Business] = ()

    def offer(self, actor_id: int | None) -> Self:
        communes = {business.commune_code for business in self.businesses}
        leads = inspectors_of(communes.pop() if len(communes) == 1 else None)
        self.lead_id.choices = [(user.id, user.name or user.email) for user in db.session.scalars(leads)]
        if not self.is_submitted():
            self.lead_id.data, self.kind.data = actor_id, InspectionKind.PERIODIC
            self.reason.data = filters.text("reason")
            day = today()
            for business in self.businesses:
                self[f"planned_on_{business.id}"].data = day = _next_working_day(day)
        return self

    def days(self) -> list[tuple[Business, Any]]:
        return [(business, self[f"planned_on_{business.id}"]) for business in self.businesses]

    def facts(self) -> list[PlanFacts]:
        return [
            PlanFacts(
                business_id=business.id,
                kind=self.kind.data,
                planned_on=day.data,
                lead_id=self.lead_id.data or 0,
                team=self.team.data or "",
                reason=self.reason.data or "",
            )
            for business, day in self.days()
        ]


def round_form(businesses: Sequence[Business]) -> RoundForm:
    days = {f"planned_on_{each.id}": DayField(each.legal_name, [Required()]) for each in businesses}
    form: RoundForm = type("RoundOfForm", (RoundForm,), {"businesses": businesses, **days})()
    return form


@bp.route("/inspections/round", methods=["GET", "POST"])
@requires(Permission.INSPECTIONS_CONDUCT)
def new_inspection_round() -> Response | str | tuple[str, int]:
    """``?business=``, as often as businesses were chosen, in the order in which they are to be visited; ``?reason=`` why."""
    chosen = filters.identifiers("business")
    if not chosen or len(chosen) > MOST:
        flash(_("Hãy chọn từ 1 đến %(most)s cơ sở cần kiểm tra.", most=MOST), "info")
        return redirect(url_for("authority.risks"), 303)
    actor = current_actor()
    found = {each.id: each for each in db.session.scalars(within_office(businesses_with(chosen), Business.id))}
    if len(found) < len(chosen) or not all(allowed(actor, Permission.INSPECTIONS_CONDUCT, each) for each in found):
        raise NotFound
    form = round_form([found[each] for each in chosen]).offer(actor.user_id)
    if form.validate_on_submit():
        planned = form.attempt(verbs.plan_round, db.session, actor, form.facts())
        if planned:
            flash(
                ngettext(
                    "Đã lên kế hoạch %(num)s cuộc kiểm tra.", "Đã lên kế hoạch %(num)s cuộc kiểm tra.", len(planned)
                ),
                "success",
            )
            first = min(each.planned_on for each in planned)
            return redirect(url_for("authority.inspections", day=format_date(first)), 303)
    return render_template("authority/inspections/round.html", form=form), 422 if form.errors else 200


def _next_working_day(day: date) -> date:
    day += timedelta(days=1)
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day
