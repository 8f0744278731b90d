"""Who did what: append-only, kept from change by triggers in the database itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
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
