"""Which labels were handed out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.label_files import FileState
from ..domain.stamps import RangeKind
from .batches import Batch
from .database import Base, PrimaryKey

SINGLE = ("png", "svg")
"""Formats of one symbol, which goes to a printer of its own: how many labels it becomes nobody knows."""


class PublicCode(Base):
    """Every code that was ever given to a batch or a roll. Triggers of both tables write it, so no two share one."""

    __tablename__ = "public_codes"

    code: Mapped[str] = mapped_column(primary_key=True)


class StampKey(Base):
    """A master key that stamps were issued with: its fingerprint, never the key."""

    __tablename__ = "stamp_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    first_used_at: Mapped[datetime]


class LabelIssue(Base):
    """One hand-out of labels, of a batch or on a blank roll; append-only in practice, voided never deleted.

    The labels of an issue with serials are stamps, with the indexes 0 to ``count`` - 1.
    """

    __tablename__ = "label_issues"
    __table_args__ = (
        Index("ix_label_issues_batch", "batch_id", "id"),
        Index("ix_label_issues_business", "business_id", "id"),
        UniqueConstraint("public_code", "ordinal"),
    )

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.id"))
    """None of a blank roll, whose stretches are bound to batches later (``storage.stamps``)."""
    public_code: Mapped[str | None]
    """What stamps carry before their serial: the batch's code, or the roll's own. None of labels without serials."""
    ordinal: Mapped[int | None]
    """Of an issue with serials among those of its code."""
    key_id: Mapped[str | None] = mapped_column(ForeignKey("stamp_keys.id"))
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    count: Mapped[int]
    format: Mapped[str]
    """``services.labels.LabelFormat``."""
    geometry: Mapped[dict[str, Any]]
    """The paper as it was asked for; empty for a single symbol."""
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_by_name: Mapped[str]
    at: Mapped[datetime]

    batch: Mapped[Batch | None] = relationship()


class LabelFile(Base):
    """The file of an issue of stamps, from when it is asked for until it is removed."""

    __tablename__ = "label_files"

    issue_id: Mapped[int] = mapped_column(ForeignKey("label_issues.id"), primary_key=True, autoincrement=False)
    state: Mapped[FileState]
    done: Mapped[int] = mapped_column(default=0)
    """Labels."""
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[dict[str, Any]]
    """Of one that failed: ``{message, values}`` of the error's sentence."""


class StampRange(Base):
    """What somebody did with a stretch of an issue; append-only. Ranges of one kind and issue never overlap."""

    __tablename__ = "stamp_ranges"
    __table_args__ = (
        Index("ix_stamp_ranges_issue", "issue_id", "kind", "first"),
        CheckConstraint("first >= 0 AND first <= last", name="in_order"),
    )

    id: Mapped[PrimaryKey]
    issue_id: Mapped[int] = mapped_column(ForeignKey("label_issues.id"))
    kind: Mapped[RangeKind]
    first: Mapped[int]
    last: Mapped[int]
    """Index of the last stamp, which belongs to it."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.id"), index=True)
    """Of a stretch of a blank roll: what it was stuck on."""
    reason: Mapped[str] = mapped_column(default="")
    by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str]
    at: Mapped[datetime]

    batch: Mapped[Batch | None] = relationship()


def issues_of(batch_id: int) -> Select[LabelIssue]:
    """Newest first."""
    return select(LabelIssue).where(LabelIssue.batch_id == batch_id).order_by(LabelIssue.id.desc())


def labels_made_for(batch_id: int) -> Select[int]:
    """How many labels were handed out, or stuck on from a blank roll; single symbols are not counted."""
    printed = select(func.coalesce(func.sum(LabelIssue.count), 0)).where(
        LabelIssue.batch_id == batch_id, LabelIssue.format.not_in(SINGLE)
    )
    bound = select(func.coalesce(func.sum(StampRange.last - StampRange.first + 1), 0)).where(
        StampRange.batch_id == batch_id
    )
    return select(printed.scalar_subquery() + bound.scalar_subquery())


def latest_labels_of(business_id: int) -> Select[LabelIssue]:
    """The labels without serials printed last: the next are most often printed in the same way."""
    return (
        select(LabelIssue)
        .where(
            LabelIssue.business_id == business_id,
            LabelIssue.ordinal.is_(None),
            LabelIssue.format.not_in((*SINGLE, "csv")),
        )
        .order_by(LabelIssue.id.desc())
        .limit(1)
    )


def latest_stamps_of(business_id: int) -> Select[LabelIssue]:
    """The stamps issued last: the next are most often printed in the same way."""
    return (
        select(LabelIssue)
        .where(LabelIssue.business_id == business_id, LabelIssue.ordinal.is_not(None))
        .order_by(LabelIssue.id.desc())
        .limit(1)
    )


def stamp_issues_of(batch_id: int) -> Select[LabelIssue]:
    """Those with serials that were made for a batch, oldest first."""
    return (
        select(LabelIssue)
        .where(LabelIssue.batch_id == batch_id, LabelIssue.ordinal.is_not(None))
        .order_by(LabelIssue.ordinal)
    )


def batches_labelled_from(issue_id: int) -> Select[int]:
    """The batches that stamps of an issue are for, or were bound to."""
    of_issue = select(LabelIssue.batch_id).where(LabelIssue.id == issue_id, LabelIssue.batch_id.is_not(None))
    bound = select(StampRange.batch_id).where(StampRange.issue_id == issue_id, StampRange.batch_id.is_not(None))
    return select(Batch.id).where(Batch.id.in_(of_issue.union(bound)))


def ranges_of(issue_ids: Iterable[int]) -> Select[StampRange]:
    """In their order, with the batches that they were bound to."""
    return (
        select(StampRange)
        .where(StampRange.issue_id.in_(issue_ids))
        .order_by(StampRange.first, StampRange.id)
        .options(joinedload(StampRange.batch))
    )


def rolls_of(business_id: int) -> Select[LabelIssue]:
    """Blank rolls."""
    return select(LabelIssue).where(LabelIssue.business_id == business_id, LabelIssue.batch_id.is_(None))


def rolls_with(code: str) -> Select[int]:
    return select(LabelIssue.id).where(LabelIssue.public_code == code, LabelIssue.batch_id.is_(None))


def next_ordinal(code: str) -> Select[int]:
    """They are counted from 0, and no issue ever goes."""
    return select(func.count()).where(LabelIssue.public_code == code)


def key_ids() -> Select[str]:
    """Of every key that stamps were issued with."""
    return select(StampKey.id).order_by(StampKey.first_used_at)
