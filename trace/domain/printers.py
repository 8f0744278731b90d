"""A label printer as a business sets it up once: what it understands, how fine it prints and how far it misses."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .errors import N_, Conflict, InvalidInput

LONGEST_NAME = 80
MOST_PRINTERS = 50


class Way(StrEnum):
    """How labels are to be printed."""

    SHEET = "sheet"
    ROLL = "roll"
    """As PDF, a page for each label."""
    ZPL = "zpl"
    TSPL = "tspl"
    ESCPOS = "escpos"
    CSV = "csv"


def kind_of(file_format: str, paper: Mapping[str, Any]) -> Way:
    """Of what an issue of labels and a saved printer keep of it."""
    return Way.SHEET if "geometry" in paper else Way.ROLL if file_format == "pdf" else Way(file_format)


class PrinterNameTaken(InvalidInput):
    code = "printer-name-taken"
    message = N_("Đã có máy in tên “%(name)s”. Hãy đặt tên khác.")


class TooManyPrinters(Conflict):
    code = "too-many-printers"
    message = N_("Mỗi cơ sở lưu được %(most)s máy in. Hãy bỏ máy in không dùng nữa.")


class UnknownPrinter(InvalidInput):
    code = "unknown-printer"
    message = N_("Không có máy in tên “%(name)s”. Hãy chọn máy in khác trong danh sách.")


class PrinterLanguage(StrEnum):
    ZPL = "zpl"
    TSPL = "tspl"
    ESCPOS = "escpos"

    @property
    def darkest(self) -> int:
        """The highest ``darkness``: ZPL's ~SD, TSPL's DENSITY; ESC/POS has no command for it that printers agree on."""
        return {"zpl": 30, "tspl": 15, "escpos": 0}[self]

    @property
    def fastest(self) -> int:
        """The highest ``speed`` in inches a second: ZPL's ^PR, TSPL's SPEED."""
        return {"zpl": 14, "tspl": 14, "escpos": 0}[self]


# A head of "203 dpi" has exactly eight dots to the millimetre.
DOTS_PER_MM = {203: 8.0, 300: 300 / 25.4, 600: 600 / 25.4}


@dataclass(frozen=True, kw_only=True)
class Printer:
    """``width`` is what the head can print and the offsets are how far its image has to be moved, in millimetres.

    ``scale`` is what a length printed by it has to be multiplied with; symbols keep their whole dots. Darkness and
    speed are left as set at the printer where None. InvalidInput names the field that is wrong.
    """

    language: PrinterLanguage
    dots_per_inch: int = 203
    width: float = 104.0
    offset_x: float = 0.0
    offset_y: float = 0.0
    scale: float = 1.0
    darkness: int | None = None
    speed: int | None = None

    def __post_init__(self) -> None:
        if self.dots_per_inch not in DOTS_PER_MM:
            raise InvalidInput(N_("Độ phân giải máy in là 203, 300 hoặc 600 dpi."), field="dots_per_inch")
        _within("width", self.width, 20, 220)
        _within("offset_x", self.offset_x, -20, 20)
        _within("offset_y", self.offset_y, -20, 20)
        check_scale(self.scale)
        if self.darkness is not None:
            _within("darkness", self.darkness, 0, self.language.darkest)
        if self.speed is not None:
            _within("speed", self.speed, 1, self.language.fastest)

    @property
    def dots_per_mm(self) -> float:
        """Of paper, as this printer really prints."""
        return DOTS_PER_MM[self.dots_per_inch] * self.scale

    def dots(self, length_mm: float) -> int:
        return round(length_mm * self.dots_per_mm)


def check_scale(scale: float) -> None:
    """Of a printer of any kind. Raises InvalidInput."""
    if not 0.95 <= scale <= 1.05:  # so written, it refuses NaN too
        raise InvalidInput(
            N_("Tỷ lệ phải từ 95 đến 105 phần trăm. Nếu lệch nhiều hơn, hãy tắt “Vừa với trang” khi in."), field="scale"
        )


def _within(field: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # so written, it refuses NaN too
        raise InvalidInput(
            N_("Hãy nhập một số từ %(low)s đến %(high)s."),
            field=field,
            low=str(low).replace(".", ","),
            high=str(high).replace(".", ","),
        )
