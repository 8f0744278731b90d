"""What was proposed for a second person's approval, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.approvals import ApprovalKind, ApprovalStatus
from .businesses import Business
from .database import Base, PrimaryKey


class Approval(Base):
    __tablename__ = "approvals"
    __table_args__ = (
        Index("ix_approvals_status", "status", "id"),
        Index("ix_approvals_subject", "kind", "subject_id"),
        Index("ix_approvals_business", "business_id", "id"),
    )

    id: Mapped[PrimaryKey]
    kind: Mapped[ApprovalKind]
    subject_id: Mapped[int | None]
    """Of the business or the recall; None for what is about no row."""
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    title: Mapped[str]
    """What it is about, as it was called then."""
    payload: Mapped[dict[str, Any]]
    """What its topic needs to carry it out."""
    reason: Mapped[str]
    status: Mapped[ApprovalStatus]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """When a law wants it decided."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_by_name: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    business: Mapped[Business | None] = relationship()


def approvals_where(*, is_open: bool | None = None) -> Select[Approval]:
    """With the businesses that they are about."""
    statement = select(Approval).options(joinedload(Approval.business))
    if is_open is None:
        return statement
    waits = Approval.status == ApprovalStatus.OPEN
    return statement.where(waits if is_open else ~waits)


def open_approval(kind: ApprovalKind, subject_id: int) -> Select[Approval]:
    return select(Approval).where(
        Approval.kind == kind, Approval.subject_id == subject_id, Approval.status == ApprovalStatus.OPEN
    )
