"""What waits for a second person: looking at a proposal, and deciding about it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from ...domain.approvals import ApprovalKind, ApprovalStatus
from ...domain.permissions import Permission
from ...request.access import current_actor, requires, within_office
from ...request.database import db
from ...request.settings import public_url
from ...services import approvals as verbs
from ...services.clock import now
from ...storage.approvals import Approval, approvals_where
from ...storage.pages import newest_first, oldest_first
from .. import filters
from ..forms import Form
from .blueprint import bp
from .coverage_definitions import proposed_definition
from .risk_weights import proposed_weights

DONE = {
    ApprovalStatus.APPROVED: _l("Đã duyệt. Quyết định có hiệu lực ngay."),
    ApprovalStatus.REFUSED: _l("Đã ghi là không duyệt. Người đề nghị được báo."),
    ApprovalStatus.WITHDRAWN: _l("Đã rút đề nghị."),
}


class ApprovalForm(Form):
    decision = StringField()
    note = TextAreaField(_l("Ghi chú"))


@bp.get("/approvals")
@requires(Permission.APPROVALS_READ)
def approvals() -> str:
    """Open ones, oldest first; with ``?decided=yes`` the others, newest first."""
    decided = request.args.get("decided") == "yes"
    asked = within_office(approvals_where(is_open=not decided), Approval.business_id)
    order = newest_first if decided else oldest_first
    page = order(db.session, asked, Approval.id, after=filters.identifier("after"))
    return render_template("authority/approvals/list.html", page=page, decided=decided, now=now())


@bp.get("/approvals/<int:approval_id>")
@requires(Permission.APPROVALS_READ)
def approval(approval_id: int) -> str:
    return _page(approval_id, ApprovalForm())


@bp.post("/approvals/<int:approval_id>")
@requires(Permission.APPROVALS_DECIDE)
def decide_approval(approval_id: int) -> Response | tuple[str, int]:
    form = ApprovalForm()
    if form.validate_on_submit() and (decided := form.attempt(_decide, form, approval_id)):
        flash(DONE[decided.status], "success")
        return redirect(url_for("authority.approval", approval_id=approval_id), 303)
    return _page(approval_id, form), 422


def _decide(form: ApprovalForm, approval_id: int) -> Approval:
    chosen = form.decision.data or ""
    decision = ApprovalStatus(chosen) if chosen in list(ApprovalStatus) else ApprovalStatus.OPEN
    note = form.note.data or ""
    return verbs.decide(db.session, current_actor(), approval_id, decision, note=note, public_url=public_url())


def _page(approval_id: int, form: ApprovalForm) -> str:
    found = verbs.of(db.session, current_actor(), approval_id)
    return render_template(
        "authority/approvals/show.html",
        approval=found,
        form=form,
        now=now(),
        own=verbs.is_proposer(current_actor(), found),
        may_decide=verbs.may_decide(current_actor(), found),
        weights=proposed_weights(found) if found.kind is ApprovalKind.RISK_WEIGHTS else None,
        definition=proposed_definition(found) if found.kind is ApprovalKind.COVERAGE_DEFINITION else None,
    )
