"""Proposals, and the second person who approves them, for tests."""

from typing import Any

from sqlalchemy.orm import Session

from tests import factories
from trace.domain.approvals import ApprovalKind, ApprovalStatus
from trace.services import approvals
from trace.storage.approvals import Approval, open_approval
from trace.storage.businesses import Business


def make_approval(session: Session, business: Business, **facts: Any) -> Approval:
    """A suspension that an officer of long ago proposed."""
    facts = {
        "kind": ApprovalKind.SUSPENSION,
        "subject_id": business.id,
        "title": business.legal_name,
        "payload": {},
        "reason": "Không cho kiểm tra",
        "status": ApprovalStatus.OPEN,
        "proposed_by_name": "Cán bộ",
        "proposed_at": factories.NOW,
        **facts,
    }
    made = Approval(business_id=business.id, **facts)
    session.add(made)
    session.flush()
    return made


def approve(session: Session, kind: ApprovalKind, subject_id: int) -> None:
    """By another officer of the city."""
    asked = session.scalars(open_approval(kind, subject_id)).one()
    second = factories.actor(factories.make_officer(session, name="Người thứ hai"))
    approvals.decide(session, second, asked.id, ApprovalStatus.APPROVED, public_url="http://trace.test")
