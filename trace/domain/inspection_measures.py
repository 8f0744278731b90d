"""How often a business is visited, and what its grade rests on: dated data (trace/data/inspection_measures.csv)."""

from dataclasses import dataclass

from .inspections import Grade


@dataclass(frozen=True, kw_only=True)
class Measures:
    """The figures in force on a day."""

    months_a: int
    months_b: int
    months_c: int
    """The next visit is due so many months after one that gave this grade."""
    most_minor_in_a: int
    """With more minor points than this the form of a visit no longer suggests an A."""
    most_major_in_b: int
    """With more major points than this it suggests a C."""
    remind_days: int
    """A business is reminded so many days before the deadline of a finding."""

    def months(self, grade: Grade) -> int:
        return {Grade.A: self.months_a, Grade.B: self.months_b, Grade.C: self.months_c}[grade]
