"""How far each indicator of a plan is in a period: what the system counts, what the register has, what was entered."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from ..domain.activities import ActivityKind
from ..domain.coverage_definitions import SENTENCES, Definition
from ..domain.errors import NotFound
from ..domain.permissions import Actor, Permission, require
from ..domain.plans import DEFINITIONS, Count, Measure, Measured, Period, parse_period, periods_within, progress
from ..storage.activities import activity_counts
from ..storage.coverage import RegisterList
from ..storage.coverage_definitions import definition_on
from ..storage.plan_measures import MEASURES, Scope, connection_events, counts_of
from ..storage.plans import OutsideFigure, Plan, PlanIndicator, figures_of, indicators_at, thresholds_on
from . import figures
from .clock import now, today
from .figures import Figures
from .wording import say


@dataclass(frozen=True)
class Result:
    """``count`` is the system's or the register's; ``figure`` what was entered, which then is the result."""

    indicator: PlanIndicator
    count: Count | None
    figure: OutsideFigure | None

    @property
    def value(self) -> Decimal | None:
        """In the indicator's unit; None where nothing is known or there is nothing to divide by."""
        if self.figure is not None:
            return self.figure.value
        return None if self.count is None or self.indicator.supports else self.count.value

    @property
    def progress(self) -> int | None:
        return progress(self.value, self.indicator.target)

    @property
    def nothing_to_divide(self) -> bool:
        return self.count is not None and self.count.denominator == 0


@dataclass(frozen=True)
class Results:
    plan: Plan
    period: Period
    coverage: Figures | None
    """What the funnel says at the end of the period; None where no day of it was kept."""
    traceable: Definition
    """What counted as traceable then."""
    counted_at: datetime
    rows: Sequence[Result]

    @property
    def listed(self) -> RegisterList | None:
        return self.coverage.listed if self.coverage else None

    @property
    def known(self) -> bool:
        """Whether anything at all was counted or entered in the period."""
        listed = bool(self.coverage and self.coverage.rows)
        return listed or any(row.figure or (row.count and row.count.numerator) for row in self.rows)


def results(session: Session, actor: Actor, plan: Plan, period: Period, *, kept: bool = False) -> Results:
    """Nine questions at most, however many indicators. ``kept``: who is traceable only as it was kept for good."""
    require(actor, Permission.PLANS_READ)
    indicators = session.scalars(indicators_at(plan.id, period.ends_on)).all()
    coverage = figures.of_period(session, period, kept=kept)
    scope = Scope(
        plan_id=plan.id,
        period=period,
        events=[(row.id, row.held_on) for row in session.execute(connection_events(period))],
        new_link_days=thresholds_on(period.ends_on).new_link_days,
    )
    counts = count(session, sorted({each.measure for each in indicators if each.measure} & MEASURES.keys()), scope)
    if coverage:
        traceable = sum(row.traceable for row in coverage.rows)
        counts[Measure.TRACEABLE_BUSINESSES] = Count(traceable, sum(row.listed for row in coverage.rows))
    register = {
        kind: int(total) for kind, total, *_ in session.execute(activity_counts(period))
    }  # PostgreSQL sums decimals
    entered: dict[str, OutsideFigure] = {}
    for figure in session.scalars(figures_of(plan.id, periods=[period])):
        entered.setdefault(figure.ref, figure)
    rows = [
        Result(each, _count_of(each, counts, register), entered.get(each.ref) if each.takes_figures else None)
        for each in indicators
    ]
    rule = coverage.definition if coverage else session.scalars(definition_on(period.ends_on)).one().definition
    return Results(plan, period, coverage, rule, now(), rows)


def count(session: Session, measures: Sequence[Measure], scope: Scope) -> dict[Measure, Count]:
    """All of them by one statement."""
    if not measures:
        return {}
    numbers = list(session.execute(counts_of(measures, scope)).one())
    return {measure: Count(numbers[2 * place], numbers[2 * place + 1]) for place, measure in enumerate(measures)}


def definition(measure: Measure, found: Results) -> tuple[Sequence[str], dict[str, int]]:
    """Gettext ids of its sentences, and what fills their places."""
    if measure is Measure.TRACEABLE_BUSINESSES:
        places = {"months": found.traceable.period_months, "days": found.traceable.active_days}
        return SENTENCES[found.traceable.rule], places
    return [DEFINITIONS[measure]], asdict(thresholds_on(found.period.ends_on))


def defined(measure: Measure | None, found: Results, locale: str = "vi") -> str | None:
    """The definition in words, for what is read outside a page."""
    if measure is None:
        return None
    sentences, places = definition(measure, found)
    return " ".join(say(sentence, locale, **places) for sentence in sentences)


def period_asked(plan: Plan, code: str) -> Period:
    """The period of that code, or without one the plan's present one, or its last. Raises InvalidPeriod or NotFound."""
    offered = periods_within(plan.starts_on, plan.ends_on)
    if not code:
        begun = [each for each in offered if each.half is None and each.starts_on <= today()]
        return begun[0] if begun else offered[-1]
    period = parse_period(code)
    if period not in offered:
        raise NotFound
    return period


def _count_of(
    indicator: PlanIndicator, counts: dict[Measure, Count], register: dict[ActivityKind, int]
) -> Count | None:
    if indicator.measured is Measured.ACTIVITIES and indicator.activity_kind:
        return Count(register.get(indicator.activity_kind, 0))
    return counts.get(indicator.measure) if indicator.measure else None
