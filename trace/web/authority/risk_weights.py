"""What everything weighs in the risk score: trying other weights, and proposing them to a second person."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional

from ...domain.approvals import ApprovalKind
from ...domain.permissions import Permission
from ...domain.risks import SUBJECTS, Factor, Preview, Weight
from ...request.access import current_actor, requires
from ...request.database import db
from ...services import risk_weights as verbs
from ...services.clock import today
from ...services.risk_weights import WeightsFacts
from ...storage.approvals import Approval, open_approval
from ...storage.businesses import names_of
from ...storage.risks import RiskWeights, weights_on, weights_said
from ..fields import DayField, Required, VersionedForm, WholeNumberField
from .blueprint import bp

VERSIONS_SHOWN = 20


class WeightsForm(VersionedForm):
    """With two fields more for each weight, see ``_form``."""

    valid_from = DayField(_l("Áp dụng từ ngày"), [Required()])
    source = StringField(_l("Nguồn"), [Required()])
    reason = TextAreaField(_l("Lý do thay đổi"), [Required()])


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
        elif asked := form.attempt(verbs.propose, db.session, current_actor(), _facts(form, latest), seen=form.seen):
            flash(_("Đã đề nghị. Trọng số mới có hiệu lực khi một cán bộ khác duyệt."), "success")
            return redirect(url_for("authority.approval", approval_id=asked.id), 303)
    page = render_template(
        "authority/risks/weights.html",
        form=form,
        groups=[(factor, _rows(form, latest, factor)) for factor in Factor],
        versions=versions,
        in_force=in_force,
        asked=db.session.scalars(open_approval(ApprovalKind.RISK_WEIGHTS, latest.id)).first(),
        preview=preview,
        names=_names(preview),
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


def proposed_weights(approval: Approval) -> dict[str, Any]:
    """What a second person is shown of weights that were proposed."""
    preview, payload = verbs.previewed(approval), approval.payload
    return {
        "since": date.fromisoformat(payload["valid_from"]),
        "source": payload["source"],
        "changes": [(weight_title(name), each["before"], each["after"]) for name, each in payload["changes"].items()],
        "preview": preview,
        "names": _names(preview),
    }


def _names(preview: Preview | None) -> dict[int, str]:
    return dict(db.session.execute(names_of(preview.business_ids)).all()) if preview else {}


def weight_title(name: str) -> str:
    factor, _colon, subject = name.partition(":")
    kind = SUBJECTS.get(Factor(factor)) if subject else None
    title: str = _(kind(subject).label if kind else Factor(factor).label)
    return title
