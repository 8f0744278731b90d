"""Everything that a batch came from, or that was made of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CTE, ColumnElement, Select, exists, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from ..domain.balance import Direction
from ..domain.batches import BatchStatus
from ..domain.quantities import Unit
from .balance import Holding, Link
from .batches import Batch
from .businesses import Business
from .products import Product
from .sites import Site


@dataclass(frozen=True)
class Closure:
    """The batches reached from one, in one direction.

    ``seen_by``: only what these businesses may see, which is every batch that they hold or held and one step further;
    None sees everything. Each question is one statement, however deep or wide the graph.
    """

    start: int
    direction: Direction
    seen_by: Collection[int] | None

    def batches(self) -> Select[str | None, str, date, BatchStatus, str, str, str]:
        """Rows: public code, lot, production date, status, product, business, commune code; oldest first."""
        reached = self._reached()
        return (
            select(
                Batch.public_code.label("code"),
                Batch.lot,
                Batch.production_date,
                Batch.status,
                Product.name.label("product"),
                Business.legal_name.label("business"),
                Site.commune_code,
            )
            .join(reached, reached.c.id == Batch.id)
            .join(Product, Product.id == Batch.product_id)
            .join(Business, Business.id == Batch.business_id)
            .join(Site, Site.id == Batch.site_id)
            .order_by(reached.c.id)  # not by the batch's: SQLite would walk the whole table in its order
        )

    def links(self) -> Select[str | None, str | None, int, Unit]:
        """Rows: the parent's and the child's public code, the amount and its unit."""
        reached = self._reached()
        parent, child = aliased(Batch), aliased(Batch)
        near, far = self._ends()
        return (
            select(parent.public_code.label("parent"), child.public_code.label("child"), Link.amount, Product.unit)
            .select_from(reached)
            .join(Link, near == reached.c.id)
            .join(parent, parent.id == Link.parent_id)
            .join(child, child.id == Link.child_id)
            .join(Product, Product.id == parent.product_id)
            .where(self._open(reached.c.id))
            .order_by(reached.c.id, far)
        )

    def _reached(self) -> CTE:
        reached = select(Batch.id).where(Batch.id == self.start).cte("reached", recursive=True)
        near, far = self._ends()
        return reached.union(select(far).join(reached, near == reached.c.id).where(self._open(reached.c.id)))

    def _ends(self) -> tuple[InstrumentedAttribute[int], InstrumentedAttribute[int]]:
        ends = Link.parent_id, Link.child_id
        return ends if self.direction is Direction.FORWARD else ends[::-1]

    def _open(self, batch_id: ColumnElement[int]) -> ColumnElement[bool]:
        """The condition that the caller may look beyond a batch."""
        if self.seen_by is None:
            return true()
        return exists().where(Holding.batch_id == batch_id, Holding.business_id.in_(self.seen_by))


def published_batch(code: str) -> Select[Batch]:
    """The batch of a code; drafts have none."""
    return select(Batch).where(Batch.public_code == code)
