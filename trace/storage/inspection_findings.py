"""Findings of visits, and what became of each."""

from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Index, Select, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.inspection_findings import FindingStatus
from ..domain.inspections import Severity
from .businesses import Business
from .database import Base, PrimaryKey
from .files import StoredFile
from .inspections import Inspection

WAITING = [status for status in FindingStatus if status.is_waiting]


class InspectionFinding(Base):
    """As the latest minutes say it."""

    __tablename__ = "inspection_findings"
    __table_args__ = (
        Index("ix_inspection_findings_inspection", "inspection_id", "code", unique=True),
        Index("ix_inspection_findings_status", "status", "deadline", "id"),
        Index("ix_inspection_findings_business", "business_id", "id"),
        Index("ix_inspection_findings_deadline", "deadline", "id"),
    )

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    code: Mapped[str]
    severity: Mapped[Severity]
    text: Mapped[str]
    deadline: Mapped[date]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    status: Mapped[FindingStatus]
    answer: Mapped[str] = mapped_column(default="")
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str] = mapped_column(default="")
    conclusion: Mapped[str] = mapped_column(default="")
    """Of the officer: why it is closed, or why the answer will not do."""
    concluded_by_name: Mapped[str] = mapped_column(default="")
    closed_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    business: Mapped[Business] = relationship()
    inspection: Mapped[Inspection] = relationship()
    photo: Mapped[StoredFile | None] = relationship(foreign_keys=[photo_id])
    proof: Mapped[StoredFile | None] = relationship(foreign_keys=[proof_id])


def findings_of(inspection_id: int) -> Select[InspectionFinding]:
    return _whole().where(InspectionFinding.inspection_id == inspection_id).order_by(InspectionFinding.id)


def findings_where(
    *, status: FindingStatus | None = None, overdue_on: date | None = None, business_id: int | None = None
) -> Select[InspectionFinding]:
    """``overdue_on`` keeps those that wait beyond their deadline on that day."""
    statement = _whole()
    if status is not None:
        statement = statement.where(InspectionFinding.status == status)
    if overdue_on is not None:
        statement = statement.where(InspectionFinding.status.in_(WAITING), InspectionFinding.deadline < overdue_on)
    return statement if business_id is None else statement.where(InspectionFinding.business_id == business_id)


def findings_to_remind(today: date, days: int) -> Select[InspectionFinding]:
    """Open ones whose deadline is near or has passed, and of which the business was not reminded since: at most twice."""
    near, passed = InspectionFinding.deadline <= today + timedelta(days=days), InspectionFinding.deadline < today
    again = passed & (InspectionFinding.reminded_on <= InspectionFinding.deadline)
    return _whole().where(
        InspectionFinding.status == FindingStatus.OPEN, near, InspectionFinding.reminded_on.is_(None) | again
    )


def due_between(since: date, until: date) -> Select[int]:
    """How many findings had their deadline in these days; dropped ones do not count."""
    return select(func.count(InspectionFinding.id)).where(
        InspectionFinding.deadline.between(since, until), InspectionFinding.status != FindingStatus.DROPPED
    )


def closed_in_time_between(since: date, until: date) -> Select[int]:
    """How many of those were closed on their deadline or before."""
    return due_between(since, until).where(
        InspectionFinding.status == FindingStatus.CLOSED, InspectionFinding.closed_on <= InspectionFinding.deadline
    )


def _whole() -> Select[InspectionFinding]:
    return select(InspectionFinding).options(
        joinedload(InspectionFinding.business),
        joinedload(InspectionFinding.inspection),
        joinedload(InspectionFinding.photo),
        joinedload(InspectionFinding.proof),
    )
