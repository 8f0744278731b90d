"""The thresholds of the diary's rules."""

from datetime import date
from functools import cache

from ..domain.diary_measures import Measures
from ..domain.measures import in_force
from .measures import read_measures


@cache
def measures_on(day: date) -> Measures:
    return in_force(Measures, read_measures("diary_measures.csv"), day)
