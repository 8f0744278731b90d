"""Risk scores: what each business's facts were when they were last counted, how its score went, and what facts weigh."""

from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, exists, or_, select
from sqlalchemy.orm import Mapped, aliased, contains_eager, mapped_column, relationship, selectinload

from ..domain.businesses import BusinessKind, BusinessStatus
from ..domain.products import Commodity
from ..domain.risks import Point, Weight, facts_from, points_of
from ..domain.text import fold
from .audit import AuditEntry
from .businesses import Business
from .database import Base, PrimaryKey
from .products import Product


class RiskWeights(Base):
    """One version of what everything weighs; never changed, only followed by another."""

    __tablename__ = "risk_weights"

    id: Mapped[PrimaryKey]
    number: Mapped[int] = mapped_column(unique=True)
    valid_from: Mapped[date]
    weights: Mapped[dict[str, Any]]
    """``{name: {per, points, most, source, estimate}}``, see ``domain.risks.Weight``."""
    source: Mapped[str]
    reason: Mapped[str]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_by_name: Mapped[str]
    """Who proposed it."""
    approved_by_name: Mapped[str] = mapped_column(default="")
    """The second person; empty for what came with the service."""
    published_at: Mapped[datetime]

    @cached_property
    def by_name(self) -> dict[str, Weight]:
        return {name: Weight(**facts) for name, facts in self.weights.items()}


class BusinessRisk(Base):
    """What is known of an approved business now, and what it comes to."""

    __tablename__ = "business_risks"
    __table_args__ = (Index("ix_business_risks_score", "score", "business_id"),)

    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), primary_key=True, autoincrement=False)
    score: Mapped[int]
    facts: Mapped[list[dict[str, Any]]]
    """``domain.risks.Fact.as_json`` of each: other weights give other points without asking anything again."""
    weights_number: Mapped[int] = mapped_column(ForeignKey("risk_weights.number"))
    """Of the version that the score was reckoned by."""
    counted_at: Mapped[datetime]

    business: Mapped[Business] = relationship()
    weights: Mapped[RiskWeights] = relationship()

    @property
    def points(self) -> list[Point]:
        """What the score is the sum of, most first."""
        return points_of(facts_from(self.facts), self.weights.by_name)


class RiskScore(Base):
    """A score that differed from the one before, with the facts that explain it; append-only."""

    __tablename__ = "risk_scores"
    __table_args__ = (Index("ix_risk_scores_business", "business_id", "id"),)

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    score: Mapped[int]
    facts: Mapped[list[dict[str, Any]]]
    weights_number: Mapped[int] = mapped_column(ForeignKey("risk_weights.number"))
    at: Mapped[datetime]

    weights: Mapped[RiskWeights] = relationship()

    @property
    def points(self) -> list[Point]:
        return points_of(facts_from(self.facts), self.weights.by_name)


_WEIGHTS = selectinload(BusinessRisk.weights)  # the same few for all rows, and long


def weights_on(day: date) -> Select[RiskWeights]:
    """The version in force on a day."""
    return (
        weights_said()
        .where(RiskWeights.valid_from <= day)
        .order_by(None)
        .order_by(RiskWeights.valid_from.desc(), RiskWeights.number.desc())
        .limit(1)
    )


def weights_said() -> Select[RiskWeights]:
    """Newest first."""
    return select(RiskWeights).order_by(RiskWeights.number.desc())


def risk_of(business_id: int) -> Select[BusinessRisk]:
    return select(BusinessRisk).where(BusinessRisk.business_id == business_id).options(_WEIGHTS)


def risks_where(
    *,
    search: str = "",
    kind: BusinessKind | None = None,
    commune_code: str = "",
    commodity: Commodity | None = None,
) -> Select[BusinessRisk]:
    """With their businesses and weights; ``search`` as in ``storage.register.businesses_where``."""
    named = contains_eager(BusinessRisk.business)
    statement = select(BusinessRisk).join(BusinessRisk.business).options(named, _WEIGHTS)
    if search:
        like = Business.folded_name.contains(fold(search), autoescape=True)
        statement = statement.where(or_(like, Business.tax_code.startswith(search, autoescape=True)))
    if kind is not None:
        statement = statement.where(Business.kind == kind)
    if commune_code:
        statement = statement.where(Business.commune_code == commune_code)
    if commodity is not None:
        makes = exists().where(
            Product.business_id == BusinessRisk.business_id, Product.commodity == commodity, Product.active
        )
        statement = statement.where(makes)
    return statement


def highest_first(statement: Select[BusinessRisk], after: int | None = None) -> Select[BusinessRisk]:
    """By score, and of equals who came last: backwards along the index. ``after`` ends the page before."""
    if after is not None:
        last = aliased(BusinessRisk)
        score = select(last.score).where(last.business_id == after).scalar_subquery()
        statement = statement.where(
            or_(
                BusinessRisk.score < score,
                (BusinessRisk.score == score) & (BusinessRisk.business_id < after),
            )
        )
    return statement.order_by(BusinessRisk.score.desc(), BusinessRisk.business_id.desc())


def scores_of(business_id: int) -> Select[RiskScore]:
    """Newest first."""
    return (
        select(RiskScore)
        .where(RiskScore.business_id == business_id)
        .options(selectinload(RiskScore.weights))
        .order_by(RiskScore.id.desc())
    )


def approved_after(business_id: int, most: int) -> Select[int]:
    """The next businesses that have a score."""
    return (
        select(Business.id)
        .where(Business.status == BusinessStatus.APPROVED, Business.id > business_id)
        .order_by(Business.id)
        .limit(most)
    )


def touched_since_counted(latest_entries: int) -> Select[int | None]:
    """Businesses of which the audit trail tells something newer than their facts, among its latest entries."""
    newest = select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1).scalar_subquery()
    counted = exists().where(
        BusinessRisk.business_id == AuditEntry.business_id, BusinessRisk.counted_at >= AuditEntry.at
    )
    return (
        select(AuditEntry.business_id)
        .where(AuditEntry.id > newest - latest_entries, AuditEntry.business_id.is_not(None), ~counted)
        .distinct()
        .order_by(AuditEntry.business_id)
    )


def reckoned_by_others(number: int) -> Select[BusinessRisk]:
    """Rows whose score is of another version of the weights."""
    return select(BusinessRisk).where(BusinessRisk.weights_number != number).order_by(BusinessRisk.business_id)
