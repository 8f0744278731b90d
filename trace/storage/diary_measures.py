"""The thresholds of the diary's rules, read once from their file."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from ..domain.diary_measures import Measure, Measures, in_force

_FILE = Path(__file__).parent.parent / "data" / "diary_measures.csv"


@cache
def all_measures() -> tuple[Measure, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Measure(row["name"], int(row["value"]), date.fromisoformat(row["from"]), row["source"])
            for row in csv.DictReader(file)
        )


@cache
def measures_on(day: date) -> Measures:
    return in_force(all_measures(), day)
