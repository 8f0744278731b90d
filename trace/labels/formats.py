"""Every way in which a run of labels leaves: its file in parts, each label as it will be printed, and their check."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image

from ..domain.errors import N_, InvalidInput
from ..domain.printers import DOTS_PER_MM, Printer, PrinterLanguage
from .calibration import write_calibration_sheet
from .escpos import escpos_images, escpos_parts, escpos_picture
from .geometry import Offset, RollGeometry, SheetGeometry, whole_dots
from .link_lists import csv_parts
from .preflight import check_pdf, check_run, page_image
from .roll_calibration import calibration_image, calibration_pdf
from .runs import LabelRun
from .sheets import roll_parts, sheet_parts
from .symbols import qr_symbol, symbol_png
from .tspl import tspl_images, tspl_parts, tspl_picture
from .zpl import zpl_images, zpl_parts, zpl_picture

_PARTS = {PrinterLanguage.ZPL: zpl_parts, PrinterLanguage.TSPL: tspl_parts, PrinterLanguage.ESCPOS: escpos_parts}
_PICTURE = {
    PrinterLanguage.ZPL: zpl_picture,
    PrinterLanguage.TSPL: tspl_picture,
    PrinterLanguage.ESCPOS: escpos_picture,
}


class Format(ABC):
    """``dots_per_inch`` are those of the printer; a PDF is looked at as the coarsest would print it."""

    extension = "pdf"
    media_type = "application/pdf"
    dots_per_inch = 203.2

    @abstractmethod
    def parts(self, run: LabelRun) -> Iterator[bytes]:
        """The file. Raises, before the first part, InvalidInput for a run that cannot be printed in this way."""

    @abstractmethod
    def image(self, run: LabelRun, file: bytes | Path, number: int) -> Image.Image:
        """The label of that number (from 0) as it is printed."""

    def check(self, run: LabelRun, file: bytes | Path) -> None:
        """Raises LabelDoesNotScan."""
        check_run(run, partial(self.image, run, file), self.dots_per_inch)

    def calibration(self) -> bytes:
        """A file that shows how far the printer misses, with the settings it has now."""
        raise InvalidInput(N_("Danh sách cho nhà in không có tờ căn chỉnh."), field="way")


@dataclass(frozen=True)
class SheetFormat(Format):
    """``sheet`` names one of ``COMMON_SHEETS``; empty where the geometry was typed in."""

    geometry: SheetGeometry
    start_position: int = 1
    offset: Offset = Offset()  # noqa: RUF009 - frozen
    sheet: str = ""

    def parts(self, run: LabelRun) -> Iterator[bytes]:
        return sheet_parts(run, self.geometry, start_position=self.start_position, offset=self.offset)

    def image(self, run: LabelRun, file: bytes | Path, number: int) -> Image.Image:  # noqa: ARG002 - one shape for all
        page, place = divmod(self.start_position - 1 + number, self.geometry.labels_per_sheet)
        x, y = list(self.geometry.corners())[place]
        left, top = whole_dots(x + self.offset.x), whole_dots(y + self.offset.y)
        edges = left, top, left + self.geometry.label_width, top + self.geometry.label_height
        dots = [round(edge * self.dots_per_inch / 25.4) for edge in edges]
        return page_image(file, page=page, dots_per_inch=self.dots_per_inch).crop((dots[0], dots[1], dots[2], dots[3]))

    def check(self, run: LabelRun, file: bytes | Path) -> None:
        """Of equal labels every place of a sheet, as an offset may push any of them over the edge of the paper."""
        if run.specimen:
            super().check(run, file)
        else:
            check_pdf(file, run.links(0, 1)[0], dots_per_inch=self.dots_per_inch)

    def calibration(self) -> bytes:
        out = BytesIO()
        write_calibration_sheet(out, self.geometry, offset=self.offset)
        return out.getvalue()


@dataclass(frozen=True)
class RollFormat(Format):
    """A page for each label, for the driver of a label printer."""

    roll: RollGeometry
    offset: Offset = Offset()  # noqa: RUF009 - frozen

    def parts(self, run: LabelRun) -> Iterator[bytes]:
        return roll_parts(run, self.roll, offset=self.offset)

    def image(self, run: LabelRun, file: bytes | Path, number: int) -> Image.Image:  # noqa: ARG002 - one shape for all
        return page_image(file, page=number, dots_per_inch=self.dots_per_inch)

    def calibration(self) -> bytes:
        dots_per_mm = DOTS_PER_MM[600]
        image = calibration_image(self.roll, dots_per_mm, self.offset)
        return calibration_pdf(image, self.roll, self.offset.scale / dots_per_mm)


class PrinterFormat(Format):
    """The printer's own language. What is judged is the commands for a label, read as the printer reads them."""

    media_type = "application/octet-stream"

    def __init__(self, roll: RollGeometry, printer: Printer) -> None:
        self.roll, self.printer = roll, printer
        self.extension = printer.language.value
        self.dots_per_inch = 25.4 * printer.dots_per_mm

    @property
    def offset(self) -> Offset:
        return Offset(self.printer.offset_x, self.printer.offset_y, self.printer.scale)

    def parts(self, run: LabelRun) -> Iterator[bytes]:
        return _PARTS[self.printer.language](run, self.roll, self.printer)

    def image(self, run: LabelRun, file: bytes | Path, number: int) -> Image.Image:  # noqa: ARG002 - a million is long
        parts = _PARTS[self.printer.language](run, self.roll, self.printer, range(number, number + 1))
        return next(self.images(b"".join(parts)))

    def calibration(self) -> bytes:
        image = calibration_image(self.roll, self.printer.dots_per_mm, self.offset)
        return b"".join(_PICTURE[self.printer.language](image, self.roll, self.printer, 2))

    def images(self, commands: bytes) -> Iterator[Image.Image]:
        """Each label that the printer makes of commands, a pixel a dot."""
        match self.printer.language:
            case PrinterLanguage.ZPL:
                return zpl_images(commands)
            case PrinterLanguage.TSPL:
                return tspl_images(commands, self.printer.dots_per_mm)
            case PrinterLanguage.ESCPOS:
                return escpos_images(commands)


class LinkListFormat(Format):
    """CSV for a print house, whose labels are its own: that the links make symbols which scan is judged."""

    extension = "csv"
    media_type = "text/csv; charset=utf-8"

    def parts(self, run: LabelRun) -> Iterator[bytes]:
        return csv_parts(run)

    def image(self, run: LabelRun, file: bytes | Path, number: int) -> Image.Image:  # noqa: ARG002 - one shape for all
        return Image.open(BytesIO(symbol_png(qr_symbol(run.links(number, number + 1)[0]), dots_per_module=4)))
