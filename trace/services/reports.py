"""Six-month and annual reports: drafting, saving, freezing for good, and throwing a draft away."""

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy.orm import Session

from ..domain.dates import format_moment
from ..domain.errors import N_, NotFound
from ..domain.permissions import Actor, Permission, require
from ..domain.plans import Period, PeriodOutsidePlan, periods_within
from ..domain.reports import LONGEST_LINE, LONGEST_TEXT, ReportFrozen, ReportTexts, canonical, digest
from ..domain.text import clean_lines
from ..storage.plans import Plan
from ..storage.reports import Report, ReportSnapshot
from . import audit, snapshots
from .changes import Faults, assign, load_for_change
from .clock import now, today
from .report_snapshots import content_of

IN_LINES = ("basis", "inspections", "difficulties", "proposals", "recipients")


def draft(session: Session, actor: Actor, plan_id: int, period: Period, texts: ReportTexts) -> Report:
    """Raises InvalidFields, PeriodOutsidePlan or NotFound."""
    require(actor, Permission.REPORTS_WRITE)
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise NotFound
    if period not in periods_within(plan.starts_on, plan.ends_on):
        raise PeriodOutsidePlan(field="period")
    report = Report(
        plan_id=plan_id,
        period=period.code,
        **_checked(texts),
        created_at=now(),
        created_by=actor.user_id,
        created_by_name=actor.name,
    )
    session.add(report)
    audit.record(session, actor, "reports:draft", report, changes={"plan": plan.number, "period": period.code})
    session.commit()
    return report


def update(session: Session, actor: Actor, report_id: int, texts: ReportTexts, *, version: int | None = None) -> Report:
    """Save what an officer wrote. Raises InvalidFields, ReportFrozen, NotFound or Conflict."""
    require(actor, Permission.REPORTS_WRITE)
    values = _checked(texts)
    report = _open(session, report_id, version)
    audit.record(session, actor, "reports:update", report, changes=assign(report, **values))
    session.commit()
    return report


def delete(session: Session, actor: Actor, report_id: int, *, version: int | None = None) -> None:
    """Throw a draft away. Raises ReportFrozen, NotFound or Conflict."""
    require(actor, Permission.REPORTS_WRITE)
    report = _open(session, report_id, version)
    changes = {"plan": report.plan.number, "period": report.period}
    audit.record(session, actor, "reports:delete", report, changes=changes)
    session.delete(report)
    session.commit()


def freeze(session: Session, actor: Actor, report_id: int, *, public_url: str, version: int | None = None) -> Report:
    """Write everything down as it is now; from here on its files say only that. Raises ReportFrozen or Conflict.

    Coverage of a period that still runs is kept for good first, so that these figures too can be done again.
    """
    require(actor, Permission.REPORTS_WRITE)
    if today() <= _open(session, report_id, version).span.ends_on:
        snapshots.take(session)
    report = _open(session, report_id, version)
    moment = now()
    content = content_of(session, actor, report, public_url=public_url, kept=True)
    text = canonical({**content, "frozen": {"at": format_moment(moment), "by": actor.name}})
    report.frozen_at = moment
    report.snapshot = ReportSnapshot(
        content=text, sha256=digest(text), frozen_at=moment, frozen_by=actor.user_id, frozen_by_name=actor.name
    )
    audit.record(session, actor, "reports:freeze", report, changes={"sha256": report.snapshot.sha256})
    session.commit()
    return report


def _open(session: Session, report_id: int, version: int | None) -> Report:
    report = load_for_change(session, Report, report_id, version)
    if report.frozen_at:
        raise ReportFrozen
    return report


def _checked(texts: ReportTexts) -> dict[str, Any]:
    faults = Faults()
    values = asdict(texts)
    for name in (each.name for each in fields(ReportTexts) if each.name != "dated_on"):
        values[name] = clean_lines(values[name], field=name)
        if name not in IN_LINES:
            values[name] = " ".join(values[name].split())
        if len(values[name]) > (LONGEST_TEXT if name in IN_LINES else LONGEST_LINE):
            faults.add(N_("Nội dung này quá dài. Hãy viết ngắn lại."), field=name)
    for name in ("parent_agency", "agency", "place", "signer_title"):
        if not values[name]:
            faults.add(N_("Hãy điền ô này."), field=name)
    faults.raise_any()
    return values
