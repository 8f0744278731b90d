"""Green business points of a business: how each stands, and applying for one."""

from functools import cache
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from ...domain.businesses import TRADING
from ...domain.green_points import PLACES, Criterion, GreenPointStep, SelfCheck
from ...domain.permissions import Permission
from ...domain.products import Commodity
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.files import file_store
from ...request.language import select_language
from ...services import green_points as verbs
from ...services.clock import today
from ...services.green_points import GreenPointFacts
from ...storage.businesses import Business
from ...storage.green_points import GreenPoint, criteria_on, points_where
from ...storage.pages import newest_first
from ...storage.sites import sites_of
from .. import filters
from ..fields import Required, identifier, upload
from ..forms import Form
from ..green_points import said_of
from .blueprint import Answer, bp


class GreenPointForm(Form):
    site_id = SelectField(_l("Địa điểm"), [Required()], coerce=identifier, validate_choice=False)
    commodities = SelectMultipleField(
        _l("Nhóm hàng bán ở đây"),
        [Required()],
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    shown_address = StringField(_l("Số nhà, đường cho người mua thấy"))
    criteria: tuple[Criterion, ...] = ()

    def facts(self) -> GreenPointFacts:
        checks = {
            each.name: SelfCheck(self[f"met_{each.name}"].data, self[f"note_{each.name}"].data or "")
            for each in self.criteria
        }
        files = {each.name: upload(self[f"file_{each.name}"]) for each in self.criteria if each.needs_evidence}
        return GreenPointFacts(
            site_id=self.site_id.data or 0,
            commodities=[each for each in Commodity if each.value in (self.commodities.data or ())],
            shown_address=self.shown_address.data or "",
            answers=checks,
            evidence={name: data for name, data in files.items() if data},
        )


@bp.get("/<int:business_id>/green-points")
@requires(Permission.BUSINESS_READ)
def green_points(business_id: int) -> str:
    asked = points_where(business_id=business_id)
    page = newest_first(db.session, asked, GreenPoint.id, after=filters.identifier("after"))
    may_apply = db.session.get_one(Business, business_id).kind in TRADING
    return render_template("workspace/green_points/list.html", page=page, today=today(), may_apply=may_apply)


@bp.route("/<int:business_id>/green-points/new", methods=["GET", "POST"])
@requires(Permission.GREEN_POINTS_WRITE)
def new_green_point(business_id: int) -> Answer:
    form = _form_class(tuple(criteria_on(today())), select_language())()
    places = [site for site in db.session.scalars(sites_of(business_id, active=True)) if site.kind in PLACES]
    form.site_id.choices = [(site.id, site.name) for site in places]
    form.commodities.choices = [(each.value, _(each.label)) for each in Commodity]
    if form.validate_on_submit():
        store = file_store()
        point = form.attempt(verbs.apply, db.session, current_actor(), business_id, form.facts(), store=store)
        if point:
            flash(_("Đã nộp hồ sơ. Sở sẽ xem xét và báo lại ở đây."), "success")
            return redirect(url_for("workspace.green_point", business_id=business_id, point_id=point.id), 303)
    page = render_template("workspace/green_points/form.html", form=form, places=places)
    return page, 422 if form.errors else 200


@bp.get("/<int:business_id>/green-points/<int:point_id>")
@requires(Permission.BUSINESS_READ)
def green_point(business_id: int, point_id: int) -> str:
    point = owned(GreenPoint, point_id, business_id)
    return render_template("workspace/green_points/show.html", point=point, today=today(), criteria=said_of(point))


@bp.post("/<int:business_id>/green-points/<int:point_id>/cancel")
@requires(Permission.GREEN_POINTS_WRITE)
def cancel_green_point(business_id: int, point_id: int) -> Response:
    owned(GreenPoint, point_id, business_id)
    verbs.move(db.session, current_actor(), point_id, GreenPointStep.CANCEL)
    flash(_("Đã rút hồ sơ."), "success")
    return redirect(url_for("workspace.green_points", business_id=business_id), 303)


@cache
def _form_class(criteria: tuple[Criterion, ...], language: str) -> type[GreenPointForm]:
    """The form with three fields for each criterion; criteria are data, so its fields are too."""
    made: dict[str, Any] = {"criteria": criteria}
    for each in criteria:
        made[f"met_{each.name}"] = BooleanField(each.sentences[language])
        made[f"note_{each.name}"] = TextAreaField(_l("Ghi chú"))
        if each.needs_evidence:
            made[f"file_{each.name}"] = FileField(_l("Ảnh hoặc tệp PDF"), [Required()] if each.required else [])
    return type("ApplicationForm", (GreenPointForm,), made)
