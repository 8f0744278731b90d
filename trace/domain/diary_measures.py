"""The thresholds of the diary's rules: dated data with a reason, never constants (trace/data/diary_measures.csv)."""

from dataclasses import dataclass


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
