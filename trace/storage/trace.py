"""Everything that a batch came from, or that was made of it.

Two questions, however deep or wide the graph, each answered from indexes whatever the size of the database.
"""

from collections.abc import Collection
from functools import cache

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from ..domain.balance import Direction
from ..domain.evidence import Evidence
from .balance import Holding, Link
from .batches import Batch
from .businesses import Business
from .cases import Case
from .chain import Event, for_anyone, stands
from .database import BigInt
from .diary_flags import DiaryFlag, FlaggedBatch, batches_kept_back
from .handovers import Handover
from .inspections import was_inspected
from .products import Product
from .sites import Site

_seller, _buyer = aliased(Business), aliased(Business)


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
            Batch.recall_id,
            Product.name.label("product"),
            Product.unit,
            Business.legal_name.label("business"),
            Site.commune_code,
        )
        .join(reached, reached.c.id == Batch.id)
        .join(Product, Product.id == Batch.product_id)
        .join(Business, Business.id == Batch.business_id)
        .join(Site, Site.id == Batch.site_id)
        .where(_few(reached.c.id))
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
        .where(_few(reached.c.id), _open(reached.c.id, readers))
        .order_by(reached.c.id, far)
    )


def events_reached(direction: Direction, readers: int | None) -> Select[*tuple[object, ...]]:
    """What happened to these batches and still stands, in order; readers see what they recorded, and what anyone may know.

    Rows are an event, its site's name, code, GLN and commune, and of a delivery who gave, who took and its status; whether it was seen on site.
    """
    reached = _reached(direction, readers)
    seen = (
        true() if readers is None else or_(for_anyone(), *(Event.business_id == reader for reader in _readers(readers)))
    )
    return (
        select(
            Event,
            Site.name,
            Site.code,
            Site.gln,
            Site.commune_code,
            _seller.legal_name,
            func.coalesce(_buyer.legal_name, Handover.buyer_name),
            Handover.status,
            was_inspected(Event.id),
        )
        .join(reached, reached.c.id == Event.batch_id)
        .outerjoin(Site, Site.id == Event.site_id)
        .outerjoin(Handover, Handover.id == Event.handover_id)
        .outerjoin(_seller, _seller.id == Handover.seller_id)
        .outerjoin(_buyer, _buyer.id == Handover.buyer_id)
        .where(_few(reached.c.id), stands(), seen)
        .order_by(Event.event_time, Event.id)
    )


def deliveries_reached(direction: Direction, readers: int | None) -> Select[*tuple[object, ...]]:
    """The deliveries of these batches, in the order in which they were sent; readers see those they gave or got."""
    reached = _reached(direction, readers)
    statement = _deliveries().join(reached, reached.c.id == Handover.batch_id).where(_few(reached.c.id))
    if readers is None:
        return statement
    return statement.where(or_(false(), *(_side(reader) for reader in _readers(readers))))


def deliveries_of(batch_ids: Collection[int], business_id: int | None) -> Select[*tuple[object, ...]]:
    """As ``deliveries_reached``, of these batches; None sees everything."""
    statement = _deliveries().where(Handover.batch_id.in_(batch_ids))
    return statement if business_id is None else statement.where(_side(business_id))


def _deliveries() -> Select[*tuple[object, ...]]:
    return (
        select(
            Handover.id,
            Handover.batch_id,
            Handover.seller_id,
            Handover.buyer_id,
            _seller.legal_name.label("seller"),
            func.coalesce(_buyer.legal_name, Handover.buyer_name).label("buyer"),
            Handover.sent,
            Handover.received,
            Handover.status,
            Handover.shipped_at,
            Handover.received_at,
            Case.code.label("case"),
        )
        .join(_seller, _seller.id == Handover.seller_id)
        .outerjoin(_buyer, _buyer.id == Handover.buyer_id)
        .outerjoin(Case, Case.id == Handover.case_id)
        .order_by(Handover.shipped_at, Handover.id)
    )


def _side(business_id: int | BindParameter[int]) -> ColumnElement[bool]:
    return or_(Handover.seller_id == business_id, Handover.buyer_id == business_id)


def evidence_of(event_ids: Collection[int]) -> Select[int, Evidence]:
    known = case((was_inspected(Event.id), literal(Evidence.INSPECTED, Event.evidence.type)), else_=Event.evidence)
    return select(Event.id, known).where(Event.id.in_(event_ids))


def flagged(batch_ids: Collection[int], business_id: int | None) -> Select[int]:
    """Those of a harvest with an open flag, and what was made of them; flags of one business, or of all."""
    statement = batches_kept_back().where(FlaggedBatch.batch_id.in_(batch_ids))
    return statement if business_id is None else statement.where(DiaryFlag.business_id == business_id)


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
    own = or_(false(), *(Holding.business_id == reader for reader in _readers(readers)))
    return exists().where(Holding.batch_id == batch_id, own)


def _readers(count: int) -> list[BindParameter[int]]:
    return [bindparam(f"business_{number}", type_=BigInt) for number in range(count)]


def _few(batch_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Always true. A planner that knows nothing of a value compared with itself takes it for rare, and looks up what
    belongs to each batch; guessing how far a recursion goes, PostgreSQL would rather read whole tables."""
    return batch_id == func.abs(batch_id)


def published_batch(code: str) -> Select[Batch]:
    """The batch of a code; drafts have none."""
    return select(Batch).where(Batch.public_code == code)
