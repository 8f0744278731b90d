"""What a batch's reach rests on, and the batches whose reach is still to be looked at again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from ..domain.batches import BatchStatus
from ..domain.businesses import TRADING
from ..domain.handovers import HandoverStatus
from ..domain.products import Commodity
from ..domain.reach import Reach
from ..domain.stamps import RangeKind
from .balance import Link
from .batches import Batch
from .businesses import Business
from .database import Base, PrimaryKey
from .handovers import Handover
from .labels import LabelIssue, StampRange
from .products import Product

CONFIRMED = (HandoverStatus.ACCEPTED, HandoverStatus.ACCEPTED_WITH_DIFFERENCE)
"""Both sides agree. While they dispute, the goods were received, but no step is confirmed."""

_parent, _voided = aliased(Batch), aliased(StampRange)


class AwaitedReach(Base):
    """A batch that something elsewhere touched: its reach, and who handles it, is looked at in a transaction of its own."""

    __tablename__ = "awaited_reaches"

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))


def states_of(batch_ids: Collection[int]) -> Select[int, int, bool, bool, bool, bool, bool, bool]:
    """Id, reach and unbroken as they are kept; then published, complete, labelled, handed over, parents unbroken now."""
    return select(
        Batch.id,
        Batch.reach,
        Batch.unbroken,
        (Batch.status == BatchStatus.PUBLISHED).label("published"),
        Batch.complete,
        _labelled().label("labelled"),
        exists().where(Handover.batch_id == Batch.id, Handover.status.in_(CONFIRMED)).label("handed_over"),
        (~_broken_behind()).label("parents_unbroken"),
    ).where(Batch.id.in_(batch_ids))


def _labelled() -> ColumnElement[bool]:
    """Of an issue, or of a stretch of a blank roll bound to the batch, something is not voided."""
    void = (_voided.kind == RangeKind.VOIDED, _voided.issue_id)
    voided = select(func.coalesce(func.sum(_voided.last - _voided.first + 1), 0)).where(
        void[0], void[1] == LabelIssue.id
    )
    printed = exists().where(
        LabelIssue.batch_id == Batch.id, voided.correlate(LabelIssue).scalar_subquery() < LabelIssue.count
    )
    end = case((_voided.last < StampRange.last, _voided.last), else_=StampRange.last)
    start = case((_voided.first > StampRange.first, _voided.first), else_=StampRange.first)
    inside = select(func.coalesce(func.sum(end - start + 1), 0)).where(
        void[0],
        void[1] == StampRange.issue_id,
        _voided.first <= StampRange.last,
        _voided.last >= StampRange.first,
    )
    bound = exists().where(
        StampRange.batch_id == Batch.id,
        StampRange.kind == RangeKind.BOUND,
        inside.correlate(StampRange).scalar_subquery() < StampRange.last - StampRange.first + 1,
    )
    return or_(printed, bound)


def _broken_behind() -> ColumnElement[bool]:
    received = exists().where(
        Handover.batch_id == _parent.id, Handover.buyer_id == Batch.business_id, Handover.status.in_(CONFIRMED)
    )
    came = or_(_parent.business_id == Batch.business_id, received)
    return exists().where(Link.child_id == Batch.id, _parent.id == Link.parent_id, or_(~_parent.unbroken, ~came))


def children_of(batch_ids: Collection[int]) -> Select[int]:
    return select(Link.child_id).where(Link.parent_id.in_(batch_ids)).distinct().order_by(Link.child_id)


def received_by_traders(batch_ids: Collection[int]) -> Select[int, int | None]:
    """Each of these batches that a business got which trades, and that business."""
    return (
        select(Handover.batch_id, Handover.buyer_id)
        .join(Business, Business.id == Handover.buyer_id)
        .where(Handover.batch_id.in_(batch_ids), Business.kind.in_(TRADING), Handover.received.is_not(None))
        .distinct()
        .order_by(Handover.batch_id, Handover.buyer_id)
    )


def latest_made(business_ids: Collection[int]) -> Select[int, Commodity, *tuple[datetime | None, ...]]:
    """Business, commodity, and for each reach from PUBLISHED on when the latest batch of one product that came so far
    was published: a few seeks a product, however many batches it has."""
    latest = [
        select(func.max(Batch.published_at))
        .where(Batch.product_id == Product.id, Batch.reach == reach.value)
        .scalar_subquery()
        for reach in Reach
        if reach
    ]
    return select(Product.business_id, Product.commodity, *latest).where(Product.business_id.in_(business_ids))


def latest_received(business_ids: Collection[int]) -> Select[int | None, Commodity, int, datetime | None]:
    """As ``latest_made``, a row for each reach, of what businesses confirmed that they received."""
    return (
        select(Handover.buyer_id, Product.commodity, Batch.reach, func.max(Batch.published_at))
        .join(Batch, and_(Batch.id == Handover.batch_id, Batch.reach > Reach.HIDDEN.value))
        .join(Product, Product.id == Batch.product_id)
        .where(Handover.buyer_id.in_(business_ids), Handover.status.in_(CONFIRMED))
        .group_by(Handover.buyer_id, Product.commodity, Batch.reach)
    )
