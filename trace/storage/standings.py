"""Where each entry of the official list stands, since when, and how many stand where.

A standing that changes is closed and the next one opened, so whoever stood behind a figure at any time can be listed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, exists, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.coverage import Dimension, Progress
from .coverage import RegisterEntry, found_by
from .database import Base, PrimaryKey


class Standing(Base):
    """Of one entry: of its business as a whole (``commodity`` empty), or in one commodity that it deals in."""

    __tablename__ = "coverage_standings"
    __table_args__ = (
        Index("ix_coverage_standings_entry", "entry_id", "commodity", "id"),
        Index("ix_coverage_standings_progress", "list_id", "commodity", "progress", "entry_id"),
        Index("ix_coverage_standings_lapses", "lapses_on", "id"),
    )

    id: Mapped[PrimaryKey]
    list_id: Mapped[int] = mapped_column(ForeignKey("register_lists.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entries.id", ondelete="CASCADE"))
    commodity: Mapped[str]
    progress: Mapped[Progress]
    commune: Mapped[str]
    kind: Mapped[str]
    chain: Mapped[str]
    """Number of its verified certificate of a safe food chain. As commune and kind: empty where unknown."""
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    """None while it holds."""
    lapses_on: Mapped[date | None]
    """The first day on which passing time may change it; of those that hold."""

    entry: Mapped[RegisterEntry] = relationship()


class Cell(Base):
    """How many standings hold in one value of a dimension: what screens read, changed with the standings."""

    __tablename__ = "coverage_cells"

    list_id: Mapped[int] = mapped_column(ForeignKey("register_lists.id", ondelete="CASCADE"), primary_key=True)
    dimension: Mapped[Dimension] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    progress: Mapped[Progress] = mapped_column(primary_key=True)
    entries: Mapped[int]


@dataclass(frozen=True, kw_only=True)
class Behind:
    """Which entries behind a figure are asked for; empty: all. ``at`` None: as it is now."""

    steps: Collection[Progress] = ()
    commune: str = ""
    kind: str = ""
    commodity: str = ""
    chain: str = ""
    search: str = ""
    at: datetime | None = None


def standings_of(list_id: int, asked: Behind) -> Select[Standing]:
    """With their entries and these's businesses."""
    statement = (
        select(Standing)
        .where(Standing.list_id == list_id, Standing.commodity == asked.commodity, *held_at(asked.at))
        .options(joinedload(Standing.entry).joinedload(RegisterEntry.business))
    )
    if asked.steps:
        statement = statement.where(Standing.progress.in_(sorted(asked.steps)))
    for column, value in (
        (Standing.commune, asked.commune),
        (Standing.kind, asked.kind),
        (Standing.chain, asked.chain),
    ):
        if value:
            statement = statement.where(column == value)
    return statement.join(Standing.entry).where(found_by(asked.search)) if asked.search else statement


def held_at(at: datetime | None) -> tuple[ColumnElement[bool], ...]:
    if at is None:
        return (Standing.until.is_(None),)
    return (Standing.since <= at, or_(Standing.until.is_(None), Standing.until > at))


def is_counted(list_id: object) -> ColumnElement[bool]:
    return exists().where(Cell.list_id == list_id)


def open_standings(entry_ids: Collection[int]) -> Select[Standing]:
    return select(Standing).where(Standing.entry_id.in_(entry_ids), Standing.until.is_(None))


def cells_of(list_id: int, dimension: Dimension, value: str | None = None) -> Select[str, Progress, int]:
    cells = select(Cell.value, Cell.progress, Cell.entries).where(
        Cell.list_id == list_id, Cell.dimension == dimension, Cell.entries > 0
    )
    return cells if value is None else cells.where(Cell.value == value)


def standing_counts(list_id: int, at: datetime | None) -> Select[str, Progress, str, str, str, int]:
    """What the cells add up, counted one by one: commodity, progress, commune, kind, chain, entries."""
    columns = (Standing.commodity, Standing.progress, Standing.commune, Standing.kind, Standing.chain)
    return select(*columns, func.count()).where(Standing.list_id == list_id, *held_at(at)).group_by(*columns)


def lapsing_standings(list_id: int, day: date) -> Select[int | None]:
    """Businesses whose standing in this list passing time may have changed by that day."""
    return (
        select(RegisterEntry.business_id)
        .join(Standing, Standing.entry_id == RegisterEntry.id)
        .where(Standing.lapses_on <= day, Standing.until.is_(None), Standing.list_id == list_id)
        .distinct()
        .order_by(RegisterEntry.business_id)
    )
