"""The enrolled businesses and every decision taken about them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..domain.businesses import BusinessKind, BusinessStatus
from .database import Base, PrimaryKey
from .files import StoredFile


class Business(Base):
    __tablename__ = "businesses"
    __table_args__ = (
        Index("ix_businesses_commune", "commune_code", "id"),
        Index("ix_businesses_status", "status", "id"),
        Index("ix_businesses_kind", "kind", "id"),
        Index("ix_businesses_folded", "folded_name", "id"),
    )

    id: Mapped[PrimaryKey]
    kind: Mapped[BusinessKind]
    legal_name: Mapped[str]
    folded_name: Mapped[str]
    """``domain.text.fold(legal_name)``, for search."""
    tax_code: Mapped[str | None] = mapped_column(unique=True)
    household_number: Mapped[str | None]
    """Business-household registration number, where there is no tax code."""
    phone: Mapped[str]
    """E.164."""
    province_code: Mapped[str]
    commune_code: Mapped[str]
    street: Mapped[str] = mapped_column(default="")
    former_address: Mapped[str] = mapped_column(default="")
    """What was typed, where it named a unit abolished on 30 June 2025."""
    status: Mapped[BusinessStatus]
    visibility: Mapped[dict[str, Any]]
    """``{field: true}`` for what shoppers may see beyond name and commune: ``phone``, ``street``."""
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    complete_batches: Mapped[int] = mapped_column(default=0)
    """Published batches with all ten legal items; kept up to date by what publishes and corrects them."""
    last_complete_at: Mapped[datetime | None]
    """When the latest complete batch was published."""
    last_event_on: Mapped[date | None]
    """The day in Việt Nam on which it last recorded an event."""

    __mapper_args__ = {"version_id_col": version}

    decisions: Mapped[list["BusinessDecision"]] = relationship(order_by="BusinessDecision.id")
    documents: Mapped[list["BusinessDocument"]] = relationship(order_by="BusinessDocument.id")


class BusinessDecision(Base):
    """One step in a business's standing; append-only."""

    __tablename__ = "business_decisions"

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    before: Mapped[BusinessStatus]
    after: Mapped[BusinessStatus]
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_by_name: Mapped[str]
    at: Mapped[datetime]


class BusinessDocument(Base):
    """A paper behind the application."""

    __tablename__ = "business_documents"

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    name: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    created_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship()


def ids_in_commune(commune_code: str | None) -> Select[int]:
    return select(Business.id).where(Business.commune_code == commune_code)


def businesses_with(business_ids: Collection[int]) -> Select[Business]:
    return select(Business).where(Business.id.in_(business_ids))


def names_of(business_ids: Collection[int]) -> Select[int, str]:
    return select(Business.id, Business.legal_name).where(Business.id.in_(business_ids))


def business_with_tax_code(tax_code: str) -> Select[Business]:
    return select(Business).where(Business.tax_code == tax_code)
