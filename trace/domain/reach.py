"""How far one batch has come on its way from a published record to a chain without gaps."""

from dataclasses import dataclass
from enum import IntEnum


class Reach(IntEnum):
    """Each asks for everything before it. Kept in the database as its number."""

    HIDDEN = 0
    """A draft, or withdrawn."""
    PUBLISHED = 1
    COMPLETE = 2
    """Published with all ten legal items."""
    LABELLED = 3
    """Complete, with a label that was handed out and still leads to it."""
    HANDED_OVER = 4
    """Labelled, and given to somebody who confirmed it."""
    END_TO_END = 5
    """Handed over, and so unbroken behind it: ``BatchState.unbroken``."""


@dataclass(frozen=True, kw_only=True)
class BatchState:
    """``parents_unbroken``: of every batch that it was made of, and these came by deliveries that both sides confirmed."""

    published: bool
    complete: bool
    labelled: bool
    handed_over: bool
    parents_unbroken: bool

    @property
    def unbroken(self) -> bool:
        """Complete, as is everything that it came from."""
        return self.published and self.complete and self.parents_unbroken

    @property
    def reach(self) -> Reach:
        steps = (self.published, self.complete, self.labelled, self.handed_over, self.unbroken)
        return Reach(next((place for place, taken in enumerate(steps) if not taken), len(steps)))
