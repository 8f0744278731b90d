"""Everything that a batch came from, or that was made of it.

Two questions, however deep or wide the graph, each answered from indexes whatever the size of the database: names are
looked up batch by batch (scalar subqueries), because a planner that guesses how far the recursion goes would rather
read whole tables.
"""

from functools import cache

from sqlalchemy import CTE, ColumnElement, ScalarSelect, Select, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from ..domain.balance import Direction
from .balance import Holding, Link
from .batches import Batch
from .businesses import Business
from .products import Product
from .sites import Site


@cache
def batches_reached(direction: Direction, readers: int | None) -> Select[*tuple[object, ...]]:
    """The batch of ``code`` and what is reached from it; a row for each, in the order in which they were registered.

    ``readers``: how many businesses ask, as ``business_0`` and so on. They may see what they hold or held, and one step
    further; None sees everything.
    """
    reached = _reached(direction, readers)
    return (
        select(
            Batch.id,
            Batch.public_code.label("code"),
            Batch.lot,
            Batch.production_date,
            Batch.status,
            Batch.amount,
            Batch.business_id,
            _one(Product.name, Product.id == Batch.product_id).label("product"),
            _one(Product.unit, Product.id == Batch.product_id).label("unit"),
            _one(Business.legal_name, Business.id == Batch.business_id).label("business"),
            _one(Site.commune_code, Site.id == Batch.site_id).label("commune_code"),
        )
        .join(reached, reached.c.id == Batch.id)
        .order_by(reached.c.id)  # not by the batch's: SQLite would walk the whole table in its order
    )


@cache
def links_reached(direction: Direction, readers: int | None) -> Select[int, int, int, int]:
    """The links between these batches: the ids of parent and child, the amount of the parent, and the event."""
    reached = _reached(direction, readers)
    near, far = _ends(direction)
    return (
        select(Link.parent_id, Link.child_id, Link.amount, Link.event_id)
        .join(reached, near == reached.c.id)
        .where(_open(reached.c.id, readers))
        .order_by(reached.c.id, far)
    )


def _reached(direction: Direction, readers: int | None) -> CTE:
    start = select(Batch.id).where(Batch.public_code == bindparam("code"))
    reached = start.cte("reached", recursive=True)
    near, far = _ends(direction)
    return reached.union(select(far).join(reached, near == reached.c.id).where(_open(reached.c.id, readers)))


def _ends(direction: Direction) -> tuple[InstrumentedAttribute[int], InstrumentedAttribute[int]]:
    ends = Link.parent_id, Link.child_id
    return ends if direction is Direction.FORWARD else ends[::-1]


def _open(batch_id: ColumnElement[int], readers: int | None) -> ColumnElement[bool]:
    """The condition that the readers may look beyond a batch."""
    if readers is None:
        return true()
    own = or_(false(), *(Holding.business_id == bindparam(f"business_{number}") for number in range(readers)))
    return exists().where(Holding.batch_id == batch_id, own)


def _one(column: InstrumentedAttribute[str], condition: ColumnElement[bool]) -> ScalarSelect[str]:
    return select(column).where(condition).scalar_subquery()


def published_batch(code: str) -> Select[Batch]:
    """The batch of a code; drafts have none."""
    return select(Batch).where(Batch.public_code == code)
