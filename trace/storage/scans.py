"""Looks at labels: no IP address, no stable device identity."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Select, func, select
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.scans import Visitor
from .database import Base, PrimaryKey


class Scan(Base):
    """One look: the same device asking for the same code again within ten minutes adds no row."""

    __tablename__ = "scans"
    __table_args__ = (Index("ix_scans_batch", "batch_id", "at"), Index("ix_scans_device", "device", "at"))

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.id"))
    """None for a code that resolves to nothing: those count in the share of scans that resolve."""
    code: Mapped[str]
    serial: Mapped[str | None]
    visitor: Mapped[Visitor]
    device: Mapped[str]
    """Keyed hash of what the browser sends, with a salt that changes every day."""
    place: Mapped[str] = mapped_column(default="")
    """Commune code where the shopper chose to say so; empty otherwise."""
    at: Mapped[datetime]


class ScanCount(Base):
    """Looks by people for each batch, counted when written: as many as ``scans`` has rows of people for it."""

    __tablename__ = "scan_counts"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    people: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None]


class ScanMonth(Base):
    """Looks by people in each month in Việt Nam, counted when written, so that nobody counts millions of them to see a year."""

    __tablename__ = "scan_months"

    month: Mapped[date] = mapped_column(primary_key=True)
    """Its first day."""
    people: Mapped[int]
    resolved: Mapped[int]
    """Of these, those that led to a batch."""


def looks_by_month(first: date, last: date) -> Select[date, int, int]:
    """Month, looks and those that led to a batch."""
    months = select(ScanMonth.month, ScanMonth.people, ScanMonth.resolved)
    return months.where(ScanMonth.month.between(first, last)).order_by(ScanMonth.month)


def latest_looks(devices: Iterable[str], since: datetime) -> Select[str, str, datetime]:
    """When each of these devices last looked at each code: rows of device, code, time."""
    return (
        select(Scan.device, Scan.code, func.max(Scan.at))
        .where(Scan.device.in_(devices), Scan.at >= since)
        .group_by(Scan.device, Scan.code)
    )
