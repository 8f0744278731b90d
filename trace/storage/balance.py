"""Who holds how much of which batch, how it went, and which batch became part of which."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, UniqueConstraint, exists, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain import crockford
from ..domain.balance import MovementKind
from .batches import Batch, found_by
from .businesses import Business
from .chain import Event
from .database import Base, PrimaryKey
from .products import Product


class Holding(Base):
    """How much of a batch a business has now. Changed only by ``services.holdings``, in one conditional statement."""

    __tablename__ = "holdings"
    __table_args__ = (
        UniqueConstraint("batch_id", "business_id"),
        Index("ix_holdings_business", "business_id", "id"),
        CheckConstraint("amount >= 0", name="not_negative"),
        CheckConstraint("packed >= 0 AND packed <= amount", name="packed_within_amount"),
    )

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    amount: Mapped[int]
    """In the base unit of the batch's product, as ``packed``."""
    packed: Mapped[int] = mapped_column(default=0)
    """How much of it is in closed cases."""

    batch: Mapped[Batch] = relationship()

    @property
    def product(self) -> Product:
        return self.batch.product

    @property
    def loose(self) -> int:
        """What can be used, sold or given by itself."""
        return self.amount - self.packed


class Movement(Base):
    """What left a holding. A maker holds its batch's amount, less these."""

    __tablename__ = "movements"
    __table_args__ = (
        Index("ix_movements_batch", "batch_id", "business_id"),
        CheckConstraint("amount > 0", name="positive"),
    )

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    kind: Mapped[MovementKind]
    amount: Mapped[int]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    at: Mapped[datetime]

    event: Mapped[Event] = relationship()
    """What it was part of: a removal, or the making of ``event.batch_id``."""


class Link(Base):
    """``amount`` of the parent, in its base unit, became part of the child.

    A child is always registered after its parents, and ids only grow: so the check keeps the graph free of cycles.
    """

    __tablename__ = "links"
    __table_args__ = (
        UniqueConstraint("child_id", "parent_id"),
        Index("ix_links_parent", "parent_id", "child_id"),
        CheckConstraint("parent_id < child_id", name="child_is_newer"),
        CheckConstraint("amount > 0", name="positive"),
    )

    id: Mapped[PrimaryKey]
    parent_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    amount: Mapped[int]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))

    parent: Mapped[Batch] = relationship(foreign_keys=parent_id)
    child: Mapped[Batch] = relationship(foreign_keys=child_id)


def batch_within_reach(business_id: int, batch_id: int) -> Select[Batch]:
    """A batch that a business made, holds or held; nothing where it has nothing to do with it."""
    held = exists().where(Holding.batch_id == batch_id, Holding.business_id == business_id)
    return select(Batch).where(Batch.id == batch_id, or_(Batch.business_id == business_id, held))


def holding_of(business_id: int, batch_id: int) -> Select[Holding]:
    return (
        select(Holding)
        .where(Holding.business_id == business_id, Holding.batch_id == batch_id)
        .options(joinedload(Holding.batch).joinedload(Batch.product))
    )


def holdings_of(
    business_id: int, *, batch_ids: Iterable[int] | None = None, left: bool = False, search: str = ""
) -> Select[Holding]:
    """A business's holdings with their batches, products and makers; ``left``: only those of which something is left.

    ``search`` is part of a lot, of a public code or of a product's name.
    """
    statement = (
        select(Holding)
        .where(Holding.business_id == business_id)
        .options(
            joinedload(Holding.batch).options(
                joinedload(Batch.product).joinedload(Product.photo), joinedload(Batch.business)
            )
        )
    )
    if search:
        statement = statement.join(Holding.batch).join(Batch.product).where(found_by(search))
    if batch_ids is not None:
        statement = statement.where(Holding.batch_id.in_(batch_ids))
    return statement.where(Holding.amount > 0) if left else statement


def moved(business_id: int, batch_id: int) -> Select[MovementKind, int]:
    """How much of a batch left a business's holding, by kind."""
    return (
        select(Movement.kind, func.sum(Movement.amount))
        .where(Movement.business_id == business_id, Movement.batch_id == batch_id)
        .group_by(Movement.kind)
    )


def movements_of(business_id: int, batch_id: int) -> Select[Movement]:
    """What left a business's holding, one by one, with its events."""
    return (
        select(Movement)
        .where(Movement.business_id == business_id, Movement.batch_id == batch_id)
        .options(joinedload(Movement.event))
    )


def holdings_of_code(business_id: int, code: str) -> Select[Holding]:
    """What a business holds of the batches with this lot or public code, as it was typed or scanned."""
    same = or_(Batch.lot == code.upper(), Batch.public_code == crockford.normalise(code))
    return holdings_of(business_id, left=True).join(Holding.batch).where(same)


def movement_of(event_id: int) -> Select[Movement]:
    """What a removal took."""
    return select(Movement).where(Movement.event_id == event_id)


def holders_of(batch_id: int) -> Select[int, str, int]:
    """Id and name of every business that holds or held a batch, and how much it has now; the first holder first."""
    return (
        select(Business.id, Business.legal_name, Holding.amount)
        .join(Holding, Holding.business_id == Business.id)
        .where(Holding.batch_id == batch_id)
        .order_by(Holding.id)
    )


def moved_anywhere(batch_id: int) -> Select[int, MovementKind, int]:
    """Business, kind and how much of a batch left holdings."""
    return (
        select(Movement.business_id, Movement.kind, func.sum(Movement.amount))
        .where(Movement.batch_id == batch_id)
        .group_by(Movement.business_id, Movement.kind)
    )


def links_to(child_id: int) -> Select[Link]:
    """What went into a batch, with the parents and their products."""
    return (
        select(Link)
        .where(Link.child_id == child_id)
        .order_by(Link.parent_id)
        .options(joinedload(Link.parent).joinedload(Batch.product))
    )


def first_child_of(batch_id: int) -> Select[str, date]:
    """Lot and production date of the earliest batch that was made from this one."""
    return (
        select(Batch.lot, Batch.production_date)
        .join(Link, Link.child_id == Batch.id)
        .where(Link.parent_id == batch_id)
        .order_by(Batch.production_date)
        .limit(1)
    )
