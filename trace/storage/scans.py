"""Looks at labels: no IP address, no stable device identity."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.scans import Visitor
from .database import Base, PrimaryKey


class Scan(Base):
    __tablename__ = "scans"
    __table_args__ = (Index("ix_scans_batch", "batch_id", "at"), Index("ix_scans_device", "batch_id", "device", "at"))

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
    """Looks by people for each batch, counted when written."""

    __tablename__ = "scan_counts"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    people: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None]
