"""Which labels were handed out."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from .database import Base, PrimaryKey


class LabelIssue(Base):
    """One hand-out of labels for a batch; append-only in practice, voided never deleted."""

    __tablename__ = "label_issues"
    __table_args__ = (Index("ix_label_issues_batch", "batch_id", "id"),)

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    count: Mapped[int]
    format: Mapped[str]
    """``pdf``, ``png`` or ``svg``."""
    geometry: Mapped[dict[str, Any]]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_by_name: Mapped[str]
    at: Mapped[datetime]
