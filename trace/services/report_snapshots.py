"""Everything that a report says, as plain data: counted now for a draft, read back for one that is frozen."""

import json
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from ..domain.dates import format_moment
from ..domain.permissions import Actor
from ..domain.plans import Period
from ..domain.reports import ReportTexts
from ..storage.activities import Activity, activities_where
from ..storage.addresses import gazetteer
from ..storage.plans import Plan
from ..storage.report_figures import by_chain, by_commune, oversight
from ..storage.reports import Report
from . import plan_results
from .plan_results import Result, Results

Content = dict[str, Any]
MOST_ACTIVITIES = 2000


def content_of(session: Session, actor: Actor, report: Report, *, public_url: str) -> Content:
    """Of a frozen report its snapshot, of a draft the figures as they are now; ``public_url`` begins each link."""
    if report.snapshot is not None:
        kept: Content = json.loads(report.snapshot.content)
        return kept
    return {
        "plan": _plan(report.plan),
        "period": report.period,
        "texts": {each.name: _plain(getattr(report, each.name)) for each in fields(ReportTexts)},
        "figures": figures(session, actor, report.plan, report.span, public_url=public_url),
    }


def figures(session: Session, actor: Actor, plan: Plan, period: Period, *, public_url: str) -> Content:
    """All that was counted or entered, each with the address of its derivation. The same data give the same figures."""
    found = plan_results.results(session, actor, plan, period)
    laboratory, failed, recalls, complaints = session.execute(oversight(period)).one()
    chains = session.execute(by_chain(period)).all()
    activities = session.scalars(
        activities_where(period=period).order_by(Activity.held_on, Activity.id).limit(MOST_ACTIVITIES)
    ).all()
    oversaw = {"laboratory": laboratory, "failed": failed, "recalls": recalls, "complaints": complaints}
    return {
        "known": found.known or bool(activities or chains or any(oversaw.values())),
        "list": {"as_of": found.listed.as_of.isoformat(), "source": found.listed.source} if found.listed else None,
        "results": [_result(row, found, public_url) for row in found.rows],
        "communes": _communes(session, found),
        "chains": [
            {"commodity": commodity.label, "businesses": businesses, "batches": batches, "complete": complete}
            for commodity, businesses, batches, complete in chains
        ],
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
        "definition": plan_results.defined(indicator.measure, found.period.ends_on),
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


def _communes(session: Session, found: Results) -> list[Content]:
    if found.listed is None:
        return []
    return [
        {
            "commune": gazetteer().commune(code).full_name if code else None,
            "listed": listed,
            "enrolled": enrolled,
            "traceable": traceable,
        }
        for code, listed, enrolled, traceable in session.execute(by_commune(found.listed.id, found.period))
    ]


def _activity(activity: Activity, public_url: str) -> Content:
    told = ("held_on", "title", "place", "count", "audience", "partners")
    return {
        **{name: _plain(getattr(activity, name)) for name in told},
        "kind": activity.kind.label,
        "link": f"{public_url}/authority/activities/{activity.id}",
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
