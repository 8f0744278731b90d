"""The thresholds of the diary's rules: dated data with a reason, never constants (trace/data/diary_measures.csv)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date


@dataclass(frozen=True)
class Measure:
    """One threshold by name, in force ``since`` a day until a later one of that name."""

    name: str
    value: int
    since: date
    source: str


@dataclass(frozen=True, kw_only=True)
class Measures:
    """The thresholds in force on a day."""

    late_after_days: int
    """An entry written down later than this is shown as late."""
    same_applications: int
    """So many applications alike, on seasons of different products, are a copy."""
    compared_days: int
    """Copies are sought among seasons that began so close together."""
    same_photo_bits: int
    """Two photos whose difference hashes differ in at most so many of their 64 bits are one photo."""
    featureless_bits: int
    """A photo with fewer bits set, or fewer not set, shows nothing that could be known again."""
    longest_interval_days: int
    longest_away_days: int
    """A device's clock may be so much behind."""


def in_force(measures: Iterable[Measure], today: date) -> Measures:
    """Raises TypeError where one is missing: the file is part of the release."""
    latest = {one.name: one.value for one in sorted(measures, key=lambda one: one.since) if one.since <= today}
    return Measures(**{field.name: latest[field.name] for field in fields(Measures) if field.name in latest})
