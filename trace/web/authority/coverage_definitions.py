"""What counts as traceable: its versions, trying other numbers, and proposing them to a second person."""

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from ...domain.approvals import ApprovalKind
from ...domain.coverage import Effect
from ...domain.coverage_definitions import SENTENCES
from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...services import coverage_definitions as verbs
from ...services.clock import today
from ...services.coverage_definitions import DefinitionFacts
from ...storage.approvals import Approval, open_approval
from ...storage.coverage_definitions import definitions_said
from ..fields import DayField, Required, VersionedForm, WholeNumberField
from .blueprint import bp

VERSIONS_SHOWN = 20


class DefinitionForm(VersionedForm):
    period_months = WholeNumberField(_l("Lô được công bố trong bao nhiêu tháng gần nhất thì tính"), [Required()])
    active_days = WholeNumberField(_l("Ghi sự kiện trong bao nhiêu ngày gần nhất thì là đang hoạt động"), [Required()])
    since = DayField(_l("Áp dụng từ ngày"), [Required()])
    source = StringField(_l("Nguồn"), [Required()])
    reason = TextAreaField(_l("Lý do thay đổi"), [Required()])

    def facts(self) -> DefinitionFacts:
        return DefinitionFacts(
            period_months=self.period_months.data,
            active_days=self.active_days.data,
            since=self.since.data,
            source=self.source.data or "",
            reason=self.reason.data or "",
        )


@bp.route("/coverage/definition", methods=["GET", "POST"])
@requires(Permission.COVERAGE_READ, change=Permission.COVERAGE_DEFINE)
def coverage_definition() -> Response | tuple[str, int]:
    """The button ``preview`` only shows what other numbers would do."""
    versions = db.session.scalars(definitions_said().limit(VERSIONS_SHOWN)).all()
    latest, form = versions[0], DefinitionForm()
    effect: Effect | None = None
    if not form.is_submitted():
        form.period_months.data, form.active_days.data = latest.period_months, latest.active_days
        form.since.data, form.version.data = max(today() + timedelta(days=1), latest.since), str(latest.version)
    elif form.validate():
        if "preview" in request.form:
            effect = form.attempt(verbs.preview, db.session, current_actor(), form.facts())
        elif asked := form.attempt(verbs.propose, db.session, current_actor(), form.facts(), seen=form.seen):
            flash(_("Đã đề nghị. Định nghĩa mới có hiệu lực khi một cán bộ khác duyệt."), "success")
            return redirect(url_for("authority.approval", approval_id=asked.id), 303)
    page = render_template(
        "authority/home/definition.html",
        form=form,
        versions=versions,
        in_force=next(one for one in versions if one.since <= today()),
        sentences=SENTENCES,
        asked=db.session.scalars(open_approval(ApprovalKind.COVERAGE_DEFINITION, latest.id)).first(),
        effect=compared(effect) if effect else None,
    )
    return page, 422 if form.errors else 200


def proposed_definition(approval: Approval) -> dict[str, Any]:
    """What a second person is shown of a definition that was proposed."""
    payload = approval.payload
    fields = {name: getattr(DefinitionForm(), name).label.text for name in payload["after"]}
    return {
        "since": date.fromisoformat(payload["since"]),
        "source": payload["source"],
        "numbers": [(fields[name], payload["before"][name], number) for name, number in payload["after"].items()],
        "effect": compared(verbs.foreseen(approval)),
    }


def compared(effect: Effect) -> list[tuple[str, int, int, int]]:
    """Each stage with its numerator before and after, and their denominator."""
    return [(after.name.label, before.numerator, after.numerator, after.denominator) for before, after in effect.stages]
