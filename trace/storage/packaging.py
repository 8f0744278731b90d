"""What goods are packed in, month by month. A year's batches take longer to count than a page may, so it is kept."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, String, and_, case, func, select, type_coerce
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.reach import Reach
from .batches import Batch
from .businesses import Business
from .database import Base
from .products import Product

MATERIAL = func.coalesce(type_coerce(Product.packaging_material, String), "")


class PackagingMonth(Base):
    """Batches published in a month and not withdrawn when they were counted, by commune of the business and material."""

    __tablename__ = "packaging_months"

    month: Mapped[date] = mapped_column(primary_key=True)
    """Its first day, in Việt Nam."""
    commune_code: Mapped[str] = mapped_column(primary_key=True)
    """Empty where the business has none."""
    material: Mapped[str] = mapped_column(primary_key=True)
    """A ``PackagingMaterial``; empty where the product says nothing."""
    batches: Mapped[int]
    counted_on: Mapped[date]


def published_by_commune(since: datetime, until: datetime) -> Select[str, str, int]:
    """Commune, material, batches."""
    commune = func.coalesce(Business.commune_code, "")
    return (
        select(commune, MATERIAL, func.count())
        .select_from(Product)
        .join(Batch, Batch.product_id == Product.id)
        .join(Business, Business.id == Product.business_id)
        .where(_published(since, until))
        .group_by(commune, MATERIAL)
    )


def published_by(business_id: int, periods: Sequence[tuple[datetime, datetime]]) -> Select[str, *tuple[int, ...]]:
    """Material, then the batches of each period."""
    counts = (func.count(case((_published(since, until), 1))) for since, until in periods)
    return (
        select(MATERIAL, *counts)
        .select_from(Product)
        .join(Batch, Batch.product_id == Product.id)
        .where(Product.business_id == business_id, _published(periods[0][0], periods[-1][1]))
        .group_by(MATERIAL)
    )


def kept(since: date, commune_code: str) -> Select[date, str, int, date]:
    """Month, material, batches and the day they were counted on; of the whole city without a commune."""
    asked = select(
        PackagingMonth.month,
        PackagingMonth.material,
        func.sum(PackagingMonth.batches),
        func.max(PackagingMonth.counted_on),
    ).where(PackagingMonth.month >= since)
    if commune_code:
        asked = asked.where(PackagingMonth.commune_code == commune_code)
    return asked.group_by(PackagingMonth.month, PackagingMonth.material)


def _published(since: datetime, until: datetime) -> ColumnElement[bool]:
    """In the words of ``ix_batches_reach``, which then has all that is asked."""
    return and_(Batch.reach > Reach.HIDDEN.value, Batch.published_at >= since, Batch.published_at < until)
