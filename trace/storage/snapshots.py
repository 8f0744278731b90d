"""Figures as they were reported: one snapshot a day, written once, each carrying the hash of the one before it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Select, SmallInteger, extract, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..domain.coverage import Dimension, Progress
from ..domain.products import Commodity
from ..domain.quantities import Unit
from .batches import Batch
from .businesses import Business
from .coverage import LINKED, RegisterEntry, RegisterList
from .database import Base, PrimaryKey
from .products import Product
from .standings import Standing, held_at


class Snapshot(Base):
    __tablename__ = "coverage_snapshots"

    id: Mapped[PrimaryKey]
    day: Mapped[date] = mapped_column(unique=True)
    """In Việt Nam."""
    list_id: Mapped[int] = mapped_column(ForeignKey("register_lists.id"))
    definition_version: Mapped[int]
    period_start: Mapped[date]
    taken_at: Mapped[datetime]
    """The standings that held at this moment are those behind the figures."""
    previous: Mapped[str]
    """Hash of the snapshot before it; empty for the first."""
    hash: Mapped[str]
    """``domain.snapshots.content_hash``."""

    listed: Mapped[RegisterList] = relationship(lazy="joined", innerjoin=True)


class SnapshotCell(Base):
    __tablename__ = "coverage_snapshot_cells"

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("coverage_snapshots.id"), primary_key=True)
    dimension: Mapped[Dimension] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    progress: Mapped[Progress] = mapped_column(primary_key=True)
    entries: Mapped[int]


class SnapshotAmount(Base):
    """What was registered in the period by the businesses of the list, by how far its batch has come."""

    __tablename__ = "coverage_snapshot_amounts"

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("coverage_snapshots.id"), primary_key=True)
    dimension: Mapped[Dimension] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    reach: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    grams: Mapped[int]


def snapshots_newest() -> Select[Snapshot]:
    return select(Snapshot).order_by(Snapshot.day.desc())


def snapshot_on(day: date) -> Select[Snapshot]:
    return select(Snapshot).where(Snapshot.day == day)


def cells_of_snapshot(snapshot_id: int, dimension: Dimension | None = None) -> Select[Dimension, str, Progress, int]:
    cells = select(SnapshotCell.dimension, SnapshotCell.value, SnapshotCell.progress, SnapshotCell.entries).where(
        SnapshotCell.snapshot_id == snapshot_id
    )
    return cells if dimension is None else cells.where(SnapshotCell.dimension == dimension)


def amounts_of_snapshot(snapshot_id: int, dimension: Dimension | None = None) -> Select[Dimension, str, int, int]:
    amounts = select(SnapshotAmount.dimension, SnapshotAmount.value, SnapshotAmount.reach, SnapshotAmount.grams).where(
        SnapshotAmount.snapshot_id == snapshot_id
    )
    return amounts if dimension is None else amounts.where(SnapshotAmount.dimension == dimension)


def month_ends(first: date, last: date, dimension: Dimension, value: str) -> Select[date, Progress, int]:
    """Day, progress and entries of one value in the last snapshot of each month between these days."""
    month = extract("year", Snapshot.day) * 12 + extract("month", Snapshot.day)
    ends = select(func.max(Snapshot.day)).where(Snapshot.day.between(first, last)).group_by(month)
    return (
        select(Snapshot.day, SnapshotCell.progress, SnapshotCell.entries)
        .join(SnapshotCell, SnapshotCell.snapshot_id == Snapshot.id)
        .where(Snapshot.day.in_(ends), SnapshotCell.dimension == dimension, SnapshotCell.value == value)
        .order_by(Snapshot.day)
    )


def amounts_registered(list_id: int, at: datetime, since: datetime) -> Select[str, str, str, Commodity, int, int]:
    """Commune, kind, chain, commodity, reach and grams of what the businesses of a list made and published since."""
    return (
        select(
            Standing.commune,
            Standing.kind,
            Standing.chain,
            Product.commodity,
            Batch.reach,
            func.sum(Batch.amount),
        )
        .join(Product, Product.id == Batch.product_id)
        .join(Business, Business.id == Batch.business_id)
        .join(RegisterEntry, RegisterEntry.business_id == Business.id)
        .join(Standing, Standing.entry_id == RegisterEntry.id)
        .where(
            RegisterEntry.list_id == list_id,
            RegisterEntry.match.in_(LINKED),
            Standing.commodity == "",
            *held_at(at),
            Batch.reach > 0,
            Batch.published_at >= since,
            Product.unit == Unit.KGM,
        )
        .group_by(Standing.commune, Standing.kind, Standing.chain, Product.commodity, Batch.reach)
    )
