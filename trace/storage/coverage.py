"""The department's dated official list."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..domain.businesses import BusinessKind
from .businesses import Business
from .database import Base, PrimaryKey


class Match(enum.StrEnum):
    """How an entry of the list came to its business."""

    NONE = "none"
    PROPOSED = "proposed"
    TAX_CODE = "tax_code"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class RegisterList(Base):
    """One list as the department published it on a date; the newest by ``as_of`` is the denominator."""

    __tablename__ = "register_lists"

    id: Mapped[PrimaryKey]
    as_of: Mapped[date] = mapped_column(index=True)
    source: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    entry_count: Mapped[int]
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    imported_by_name: Mapped[str]
    imported_at: Mapped[datetime]


class RegisterEntry(Base):
    __tablename__ = "register_entries"
    __table_args__ = (
        UniqueConstraint("list_id", "row"),
        Index("ix_register_entries_business", "business_id"),
        Index("ix_register_entries_match", "list_id", "match", "id"),
    )

    id: Mapped[PrimaryKey]
    list_id: Mapped[int] = mapped_column(ForeignKey("register_lists.id", ondelete="CASCADE"))
    row: Mapped[int]
    """The row of the sheet it came from."""
    name: Mapped[str]
    folded_name: Mapped[str]
    tax_code: Mapped[str | None]
    kind: Mapped[BusinessKind | None]
    address: Mapped[str]
    commune_code: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    """How a former address was read."""
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    match: Mapped[Match]

    business: Mapped[Business | None] = relationship()
