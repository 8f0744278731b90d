"""The chain templates of the commodities, in versions, and which one holds for a batch."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    ScalarSelect,
    Select,
    UniqueConstraint,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, aliased, mapped_column

from ..domain.batches import BatchStatus
from ..domain.products import Commodity
from .batches import Batch
from .database import Base, PrimaryKey
from .products import Product


class ChainTemplate(Base):
    """One version of the stages that a commodity's batches are expected to show; never changed, only followed by another."""

    __tablename__ = "chain_templates"
    __table_args__ = (
        UniqueConstraint("commodity", "number"),
        Index("ix_chain_templates_in_force", "commodity", "valid_from", "number"),
    )

    id: Mapped[PrimaryKey]
    commodity: Mapped[Commodity]
    number: Mapped[int]
    valid_from: Mapped[date]
    """The first production date that it holds for."""
    stages: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """``[{"step": "packing", "optional": false}, …]`` in their order."""
    source: Mapped[str]
    reason: Mapped[str]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_by_name: Mapped[str]
    published_at: Mapped[datetime]
    businesses: Mapped[int] = mapped_column(default=0)
    """Whose batches have to be judged again because of it."""
    recounted: Mapped[int] = mapped_column(default=0)
    """How many of them were; ``recounted_to`` is the id of the last."""
    recounted_to: Mapped[int | None]


def template_at(
    commodity: InstrumentedAttribute[Commodity] | Commodity, day: InstrumentedAttribute[date] | date
) -> Select[ChainTemplate]:
    """The version in force on a day; before the first one, the first."""
    return (
        select(ChainTemplate)
        .where(ChainTemplate.commodity == commodity, or_(ChainTemplate.valid_from <= day, ChainTemplate.number == 1))
        .order_by(ChainTemplate.valid_from.desc(), ChainTemplate.number.desc())
        .limit(1)
    )


def expected_stages() -> ScalarSelect[Any]:
    """A column beside ``Batch`` and ``Product``: the stages in force on the day the batch was produced.

    Read with the batch's own row, so that no page asks one question more and no process remembers what changed elsewhere.
    """
    in_force = template_at(Product.commodity, Batch.production_date)
    return in_force.with_only_columns(ChainTemplate.stages).correlate(Batch, Product).scalar_subquery()


def stages_expected_of(batch_ids: Sequence[int]) -> Select[int, Any]:
    """Each batch and the stages it is expected to show."""
    return select(Batch.id, expected_stages().label("stages")).join(Batch.product).where(Batch.id.in_(batch_ids))


def versions_of(commodity: Commodity) -> Select[ChainTemplate]:
    """Newest first."""
    return select(ChainTemplate).where(ChainTemplate.commodity == commodity).order_by(ChainTemplate.number.desc())


def templates_at(day: date) -> Select[ChainTemplate]:
    """The version of each commodity in force on a day."""
    each = aliased(ChainTemplate)
    in_force = template_at(each.commodity, day).with_only_columns(ChainTemplate.id).correlate(each)
    return select(each).where(each.id == in_force.scalar_subquery()).order_by(each.id)


def latest_templates() -> Select[ChainTemplate]:
    """The newest version of each commodity."""
    newest = select(ChainTemplate.commodity, func.max(ChainTemplate.number)).group_by(ChainTemplate.commodity)
    return select(ChainTemplate).where(tuple_(ChainTemplate.commodity, ChainTemplate.number).in_(newest))


def judged_by(commodity: Commodity, since: date) -> tuple[ColumnElement[bool], ...]:
    """Conditions on ``Batch`` joined to ``Product``: published ones that a version from ``since`` on may concern."""
    return Product.commodity == commodity, Batch.production_date >= since, Batch.status == BatchStatus.PUBLISHED


def unfinished_recount() -> Select[ChainTemplate]:
    """The oldest version by which not every business's batches were judged yet."""
    return (
        select(ChainTemplate)
        .where(ChainTemplate.recounted < ChainTemplate.businesses)
        .order_by(ChainTemplate.id)
        .limit(1)
    )
