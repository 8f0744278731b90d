"""What waits for a second person."""

from typing import Any

from ..domain.approvals import ApprovalKind, ApprovalStatus
from ..domain.permissions import Permission
from ..request.access import current_actor, requires, within_office
from ..request.database import db
from ..request.settings import public_url
from ..services import approvals as verbs
from ..storage.approvals import Approval, approvals_where
from .fields import Boolean, Integer, Lines, Member, Moment, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, once, page

topic = Topic("Approvals", "What one officer proposed takes effect when another approves it.")


class ApprovalSchema(Schema):
    id = Integer()
    kind = Member(ApprovalKind)
    subject_id = Integer(allow_none=True, metadata={"description": "Of the business or the recall case"})
    business_id = Integer(allow_none=True)
    title = Text()
    reason = Lines()
    status = Member(ApprovalStatus)
    proposed_by_name = Text()
    proposed_at = Moment()
    due_at = Moment(allow_none=True, metadata={"description": "When a law wants it decided"})
    decided_by_name = Text()
    decided_at = Moment(allow_none=True)
    note = Lines()


class ApprovalQuery(PageQuery):
    is_open = Boolean(load_default=None)


class ApprovalDecisionSchema(Schema):
    """Whoever proposed may only withdraw; everybody else approves or refuses, and a refusal says why."""

    decision = Member(
        ApprovalStatus, only=[each for each in ApprovalStatus if each is not ApprovalStatus.OPEN], required=True
    )
    note = Lines(load_default="")


@topic.get("/approvals")
@requires(Permission.APPROVALS_READ)
@topic.arguments(ApprovalQuery, location="query")
@topic.response(200, page_of(ApprovalSchema))
def list_approvals(query: dict[str, Any]) -> Any:
    """List what waits for a second person, and what became of it, as an officer"""
    return page(within_office(approvals_where(is_open=query["is_open"]), Approval.business_id), Approval.id, query)


@topic.get("/approvals/<int:approval_id>")
@requires(Permission.APPROVALS_READ)
@topic.response(200, ApprovalSchema)
def show_approval(approval_id: int) -> Approval:
    """Show a proposal, as an officer"""
    return verbs.of(db.session, current_actor(), approval_id)


@topic.post("/approvals/<int:approval_id>/decision")
@requires(Permission.APPROVALS_DECIDE)
@once
@topic.arguments(ApprovalDecisionSchema)
@topic.response(200, ApprovalSchema)
def decide_approval(data: dict[str, Any], approval_id: int) -> Approval:
    """Approve or refuse as the second officer, or withdraw as the first; approval takes effect at once"""
    deciding = {"note": data["note"], "public_url": public_url()}
    return verbs.decide(db.session, current_actor(), approval_id, data["decision"], **deciding)
