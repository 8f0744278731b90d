"""What visits go by: the checklist of each kind of business, and the figures of grades and reminders."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from ..domain.businesses import BusinessKind
from ..domain.inspection_measures import Measures
from ..domain.inspections import Point
from ..domain.measures import in_force
from .measures import read_measures

_CHECKLISTS = Path(__file__).parent.parent / "data" / "inspection_checklists.csv"


@cache
def measures_on(day: date) -> Measures:
    return in_force(Measures, read_measures("inspection_measures.csv"), day)


@cache
def checklist_on(kind: BusinessKind, day: date) -> tuple[Point, ...]:
    """What a kind of business is asked about on a day, in the order of the file."""
    return tuple(
        Point(row["code"], row["section"], row["section_english"], row["text"], row["english"])
        for row in _rows()
        if kind in row["kinds"].split() and row["from"] <= day.isoformat() <= (row["until"] or "9999")
    )


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with _CHECKLISTS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
