"""Batches, and every version of their facts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..domain.batches import BatchStatus
from .businesses import Business
from .database import Base, PrimaryKey
from .products import Product
from .sites import Site


class Batch(Base):
    """The facts as they stand now; ``BatchVersion`` keeps how they stood before each correction."""

    __tablename__ = "batches"
    __table_args__ = (
        UniqueConstraint("business_id", "lot"),
        Index("ix_batches_business", "business_id", "id"),
        Index("ix_batches_product", "product_id", "id"),
        Index("ix_batches_complete", "business_id", "complete", "published_at"),
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
    published_at: Mapped[datetime | None]
    corrected_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

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
    """``{product_id, site_id, lot, amount, production_date, best_before}``, dates in ISO form."""
    reason: Mapped[str] = mapped_column(default="")
    by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str]
    at: Mapped[datetime]
