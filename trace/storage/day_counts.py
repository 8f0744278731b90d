"""How many batches were published on each day: what plans add up, whatever their number.

Triggers of ``batches`` and ``products`` write each change of a count as a row of its own, so that nobody waits for
anybody; ``services.settling`` adds them to the counts, and whoever reads adds both.
"""

from datetime import date

from sqlalchemy import BigInteger, ColumnElement, cast, func, select
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.plans import Period
from .database import Base, PrimaryKey


class PublishedDay(Base):
    """Batches that shoppers see, by the day in Việt Nam on which they were published."""

    __tablename__ = "published_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    packaging: Mapped[str] = mapped_column(primary_key=True)
    """``Product.packaging_material``; empty where none was said."""
    complete: Mapped[bool] = mapped_column(primary_key=True)
    batches: Mapped[int]


class PublishedChange(Base):
    """``batches`` more, or less, than ``PublishedDay`` says."""

    __tablename__ = "published_changes"

    id: Mapped[PrimaryKey]
    day: Mapped[date]
    packaging: Mapped[str]
    complete: Mapped[bool]
    batches: Mapped[int]


def published_in(
    period: Period, *, packaging: tuple[str, ...] = (), complete: bool | None = None
) -> ColumnElement[int]:
    """How many batches were published in a period and not withdrawn since; ``packaging`` empty: in whatever."""

    def of(model: type[PublishedDay] | type[PublishedChange]) -> ColumnElement[int]:
        statement = select(cast(func.coalesce(func.sum(model.batches), 0), BigInteger)).where(
            model.day.between(period.starts_on, period.ends_on)
        )
        if packaging:
            statement = statement.where(model.packaging.in_(packaging))
        if complete is not None:
            statement = statement.where(model.complete == complete)
        return statement.scalar_subquery()

    return of(PublishedDay) + of(PublishedChange)
