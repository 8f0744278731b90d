"""Stamps have no rows: what is kept is what became of ranges of them, and the few that somebody scanned."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    exists,
    extract,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, joinedload, mapped_column, relationship
from sqlalchemy.sql.dml import Insert

from ..domain.measures import in_force
from ..domain.stamp_verdicts import StampVerdict, Thresholds
from ..domain.stamps import RangeKind
from .balance import Holding
from .batches import Batch
from .businesses import Business
from .database import Base, PrimaryKey
from .labels import LabelIssue, StampRange
from .measures import read_measures
from .products import Product

MOST_LOOKS = 200
"""Read of one stamp: far beyond what is ordinary."""


class StampScan(Base):
    """One device's first look of a day at one stamp: what ``domain.stamp_verdicts.Look`` says. No robots, no colleagues."""

    __tablename__ = "stamp_scans"
    __table_args__ = (UniqueConstraint("issue_id", "stamp", "device"),)

    id: Mapped[PrimaryKey]
    issue_id: Mapped[int] = mapped_column(ForeignKey("label_issues.id"))
    stamp: Mapped[int]
    """Index within the issue."""
    device: Mapped[str]
    """As ``Scan.device``: another one every day."""
    place: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class StampSignal(Base):
    """How often, on one day in Việt Nam, stamps of one code gave a verdict that somebody should hear of."""

    __tablename__ = "stamp_signals"
    __table_args__ = (
        UniqueConstraint("public_code", "day", "verdict"),
        Index("ix_stamp_signals_business", "business_id", "id"),
        Index("ix_stamp_signals_day", "day"),
    )

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.id"))
    public_code: Mapped[str]
    verdict: Mapped[StampVerdict]
    day: Mapped[date]
    count: Mapped[int] = mapped_column(default=1)
    last_at: Mapped[datetime]

    business: Mapped[Business] = relationship()
    batch: Mapped[Batch | None] = relationship()


_Column = InstrumentedAttribute[Any] | ColumnElement[Any]


def _nearest(kind: RangeKind, column: _Column) -> ColumnElement[Any]:
    """Of the range that begins last before the stamp: as ranges do not overlap, no other can hold it."""
    return (
        select(column)
        .where(StampRange.issue_id == LabelIssue.id, StampRange.kind == kind, StampRange.first <= bindparam("stamp"))
        .order_by(StampRange.first.desc())
        .limit(1)
        .scalar_subquery()
    )


def _holds(kind: RangeKind) -> ColumnElement[bool]:
    return func.coalesce(_nearest(kind, StampRange.last) >= bindparam("stamp"), False)


_bound_to = case((StampRange.last >= bindparam("stamp"), StampRange.batch_id))  # not that of a stretch before it
_its_batch = func.coalesce(LabelIssue.batch_id, _nearest(RangeKind.BOUND, _bound_to))
stamp_at = (
    select(
        LabelIssue.id,
        LabelIssue.business_id,
        LabelIssue.count.label("stamps"),
        LabelIssue.key_id,
        LabelIssue.at,
        LabelIssue.batch_id.is_(None).label("is_roll"),
        _holds(RangeKind.VOIDED).label("voided"),
        _nearest(RangeKind.VOIDED, StampRange.at).label("voided_at"),
        _holds(RangeKind.BOUND).label("bound"),
        _nearest(RangeKind.BOUND, StampRange.at).label("bound_at"),
        _holds(RangeKind.ACTIVATED).label("activated"),
        _nearest(RangeKind.ACTIVATED, StampRange.at).label("activated_at"),
        Batch.id.label("its_batch"),
        Batch.public_code.label("batch_code"),
        Product.stamp_occasions,
    )
    .select_from(LabelIssue)
    .outerjoin(Batch, Batch.id == _its_batch)
    .outerjoin(Product, Product.id == Batch.product_id)
    .where(LabelIssue.public_code == bindparam("code"), LabelIssue.ordinal == bindparam("ordinal"))
)
"""One row, or none, for ``code``, ``ordinal`` and the index ``stamp``. ``voided_at`` and its like are those of the nearest
range, and say something only where it holds the stamp."""


def looks_at(issue_id: int, stamp: int, since: datetime) -> Select[datetime, str, str]:
    """Time, device and place of its scans since then, oldest first."""
    return (
        select(StampScan.at, StampScan.device, StampScan.place)
        .where(StampScan.issue_id == issue_id, StampScan.stamp == stamp, StampScan.at >= since)
        .order_by(StampScan.id)
        .limit(MOST_LOOKS)
    )


def overlapping(issue_id: int, kind: RangeKind, first: int, last: int) -> Select[StampRange]:
    return select(StampRange).where(_overlaps(issue_id, kind, first, last)).order_by(StampRange.first)


def add_range(issue_id: int, kind: RangeKind, first: int, last: int, **facts: Any) -> Insert:
    """Adds the range and returns its id; nothing where it would overlap one of its kind. The issue must be locked."""
    values = {"issue_id": issue_id, "kind": kind, "first": first, "last": last, "reason": "", **facts}
    columns = [StampRange.__table__.c[name] for name in values]
    row = select(*(literal(value, column.type) for value, column in zip(values.values(), columns, strict=True)))
    free = ~exists().where(_overlaps(issue_id, kind, first, last))
    return insert(StampRange).from_select(columns, row.where(free)).returning(StampRange.id)


def _overlaps(issue_id: int, kind: RangeKind, first: int, last: int) -> ColumnElement[bool]:
    return and_(
        StampRange.issue_id == issue_id, StampRange.kind == kind, StampRange.first <= last, StampRange.last >= first
    )


def signals_where(*, business_id: int | None = None) -> Select[StampSignal]:
    """With their businesses and batches."""
    statement = select(StampSignal).options(
        joinedload(StampSignal.business), joinedload(StampSignal.batch).joinedload(Batch.product)
    )
    return statement if business_id is None else statement.where(StampSignal.business_id == business_id)


def signals_by_month(first: date, last: date) -> Select[int, int, int]:
    """Year, month and how many scans of stamps somebody should hear of, between these days."""
    year, month = extract("year", StampSignal.day), extract("month", StampSignal.day)
    return (
        select(year, month, func.sum(StampSignal.count))
        .where(StampSignal.day.between(first, last))
        .group_by(year, month)
        .order_by(year, month)
    )


def signals_on(code: str, day: date) -> Select[int]:
    """How many of any kind there were of one code on one day."""
    return select(func.sum(StampSignal.count)).where(StampSignal.public_code == code, StampSignal.day == day)


def handled_by(batch_id: int, business_ids: Iterable[int]) -> Select[bool]:
    """Whether one of these businesses made the batch, or holds or held it."""
    own = list(business_ids)
    made = exists().where(Batch.id == batch_id, Batch.business_id.in_(own))
    return select(made | exists().where(Holding.batch_id == batch_id, Holding.business_id.in_(own)))


@cache
def thresholds_on(day: date) -> Thresholds:
    return in_force(Thresholds, read_measures("stamp_measures.csv"), day)
