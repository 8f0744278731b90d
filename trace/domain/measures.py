"""Thresholds as dated data with a reason, never constants (``trace/data/…_measures.csv``)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

Measures = TypeVar("Measures", bound=Any)


@dataclass(frozen=True)
class Measure:
    """One threshold by name, in force ``since`` a day until a later one of that name."""

    name: str
    value: int
    since: date
    source: str


def in_force(kind: type[Measures], measures: Iterable[Measure], today: date) -> Measures:
    """The dataclass ``kind`` of the thresholds on a day. Raises TypeError where one is missing: the file is part of the
    release."""
    latest = {one.name: one.value for one in sorted(measures, key=lambda one: one.since) if one.since <= today}
    found: Measures = kind(**{field.name: latest[field.name] for field in fields(kind) if field.name in latest})
    return found
