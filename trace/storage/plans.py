"""Plans, their indicators in versions, and figures from outside the system with what they replaced."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from sqlalchemy import ForeignKey, Select, UniqueConstraint, and_, func, or_, select
from sqlalchemy.orm import Mapped, aliased, joinedload, mapped_column, relationship

from ..domain.activities import ActivityKind
from ..domain.measures import in_force
from ..domain.plans import Frequency, Measure, Measured, Period, Thresholds
from .database import Base, PrimaryKey
from .files import StoredFile
from .measures import read_measures


class Plan(Base):
    """A plan of the city; several may run at once. An officer may still complete it: the audit trail keeps how it was."""

    __tablename__ = "plans"

    id: Mapped[PrimaryKey]
    number: Mapped[str] = mapped_column(unique=True)
    """Number and symbol of the document: ``96/KH-UBND``."""
    title: Mapped[str]
    issuer: Mapped[str]
    issued_on: Mapped[date | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    source: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    """What is still to be completed."""
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class PlanIndicator(Base):
    """One version of an indicator and its target; never changed, only followed by another."""

    __tablename__ = "plan_indicators"
    __table_args__ = (UniqueConstraint("plan_id", "ref", "number"),)

    id: Mapped[PrimaryKey]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    ref: Mapped[str]
    """Where it stands in the plan: ``I.4.4``."""
    number: Mapped[int]
    position: Mapped[int]
    """Its place in the plan's list."""
    name: Mapped[str]
    formula: Mapped[str]
    """In words."""
    measured: Mapped[Measured]
    measure: Mapped[Measure | None]
    activity_kind: Mapped[ActivityKind | None]
    supports: Mapped[bool]
    """The system's figure only stands beside the result, which comes from outside: it measures something near, not the target."""
    unit: Mapped[str]
    target: Mapped[Decimal | None]
    """None: the number was not entered yet."""
    target_on: Mapped[date | None]
    frequency: Mapped[Frequency]
    dropped: Mapped[bool] = mapped_column(default=False)
    """From ``valid_from`` on it is no longer followed."""
    valid_from: Mapped[date]
    source: Mapped[str]
    note: Mapped[str]
    reason: Mapped[str]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_by_name: Mapped[str]
    published_at: Mapped[datetime]

    plan: Mapped[Plan] = relationship()

    @property
    def takes_figures(self) -> bool:
        return self.measured in (Measured.OUTSIDE, Measured.PARTLY)


class OutsideFigure(Base):
    """What an officer entered for a period, with its source; a correction is another row, and the newest counts."""

    __tablename__ = "outside_figures"
    __table_args__ = (UniqueConstraint("plan_id", "ref", "period", "number"),)

    id: Mapped[PrimaryKey]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    ref: Mapped[str]
    period: Mapped[str]
    """``domain.plans.Period.code``."""
    number: Mapped[int]
    value: Mapped[Decimal]
    source: Mapped[str]
    """The document it stands in."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    note: Mapped[str]
    """Of a correction: why."""
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    entered_by_name: Mapped[str]
    entered_at: Mapped[datetime]

    document: Mapped[StoredFile | None] = relationship()


def all_plans() -> Select[Plan]:
    """Those that end last first."""
    return select(Plan).order_by(Plan.ends_on.desc(), Plan.id.desc())


def indicators_at(plan_id: int, day: date) -> Select[PlanIndicator]:
    """The version of each indicator in force on a day, in the plan's order; before the first one, the first."""
    each, other = aliased(PlanIndicator), aliased(PlanIndicator)
    newest = (
        select(other.id)
        .where(
            other.plan_id == each.plan_id,
            other.ref == each.ref,
            or_(other.valid_from <= day, other.number == 1),
        )
        .order_by(other.valid_from.desc(), other.number.desc())
        .limit(1)
        .correlate(each)
        .scalar_subquery()
    )
    return (
        select(each)
        .where(each.plan_id == plan_id, each.id == newest, ~each.dropped)
        .order_by(each.position, each.ref, each.id)
    )


def indicator_versions(plan_id: int, ref: str) -> Select[PlanIndicator]:
    """Newest first."""
    return (
        select(PlanIndicator)
        .where(PlanIndicator.plan_id == plan_id, PlanIndicator.ref == ref)
        .order_by(PlanIndicator.number.desc())
    )


def last_position(plan_id: int) -> Select[int]:
    return select(func.coalesce(func.max(PlanIndicator.position), 0)).where(PlanIndicator.plan_id == plan_id)


def figures_of(
    plan_id: int, *, periods: Collection[Period] | None = None, ref: str | None = None
) -> Select[OutsideFigure]:
    """Newest first within each period, with their papers: the first of each period counts."""
    statement = (
        select(OutsideFigure).where(OutsideFigure.plan_id == plan_id).options(joinedload(OutsideFigure.document))
    )
    if periods is not None:
        statement = statement.where(OutsideFigure.period.in_([period.code for period in periods]))
    if ref is not None:
        statement = statement.where(OutsideFigure.ref == ref)
    return statement.order_by(OutsideFigure.period.desc(), OutsideFigure.ref, OutsideFigure.number.desc())


@cache
def thresholds_on(day: date) -> Thresholds:
    return in_force(Thresholds, read_measures("plan_measures.csv"), day)


def activity_targets(period: Period) -> Select[PlanIndicator]:
    """What the plans that run in a period ask of the register of activities, with their plans."""
    newest = (
        select(PlanIndicator.plan_id, PlanIndicator.ref, func.max(PlanIndicator.number).label("number"))
        .where(or_(PlanIndicator.valid_from <= period.ends_on, PlanIndicator.number == 1))
        .group_by(PlanIndicator.plan_id, PlanIndicator.ref)
        .subquery()
    )
    return (
        select(PlanIndicator)
        .join(
            newest,
            and_(
                newest.c.plan_id == PlanIndicator.plan_id,
                newest.c.ref == PlanIndicator.ref,
                newest.c.number == PlanIndicator.number,
            ),
        )
        .join(PlanIndicator.plan)
        .where(
            PlanIndicator.activity_kind.isnot(None),
            PlanIndicator.target.isnot(None),
            ~PlanIndicator.dropped,
            Plan.starts_on <= period.ends_on,
            Plan.ends_on >= period.starts_on,
        )
        .options(joinedload(PlanIndicator.plan))
        .order_by(PlanIndicator.id)
    )
