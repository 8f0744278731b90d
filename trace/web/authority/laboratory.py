"""Laboratories' reports: an officer compares the paper with what was typed, and decides about what failed."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from ...domain.errors import InvalidInput
from ...domain.laboratory import LaboratoryStatus
from ...domain.permissions import Permission
from ...request.access import current_actor, existing, requires, within_office
from ...request.database import db
from ...services import laboratory as verbs
from ...services.audit import note_looks
from ...storage.laboratory import LaboratoryTest, reports_where
from ...storage.pages import newest_first, oldest_first
from .. import filters
from ..fields import VersionedForm
from .blueprint import bp


class DecisionForm(VersionedForm):
    decision = StringField()
    reason = TextAreaField(_l("Kết luận"))


@bp.get("/laboratory")
@requires(Permission.BATCHES_READ)
def laboratory() -> str:
    """Those that wait, oldest first; or all of another status, newest first."""
    status = filters.choice(LaboratoryStatus, "status") or LaboratoryStatus.SUBMITTED
    order = oldest_first if status is LaboratoryStatus.SUBMITTED else newest_first
    asked = within_office(reports_where(status=status), LaboratoryTest.business_id)
    page = order(db.session, asked, LaboratoryTest.id, after=filters.identifier("after"))
    return render_template("authority/laboratory/list.html", page=page, status=status, statuses=LaboratoryStatus)


@bp.get("/laboratory/<int:test_id>")
@requires(Permission.BATCHES_READ)
def laboratory_test(test_id: int) -> str:
    found = existing(LaboratoryTest, test_id)
    note_looks(db.session, current_actor(), "laboratory", [found.business_id])
    return _page(found, DecisionForm())


@bp.post("/laboratory/<int:test_id>")
@requires(Permission.LABORATORY_DECIDE)
def decide_laboratory_test(test_id: int) -> Response | tuple[str, int]:
    form = DecisionForm()
    if form.validate_on_submit() and form.attempt(_decide, form, test_id):
        flash(_("Đã lưu kết luận. Cơ sở đã được báo."), "success")
        return redirect(url_for("authority.laboratory"), 303)
    return _page(existing(LaboratoryTest, test_id), form), 422


def _decide(form: DecisionForm, test_id: int) -> LaboratoryTest:
    try:
        decision = LaboratoryStatus(form.decision.data or "")
    except ValueError as error:
        raise InvalidInput from error
    reason = form.reason.data or ""
    return verbs.decide(db.session, current_actor(), test_id, decision, reason=reason, version=form.seen)


def _page(test: LaboratoryTest, form: DecisionForm) -> str:
    form.version.data = test.version
    cleared = verbs.cleared_by(db.session, test) if test.status is LaboratoryStatus.SUBMITTED else []
    return render_template("authority/laboratory/show.html", test=test, form=form, cleared=cleared)
