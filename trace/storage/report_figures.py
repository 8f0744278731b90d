"""What a report tells beside its indicators and coverage: how the department looked after it all."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from ..domain.inspections import Grade
from ..domain.plans import Period
from .complaints import Complaint
from .inspection_findings import closed_in_time_between, due_between
from .inspections import Inspection, InspectionMinutes, held_between, planned_between
from .laboratory import LaboratoryTest
from .recalls import Recall


def oversight(period: Period) -> Select[int]:
    """One row of counts: ``laboratory`` reports handed in, those that ``failed``, ``recalls`` ordered, ``complaints``
    received; visits ``planned`` for these days, of them ``held``, their grades ``a``, ``b``, ``c``; minutes with
    ``sanctions``; findings ``due``, of them ``closed`` in time."""
    days = period.starts_on, period.ends_on
    reports = _within(LaboratoryTest.recorded_at, period)
    held = held_between(*days)
    counts = {
        "laboratory": reports,
        "failed": reports.where(~LaboratoryTest.passed),
        "recalls": _within(Recall.confirmed_at, period),
        "complaints": _within(Complaint.at, period),
        "planned": planned_between(*days),
        "held": held,
        **{grade.value: held.where(Inspection.grade == grade) for grade in Grade},
        "sanctions": _within(InspectionMinutes.signed_at, period).where(*_with_sanctions()),
        "due": due_between(*days),
        "closed": closed_in_time_between(*days),
    }
    return select(*(statement.scalar_subquery().label(name) for name, statement in counts.items()))


def _within(moment: InstrumentedAttribute[Any], period: Period) -> Select[int]:
    return select(func.count(moment)).where(moment >= period.since, moment < period.until)


def _with_sanctions() -> tuple[ColumnElement[bool], ...]:
    """Conditions on minutes: they stand, and say what was done about a breach."""
    later = aliased(InspectionMinutes)
    corrected = select(later.id).where(later.corrects_id == InspectionMinutes.id).exists()
    return ~corrected, InspectionMinutes.content["sanctions"].as_string() != ""
