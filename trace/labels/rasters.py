"""A label as the black and white dots of a thermal printer, whose own fonts know no Vietnamese."""

from collections.abc import Iterable
from copy import copy
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from .arrangements import LabelLayout
from .columns import TextRun
from .fonts import MM_PER_POINT, font_path, text_width
from .symbols import QUIET_ZONE, Symbol

RULE_MM = 0.15  # one dot at 203 dpi


class Raster:
    """A white label to draw layouts on; positions and lengths are millimetres, ``left`` and ``top`` move what follows."""

    def __init__(self, width: float, height: float, dots_per_mm: float, *, left: float = 0.0, top: float = 0.0) -> None:
        self.dots_per_mm, self.left, self.top = dots_per_mm, left, top
        self.image = Image.new("1", (round(width * dots_per_mm), round(height * dots_per_mm)), 255)
        self._draw = ImageDraw.Draw(self.image)
        self._draw.fontmode = "1"  # grey edges would come out ragged

    def copy(self) -> "Raster":
        other = copy(self)
        other.image = self.image.copy()
        other._draw = ImageDraw.Draw(other.image)
        other._draw.fontmode = "1"
        return other

    def draw(self, layout: LabelLayout) -> None:
        """All that the labels of a run share: everything but the symbol and the serial."""
        self.texts(run for run in layout.runs if not run.own)
        for bar in layout.bars:
            self.bar(*bar)
        if layout.rule is not None:
            x, y, width = layout.rule
            self.bar(x, y, width, RULE_MM)

    def symbol(self, layout: LabelLayout, symbol: Symbol) -> None:
        module = round(layout.module * self.dots_per_mm)
        left, top = self.symbol_corner(layout)
        for column, row, length in symbol.dark_runs():
            x, y = left + column * module, top + row * module
            self._draw.rectangle((x, y, x + length * module - 1, y + module - 1), fill=0)

    def symbol_corner(self, layout: LabelLayout) -> tuple[int, int]:
        """In dots, where the symbol begins behind its quiet zone."""
        quiet = QUIET_ZONE * layout.module
        return self.dots(self.left + layout.symbol_x + quiet), self.dots(self.top + layout.symbol_y + quiet)

    def texts(self, runs: Iterable[TextRun]) -> None:
        for run in runs:
            font = _font(run.font, run.size * MM_PER_POINT * self.dots_per_mm)
            baseline = self.dots(self.top + run.baseline)
            for place, character in enumerate(run.text):  # one by one, or rounded widths would add up
                behind = text_width(run.text[:place], run.font, run.size) + place * run.tracking * MM_PER_POINT
                self._draw.text(
                    (self.dots(self.left + run.x + behind), baseline), character, font=font, fill=0, anchor="ls"
                )

    def dots(self, length: float) -> int:
        return round(length * self.dots_per_mm)

    def bar(self, x: float, y: float, width: float, height: float) -> None:
        left, top = self.dots(self.left + x), self.dots(self.top + y)
        right, bottom = left + max(1, self.dots(width)), top + max(1, self.dots(height))
        self._draw.rectangle((left, top, right - 1, bottom - 1), fill=0)


@cache
def _font(font: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_path(font), size, layout_engine=ImageFont.Layout.BASIC)
