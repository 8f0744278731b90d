"""Who did what: append-only, kept from change by triggers in the database itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from .database import Base, PrimaryKey


class AuditEntry(Base):
    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_business", "business_id", "id"),
        Index("ix_audit_entries_subject", "subject_type", "subject_id", "id"),
    )

    id: Mapped[PrimaryKey]
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    actor: Mapped[str]
    """The name as it stood: it outlives the account."""
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    action: Mapped[str]
    """``topic:verb``, for example ``batches:publish``."""
    subject_type: Mapped[str]
    subject_id: Mapped[int | None]
    changes: Mapped[dict[str, Any]]
    """What changed, ``{field: [before, after]}``, or the facts of the act."""


def audit_entries(
    *,
    person: str = "",
    topic: str = "",
    business_id: int | None = None,
    subject_type: str = "",
    subject_id: int | None = None,
) -> Select[AuditEntry]:
    """``person`` is part of a name; ``topic`` the part of an action before its colon."""
    statement = select(AuditEntry)
    if person:
        statement = statement.where(AuditEntry.actor.icontains(person, autoescape=True))
    if topic:
        statement = statement.where(AuditEntry.action.startswith(f"{topic}:", autoescape=True))
    if business_id is not None:
        statement = statement.where(AuditEntry.business_id == business_id)
    if subject_type:
        statement = statement.where(AuditEntry.subject_type == subject_type)
    if subject_id is not None:
        statement = statement.where(AuditEntry.subject_id == subject_id)
    return statement
