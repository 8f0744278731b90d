"""What all languages of label printers share: a run of labels laid out in the whole dots of one printer.

Only dots, links and serials ever reach a printer. Whatever a person typed is drawn here first, so that no name of a
product can hold a command; links and serials may only have characters that mean nothing in any of the languages.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..domain.errors import N_, InvalidInput
from ..domain.printers import Printer
from .arrangements import LabelLayout
from .bulk_symbols import BulkSymbols
from .columns import TextRun
from .emulation import PrinterFont
from .geometry import COMMON_ROLLS, RollGeometry, millimetres
from .layout import LabelTooSmall, lay_out
from .rasters import Raster
from .runs import LabelRun
from .symbols import Symbol

_CHUNK = 2000  # labels that are made at a time
_ALPHANUMERIC = re.compile(r"[0-9A-Z$%*+\-./:]*")
_ANY_LINK = re.compile(r"[0-9A-Za-z$%*+\-./:_]*")
_SERIAL = re.compile(r"[0-9A-Z-]*")


class PrinterTooNarrow(InvalidInput):
    code = "printer-too-narrow"
    message = N_("Máy in này chỉ in rộng được %(printer)s mm, tem rộng %(label)s mm. Hãy chọn cuộn tem hẹp hơn.")


class UnprintableLink(InvalidInput):
    code = "unprintable-link"
    message = N_("Đường dẫn của tem có ký tự mà máy in có thể hiểu thành lệnh. Hãy đổi mã lô, chỉ dùng chữ và số.")


class SerialPlace(NamedTuple):
    """A part of the serial in a font of the printer, enlarged ``times``; x and y of the first cell's corner in dots."""

    part: slice
    font: PrinterFont
    times: int
    x: int
    y: int


class ThermalRun:
    """A run on a roll in a printer.

    Raises PrinterTooNarrow, UnprintableLink, LabelTooSmall and what else ``lay_out`` raises.
    """

    def __init__(self, run: LabelRun, roll: RollGeometry, printer: Printer) -> None:
        if roll.label_width > printer.width:
            raise PrinterTooNarrow(
                field="label_width", printer=millimetres(printer.width), label=millimetres(roll.label_width)
            )
        self.run, self.roll, self.printer = run, roll, printer
        sample = run.sample
        _check(_ANY_LINK, sample)
        _check(_SERIAL, [run.specimen])
        self.alphanumeric = all(map(_ALPHANUMERIC.fullmatch, sample))
        self.unique = bool(run.specimen)
        self.symbols = BulkSymbols(sample)
        (symbol,) = self.symbols.symbols(sample[:1])
        self.layout = _laid_out(run, symbol, roll, printer)
        self.shared = Raster(
            roll.label_width, roll.label_height, printer.dots_per_mm, left=printer.offset_x, top=printer.offset_y
        )
        self.shared.draw(self.layout)
        if not self.unique:
            self.shared.symbol(self.layout, symbol)
        self.module = round(self.layout.module * printer.dots_per_mm)
        self.symbol_x, self.symbol_y = self.shared.symbol_corner(self.layout)

    def chunks(self) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
        """Links and serials; the sample was checked before, so that a fault here is one of the run itself."""
        allowed = _ALPHANUMERIC if self.alphanumeric else _ANY_LINK
        for start in range(0, self.run.count, _CHUNK):
            stop = min(start + _CHUNK, self.run.count)
            links, serials = self.run.links(start, stop), self.run.serials(start, stop)
            _check(allowed, links)
            _check(_SERIAL, serials)
            yield links, serials

    def mode_prefix(self, link: str) -> str:
        """Before the link, in ZPL and TSPL alike: the mode, so that the printer makes the version that was laid out."""
        return "A" if self.alphanumeric else f"B{len(link):04}"

    def serial_runs(self) -> Iterator[tuple[slice, TextRun]]:
        """Where each part of the serial goes."""
        start = 0
        for run in self.layout.runs:
            if run.own:
                yield slice(start, start + len(run.text)), run
                start += len(run.text)

    def serial_places(self, fonts: Sequence[PrinterFont]) -> list[SerialPlace]:
        """The parts of the serial in the printer's own fonts, as large as the place that was kept for it allows."""
        places = []
        for part, run in self.serial_runs():
            width, capital = self.shared.dots(run.width), 1.3 * run.cap_height * self.printer.dots_per_mm
            fitting = [
                (times * font.capital, times, font)
                for font in fonts
                for times in range(1, 11)
                if times * font.pitch * len(run.text) <= width and times * font.capital <= capital
            ]
            if not fitting:
                raise LabelTooSmall(field="label_width")
            _, times, font = max(fitting)
            x, baseline = self.shared.left + run.x, self.shared.top + run.baseline
            places.append(
                SerialPlace(part, font, times, self.shared.dots(x), self.shared.dots(baseline) - times * font.baseline)
            )
        return places


def _check(allowed: re.Pattern[str], texts: Sequence[str]) -> None:
    if not allowed.fullmatch("".join(texts)):
        raise UnprintableLink(field="lot")


def _laid_out(run: LabelRun, symbol: Symbol, roll: RollGeometry, printer: Printer) -> LabelLayout:
    def attempt(roll: RollGeometry) -> LabelLayout:
        return lay_out(run.label, symbol, roll, design=run.design, serial=run.specimen, dots_per_mm=printer.dots_per_mm)

    try:
        return attempt(roll)
    except LabelTooSmall:
        for larger in COMMON_ROLLS:
            if larger.label_width > printer.width:
                continue
            try:
                attempt(replace(larger, gap=roll.gap))
            except LabelTooSmall:
                continue
            raise LabelTooSmall(
                N_("Tem %(width)s × %(height)s mm quá nhỏ cho mã QR và nội dung. Cuộn tem %(fits)s mm thì vừa."),
                field="label_width",
                width=millimetres(roll.label_width),
                height=millimetres(roll.label_height),
                fits=f"{millimetres(larger.label_width)} × {millimetres(larger.label_height)}",
            ) from None
        raise
