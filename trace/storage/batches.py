"""Batches, and every version of their facts."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    SmallInteger,
    UniqueConstraint,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain import crockford
from ..domain.batches import BatchStatus
from ..domain.text import fold
from .businesses import Business
from .database import Base, PrimaryKey
from .products import Product
from .sites import Site


class Batch(Base):
    """The facts as they stand now; ``BatchVersion`` keeps how they stood before each correction."""

    __tablename__ = "batches"
    __table_args__ = (
        UniqueConstraint("business_id", "lot"),
        UniqueConstraint("business_id", "client_key"),
        Index("ix_batches_business", "business_id", "id"),
        Index("ix_batches_product", "product_id", "id"),
        Index("ix_batches_lot", "lot", "id"),
        Index("ix_batches_complete", "business_id", "complete", "status", "published_at"),
        Index("ix_batches_reach", "product_id", "reach", "published_at"),
    )

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    lot: Mapped[str]
    amount: Mapped[int]
    """In the product's base unit."""
    production_date: Mapped[date]
    best_before: Mapped[date | None]
    status: Mapped[BatchStatus]
    public_code: Mapped[str | None] = mapped_column(unique=True)
    """Minted at publishing; never changes, never reused."""
    complete: Mapped[bool] = mapped_column(default=False)
    """All applicable legal items present (Thông tư 02/2024); recounted whenever something it rests on changes."""
    reach: Mapped[int] = mapped_column(SmallInteger, default=0)
    """``domain.reach.Reach``, as ``unbroken`` kept by ``services.reach`` alone."""
    unbroken: Mapped[bool] = mapped_column(default=False)
    """``domain.reach.BatchState.unbroken``: what is made of it may come end to end."""
    published_at: Mapped[datetime | None]
    corrected_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    recall_id: Mapped[int | None] = mapped_column(ForeignKey("recalls.id"))
    """The gravest recall that covers it, set for a whole closure by one statement; for good."""
    under_review_since: Mapped[datetime | None]
    """Of a published batch that waits for an officer's conclusion; written by ``services.reviews`` alone."""
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("recalls.id"), index=True)
    """A recall that was ordered and waits for its second person; written by ``services.reviews`` alone."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    client_key: Mapped[str | None]
    """Made with the form: the same form sent twice makes one batch."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    business: Mapped[Business] = relationship()
    product: Mapped[Product] = relationship()
    site: Mapped[Site] = relationship()


class BatchVersion(Base):
    """What was said until a correction; append-only. Number 1 is what was published."""

    __tablename__ = "batch_versions"
    __table_args__ = (UniqueConstraint("batch_id", "number"),)

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    number: Mapped[int]
    facts: Mapped[dict[str, Any]]
    """``{product_id, site_id, lot, amount, production_date, best_before, season_id}``, dates in ISO form."""
    reason: Mapped[str] = mapped_column(default="")
    by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str]
    at: Mapped[datetime]


def batches_of(business_id: int, *, status: BatchStatus | None = None, search: str = "") -> Select[Batch]:
    """A business's batches with their products; ``search`` is part of a lot, of a public code or of a product's name."""
    statement = (
        select(Batch)
        .where(Batch.business_id == business_id)
        .options(joinedload(Batch.product).joinedload(Product.photo))
    )
    if status is not None:
        statement = statement.where(Batch.status == status)
    if search:
        statement = statement.join(Batch.product).where(found_by(search))
    return statement


def kept_from_recalls(batch_ids: Iterable[int]) -> Select[Batch]:
    """These batches as they stand, locked so that a recall waits until the commit, and others that only use them do not."""
    return (
        select(Batch)
        .where(Batch.id.in_(batch_ids))
        .order_by(Batch.id)
        .with_for_update(read=True, of=Batch)
        .execution_options(populate_existing=True)
    )


def found_by(search: str) -> ColumnElement[bool]:
    """The condition that a batch, its product joined, has ``search`` in its lot, public code or product's name."""
    return or_(
        Batch.lot.contains(search.upper(), autoescape=True),
        Batch.public_code.startswith(crockford.normalise(search) or "-", autoescape=True),
        Product.folded_name.contains(fold(search), autoescape=True),
    )


def latest_batch_of(business_id: int) -> Select[Batch]:
    """The batch registered last, which the next one most often resembles."""
    return select(Batch).where(Batch.business_id == business_id).order_by(Batch.id.desc()).limit(1)


def lots_with_prefix(business_id: int, prefix: str) -> Select[str]:
    return select(Batch.lot).where(Batch.business_id == business_id, Batch.lot.startswith(prefix, autoescape=True))


def batch_of_form(business_id: int, client_key: str) -> Select[Batch]:
    """What the form with this key made, if it was sent before."""
    return select(Batch).where(Batch.business_id == business_id, Batch.client_key == client_key)


def batches_of_forms(business_id: int, client_keys: Iterable[str | None]) -> Select[Batch]:
    """As ``batch_of_form``, for a form that makes several."""
    return select(Batch).where(Batch.business_id == business_id, Batch.client_key.in_(client_keys)).order_by(Batch.id)


def is_lot_taken(business_id: int, lot: str, *, except_batch: int | None = None) -> Select[bool]:
    return select(
        exists().where(Batch.business_id == business_id, Batch.lot == lot, Batch.id.is_distinct_from(except_batch))
    )


def versions_of(batch_id: int) -> Select[BatchVersion]:
    """Newest first."""
    return select(BatchVersion).where(BatchVersion.batch_id == batch_id).order_by(BatchVersion.number.desc())


def complete_batches_of(business_id: int) -> Select[int, datetime | None]:
    """How many published batches of a business are complete, and when the latest of them was published."""
    return select(func.count(), func.max(Batch.published_at)).where(
        Batch.business_id == business_id, Batch.complete, Batch.status == BatchStatus.PUBLISHED
    )


def product_has_batches(product_id: int) -> Select[bool]:
    return select(exists().where(Batch.product_id == product_id))


def latest_published_of(business_id: int, product_id: int | None = None) -> Select[Batch]:
    """What a shopper would see first of a business, or of one of its products."""
    own = [Batch.business_id == business_id] if product_id is None else [Batch.product_id == product_id]
    return select(Batch).where(*own, Batch.status == BatchStatus.PUBLISHED).order_by(Batch.id.desc()).limit(1)


def batches_with(ids: Iterable[int]) -> Select[Batch]:
    """Those with these ids, and their products."""
    return select(Batch).where(Batch.id.in_(ids)).options(joinedload(Batch.product))
