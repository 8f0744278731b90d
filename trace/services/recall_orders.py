"""A compulsory recall waits for a second person: what it reaches is held at once, and red once that person approves."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ..domain import recalls as rules
from ..domain.approvals import ApprovalKind
from ..domain.dates import vietnam_date
from ..domain.errors import NotFound
from ..domain.permissions import Actor, Permission
from ..domain.recalls import RecallKind, RecallStatus, scope_from_json
from ..storage import recall_scope as questions
from ..storage.approvals import Approval
from ..storage.batches import Batch
from ..storage.recalls import Recall
from . import approvals, audit, recall_writing, reviews
from .changes import load_for_change
from .clock import now, today


def order(session: Session, actor: Actor, recall: Recall) -> None:
    """Within ``recalls.confirm``, its batches locked: hold them, and ask for the second person."""
    recall.status, recall.kind = rules.order(recall.status), RecallKind.COMPULSORY
    session.flush()
    reviews.hold(session, recall.id, _reached(recall))
    audit.record(session, actor, "recalls:order", recall, changes=recall.scope)
    approvals.propose(
        session,
        actor,
        ApprovalKind.RECALL,
        title=recall.product,
        reason=recall.reason,
        subject_id=recall.id,
        due_at=rules.due(questions.periods(), rules.DECIDE, now(), today()),
    )


def take_effect(session: Session, actor: Actor, recall: Recall, found: int, public_url: str) -> None:
    """The batches, ``found`` of them and locked, are recalled, their pages red, and their holders told."""
    recall.status = rules.confirm(recall.status)
    recall.number = f"TH-{vietnam_date(now()).year}-{recall.id:04}"
    recall.confirmed_at, recall.confirmed_by_name, recall.batch_count = now(), actor.name, found
    session.flush()
    recall.holder_count = recall_writing.take_effect(session, recall, public_url)
    audit.record(session, actor, "recalls:confirm", recall, changes={"number": recall.number, "batches": found})


def _carry_out(session: Session, actor: Actor, approval: Approval, public_url: str) -> None:
    recall = _recall(session, approval)
    found = recall_writing.lock_reached(session, scope_from_json(recall.scope))
    if not found:
        raise rules.NothingToRecall
    take_effect(session, actor, recall, found, public_url)
    reviews.lift_hold(session, recall.id, told=False)


def _drop(session: Session, actor: Actor, approval: Approval) -> None:
    recall = _recall(session, approval)
    recall.status = rules.dismiss(recall.status)
    audit.record(session, actor, "recalls:dismiss", recall)
    session.flush()
    reviews.lift_hold(session, recall.id)
    for other in session.scalars(select(Recall).where(Recall.status == RecallStatus.ORDERED)).all():
        reviews.hold(session, other.id, _reached(other))  # what another order reaches too stays held


def _recall(session: Session, approval: Approval) -> Recall:
    if approval.subject_id is None:
        raise NotFound
    return load_for_change(session, Recall, approval.subject_id)


def _reached(recall: Recall) -> ColumnElement[bool]:
    return Batch.id.in_(select(questions.forward(scope_from_json(recall.scope)).c.id))


approvals.WORKS[ApprovalKind.RECALL] = approvals.Work(
    permission=Permission.RECALLS_ORDER, carry_out=_carry_out, drop=_drop
)
