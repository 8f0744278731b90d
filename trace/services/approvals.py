"""A second person's approval: what is proposed, by whom it is decided, and what then happens.

A topic says in ``WORKS`` what approval of its kind carries out, and calls ``propose`` within its own verb.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ..domain.approvals import (
    AlreadyProposed,
    ApprovalKind,
    ApprovalStatus,
    NeedsAnother,
    NotTheProposer,
)
from ..domain.dates import format_moment
from ..domain.errors import N_, AlreadyDecided, InvalidInput, NotFound
from ..domain.permissions import Actor, OfficeRole, Permission, allowed, require
from ..domain.text import clean_lines
from ..storage.approvals import Approval, open_approval
from . import audit, notices
from .changes import load_for_change
from .clock import now


def _nothing(session: Session, actor: Actor, approval: Approval) -> None:
    """Where nothing was done yet, nothing has to be undone."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What belongs to a kind. Both functions act within the transaction of the decision and do not commit.

    ``permission`` is what proposer and decider need, over the business where it is about one. ``carry_out`` is given the
    address of the site too; ``drop`` undoes what the proposal did already, when it is refused or withdrawn.
    """

    permission: Permission
    carry_out: Callable[[Session, Actor, Approval, str], None]
    drop: Callable[[Session, Actor, Approval], None] = _nothing


WORKS: dict[ApprovalKind, Work] = {}


def propose(
    session: Session,
    actor: Actor,
    kind: ApprovalKind,
    *,
    title: str,
    reason: str,
    subject_id: int | None = None,
    business_id: int | None = None,
    payload: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> Approval:
    """Ask for a second person, in the caller's transaction; the caller has locked the subject. Raises AlreadyProposed."""
    require(actor, WORKS[kind].permission, business_id)
    if subject_id is not None and session.scalars(open_approval(kind, subject_id)).first():
        raise AlreadyProposed
    approval = Approval(
        kind=kind,
        subject_id=subject_id,
        business_id=business_id,
        title=title,
        payload=dict(payload or {}),
        reason=reason,
        status=ApprovalStatus.OPEN,
        proposed_by=actor.user_id,
        proposed_by_name=actor.name,
        proposed_at=now(),
        due_at=due_at,
    )
    session.add(approval)
    audit.record(session, actor, "approvals:propose", approval, changes={"kind": kind.value, "reason": reason})
    values = {"title": title, "person": actor.name, "reason": reason.rstrip(". ")}
    link = f"/authority/approvals/{approval.id}"
    notices.tell_officers(session, "approval-asked", values, link, about=business_id, besides=actor.user_id)
    return approval


def of(session: Session, actor: Actor, approval_id: int) -> Approval:
    """Raises NotFound also for what lies outside the officer's area."""
    approval = session.get(Approval, approval_id)
    if approval is None or not _reaches(actor, approval):
        raise NotFound
    return approval


def decide(
    session: Session, actor: Actor, approval_id: int, decision: ApprovalStatus, *, note: str = "", public_url: str
) -> Approval:
    """Approve, refuse or withdraw. Whoever proposed may only withdraw, everybody else only the others.

    Raises NeedsAnother, NotTheProposer, AlreadyDecided, InvalidInput (``note``), and what carrying it out raises.
    """
    require(actor, Permission.APPROVALS_DECIDE, of(session, actor, approval_id).business_id)
    if decision is ApprovalStatus.OPEN:
        raise InvalidInput(N_("Hãy chọn một quyết định."), field="decision")
    approval = load_for_change(session, Approval, approval_id)
    work = WORKS[approval.kind]
    require(actor, work.permission, approval.business_id)
    if approval.status is not ApprovalStatus.OPEN:
        raise AlreadyDecided(
            person=approval.decided_by_name,
            time=format_moment(approval.decided_at or approval.proposed_at),
        )
    if is_proposer(actor, approval) != (decision is ApprovalStatus.WITHDRAWN):
        raise NeedsAnother if is_proposer(actor, approval) else NotTheProposer
    approval.note = clean_lines(note, field="note")
    if decision is ApprovalStatus.REFUSED and not approval.note:
        raise InvalidInput(N_("Hãy ghi vì sao không duyệt, để người đề nghị biết."), field="note")
    approval.status, approval.decided_at = decision, now()
    approval.decided_by, approval.decided_by_name = actor.user_id, actor.name
    audit.record(
        session,
        actor,
        f"approvals:{_VERBS[decision]}",
        approval,
        changes={"kind": approval.kind.value, "note": approval.note},
    )
    if decision is ApprovalStatus.APPROVED:
        work.carry_out(session, actor, approval, public_url)
    else:
        work.drop(session, actor, approval)
    if approval.proposed_by is not None and decision is not ApprovalStatus.WITHDRAWN:
        values = {"title": approval.title, "person": actor.name, "note": approval.note.rstrip(". ") or "–"}
        link = f"/authority/approvals/{approval.id}"
        notices.tell_user(session, approval.proposed_by, f"approval-{decision.value}", values, link)
    session.commit()
    return approval


def is_proposer(actor: Actor, approval: Approval) -> bool:
    return actor.user_id is not None and actor.user_id == approval.proposed_by


def may_decide(actor: Actor, approval: Approval) -> bool:
    """For the buttons of a page."""
    needed = (Permission.APPROVALS_DECIDE, WORKS[approval.kind].permission)
    return approval.status is ApprovalStatus.OPEN and all(allowed(actor, each, approval.business_id) for each in needed)


def _reaches(actor: Actor, approval: Approval) -> bool:
    """What is about the whole city is not for an officer of one commune."""
    if actor.office is None or actor.office.role is not OfficeRole.COMMUNE:
        return True
    return approval.business_id is not None and actor.office.reaches(approval.business_id)


_VERBS = {
    ApprovalStatus.APPROVED: "approve",
    ApprovalStatus.REFUSED: "refuse",
    ApprovalStatus.WITHDRAWN: "withdraw",
}
