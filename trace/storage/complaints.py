"""What shoppers report."""

from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Index, Select, case, exists, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from ..domain.complaints import ComplaintReason, ComplaintStatus
from .batches import Batch
from .businesses import Business
from .database import Base, PrimaryKey
from .moments import month_of, seconds_between


class Complaint(Base):
    __tablename__ = "complaints"
    __table_args__ = (
        Index("ix_complaints_business", "business_id", "id"),
        Index("ix_complaints_status", "status", "id"),
        Index("ix_complaints_at", "at"),
    )

    id: Mapped[PrimaryKey]
    tracking_number: Mapped[str] = mapped_column(unique=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    reason: Mapped[ComplaintReason]
    text: Mapped[str] = mapped_column(default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    phone: Mapped[str] = mapped_column(default="")
    """E.164; for officers only, never for the business."""
    status: Mapped[ComplaintStatus]
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    batch: Mapped[Batch] = relationship()
    updates: Mapped[list["ComplaintUpdate"]] = relationship(order_by="ComplaintUpdate.id")


class ComplaintUpdate(Base):
    __tablename__ = "complaint_updates"

    id: Mapped[PrimaryKey]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    status: Mapped[ComplaintStatus]
    answer: Mapped[str] = mapped_column(default="")
    """Shown to the shopper who holds the tracking number."""
    by_name: Mapped[str]
    by_officer: Mapped[bool]
    at: Mapped[datetime]


def complaint_with_number(tracking_number: str) -> Select[Complaint]:
    """By its number as printed."""
    return select(Complaint).where(Complaint.tracking_number == tracking_number)


def complaints_about(batch_id: int) -> Select[int]:
    """How many there are of one batch, ended or not."""
    return select(func.count()).where(Complaint.batch_id == batch_id)


def answered_by_month(since: datetime, within: timedelta, commune_code: str | None = None) -> Select[date, int, int]:
    """Month, how many complaints came in about businesses of one commune or of all, and to how many of them the shopper could
    read an answer within so long."""
    answered = exists().where(
        ComplaintUpdate.complaint_id == Complaint.id,
        ComplaintUpdate.answer != "",
        seconds_between(Complaint.at, ComplaintUpdate.at) <= within.total_seconds(),
    )
    month = month_of(Complaint.at)
    found = select(month, func.count(), func.count(case((answered, 1)))).where(Complaint.at >= since).group_by(month)
    if commune_code is None:
        return found
    return found.join(Business, Business.id == Complaint.business_id).where(Business.commune_code == commune_code)


def complaints_where(
    *, status: ComplaintStatus | None = None, open_only: bool = False, business_id: int | None = None
) -> Select[Complaint]:
    """With their batches, products, businesses and updates; ``open_only`` leaves out those that have ended."""
    statement = select(Complaint).options(
        joinedload(Complaint.batch).options(joinedload(Batch.product), joinedload(Batch.business)),
        selectinload(Complaint.updates),
    )
    if status is not None:
        statement = statement.where(Complaint.status == status)
    if open_only:
        statement = statement.where(Complaint.status.in_((ComplaintStatus.RECEIVED, ComplaintStatus.REVIEWING)))
    if business_id is not None:
        statement = statement.where(Complaint.business_id == business_id)
    return statement
