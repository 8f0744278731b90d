"""Six-month and annual reports: an officer's texts, and the figures as they stood when a report was frozen."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.plans import Period, parse_period
from .database import Base, PrimaryKey
from .plans import Plan


class Report(Base):
    """A draft; once it has a snapshot, nothing of it changes any more."""

    __tablename__ = "reports"
    __table_args__ = (Index("ix_reports_plan", "plan_id", "period"),)

    id: Mapped[PrimaryKey]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    period: Mapped[str]
    """``domain.plans.Period.code``."""
    parent_agency: Mapped[str]
    """Whose agency it is, as printed in the head: the one directly above it."""
    agency: Mapped[str]
    symbol: Mapped[str]
    """Number and symbol, empty until the clerk gives one."""
    place: Mapped[str]
    dated_on: Mapped[date | None]
    addressee: Mapped[str]
    basis: Mapped[str]
    """The documents that it is made under, one a line, as the texts below in lines."""
    inspections: Mapped[str]
    difficulties: Mapped[str]
    proposals: Mapped[str]
    recipients: Mapped[str]
    signer_title: Mapped[str]
    signer_name: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_by_name: Mapped[str]
    frozen_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    plan: Mapped[Plan] = relationship()
    snapshot: Mapped["ReportSnapshot | None"] = relationship()

    @property
    def span(self) -> Period:
        return parse_period(self.period)


class ReportSnapshot(Base):
    """Everything that a frozen report says; append-only."""

    __tablename__ = "report_snapshots"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), primary_key=True, autoincrement=False)
    content: Mapped[str]
    """Canonical JSON, as text: the very bytes that ``sha256`` is of."""
    sha256: Mapped[str]
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    frozen_by_name: Mapped[str]


def reports_where(*, plan_id: int | None = None, frozen: bool | None = None) -> Select[Report]:
    """With their plans and snapshots."""
    statement = select(Report).options(joinedload(Report.plan), joinedload(Report.snapshot))
    if plan_id is not None:
        statement = statement.where(Report.plan_id == plan_id)
    if frozen is not None:
        statement = statement.where(Report.frozen_at.isnot(None) if frozen else Report.frozen_at.is_(None))
    return statement
