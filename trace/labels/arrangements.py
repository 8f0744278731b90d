"""The ways in which symbol and words share a label. Millimetres from the label's top left corner."""

from dataclasses import dataclass, replace
from math import ceil
from typing import NamedTuple

from .barcodes import Bar
from .columns import LINE_HEIGHT, Column, TextRun
from .designs import LabelText
from .fonts import BOLD, DESCENT, MM_PER_POINT, REGULAR, SEMIBOLD, text_width
from .geometry import DOTS_PER_MM
from .symbols import QUIET_ZONE, SMALLEST_MODULE_MM, Symbol

# Of a sheet for any printer: 7 to 4 dots at 203 dpi; 5 dots at 300 dpi; what GS1 allows as the least.
MODULE_SIZES_MM = (*(dots / DOTS_PER_MM for dots in (7, 6, 5, 4)), 5 * 25.4 / 300, SMALLEST_MODULE_MM)
NORMAL_MODULE_MM = 4 / DOTS_PER_MM
# At 5 points the small letters of Be Vietnam Pro are 0.9 mm high: the least that is read without effort.
SMALLEST_TEXT, LARGEST_TEXT = 5.0, 11.0
CODE_TRACKING = 0.04  # of the type size, between characters that are copied one by one
INVITATION = "Quét mã để xem nguồn gốc"  # a printed label speaks Vietnamese whatever language its owner reads


@dataclass(frozen=True)
class LabelLayout:
    """A label ready to draw. The symbol's square includes its quiet zone; ``rule`` is x, y and width of a thin line.

    Runs marked ``own`` say, one after the other, each label's own serial.
    """

    symbol_x: float
    symbol_y: float
    module: float
    runs: tuple[TextRun, ...]
    rule: tuple[float, float, float] | None = None
    bars: tuple[Bar, ...] = ()


class Area(NamedTuple):
    """What may be used of a label, and how far ink stays from its sides."""

    width: float
    height: float
    inset_x: float
    inset_y: float
    dots_per_mm: float
    for_any_printer: bool

    @property
    def padding(self) -> tuple[float, float]:
        least = min(max(0.06 * min(self.width, self.height), 1.2), 3.0)
        return max(least, self.inset_x), max(least, self.inset_y)

    def whole_dots(self, length: float) -> float:
        return round(length * self.dots_per_mm) / self.dots_per_mm

    @property
    def module_sizes(self) -> tuple[float, ...]:
        """From the largest that looks well to the smallest that is allowed."""
        if self.for_any_printer:
            return MODULE_SIZES_MM
        most, least = int(MODULE_SIZES_MM[0] * self.dots_per_mm), ceil(SMALLEST_MODULE_MM * self.dots_per_mm)
        return tuple(dots / self.dots_per_mm for dots in range(most, least - 1, -1))


class Content(NamedTuple):
    """``versions`` of the words, each with less than the one before; ``serial`` as wide as one can be."""

    words: LabelText
    versions: tuple[LabelText, ...]
    symbol: Symbol
    serial: str


class Style(NamedTuple):
    """``size`` of the ordinary text in points, the product's as a multiple of it and in at most so many lines."""

    size: float
    product_scale: float
    product_lines: int
    words: LabelText

    @property
    def line(self) -> float:
        """The ordinary type size in millimetres."""
        return self.size * MM_PER_POINT


class Arrangement:
    """What the two arrangements share: the words, and how far ink stays from the label's edges."""

    def __init__(self, content: Content, area: Area) -> None:
        self.symbol, self.code_groups, self.serial = content.symbol, content.words.code_groups, content.serial
        self.width, self.height, self.whole_dots = area.width, area.height, area.whole_dots
        self.pad_x, self.pad_y = area.padding

    def attempt(self, module: float, style: Style) -> LabelLayout | None:
        """The label in this style, or None where something does not fit."""
        raise NotImplementedError

    def code(self, style: Style, widest: float) -> TextRun:
        """The code to type by hand: as wide as ``widest``, but of a size between 0.8 and 1.3 of the other words'."""
        run = TextRun(self.code_groups, SEMIBOLD, 1.0, 0, 0, CODE_TRACKING)
        smallest = max(SMALLEST_TEXT, 0.8 * style.size)
        size = int(4 * min(max(widest / run.width, smallest), 1.3 * style.size)) / 4
        return run._replace(size=size, tracking=CODE_TRACKING * size)

    def columns(self, x: float, width: float, style: Style, *, centred: bool) -> tuple[Column, Column] | None:
        """The names, and the lot with its dates."""
        names, facts = Column(x, width, centred=centred), Column(x, width, centred=centred)
        words = style.words
        names.add(words.product, BOLD, style.size * style.product_scale, most_lines=style.product_lines)
        names.add(words.producer, SEMIBOLD, style.size, space=0.3 * style.line)
        names.add(words.commune, REGULAR, style.size)
        names.add(words.certificates, SEMIBOLD, style.size, space=0.3 * style.line)
        names.add(words.packaging, REGULAR, style.size)
        # The abbreviations that Vietnamese packaging uses for production date and use-by date.
        titled = (("Lô", words.lot), ("NSX", words.production_date), ("HSD", words.best_before))
        facts.add_facts([(title, value) for title, value in titled if value], style.size)
        facts.add_facts([("Tem", self.serial)] if self.serial else [], self.serial_size(width, style), own=True)
        return None if names.overflow or facts.overflow else (names, facts)

    def serial_size(self, width: float, style: Style) -> float:
        """As the other words', but rather smaller than in more than two lines, for it may have to be typed by hand."""
        two_lines = text_width("Tem", REGULAR, 1) + text_width(self.serial, SEMIBOLD, 0.54)  # of one point, and a gap
        return max(SMALLEST_TEXT, min(style.size, int(2 * width / two_lines) / 2))


class Beside(Arrangement):
    """Symbol and code at the left, words at the right: names level with its top, lot and dates level with the code."""

    def attempt(self, module: float, style: Style) -> LabelLayout | None:
        side, quiet = self.symbol.modules_with_quiet_zone * module, QUIET_ZONE * module
        code = self.code(style, side - quiet)
        centre = max(side / 2, self.pad_x + max(side / 2 - quiet, code.width / 2))
        left = self.whole_dots(centre - side / 2)
        right = centre + max(side / 2, code.width / 2 + style.line)
        columns = self.columns(right, self.width - self.pad_x - right, style, centred=False)
        if columns is None or (module > NORMAL_MODULE_MM and side > 0.42 * self.width):
            return None
        below = code.cap_height
        invitation = self._invitation(module, style, centre, side)
        if invitation is not None:
            below += invitation.baseline
        top = max(0.0, self.whole_dots((self.height - side + quiet - below) / 2 - quiet))
        bottom = top + side + below
        if bottom > self.height - self.pad_y or top + quiet < self.pad_y - 0.5 / DOTS_PER_MM:
            return None
        runs = [code._replace(x=centre - code.width / 2, baseline=top + side + code.cap_height)]
        if invitation is not None:
            runs.append(invitation._replace(baseline=bottom))
        names, facts = columns
        first, last, words = top + quiet, bottom, names.height + facts.height
        if last - first - words < 1.4 * style.line:  # the words are higher than symbol and code
            height = min(words + 1.6 * style.line, self.height - 2 * self.pad_y - 0.28 * style.line)
            first = (self.height + 0.28 * style.line - height) / 2
            last = first + height
        gap = last - first - words
        if gap < 0.75 * style.line:
            return None
        rule = (right, first + names.height + 0.55 * gap, names.width) if gap > 2 * style.line else None
        return LabelLayout(left, top, module, (*runs, *names.placed(first), *facts.placed(last - facts.height)), rule)

    def _invitation(self, module: float, style: Style, centre: float, side: float) -> TextRun | None:
        """Under the code of a large label; its baseline counts from the code's."""
        run = TextRun(INVITATION, REGULAR, 1.0, 0, 0)
        size = min(0.75 * style.size, int(4 * min(side, 2 * (centre - self.pad_x)) / run.width) / 4)
        run = run._replace(size=size, baseline=1.45 * size * MM_PER_POINT)
        run = run._replace(x=centre - run.width / 2)
        return run if module > NORMAL_MODULE_MM and size >= SMALLEST_TEXT else None


class OverSerial(Arrangement):
    """All else as ``Beside``, over the serial in a line of its own: for labels too low to have it among the words."""

    def __init__(self, content: Content, area: Area) -> None:
        super().__init__(content, area)
        self.content, self.area = content._replace(serial=""), area

    def attempt(self, module: float, style: Style) -> LabelLayout | None:
        room = self.width - 2 * self.pad_x
        line = Column(self.pad_x, room, centred=False)
        line.add_facts([("Tem", self.serial)] if self.serial else [], SMALLEST_TEXT, own=True)
        if len(line.runs) != 2:  # title and serial
            return None
        upper = self.area._replace(height=self.height - LINE_HEIGHT * SMALLEST_TEXT * MM_PER_POINT)
        layout = Beside(self.content, upper).attempt(module, style)
        if layout is None:
            return None
        return replace(layout, runs=(*layout.runs, *line.placed(self.height - self.pad_y - line.height)))


class Between(Arrangement):
    """Names above, symbol and code in the middle, lot and dates below; all centred."""

    def attempt(self, module: float, style: Style) -> LabelLayout | None:
        side, quiet = self.symbol.modules_with_quiet_zone * module, QUIET_ZONE * module
        left, inner = self.whole_dots((self.width - side) / 2), self.width - 2 * self.pad_x
        code = self.code(style, side - quiet)
        columns = self.columns(self.pad_x, inner, style, centred=True)
        if columns is None or code.width > inner or (module > NORMAL_MODULE_MM and side > 0.62 * self.width):
            return None
        names, facts = columns
        first, last = self.pad_y + 0.28 * style.line, self.height - self.pad_y
        # Names end above the quiet zone, which is all the room their tails need; the code has to be kept from the lot.
        spare = last - first - names.height - side - code.cap_height - 0.9 * style.line - facts.height
        if left < 0 or left + quiet < self.pad_x or spare < 0:
            return None
        top = self.whole_dots(first + names.height + DESCENT * style.line * style.product_scale + 0.4 * spare)
        runs = [code._replace(x=left + (side - code.width) / 2, baseline=top + side + code.cap_height)]
        return LabelLayout(left, top, module, (*runs, *names.placed(first), *facts.placed(last - facts.height)))
