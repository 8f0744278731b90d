"""Which labels were handed out."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, func, select
from sqlalchemy.orm import Mapped, mapped_column

from .database import Base, PrimaryKey


class LabelIssue(Base):
    """One hand-out of labels for a batch; append-only in practice, voided never deleted."""

    __tablename__ = "label_issues"
    __table_args__ = (
        Index("ix_label_issues_batch", "batch_id", "id"),
        Index("ix_label_issues_business", "business_id", "id"),
    )

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    count: Mapped[int]
    format: Mapped[str]
    """``pdf``, ``png`` or ``svg``."""
    geometry: Mapped[dict[str, Any]]
    """Of a PDF: ``services.labels.SheetOrder`` as it was asked for; empty for a single symbol."""
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_by_name: Mapped[str]
    at: Mapped[datetime]


def issues_of(batch_id: int) -> Select[LabelIssue]:
    """Newest first."""
    return select(LabelIssue).where(LabelIssue.batch_id == batch_id).order_by(LabelIssue.id.desc())


def labels_made_for(batch_id: int) -> Select[int]:
    """How many labels on sheets were handed out; a single symbol goes to a printer of its own and is not counted."""
    return select(func.coalesce(func.sum(LabelIssue.count), 0)).where(
        LabelIssue.batch_id == batch_id, LabelIssue.format == "pdf"
    )


def latest_sheet_of(business_id: int) -> Select[LabelIssue]:
    """The sheet printed last: its paper and its printer's offset are those of the next."""
    return (
        select(LabelIssue)
        .where(LabelIssue.business_id == business_id, LabelIssue.format == "pdf")
        .order_by(LabelIssue.id.desc())
        .limit(1)
    )
