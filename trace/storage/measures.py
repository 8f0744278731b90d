"""Thresholds of rules, each read once from its file."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from ..domain.measures import Measure

_FOLDER = Path(__file__).parent.parent / "data"


@cache
def read_measures(file_name: str) -> tuple[Measure, ...]:
    """Of ``trace/data/<file_name>``."""
    with (_FOLDER / file_name).open(encoding="utf-8", newline="") as file:
        return tuple(
            Measure(row["name"], int(row["value"]), date.fromisoformat(row["from"]), row["source"])
            for row in csv.DictReader(file)
        )
