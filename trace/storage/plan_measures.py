"""What the system counts by itself for a plan: one function a measure, each the questions behind one share or number.
Who is traceable is not among them: that is read from coverage (``services.figures.of_period``).

A measure gives its numerator and denominator as scalar subqueries, so that all that a page shows is one statement.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, exists, func, null, select
from sqlalchemy.orm import InstrumentedAttribute

from ..domain.activities import ActivityKind
from ..domain.businesses import TRADING, BusinessStatus
from ..domain.plans import Measure, Period
from ..domain.products import SPARING
from .activities import Activity, Participant
from .businesses import Business
from .day_counts import published_in
from .inspection_findings import closed_in_time_between, due_between
from .inspections import held_between, planned_between
from .new_links import links_after
from .reports import Report
from .scans import ScanMonth

Number = ColumnElement[int]


@dataclass(frozen=True)
class Scope:
    """What is asked about: a period, its connection events (id, day), and how long they bear fruit."""

    plan_id: int
    period: Period
    events: Sequence[tuple[int, date]]
    new_link_days: int


@dataclass(frozen=True)
class Share:
    numerator: Number
    denominator: Number | None = None


def complete_batches(scope: Scope) -> Share:
    return Share(published_in(scope.period, complete=True), published_in(scope.period))


def resolved_scans(scope: Scope) -> Share:
    def looks(column: InstrumentedAttribute[int]) -> Number:
        months = ScanMonth.month.between(scope.period.starts_on, scope.period.ends_on)
        whole = cast(func.coalesce(func.sum(column), 0), BigInteger)  # PostgreSQL sums into decimals
        return select(whole).where(months).scalar_subquery()

    return Share(looks(ScanMonth.resolved), looks(ScanMonth.people))


def guided_distributors(scope: Scope) -> Share:
    distributors = (
        select(func.count())
        .select_from(Business)
        .where(Business.kind.in_(TRADING), Business.status == BusinessStatus.APPROVED)
    )
    guided = exists().where(
        Participant.business_id == Business.id,
        Participant.activity_id == Activity.id,
        Activity.kind.in_([kind for kind in ActivityKind if kind.guides]),
        Activity.held_on.between(scope.period.starts_on, scope.period.ends_on),
        Activity.withdrawn_at.is_(None),
    )
    return Share(distributors.where(guided).scalar_subquery(), distributors.scalar_subquery())


def degradable_packaging(scope: Scope) -> Share:
    sparing = tuple(material.value for material in SPARING)
    return Share(published_in(scope.period, packaging=sparing), published_in(scope.period))


def new_links(scope: Scope) -> Share:
    links = links_after(scope.events, scope.new_link_days).subquery()
    return Share(select(func.count()).select_from(links).scalar_subquery())


def frozen_reports(scope: Scope) -> Share:
    codes = [each.code for each in scope.period.parts]
    frozen = (
        select(func.count())
        .select_from(Report)
        .where(Report.plan_id == scope.plan_id, Report.frozen_at.isnot(None), Report.period.in_(codes))
    )
    return Share(frozen.scalar_subquery())


def inspections_held(scope: Scope) -> Share:
    days = scope.period.starts_on, scope.period.ends_on
    return Share(held_between(*days).scalar_subquery(), planned_between(*days).scalar_subquery())


def findings_closed(scope: Scope) -> Share:
    days = scope.period.starts_on, scope.period.ends_on
    return Share(closed_in_time_between(*days).scalar_subquery(), due_between(*days).scalar_subquery())


MEASURES: Mapping[Measure, Callable[[Scope], Share]] = {
    Measure.COMPLETE_BATCHES: complete_batches,
    Measure.RESOLVED_SCANS: resolved_scans,
    Measure.GUIDED_DISTRIBUTORS: guided_distributors,
    Measure.DEGRADABLE_PACKAGING: degradable_packaging,
    Measure.NEW_LINKS: new_links,
    Measure.FROZEN_REPORTS: frozen_reports,
    Measure.INSPECTIONS_HELD: inspections_held,
    Measure.FINDINGS_CLOSED: findings_closed,
}


def counts_of(measures: Iterable[Measure], scope: Scope) -> Select[*tuple[Any, ...]]:
    """One row: for each measure its numerator and its denominator, which is NULL for a number that is no share."""
    shares = [MEASURES[measure](scope) for measure in measures]
    return select(
        *(
            (null() if column is None else column).label(f"{name}_{place}")
            for place, share in enumerate(shares)
            for name, column in (("numerator", share.numerator), ("denominator", share.denominator))
        )
    )
