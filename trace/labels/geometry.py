"""Where the labels lie on a sheet or a roll. Lengths are millimetres from the top left corner, x to the right, y down."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from math import isfinite

from ..domain.errors import N_, InvalidInput
from ..domain.printers import check_scale

# A label printer of "203 dpi" has exactly eight dots to the millimetre. Whatever is placed on this grid is printed
# in whole dots there, and at 600 dpi the rounding is a twentieth of a millimetre at most.
DOTS_PER_MM = 8
# Cutting tolerances add up across a sheet; a grid may exceed its paper by this much on the drawing board.
TOLERANCE_MM = 0.05
# Office printers leave about this much blank along the edges of the paper.
UNPRINTABLE_EDGE_MM = 4.5
MAXIMUM_OFFSET_MM = 20.0


def whole_dots(length_mm: float) -> float:
    """The nearest length that is a whole number of 203 dpi dots."""
    return round(length_mm * DOTS_PER_MM) / DOTS_PER_MM


def millimetres(length_mm: float) -> str:
    """A length as a Vietnamese reader writes it: ``38,1``."""
    return f"{length_mm:.2f}".rstrip("0").rstrip(".").replace(".", ",")


@dataclass(frozen=True)
class Offset:
    """How far one printer's image has to be moved to hit the paper: positive x to the right, positive y down.

    ``scale`` is what lengths have to be multiplied with besides, where the printer shrinks or stretches its pages.
    """

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            if not abs(getattr(self, name)) <= MAXIMUM_OFFSET_MM:  # so written, it refuses NaN too
                raise InvalidInput(
                    N_("Độ dịch phải nằm trong khoảng từ −%(limit)s đến %(limit)s mm."),
                    field=f"offset_{name}",
                    limit=millimetres(MAXIMUM_OFFSET_MM),
                )
        check_scale(self.scale)


@dataclass(frozen=True)
class SheetGeometry:
    """A grid of equal labels on a sheet. One that exists fits its paper; otherwise InvalidInput names the field."""

    label_width: float
    label_height: float
    columns: int
    rows: int
    margin_left: float = 0.0
    margin_top: float = 0.0
    gap_x: float = 0.0
    gap_y: float = 0.0
    paper_width: float = 210.0
    paper_height: float = 297.0
    cut_lines: bool = False

    def __post_init__(self) -> None:
        lowest = {"label_width": 10, "label_height": 10, "columns": 1, "rows": 1, "paper_width": 20, "paper_height": 20}
        highest = {"columns": 100, "rows": 100}
        for field in fields(self):
            _within(field.name, getattr(self, field.name), lowest.get(field.name, 0), highest.get(field.name, 1000))
        self._fit("label_width", self.margin_left, self.columns, self.label_width, self.gap_x, self.paper_width)
        self._fit("label_height", self.margin_top, self.rows, self.label_height, self.gap_y, self.paper_height)

    def _fit(self, field: str, margin: float, labels: int, length: float, gap: float, paper: float) -> None:
        needed = margin + labels * length + (labels - 1) * gap
        if needed <= paper + TOLERANCE_MM:
            return
        message = (
            N_("Cần %(needed)s mm chiều rộng nhưng giấy chỉ rộng %(paper)s mm. Hãy giảm cỡ tem, số cột, lề hoặc khe.")
            if field == "label_width"
            else N_(
                "Cần %(needed)s mm chiều cao nhưng giấy chỉ cao %(paper)s mm. Hãy giảm cỡ tem, số hàng, lề hoặc khe."
            )
        )
        raise InvalidInput(message, field=field, needed=millimetres(needed), paper=millimetres(paper))

    @property
    def labels_per_sheet(self) -> int:
        return self.columns * self.rows

    @property
    def safe_inset(self) -> tuple[float, float]:
        """How far ink has to stay from a label's sides (x, y) so that the outermost labels are printed whole."""
        width = self.columns * self.label_width + (self.columns - 1) * self.gap_x
        height = self.rows * self.label_height + (self.rows - 1) * self.gap_y
        spare_x = min(self.margin_left, self.paper_width - self.margin_left - width)
        spare_y = min(self.margin_top, self.paper_height - self.margin_top - height)
        return max(0.0, UNPRINTABLE_EDGE_MM - spare_x), max(0.0, UNPRINTABLE_EDGE_MM - spare_y)

    def corners(self) -> Iterator[tuple[float, float]]:
        """The top left corner of each label, row by row."""
        for row in range(self.rows):
            for column in range(self.columns):
                yield (
                    self.margin_left + column * (self.label_width + self.gap_x),
                    self.margin_top + row * (self.label_height + self.gap_y),
                )

    @classmethod
    def centred(
        cls, label_width: float, label_height: float, columns: int, rows: int, *, gap_x: float = 0.0, gap_y: float = 0.0
    ) -> "SheetGeometry":
        """A grid in the middle of an A4 sheet."""
        return cls(
            label_width=label_width,
            label_height=label_height,
            columns=columns,
            rows=rows,
            gap_x=gap_x,
            gap_y=gap_y,
            margin_left=(210.0 - columns * label_width - (columns - 1) * gap_x) / 2,
            margin_top=(297.0 - rows * label_height - (rows - 1) * gap_y) / 2,
        )


@dataclass(frozen=True)
class RollGeometry:
    """Labels one below another on a backing paper; ``gap`` is 0 on continuous paper. InvalidInput names a bad field."""

    label_width: float
    label_height: float
    gap: float = 2.0

    def __post_init__(self) -> None:
        _within("label_width", self.label_width, 10, 220)
        _within("label_height", self.label_height, 10, 400)
        _within("gap", self.gap, 0, 20)

    @property
    def safe_inset(self) -> tuple[float, float]:
        """Nothing: the printer's head is wider than the label, and backing paper lies all around."""
        return 0.0, 0.0


def _within(field: str, value: float, low: float, high: float) -> None:
    if not (isfinite(value) and low <= value <= high):
        raise InvalidInput(
            N_("Hãy nhập một số từ %(low)s đến %(high)s."), field=field, low=millimetres(low), high=millimetres(high)
        )


@dataclass(frozen=True)
class CommonSheet:
    """A sheet that shops sell. ``name`` is a brand's or a message id; ``source`` says where the numbers come from."""

    key: str
    name: str
    geometry: SheetGeometry
    source: str


# Label size and pitch as the template database publishes them; makers centre the grid, which agrees with the margins
# published there to half a millimetre.
_AVERY = "gLabels, templates/avery-iso-templates.xml: {}"
_ZWECKFORM = "gLabels, templates/zweckform-iso-templates.xml: {}"
# Sellers agree on the number and size of Tomy labels and disagree on margins: the calibration sheet settles it.
_TOMY = "Number and size as sold in Việt Nam; margins of the same grid by Avery (L7651), to be checked by calibration"

COMMON_SHEETS: dict[str, CommonSheet] = {
    sheet.key: sheet
    for sheet in (
        CommonSheet("tomy-145", "Tomy 145", SheetGeometry.centred(38.1, 21.2, 5, 13, gap_x=2.54), _TOMY),
        CommonSheet(
            "avery-l7651",
            "Avery L7651, J8651",
            SheetGeometry.centred(38.1, 21.2, 5, 13, gap_x=2.54),
            _AVERY.format("8651"),
        ),
        CommonSheet(
            "avery-l4770",
            "Avery L4770, L7654",
            SheetGeometry.centred(45.7, 25.4, 4, 10, gap_x=2.8),
            _AVERY.format("L4770"),
        ),
        CommonSheet(
            "avery-j8157", "Avery J8157", SheetGeometry.centred(64.0, 24.3, 3, 11, gap_x=2.5), _AVERY.format("J8157")
        ),
        CommonSheet(
            "avery-3474",
            "Avery Zweckform 3474",
            SheetGeometry.centred(70.0, 37.0, 3, 8),
            _ZWECKFORM.format("3474"),
        ),
        CommonSheet(
            "avery-3475",
            "Avery Zweckform 3475, 3490",
            SheetGeometry.centred(70.0, 36.0, 3, 8),
            _ZWECKFORM.format("3475"),
        ),
        CommonSheet(
            "avery-l7160",
            "Avery L7160, J8160",
            SheetGeometry.centred(63.5, 38.1, 3, 7, gap_x=2.54),
            _AVERY.format("7160"),
        ),
        CommonSheet(
            "avery-l7161",
            "Avery L7161, J8161",
            SheetGeometry.centred(63.5, 46.6, 3, 6, gap_x=2.54),
            _AVERY.format("7161"),
        ),
        CommonSheet(
            "avery-l7162", "Avery L7162", SheetGeometry.centred(99.1, 33.9, 2, 8, gap_x=2.5), _AVERY.format("7162")
        ),
        CommonSheet(
            "avery-l7163", "Avery L7163", SheetGeometry.centred(99.1, 38.1, 2, 7, gap_x=2.5), _AVERY.format("7163")
        ),
        CommonSheet(
            "avery-l7164",
            "Avery L7164, J8164",
            SheetGeometry.centred(63.5, 72.0, 3, 4, gap_x=2.54),
            _AVERY.format("7164"),
        ),
        CommonSheet(
            "avery-l7165",
            "Avery L7165, J8165",
            SheetGeometry.centred(99.1, 67.7, 2, 4, gap_x=2.5),
            _AVERY.format("7165"),
        ),
        CommonSheet(
            "plain-a4",
            N_("Giấy A4 thường, tự cắt"),
            SheetGeometry(63.0, 40.0, 3, 7, margin_left=10.5, margin_top=8.5, cut_lines=True),
            "Own grid on ISO 216 A4 paper",
        ),
    )
}

# Sizes of thermal rolls that shops in Việt Nam keep, smallest first.
COMMON_ROLLS = tuple(
    RollGeometry(width, height)
    for width, height in ((35, 22), (40, 30), (50, 30), (50, 40), (60, 40), (70, 50), (100, 50), (75, 100), (100, 150))
)
