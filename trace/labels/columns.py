"""Lines of text wrapped in a column. Widths, x and baselines are millimetres; sizes and tracking are points."""

import re
from typing import NamedTuple

from .fonts import CAP_HEIGHT, MM_PER_POINT, REGULAR, SEMIBOLD, text_width

USUAL_WIDTH = 0.8  # of the place that is kept for a serial
LINE_HEIGHT = 1.24  # of the type size: room for the stacked accents of capitals below a line with tails


class TextRun(NamedTuple):
    """One line in one typeface; ``own`` where each label of a run has other characters there, as many as ``text``."""

    text: str
    font: str
    size: float
    x: float
    baseline: float
    tracking: float = 0.0
    own: bool = False

    @property
    def width(self) -> float:
        return text_width(self.text, self.font, self.size) + self.tracking * (len(self.text) - 1) * MM_PER_POINT

    @property
    def cap_height(self) -> float:
        return CAP_HEIGHT * self.size * MM_PER_POINT


def wrap(text: str, font: str, size: float, width: float) -> list[str] | None:
    """Lines no wider than ``width``, about equally long, broken at spaces and after hyphens; None if a word is wider."""
    pieces = re.split(r"(?<=[ -])(?! )", text)
    if any(text_width(piece.rstrip(), font, size) > width for piece in pieces):
        return None
    lines = _greedy(pieces, font, size, width)
    while len(lines) > 1:
        narrower = max(text_width(line, font, size) for line in lines) - 0.01
        if any(text_width(piece.rstrip(), font, size) > narrower for piece in pieces):
            break
        balanced = _greedy(pieces, font, size, narrower)
        if len(balanced) > len(lines):
            break
        lines = balanced
    return lines


def _greedy(pieces: list[str], font: str, size: float, width: float) -> list[str]:
    lines = [""]
    for piece in pieces:
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), font, size) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


class Column:
    """Lines set one below another; ``height`` is from the first line's capitals to the last baseline.

    ``overflow`` tells that something did not fit the width.
    """

    def __init__(self, x: float, width: float, *, centred: bool) -> None:
        self.x, self.width, self.centred = x, width, centred
        self.runs: list[TextRun] = []
        self.height, self.overflow = 0.0, False

    def add(self, text: str, font: str, size: float, *, space: float = 0.0, most_lines: int = 99) -> None:
        """Wrap ``text`` below what is there, after ``space`` millimetres."""
        lines = wrap(text, font, size, self.width) if text else []
        if lines is None or len(lines) > most_lines:
            self.overflow = True
            return
        for line in lines:
            self._drop(size, space)
            spare = self.width - text_width(line, font, size)
            self.runs.append(TextRun(line, font, size, self.x + (spare / 2 if self.centred else 0), self.height))
            space = 0.0

    def add_facts(self, facts: list[tuple[str, str]], size: float, *, own: bool = False) -> None:
        """Titles, each with its value behind it; a long value wraps under itself."""
        for title, value in facts:
            indent = text_width(title, REGULAR, size) + 0.3 * size * MM_PER_POINT
            lines = wrap(value, SEMIBOLD, size, self.width - indent)
            if lines is None:
                self.overflow = True
                return
            widest = max(text_width(line, SEMIBOLD, size) for line in lines) * (USUAL_WIDTH if own else 1)
            x = self.x + ((self.width - indent - widest) / 2 if self.centred else 0.0)
            for number, line in enumerate(lines):
                self._drop(size, 0.0)
                if number == 0:
                    self.runs.append(TextRun(title, REGULAR, size, x, self.height))
                self.runs.append(TextRun(line, SEMIBOLD, size, x + indent, self.height, own=own))

    def placed(self, top: float) -> list[TextRun]:
        """The lines with the first one's capitals at ``top``."""
        return [run._replace(baseline=run.baseline + top) for run in self.runs]

    def _drop(self, size: float, space: float) -> None:
        self.height += (LINE_HEIGHT * size * MM_PER_POINT + space) if self.runs else CAP_HEIGHT * size * MM_PER_POINT
