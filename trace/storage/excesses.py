"""What was more than thought possible, with the reason that was given."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.excesses import ExcessKind
from .batches import Batch
from .businesses import Business
from .database import Base, PrimaryKey
from .diary import DiaryEntry, Season


class Excess(Base):
    """Of a batch, or of an entry of a diary."""

    __tablename__ = "excesses"
    __table_args__ = (Index("ix_excesses_seen", "seen_at", "id"), Index("ix_excesses_business", "business_id", "id"))

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    kind: Mapped[ExcessKind]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("diary_entries.id"), index=True)
    details: Mapped[dict[str, Any]]
    """Harvest: ``{site, crop, area_m2, days, possible, recorded, amount}`` in grams; labels: ``{packs, made, count}``."""
    reason: Mapped[str]
    by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str]
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    seen_by_name: Mapped[str] = mapped_column(default="")
    conclusion: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    business: Mapped[Business] = relationship()
    batch: Mapped[Batch | None] = relationship()
    entry: Mapped[DiaryEntry | None] = relationship()


def excesses_where(
    *, business_id: int | None = None, kind: ExcessKind | None = None, is_seen: bool | None = None
) -> Select[Excess]:
    """With what they are about."""
    statement = select(Excess).options(
        joinedload(Excess.business),
        joinedload(Excess.batch).joinedload(Batch.product),
        joinedload(Excess.entry).joinedload(DiaryEntry.season).joinedload(Season.product),
    )
    if business_id is not None:
        statement = statement.where(Excess.business_id == business_id)
    if kind is not None:
        statement = statement.where(Excess.kind == kind)
    if is_seen is not None:
        statement = statement.where(Excess.seen_at.is_not(None) if is_seen else Excess.seen_at.is_(None))
    return statement


def harvest_excess_of(batch_id: int) -> Select[Excess]:
    return select(Excess).where(Excess.batch_id == batch_id, Excess.kind == ExcessKind.HARVEST)


def unseen_count(business_id: int) -> Select[int]:
    return select(func.count()).where(Excess.business_id == business_id, Excess.seen_at.is_(None))
