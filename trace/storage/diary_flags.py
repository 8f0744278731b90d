"""What the rules saw in diaries, and the batches that each early harvest keeps back."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, UniqueConstraint, func, literal, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.diary import FlagKind
from .balance import Holding, Link
from .batches import Batch
from .businesses import Business
from .database import Base, PrimaryKey
from .diary import DiaryEntry, Season
from .files import StoredFile

_MOST = 50


class DiaryFlag(Base):
    """Something that the rules saw; only an officer takes it away, whatever is corrected later."""

    __tablename__ = "diary_flags"
    __table_args__ = (
        UniqueConstraint("season_id", "kind", "sign"),
        Index("ix_diary_flags_open", "cleared_at", "id"),
    )

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    season_id: Mapped[int] = mapped_column(ForeignKey("seasons.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("diary_entries.id"))
    """The treatment whose interval was not kept, or the entry that resembles another."""
    kind: Mapped[FlagKind]
    sign: Mapped[str]
    """What was seen, so that it is not flagged twice."""
    harvested_on: Mapped[date | None]
    """Of an early harvest: the day whose batches it keeps back."""
    details: Mapped[dict[str, Any]]
    """Early harvest: ``{material, safe_from}``; a copy: ``{season_id, name, business_id, business}`` of the other season."""
    raised_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    cleared_by_name: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    """A laboratory's result, where one was handed in."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    season: Mapped[Season] = relationship()
    entry: Mapped[DiaryEntry] = relationship()
    evidence: Mapped[StoredFile | None] = relationship()
    business: Mapped[Business] = relationship()


class FlaggedBatch(Base):
    """A batch of an early harvest, or made of one. Once linked it stays so, whatever date or season it is given later."""

    __tablename__ = "flagged_batches"

    flag_id: Mapped[int] = mapped_column(ForeignKey("diary_flags.id"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True, index=True)


def flags_where(
    *, business_id: int | None = None, season_id: int | None = None, is_open: bool | None = None
) -> Select[DiaryFlag]:
    statement = select(DiaryFlag).options(
        joinedload(DiaryFlag.season).joinedload(Season.product), joinedload(DiaryFlag.business)
    )
    if business_id is not None:
        statement = statement.where(DiaryFlag.business_id == business_id)
    if season_id is not None:
        statement = statement.where(DiaryFlag.season_id == season_id)
    if is_open is not None:
        statement = statement.where(DiaryFlag.cleared_at.is_(None) if is_open else DiaryFlag.cleared_at.is_not(None))
    return statement


def is_of_harvest(flag: DiaryFlag) -> ColumnElement[bool]:
    """The batches of a flagged harvest: all of that product and day. From which plot a basket came, no one can see."""
    return (
        (Batch.business_id == flag.business_id)
        & (Batch.product_id == flag.season.product_id)
        & (Batch.production_date == flag.harvested_on)
    )


def flags_on_harvest(batch: Batch) -> Select[DiaryFlag]:
    """Open flags on the harvest of a batch's product and day, whichever season or site the batch names."""
    return (
        select(DiaryFlag)
        .join(DiaryFlag.season)
        .where(
            DiaryFlag.business_id == batch.business_id,
            DiaryFlag.cleared_at.is_(None),
            DiaryFlag.harvested_on == batch.production_date,
            Season.product_id == batch.product_id,
        )
        .order_by(DiaryFlag.id)
    )


def flags_keeping_back(batch: Batch, kinds: Collection[FlagKind]) -> Select[DiaryFlag]:
    """Open flags on the harvest of a batch, and those it was linked to when it said otherwise."""
    linked = select(FlaggedBatch.flag_id).where(FlaggedBatch.batch_id == batch.id)
    on_harvest = flags_on_harvest(batch).with_only_columns(DiaryFlag.id).order_by(None)
    return (
        select(DiaryFlag)
        .where(
            DiaryFlag.kind.in_(kinds),
            DiaryFlag.cleared_at.is_(None),
            or_(DiaryFlag.id.in_(linked), DiaryFlag.id.in_(on_harvest)),
        )
        .order_by(DiaryFlag.id)
    )


def seasons_flagged_on(business_id: int, harvested_on: date) -> Select[int]:
    """Those whose harvest of a day was flagged, whether or not that was cleared."""
    return select(DiaryFlag.season_id).where(
        DiaryFlag.business_id == business_id, DiaryFlag.harvested_on == harvested_on
    )


def unlinked(flag: DiaryFlag, first: ColumnElement[bool]) -> Select[int, int]:
    """Rows for ``FlaggedBatch``: the batches that meet ``first`` and everything made of them, where not linked yet."""
    reached = select(Batch.id).where(first).cte("reached", recursive=True)
    reached = reached.union(select(Link.child_id).join(reached, Link.parent_id == reached.c.id))
    there = select(FlaggedBatch.batch_id).where(FlaggedBatch.flag_id == flag.id)
    return select(literal(flag.id), reached.c.id).where(reached.c.id.not_in(there))


def batches_of_flag(flag_id: int) -> Select[int]:
    return select(FlaggedBatch.batch_id).where(FlaggedBatch.flag_id == flag_id)


def kept_back_by(flag_id: int) -> Select[Batch]:
    """The batches of a flag with their makers, oldest first; at most as many as a page shows."""
    return (
        select(Batch)
        .where(Batch.id.in_(batches_of_flag(flag_id)))
        .options(joinedload(Batch.business), joinedload(Batch.product))
        .order_by(Batch.id)
        .limit(_MOST)
    )


def holders_of(batch_ids: Collection[int]) -> Select[int, int, str]:
    """Business, batch and lot, of whoever holds some of these."""
    return (
        select(Holding.business_id, Batch.id, Batch.lot)
        .join(Holding.batch)
        .where(Holding.batch_id.in_(batch_ids), Holding.amount > 0)
    )


def batches_kept_back() -> Select[int]:
    """Every batch that an open flag is linked to."""
    return select(FlaggedBatch.batch_id).join(DiaryFlag).where(DiaryFlag.cleared_at.is_(None))


def flags_of_batch(batch_id: int) -> Select[DiaryFlag]:
    """Open ones that a batch is linked to, oldest first."""
    linked = select(FlaggedBatch.flag_id).where(FlaggedBatch.batch_id == batch_id)
    return flags_where(is_open=True).where(DiaryFlag.id.in_(linked)).order_by(DiaryFlag.id)


def open_flag_count(business_id: int) -> Select[int]:
    return select(func.count()).where(DiaryFlag.business_id == business_id, DiaryFlag.cleared_at.is_(None))
