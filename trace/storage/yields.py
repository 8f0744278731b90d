"""Yields by crop, in versions, and what was harvested on a site."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Select,
    UniqueConstraint,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, aliased, mapped_column

from ..domain.batches import BatchStatus
from ..domain.diary import EntryKind
from ..domain.products import Commodity
from ..domain.quantities import Unit
from ..domain.sites import SiteKind
from ..domain.yields import Yield
from .balance import Link
from .batches import Batch
from .database import Base, PrimaryKey
from .diary import DiaryEntry, Season
from .products import Product
from .sites import Site


class CropYield(Base):
    """One version of what a crop gives, in grams per square metre and cycle; never changed, only followed by another."""

    __tablename__ = "crop_yields"
    __table_args__ = (UniqueConstraint("commodity", "crop", "number"),)

    id: Mapped[PrimaryKey]
    commodity: Mapped[Commodity]
    crop: Mapped[str]
    """As it is written in names of products; empty for every crop of the commodity without a row of its own."""
    number: Mapped[int]
    valid_from: Mapped[date]
    """The first harvest day that it holds for."""
    low: Mapped[int]
    high: Mapped[int]
    cycles: Mapped[int]
    region: Mapped[str]
    """Where it was measured, in words; empty where nobody said."""
    source: Mapped[str]
    estimate: Mapped[str]
    """What of it is an estimate, and whose figures should replace it; empty where everything was measured."""
    reason: Mapped[str]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_by_name: Mapped[str]
    published_at: Mapped[datetime]

    @property
    def expected(self) -> Yield:
        return Yield(self.low, self.high, self.cycles)


def yields_at(day: date, commodity: Commodity | None = None) -> Select[CropYield]:
    """The version of each crop in force on a day; before the first one, the first."""
    each, other = aliased(CropYield), aliased(CropYield)
    in_force = (
        select(other.id)
        .where(
            other.commodity == each.commodity,
            other.crop == each.crop,
            or_(other.valid_from <= day, other.number == 1),
        )
        .order_by(other.valid_from.desc(), other.number.desc())
        .limit(1)
        .correlate(each)
        .scalar_subquery()
    )
    statement = select(each).where(each.id == in_force).order_by(each.commodity, each.crop)
    return statement if commodity is None else statement.where(each.commodity == commodity)


def versions_of(commodity: Commodity, crop: str) -> Select[CropYield]:
    """Newest first."""
    return (
        select(CropYield)
        .where(CropYield.commodity == commodity, CropYield.crop == crop)
        .order_by(CropYield.number.desc())
    )


def _sums(
    amount: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    day: InstrumentedAttribute[date],
    on: date,
    days: int,
) -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[bool]]:
    """Of the calendar year and of the ``days`` up to ``on``, and the condition that a row counts for either."""
    first, last = date(on.year, 1, 1), date(on.year, 12, 31)
    since = on - timedelta(days=days - 1)
    in_year, in_cycle = day.between(first, last), day.between(since, on)
    return (
        func.coalesce(func.sum(case((in_year, amount), else_=0)), 0),
        func.coalesce(func.sum(case((in_cycle, amount), else_=0)), 0),
        day.between(min(first, since), last),
    )


def batches_harvested(
    site_id: int, commodity: Commodity, on: date, days: int, *, except_batch: int
) -> Select[str, int, int]:
    """Product name, amount of the year, amount of the last ``days``: of what was harvested on a site and not withdrawn.

    A batch made of others was harvested before, under another number.
    """
    in_year, in_cycle, counts = _sums(Batch.amount, Batch.production_date, on, days)
    return (
        select(Product.name, in_year, in_cycle)
        .join(Batch.product)
        .where(
            Batch.site_id == site_id,
            Batch.id != except_batch,
            Batch.status != BatchStatus.WITHDRAWN,
            Product.commodity == commodity,
            Product.unit == Unit.KGM,
            counts,
            ~exists().where(Link.child_id == Batch.id),
        )
        .group_by(Product.id, Product.name)
    )


def diary_harvested(
    site_id: int, commodity: Commodity, on: date, days: int, *, except_entries: Sequence[int]
) -> Select[str, int, int]:
    """The same of the diary's harvests, as corrected."""
    in_year, in_cycle, counts = _sums(DiaryEntry.amount, DiaryEntry.happened_on, on, days)
    later = aliased(DiaryEntry)
    original = func.coalesce(DiaryEntry.corrects_id, DiaryEntry.id)
    return (
        select(Product.name, in_year, in_cycle)
        .join(DiaryEntry.season)
        .join(Season.product)
        .where(
            Season.site_id == site_id,
            DiaryEntry.kind == EntryKind.HARVEST,
            original.not_in(except_entries),
            ~exists().where(later.corrects_id == original, later.id > DiaryEntry.id),
            Product.commodity == commodity,
            Product.unit == Unit.KGM,
            counts,
        )
        .group_by(Product.id, Product.name)
    )


def sites_without_area() -> Select[int]:
    """How many growing areas in use say nothing of their size."""
    return select(func.count()).where(Site.kind == SiteKind.GROWING_AREA, Site.active, Site.area_m2.is_(None))


def products_without_yield() -> Select[int]:
    """How many products in use are of a commodity for which there is no general yield, or are not weighed."""
    general = select(CropYield.commodity).where(CropYield.crop == "")
    return select(func.count()).where(Product.active, or_(Product.commodity.not_in(general), Product.unit != Unit.KGM))
