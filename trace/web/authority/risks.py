"""Whom to inspect first and why, and what everything weighs."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional

from ...domain.businesses import BusinessKind
from ...domain.permissions import Permission
from ...domain.products import Commodity
from ...domain.risks import SUBJECTS, Factor, Preview, Weight
from ...request.access import current_actor, requires, within_office
from ...request.database import db
from ...services import risk_weights as verbs
from ...services.clock import today
from ...services.risk_weights import WeightsFacts
from ...storage.businesses import names_of
from ...storage.pages import in_order
from ...storage.risks import (
    BusinessRisk,
    RiskWeights,
    highest_first,
    risk_of,
    risks_where,
    scores_of,
    weights_on,
    weights_said,
)
from .. import filters
from ..fields import DayField, Required, VersionedForm, WholeNumberField
from .blueprint import bp

VERSIONS_SHOWN = 20


class WeightsForm(VersionedForm):
    """With two fields more for each weight, see ``_form``."""

    valid_from = DayField(_l("Áp dụng từ ngày"), [Required()])
    source = StringField(_l("Nguồn"), [Required()])
    reason = TextAreaField(_l("Lý do thay đổi"), [Required()])


@bp.get("/risks")
@requires(Permission.RISKS_READ)
def risks() -> str:
    asked = filters.of_risks()
    question = within_office(risks_where(**asked), BusinessRisk.business_id)
    page = in_order(db.session, highest_first(question, filters.identifier("after")), BusinessRisk.business_id)
    return render_template(
        "authority/risks/list.html", page=page, asked_for=asked, kinds=BusinessKind, commodities=Commodity
    )


@bp.route("/risks/weights", methods=["GET", "POST"])
@requires(Permission.RISKS_READ, change=Permission.RISKS_WEIGH)
def risk_weights() -> Response | tuple[str, int]:
    """What everything weighs; the button ``preview`` only shows what other weights would do."""
    versions = db.session.scalars(weights_said().limit(VERSIONS_SHOWN)).all()
    latest, in_force = versions[0], db.session.scalars(weights_on(today())).one()
    form = _form(latest)
    preview: Preview | None = None
    if not form.is_submitted():
        form.valid_from.data, form.version.data = today(), str(latest.number)
    elif form.validate():
        if "preview" in request.form:
            preview = form.attempt(verbs.preview, db.session, current_actor(), _facts(form, latest))
        elif form.attempt(verbs.publish, db.session, current_actor(), _facts(form, latest), seen=form.seen):
            flash(_("Đã công bố. Điểm của mọi cơ sở được tính lại trong vài phút."), "success")
            return redirect(url_for("authority.risk_weights"), 303)
    page = render_template(
        "authority/risks/weights.html",
        form=form,
        groups=[(factor, _rows(form, latest, factor)) for factor in Factor],
        versions=versions,
        in_force=in_force,
        preview=preview,
        names=dict(db.session.execute(names_of(preview.business_ids)).all()) if preview else {},
    )
    return page, 422 if form.errors else 200


def _form(latest: RiskWeights) -> WeightsForm:
    fields: dict[str, Any] = {}
    for name, weight in latest.by_name.items():
        fields[name] = WholeNumberField(_l("Điểm"), [Optional()], default=weight.points)
        fields[f"most-{name}"] = WholeNumberField(_l("Nhiều nhất"), [Optional()], default=weight.most)
    form: WeightsForm = type("EveryWeightForm", (WeightsForm,), fields)()
    for name in latest.weights:
        form[name].label.text = form[f"most-{name}"].label.text = weight_title(name)
    return form


def _facts(form: WeightsForm, latest: RiskWeights) -> WeightsFacts:
    """A field left empty keeps its number."""

    def number(name: str, before: int) -> int:
        typed = form[name].data
        return before if typed is None else typed

    return WeightsFacts(
        weights={
            name: (number(name, weight.points), number(f"most-{name}", weight.most))
            for name, weight in latest.by_name.items()
        },
        valid_from=form.valid_from.data,
        source=form.source.data or "",
        reason=form.reason.data or "",
    )


def _rows(form: WeightsForm, latest: RiskWeights, factor: Factor) -> list[tuple[str, Any, Any, Weight]]:
    """Title, both fields and the weight, of all that belong to a factor."""
    return [
        (weight_title(name), form[name], form[f"most-{name}"], weight)
        for name, weight in latest.by_name.items()
        if name.split(":")[0] == factor
    ]


def weight_title(name: str) -> str:
    factor, _colon, subject = name.partition(":")
    kind = SUBJECTS.get(Factor(factor)) if subject else None
    title: str = _(kind(subject).label if kind else Factor(factor).label)
    return title


def business_risk(business_id: int) -> dict[str, Any]:
    """What a dossier shows of its risk: the score as it stands, and how it went."""
    return {
        "risk": db.session.scalars(risk_of(business_id)).first(),
        "scores": db.session.scalars(scores_of(business_id).limit(12)).all(),
    }
