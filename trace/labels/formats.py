"""Every way in which a run of labels leaves: its file in parts, each label as it will be printed, and their check."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image

from ..domain.errors import N_, InvalidInput
from ..domain.printers import DOTS_PER_MM, Printer, PrinterLanguage
from .calibration import write_calibration_sheet
from .escpos import escpos_images, escpos_parts, escpos_picture, escpos_pieces
from .geometry import Offset, RollGeometry, SheetGeometry, whole_dots
from .link_lists import csv_parts, csv_pieces
from .preflight import LabelDoesNotScan, check_pdf, check_run, page_image
from .readback import labels_at, opened
from .roll_calibration import calibration_image, calibration_pdf
from .runs import LabelRun
from .sheets import roll_parts, sheet_parts
from .symbols import qr_symbol, symbol_png
from .tspl import tspl_images, tspl_parts, tspl_picture, tspl_pieces
from .zpl import zpl_images, zpl_parts, zpl_picture, zpl_pieces

_PARTS = {PrinterLanguage.ZPL: zpl_parts, PrinterLanguage.TSPL: tspl_parts, PrinterLanguage.ESCPOS: escpos_parts}
_PICTURE = {
    PrinterLanguage.ZPL: zpl_picture,
    PrinterLanguage.TSPL: tspl_picture,
    PrinterLanguage.ESCPOS: escpos_picture,
}
_PIECES = {PrinterLanguage.ZPL: zpl_pieces, PrinterLanguage.TSPL: tspl_pieces, PrinterLanguage.ESCPOS: escpos_pieces}


class Format(ABC):
    """``dots_per_inch`` are those of the printer; a PDF is looked at as the coarsest would print it."""

    extension = "pdf"
    media_type = "application/pdf"
    dots_per_inch = 203.2

    @abstractmethod
    def parts(self, run: LabelRun) -> Iterator[bytes]:
        """The file. Raises, before the first part, InvalidInput for a run that cannot be printed in this way."""

    @abstractmethod
    def images(self, run: LabelRun, file: bytes | Path, numbers: Sequence[int]) -> Iterator[tuple[int, Image.Image]]:
        """The labels of these numbers (from 0, ascending) as the file prints them. Raises LabelDoesNotScan."""

    def check(self, run: LabelRun, file: bytes | Path) -> dict[int, str]:
        """The links that were read from some labels of the finished file, by number. Raises LabelDoesNotScan."""
        return check_run(run, partial(self.images, run, file), self.dots_per_inch)

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

    def images(self, run: LabelRun, file: bytes | Path, numbers: Sequence[int]) -> Iterator[tuple[int, Image.Image]]:  # noqa: ARG002 - one shape for all
        corners = list(self.geometry.corners())
        for number in numbers:
            page, place = divmod(self.start_position - 1 + number, len(corners))
            left, top = whole_dots(corners[place][0] + self.offset.x), whole_dots(corners[place][1] + self.offset.y)
            edges = left, top, left + self.geometry.label_width, top + self.geometry.label_height
            dots = [round(edge * self.dots_per_inch / 25.4) for edge in edges]
            sheet = page_image(file, page=page, dots_per_inch=self.dots_per_inch)
            yield number, sheet.crop((dots[0], dots[1], dots[2], dots[3]))

    def check(self, run: LabelRun, file: bytes | Path) -> dict[int, str]:
        """Of equal labels every place of a sheet, as an offset may push any of them over the edge of the paper."""
        if run.specimen:
            return super().check(run, file)
        link = run.links(0, 1)[0]
        check_pdf(file, link, dots_per_inch=self.dots_per_inch)
        return {0: link}

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

    def images(self, run: LabelRun, file: bytes | Path, numbers: Sequence[int]) -> Iterator[tuple[int, Image.Image]]:  # noqa: ARG002 - one shape for all
        for number in numbers:
            yield number, page_image(file, page=number, dots_per_inch=self.dots_per_inch)

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

    def images(self, run: LabelRun, file: bytes | Path, numbers: Sequence[int]) -> Iterator[tuple[int, Image.Image]]:
        with opened(file) as stream:
            for number, commands in labels_at(_PIECES[self.printer.language](stream), numbers, run.count):
                try:
                    image = next(self.printed(commands))
                except (ValueError, LookupError, OSError, StopIteration) as error:
                    message = N_("Tem số %(number)s: lệnh in trong tệp bị hỏng. Hãy tạo lại tệp.")
                    raise LabelDoesNotScan(message, number=number + 1) from error
                yield number, image

    def calibration(self) -> bytes:
        image = calibration_image(self.roll, self.printer.dots_per_mm, self.offset)
        return b"".join(_PICTURE[self.printer.language](image, self.roll, self.printer, 2))

    def printed(self, commands: bytes) -> Iterator[Image.Image]:
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

    def images(self, run: LabelRun, file: bytes | Path, numbers: Sequence[int]) -> Iterator[tuple[int, Image.Image]]:
        with opened(file) as stream:
            for number, lines in labels_at(csv_pieces(stream), numbers, run.count):
                link = lines.decode(errors="replace").rstrip().rpartition(",")[2]
                yield number, Image.open(BytesIO(symbol_png(qr_symbol(link), dots_per_module=4)))
