"""What a visit must say before it is signed, and when the next one is due."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.businesses import BusinessKind
from trace.domain.errors import InvalidFields
from trace.domain.inspection_findings import FindingStatus, is_overdue
from trace.domain.inspections import (
    CheckedPoint,
    FindingFacts,
    Grade,
    Result,
    SampleFacts,
    Severity,
    VisitFacts,
    add_months,
    check_visit,
    findings_of,
)
from trace.storage.inspection_measures import checklist_on, measures_on

TODAY = date(2026, 3, 2)
FINE = VisitFacts(
    held_on=TODAY,
    began="08:30",
    ended="10:00",
    officer="An",
    representative="Sen",
    conclusion="Đạt",
    points=[CheckedPoint(code="H1", result=Result.PASSED)],
)


def faults(**facts: Any) -> set[str | None]:
    with pytest.raises(InvalidFields) as refused:
        check_visit(replace(FINE, **facts), ["H1"], today=TODAY)
    return {error.field for error in refused.value.errors}


def test_a_whole_visit_is_in_order() -> None:
    check_visit(FINE, ["H1"], today=TODAY)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, "held_on"),
        ({"began": "25:00"}, "began"),
        ({"ended": "08:00"}, "ended"),
        ({"conclusion": ""}, "conclusion"),
        ({"refused": True}, "remarks"),
        ({"grade": Grade.C}, "grade_reason"),
        ({"points": []}, "result_H1"),
        ({"points": [CheckedPoint(code="H1", result=Result.MAJOR, deadline=TODAY)]}, "note_H1"),
        ({"points": [CheckedPoint(code="H1", result=Result.MINOR, note="Thiếu")]}, "deadline_H1"),
        ({"extras": [FindingFacts(code="K1", severity=None, text="Bẩn", deadline=TODAY)]}, "extra_1_severity"),
        ({"samples": [SampleFacts(code="", product="Rau")]}, "sample_1_code"),
        ({"samples": [SampleFacts(code="1", product="Rau")] * 2}, "sample_1_code"),
    ],
)
def test_what_is_missing_or_wrong_is_named(facts: dict[str, Any], field: str) -> None:
    assert faults(**facts) == {field}


def test_a_point_of_another_checklist_is_refused() -> None:
    assert faults(points=[*FINE.points, CheckedPoint(code="G9", result=Result.PASSED)]) == {None}


def test_findings_are_the_faults_of_the_checklist_and_those_beyond_it() -> None:
    other = FindingFacts(code="K1", severity=Severity.MINOR, text="Cổng hỏng", deadline=TODAY)
    points = [
        CheckedPoint(code="H1", result=Result.MAJOR, note="Hết hạn", deadline=TODAY),
        CheckedPoint(code="H2", result=Result.NOT_APPLICABLE),
    ]
    assert [(each.code, each.severity) for each in findings_of(replace(FINE, points=points, extras=[other]))] == [
        ("H1", Severity.MAJOR),
        ("K1", Severity.MINOR),
    ]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@pytest.mark.parametrize("kind", BusinessKind)
def test_every_kind_of_business_has_a_checklist_without_repeated_points(kind: BusinessKind) -> None:
    codes = [point.code for point in checklist_on(kind, TODAY)]
    assert len(codes) == len(set(codes)) >= 8


def test_the_worse_the_grade_the_sooner_the_next_visit() -> None:
    measures = measures_on(TODAY)
    assert measures.months(Grade.C) < measures.months(Grade.B) < measures.months(Grade.A)


@pytest.mark.parametrize(
    ("status", "late"), [(FindingStatus.OPEN, True), (FindingStatus.ANSWERED, True), (FindingStatus.CLOSED, False)]
)
def test_a_finding_is_overdue_until_an_officer_closes_it(status: FindingStatus, late: bool) -> None:
    assert is_overdue(status, TODAY, TODAY + timedelta(days=1)) is late
    assert not is_overdue(status, TODAY, TODAY)
