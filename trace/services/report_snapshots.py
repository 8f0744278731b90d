"""Everything that a report says, as plain data: counted now for a draft, read back for one that is frozen."""

import json
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from ..domain.coverage import Dimension
from ..domain.dates import format_moment
from ..domain.permissions import Actor
from ..domain.plans import Measure, Period
from ..domain.products import Commodity
from ..domain.reach import Reach
from ..domain.reports import ReportTexts
from ..storage.activities import Activity, activities_where
from ..storage.addresses import gazetteer
from ..storage.plans import Plan
from ..storage.report_figures import oversight
from ..storage.reports import Report
from . import plan_results
from .figures import Row, split
from .plan_results import Result, Results

Content = dict[str, Any]
MOST_ACTIVITIES = 2000


def content_of(session: Session, actor: Actor, report: Report, *, public_url: str, kept: bool = False) -> Content:
    """Of a frozen report its snapshot, of a draft the figures as they are now, of coverage as kept for good if ``kept``;
    ``public_url`` begins each link."""
    if report.snapshot is not None:
        frozen: Content = json.loads(report.snapshot.content)
        return frozen
    return {
        "plan": _plan(report.plan),
        "period": report.period,
        "texts": {each.name: _plain(getattr(report, each.name)) for each in fields(ReportTexts)},
        "figures": figures(session, actor, report.plan, report.span, public_url=public_url, kept=kept),
    }


def figures(
    session: Session, actor: Actor, plan: Plan, period: Period, *, public_url: str, kept: bool = False
) -> Content:
    """All that was counted or entered, each with the address of its derivation. The same data give the same figures."""
    found = plan_results.results(session, actor, plan, period, kept=kept)
    oversaw = session.execute(oversight(period)).one()._asdict()
    activities = session.scalars(
        activities_where(period=period).order_by(Activity.held_on, Activity.id).limit(MOST_ACTIVITIES)
    ).all()
    return {
        "known": found.known or bool(activities or any(oversaw.values())),
        "results": [_result(row, found, public_url) for row in found.rows],
        "coverage": _coverage(session, found, public_url),
        "oversight": oversaw,
        "activities": [_activity(each, public_url) for each in activities],
    }


def _plan(plan: Plan) -> Content:
    told = ("number", "title", "issuer", "issued_on", "starts_on", "ends_on", "source")
    return {name: _plain(getattr(plan, name)) for name in told}


def _result(row: Result, found: Results, public_url: str) -> Content:
    indicator, figure = row.indicator, row.figure
    return {
        "ref": indicator.ref,
        "name": indicator.name,
        "formula": indicator.formula,
        "measured": indicator.measured.label,
        "definition": plan_results.defined(indicator.measure, found),
        "unit": indicator.unit,
        "target": None if indicator.target is None else str(indicator.target),
        "target_source": indicator.source,
        "indicator_version": indicator.number,
        "numerator": row.count.numerator if row.count else None,
        "denominator": row.count.denominator if row.count else None,
        "value": None if row.value is None else str(row.value),
        "progress": row.progress,
        "figure": figure
        and {
            "value": str(figure.value),
            "source": figure.source,
            "number": figure.number,
            "entered": f"{figure.entered_by_name}, {format_moment(figure.entered_at)}",
        },
        "link": f"{public_url}/authority/plans/indicators/{indicator.id}?period={found.period.code}",
    }


def _coverage(session: Session, found: Results, public_url: str) -> Content | None:
    """None where no day of the period was kept, or there was no list."""
    coverage = found.coverage
    if coverage is None or coverage.listed is None or not coverage.rows:
        return None
    [whole] = coverage.rows
    snapshot, day = coverage.snapshot, coverage.day.isoformat()
    here = f"{public_url}/authority/coverage"
    return {
        "day": day,
        "hash": snapshot.hash if snapshot else None,
        "list": {"as_of": coverage.listed.as_of.isoformat(), "source": coverage.listed.source},
        "period_start": coverage.definition.period_start(coverage.day).isoformat(),
        "definition_version": coverage.definition.version,
        "definition": plan_results.defined(Measure.TRACEABLE_BUSINESSES, found),
        "link": f"{here}/derivation?day={day}" if snapshot else here,
        "stages": [
            {"name": each.name.label, "numerator": each.numerator, "denominator": each.denominator}
            for each in whole.stages
        ],
        "kilograms": _kilograms(whole),
        "by": {
            dimension.value: {
                "link": f"{here}?by={dimension.value}" + (f"&day={day}" if snapshot else ""),
                "rows": [_row(dimension, row) for row in split(session, coverage, dimension).rows],
            }
            for dimension in (Dimension.COMMODITY, Dimension.CHAIN, Dimension.COMMUNE)
        },
    }


def _row(dimension: Dimension, row: Row) -> Content:
    reached = {each.name.value: each.numerator for each in row.stages}
    return {"name": _named(dimension, row.value), **reached, "kilograms": _kilograms(row)}


def _kilograms(row: Row) -> dict[str, int] | None:
    """None where no amounts were kept: they are with the figures of a day that is over only."""
    if not row.grams:
        return None
    ends = {"registered": Reach.PUBLISHED, "traceable": Reach.END_TO_END}
    return {name: row.grams.get(reach, 0) // 1000 for name, reach in ends.items()}


def _named(dimension: Dimension, value: str) -> str:
    if not value:
        return "Không thuộc chuỗi nào" if dimension is Dimension.CHAIN else "Chưa rõ"
    match dimension:
        case Dimension.COMMUNE:
            return gazetteer().commune(value).name
        case Dimension.COMMODITY:
            return Commodity(value).label
    return value


def _activity(activity: Activity, public_url: str) -> Content:
    told = ("held_on", "title", "place", "count", "audience", "partners")
    return {
        **{name: _plain(getattr(activity, name)) for name in told},
        "kind": activity.kind.label,
        "link": f"{public_url}/authority/activities/{activity.id}",
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
