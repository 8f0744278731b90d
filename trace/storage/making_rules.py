"""What products declare of their making, each from a day on; append-only."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.making_rules import MakingRule
from .database import Base, PrimaryKey


class DeclaredRule(Base):
    """From ``valid_from`` on, until another one of the product; of one day the last declared counts."""

    __tablename__ = "making_rules"
    __table_args__ = (Index("ix_making_rules_product", "product_id", "valid_from", "id"),)

    id: Mapped[PrimaryKey]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    valid_from: Mapped[date]
    added: Mapped[dict[str, Any]]
    """``{ingredient: percent of all that goes in, at most}``."""
    grams_per_piece: Mapped[int | None]
    by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str]
    at: Mapped[datetime]

    @property
    def rule(self) -> MakingRule:
        return MakingRule(self.added, self.grams_per_piece)

    @property
    def ingredients(self) -> list[dict[str, Any]]:
        return [{"name": name, "share": share} for name, share in self.added.items()]


def rules_of(product_id: int) -> Select[DeclaredRule]:
    return select(DeclaredRule).where(DeclaredRule.product_id == product_id)


def rules_until(product_ids: Iterable[int], day: date) -> Select[DeclaredRule]:
    """Every rule that had begun; of each product the one in force comes last."""
    return (
        select(DeclaredRule)
        .where(DeclaredRule.product_id.in_(product_ids), DeclaredRule.valid_from <= day)
        .order_by(DeclaredRule.valid_from, DeclaredRule.id)
    )
