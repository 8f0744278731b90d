"""Who did what: append-only, kept from change by triggers in the database itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, false, select, text, true
from sqlalchemy.orm import Mapped, mapped_column

from .database import Base, PrimaryKey


class AuditEntry(Base):
    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_business", "business_id", "id"),
        Index("ix_audit_entries_subject", "subject_type", "subject_id", "id"),
        Index("ix_audit_entries_user", "user_id", "at"),
        Index(
            "ix_audit_entries_looks",
            "business_id",
            "id",
            sqlite_where=text("is_look = 1"),
            postgresql_where=text("is_look"),
        ),
    )

    id: Mapped[PrimaryKey]
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor: Mapped[str]
    """The name as it stood: it outlives the account."""
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    action: Mapped[str]
    """``topic:verb``, for example ``batches:publish``."""
    subject_type: Mapped[str]
    subject_id: Mapped[int | None]
    changes: Mapped[dict[str, Any]]
    """What changed, ``{field: [before, after]}``, or the facts of the act."""
    is_look: Mapped[bool] = mapped_column(default=False, server_default=false())
    """An officer only looked; the business may see who did."""


def audit_entries(
    *,
    person: str = "",
    topic: str = "",
    action: str = "",
    business_id: int | None = None,
    subject_type: str = "",
    subject_id: int | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
) -> Select[AuditEntry]:
    """``person`` is part of a name; ``topic`` the part of an action before its colon."""
    statement = select(AuditEntry)
    if person:
        statement = statement.where(AuditEntry.actor.icontains(person, autoescape=True))
    if topic:
        statement = statement.where(AuditEntry.action.startswith(f"{topic}:", autoescape=True))
    if action:
        statement = statement.where(AuditEntry.action == action)
    if business_id is not None:
        statement = statement.where(AuditEntry.business_id == business_id)
    if subject_type:
        statement = statement.where(AuditEntry.subject_type == subject_type)
    if subject_id is not None:
        statement = statement.where(AuditEntry.subject_id == subject_id)
    if since is not None:
        statement = statement.where(AuditEntry.at >= since)
    if before is not None:
        statement = statement.where(AuditEntry.at < before)
    return statement


def looks_at(business_id: int) -> Select[AuditEntry]:
    """What officers looked at of a business."""
    return select(AuditEntry).where(AuditEntry.business_id == business_id, AuditEntry.is_look == true())


def looked_at_since(user_id: int | None, action: str, moment: datetime) -> Select[int | None]:
    """The businesses of which somebody has lately looked at one thing."""
    return select(AuditEntry.business_id).where(
        AuditEntry.user_id == user_id, AuditEntry.at > moment, AuditEntry.action == action
    )
