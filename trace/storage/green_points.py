"""Applications to be a green business point, and the criteria and periods that they are judged by."""

import csv
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from ..domain.green_points import Criterion, GreenPointStatus, Measures
from ..domain.measures import in_force
from ..domain.products import Commodity
from ..domain.text import fold
from .businesses import Business
from .database import Base, PrimaryKey
from .files import StoredFile
from .measures import read_measures
from .sites import Site

_CRITERIA = Path(__file__).parent.parent / "data" / "green_point_criteria.csv"


class GreenPoint(Base):
    """Of one place of sale."""

    __tablename__ = "green_points"
    __table_args__ = (
        Index("ix_green_points_business", "business_id", "id"),
        Index("ix_green_points_status", "status", "id"),
        Index("ix_green_points_valid_until", "status", "valid_until", "id"),
    )

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    status: Mapped[GreenPointStatus]
    shown_address: Mapped[str] = mapped_column(default="")
    """What shoppers read beyond the commune; empty where the business did not choose to show more."""
    answers: Mapped[list[dict[str, Any]]]
    """``{criterion, met, note}`` for each criterion in force on ``applied_on``."""
    applied_on: Mapped[date]
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    """The last day."""
    lapse_announced_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    business: Mapped[Business] = relationship()
    site: Mapped[Site] = relationship()
    goods: Mapped[list["GreenPointGoods"]] = relationship(cascade="all, delete-orphan")
    evidence: Mapped[list["GreenPointEvidence"]] = relationship(order_by="GreenPointEvidence.id")

    @property
    def commodities(self) -> list[Commodity]:
        return [each for each in Commodity if each in {one.commodity for one in self.goods}]

    def stands(self, on: date) -> bool:
        return self.status is GreenPointStatus.AWARDED and self.valid_until is not None and self.valid_until >= on


class GreenPointGoods(Base):
    """A commodity that is sold there."""

    __tablename__ = "green_point_goods"
    __table_args__ = (Index("ix_green_point_goods_commodity", "commodity", "point_id"),)

    point_id: Mapped[int] = mapped_column(ForeignKey("green_points.id"), primary_key=True, autoincrement=False)
    commodity: Mapped[Commodity] = mapped_column(primary_key=True)


class GreenPointEvidence(Base):
    """A photo or paper that shows a criterion is met; for the business and the department."""

    __tablename__ = "green_point_evidence"

    id: Mapped[PrimaryKey]
    point_id: Mapped[int] = mapped_column(ForeignKey("green_points.id"), index=True)
    criterion: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))

    file: Mapped[StoredFile] = relationship(lazy="joined")


@cache
def _all_criteria() -> tuple[Criterion, ...]:
    with _CRITERIA.open(encoding="utf-8", newline="") as file:
        return tuple(
            Criterion(
                row["name"],
                date.fromisoformat(row["from"]),
                date.fromisoformat(row["until"]) if row["until"] else None,
                row["required"] == "yes",
                row["evidence"] == "yes",
                {"vi": row["vi"], "en": row["en"]},
                row["source"],
            )
            for row in csv.DictReader(file)
        )


def criteria_on(day: date) -> Sequence[Criterion]:
    return [each for each in _all_criteria() if each.holds(day)]


def measures_on(day: date) -> Measures:
    return in_force(Measures, read_measures("green_point_measures.csv"), day)


def points_where(*, business_id: int | None = None, status: GreenPointStatus | None = None) -> Select[GreenPoint]:
    """With their businesses, places and commodities."""
    statement = select(GreenPoint).options(
        joinedload(GreenPoint.business), joinedload(GreenPoint.site), selectinload(GreenPoint.goods)
    )
    if business_id is not None:
        statement = statement.where(GreenPoint.business_id == business_id)
    return statement if status is None else statement.where(GreenPoint.status == status)


def standing_points(
    on: date, *, search: str = "", commune_code: str = "", commodity: Commodity | None = None
) -> Select[GreenPoint]:
    """Those that shoppers may go to on that day; ``search`` is part of the name of the place or of its business."""
    statement = points_where(status=GreenPointStatus.AWARDED).where(GreenPoint.valid_until >= on)
    if search:
        named = Business.folded_name.contains(fold(search), autoescape=True)
        statement = statement.join(GreenPoint.business).where(named)
    if commune_code:
        places = select(Site.id).where(Site.commune_code == commune_code)
        statement = statement.where(GreenPoint.site_id.in_(places))
    if commodity is not None:
        sellers = select(GreenPointGoods.point_id).where(GreenPointGoods.commodity == commodity)
        statement = statement.where(GreenPoint.id.in_(sellers))
    return statement


def standing_by_commune(on: date) -> Select[str, int]:
    """How many stand in each commune; for the map, and for the indicators of a plan."""
    return (
        select(Site.commune_code, func.count())
        .join(GreenPoint, GreenPoint.site_id == Site.id)
        .where(GreenPoint.status == GreenPointStatus.AWARDED, GreenPoint.valid_until >= on)
        .group_by(Site.commune_code)
    )


def open_for_site(site_id: int, on: date) -> Select[GreenPoint]:
    """What keeps a place from applying again."""
    stands = (GreenPoint.status == GreenPointStatus.AWARDED) & (
        GreenPoint.valid_until >= on + timedelta(days=measures_on(on).lapse_notice_days)
    )
    return select(GreenPoint).where(
        GreenPoint.site_id == site_id, or_(GreenPoint.status == GreenPointStatus.APPLIED, stands)
    )


def lapsing_points(on: date) -> Select[GreenPoint]:
    """Whose time ends soon and whose business was not told yet."""
    last = on + timedelta(days=measures_on(on).lapse_notice_days)
    return (
        points_where(status=GreenPointStatus.AWARDED)
        .where(GreenPoint.valid_until >= on, GreenPoint.valid_until < last, GreenPoint.lapse_announced_at.is_(None))
        .order_by(GreenPoint.id)
    )
