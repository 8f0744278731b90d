"""What is said of a plan, an indicator or a figure, and whether it may be kept."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from ..domain.activities import ActivityKind
from ..domain.errors import N_
from ..domain.plans import Frequency, Measure, Measured, Period, check_span
from ..domain.stages import check_reference
from ..domain.text import clean, clean_lines
from .changes import Faults

LONGEST_LINE = 500
LONGEST_REF = 40
LONGEST_UNIT = 30


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    number: str
    title: str
    issuer: str
    issued_on: date | None
    starts_on: date | None
    ends_on: date | None
    source: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class IndicatorFacts:
    """``measure`` is of what the system counts, ``activity_kind`` of what the register counts."""

    ref: str
    name: str
    formula: str
    measured: Measured
    measure: Measure | None
    activity_kind: ActivityKind | None
    supports: bool
    unit: str
    target: Decimal | None
    target_on: date | None
    frequency: Frequency
    dropped: bool
    valid_from: date | None
    source: str
    note: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FigureFacts:
    period: Period
    value: Decimal | None
    source: str
    note: str = ""


def checked_plan(facts: PlanFacts) -> dict[str, Any]:
    """The columns. Raises InvalidFields."""
    faults = Faults()
    values = {
        each.name: clean(value) if isinstance(value := getattr(facts, each.name), str) else value
        for each in fields(facts)
    }
    for name, longest in (("number", 60), ("title", LONGEST_LINE), ("issuer", 200), ("source", LONGEST_LINE)):
        if not values[name]:
            faults.add(N_("Hãy điền ô này."), field=name)
        elif len(values[name]) > longest:
            faults.add(N_("Nội dung này quá dài. Hãy viết ngắn lại."), field=name)
    for name in ("starts_on", "ends_on"):
        if values[name] is None:
            faults.add(N_("Hãy nhập ngày."), field=name)
    if facts.starts_on and facts.ends_on:
        faults.attempt(check_span, facts.starts_on, facts.ends_on)
    faults.raise_any()
    return values


def checked_indicator(facts: IndicatorFacts, *, first: date) -> dict[str, Any]:
    """The columns; ``first`` is when the first version began. Raises InvalidFields or BeforeFirstVersion."""
    faults = Faults()
    values = asdict(facts) | {
        name: clean(getattr(facts, name), field=name) for name in ("ref", "name", "formula", "unit", "source", "note")
    }
    values["reason"] = clean_lines(facts.reason)
    longest = {"ref": LONGEST_REF, "unit": LONGEST_UNIT, "note": LONGEST_LINE}
    for name in ("ref", "name", "formula", "unit"):
        if not values[name]:
            faults.add(N_("Hãy điền ô này."), field=name)
    for name in ("ref", "name", "formula", "unit", "note"):
        if len(values[name]) > longest.get(name, LONGEST_LINE):
            faults.add(N_("Nội dung này quá dài. Hãy viết ngắn lại."), field=name)
    if facts.measured is not Measured.ACTIVITIES:
        values["activity_kind"] = None
    elif facts.activity_kind is None:
        faults.add(N_("Hãy chọn loại hoạt động được đếm."), field="activity_kind")
    if facts.measured in (Measured.ACTIVITIES, Measured.OUTSIDE):
        values["measure"] = None
    elif facts.measure is None:
        faults.add(N_("Hãy chọn phép đếm của hệ thống."), field="measure")
    values["supports"] = facts.supports and facts.measured is Measured.PARTLY
    faults.attempt(check_reference, source=facts.source, reason=facts.reason, valid_from=facts.valid_from, first=first)
    faults.raise_any()
    return values
