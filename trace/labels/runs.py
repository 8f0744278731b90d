"""A run of labels: what is handed to every format, whether it goes on sheets, on a roll or to a print house."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from ..domain.labels import check_wanted
from .designs import Design, LabelText

Stretch = Callable[[int, int], Sequence[str]]
"""What the labels from ``start`` up to, but without, ``stop`` say; any stretch may be asked for, again and again."""


@dataclass(frozen=True)
class LabelRun:
    """``count`` labels, numbered from 0, that share what ``label`` says.

    ``links`` are the links of their symbols, equally long and made of the same kind of characters. ``serials`` are the
    serials as they are printed, equally long (``7K3M-9XW2-QT5R-0C8N``); empty where all labels of the run are equal.
    Raises LabelCountImpossible.
    """

    label: LabelText
    count: int
    links: Stretch
    serials: Stretch
    design: Design = Design.RETAIL

    def __post_init__(self) -> None:
        check_wanted(self.count)

    @classmethod
    def of_equal(cls, label: LabelText, count: int, design: Design = Design.RETAIL) -> "LabelRun":
        """Labels that all carry the link of ``label``."""
        return cls(label, count, lambda start, stop: [label.link] * (stop - start), lambda _start, _stop: (), design)

    @property
    def specimen(self) -> str:
        """A serial of the run, or nothing where its labels are equal."""
        return next(iter(self.serials(0, 1)), "")

    @property
    def sample(self) -> list[str]:
        """The links of up to 16 labels from all over the run, the first one first: what ``BulkSymbols`` is made with."""
        return [self.links(index, index + 1)[0] for index in range(0, self.count, ceil(self.count / 16))]
