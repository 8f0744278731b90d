"""Printers that a business saved by name, each with its paper and how far it misses."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, UniqueConstraint, Update, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.printers import Way, kind_of
from .database import Base, PrimaryKey


class SavedPrinter(Base):
    """``format`` and ``paper`` are as those of a ``LabelIssue``, which keeps its own: what becomes of a printer changes
    no old order."""

    __tablename__ = "printers"
    __table_args__ = (UniqueConstraint("business_id", "name"),)

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    name: Mapped[str]
    format: Mapped[str]
    paper: Mapped[dict[str, Any]]
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    saved_by_name: Mapped[str]
    saved_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When labels were last made for it."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def way(self) -> Way:
        return kind_of(self.format, self.paper)

    @property
    def offset(self) -> Mapping[str, float]:
        """In millimetres to the right and down, and the factor of lengths."""
        if (printer := self.paper.get("printer")) is None:
            return dict(self.paper["offset"])
        return {"x": printer["offset_x"], "y": printer["offset_y"], "scale": printer["scale"]}


def printers_of(business_id: int) -> Select[SavedPrinter]:
    """The one used last first; of those never used, the one saved last."""
    return (
        select(SavedPrinter)
        .where(SavedPrinter.business_id == business_id)
        .order_by(SavedPrinter.used_at.desc().nulls_last(), SavedPrinter.id.desc())
    )


def printer_named(business_id: int, name: str) -> Select[SavedPrinter]:
    return select(SavedPrinter).where(SavedPrinter.business_id == business_id, SavedPrinter.name == name)


def use_of(business_id: int, name: str, at: datetime) -> Update:
    """Note that labels are made for it: nobody's ``version`` of it grows old by that."""
    named = SavedPrinter.business_id == business_id, SavedPrinter.name == name
    return update(SavedPrinter).where(*named).values(used_at=at)
