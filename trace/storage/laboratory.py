"""Laboratories' reports on batches, and what officers made of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.laboratory import KEEPING_BACK, LaboratoryStatus
from .balance import Link
from .batches import Batch
from .businesses import Business
from .database import Base, PrimaryKey
from .files import StoredFile


class LaboratoryTest(Base):
    """One report. Facts are never changed: a wrong report is refused by an officer, and handed in again."""

    __tablename__ = "laboratory_tests"
    __table_args__ = (
        Index("ix_laboratory_tests_batch", "batch_id", "id"),
        Index("ix_laboratory_tests_status", "status", "id"),
        Index("ix_laboratory_tests_business", "business_id", "id"),
    )

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    """Who handed it in: whoever made or holds the batch."""
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), unique=True)
    """None while the batch is a draft."""
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    laboratory: Mapped[str]
    report: Mapped[str]
    """The report's number."""
    sample: Mapped[str]
    sampled_at: Mapped[datetime]
    passed: Mapped[bool]
    findings: Mapped[list[dict[str, Any]]]
    """``[{substance, value, unit, limit}]``, as printed."""
    document_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    status: Mapped[LaboratoryStatus]
    reason: Mapped[str] = mapped_column(default="")
    """Of the decision."""
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_by_name: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    batch: Mapped[Batch] = relationship()
    business: Mapped[Business] = relationship()
    document: Mapped[StoredFile] = relationship()


def reports_of_batch(batch_id: int, *, business_id: int | None = None) -> Select[LaboratoryTest]:
    """Newest first, with their papers; of one business, or all."""
    statement = select(LaboratoryTest).where(LaboratoryTest.batch_id == batch_id)
    if business_id is not None:
        statement = statement.where(LaboratoryTest.business_id == business_id)
    return statement.options(joinedload(LaboratoryTest.document)).order_by(LaboratoryTest.id.desc())


def reports_where(
    *, status: LaboratoryStatus | None = None, passed: bool | None = None, business_id: int | None = None
) -> Select[LaboratoryTest]:
    """With their batches, products and businesses."""
    statement = select(LaboratoryTest).options(
        joinedload(LaboratoryTest.batch).joinedload(Batch.product),
        joinedload(LaboratoryTest.business),
        joinedload(LaboratoryTest.document),
    )
    if status is not None:
        statement = statement.where(LaboratoryTest.status == status)
    if passed is not None:
        statement = statement.where(LaboratoryTest.passed == passed)
    return statement if business_id is None else statement.where(LaboratoryTest.business_id == business_id)


def same_report(business_id: int, batch_id: int, laboratory: str, report: str) -> Select[LaboratoryTest]:
    """What this business handed in of it before, unless it was refused."""
    return select(LaboratoryTest).where(
        LaboratoryTest.business_id == business_id,
        LaboratoryTest.batch_id == batch_id,
        LaboratoryTest.laboratory == laboratory,
        LaboratoryTest.report == report,
        LaboratoryTest.status != LaboratoryStatus.REFUSED,
    )


def failed_tests(batch_id: int) -> Select[LaboratoryTest]:
    """Those that keep a batch back."""
    return select(LaboratoryTest).where(
        LaboratoryTest.batch_id == batch_id, ~LaboratoryTest.passed, LaboratoryTest.status.in_(KEEPING_BACK)
    )


def reports_without_event(batch_id: int) -> Select[LaboratoryTest]:
    """Of a draft: what is written into its history once it is published."""
    return (
        select(LaboratoryTest)
        .where(
            LaboratoryTest.batch_id == batch_id,
            LaboratoryTest.event_id.is_(None),
            LaboratoryTest.status != LaboratoryStatus.REFUSED,
        )
        .order_by(LaboratoryTest.id)
    )


def batches_made_of(batch_id: int) -> Select[int]:
    """A batch and everything that was made of it."""
    reached = select(Batch.id).where(Batch.id == batch_id).cte("made_of", recursive=True)
    return select(reached.union(select(Link.child_id).join(reached, Link.parent_id == reached.c.id)).c.id)


def batches_failed() -> Select[int]:
    """Every batch that a failed test keeps back, and everything that was made of one."""
    failed = select(LaboratoryTest.batch_id.label("id")).where(
        ~LaboratoryTest.passed, LaboratoryTest.status.in_(KEEPING_BACK)
    )
    reached = failed.cte("failed", recursive=True)
    return select(reached.union(select(Link.child_id).join(reached, Link.parent_id == reached.c.id)).c.id)
