"""Sheets of equal labels as PDF, for office printers and label sheets."""

from typing import BinaryIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from ..domain.errors import N_, InvalidInput
from .designs import LabelText
from .fonts import register_fonts
from .geometry import Offset, SheetGeometry, whole_dots
from .layout import LabelLayout, lay_out
from .symbols import QUIET_ZONE, Symbol, qr_symbol

MAXIMUM_COUNT = 10_000


def write_sheet(
    out: BinaryIO,
    label: LabelText,
    *,
    count: int,
    geometry: SheetGeometry,
    start_position: int = 1,
    offset: Offset = Offset(),  # noqa: B008 - frozen
) -> None:
    """Write ``count`` copies of ``label``; the first is in place ``start_position`` (from 1, row by row) of its sheet.

    The label is drawn once, as a form that every place refers to: a thousand labels are hardly larger than one.
    Equal input gives equal bytes. Raises InvalidInput (count, start_position, link, a text) and LabelTooSmall.
    """
    _within("count", count, MAXIMUM_COUNT)
    _within("start_position", start_position, geometry.labels_per_sheet)
    symbol = qr_symbol(label.link)
    layout = lay_out(label, symbol, geometry)
    canvas = new_canvas(out, geometry, title=f"{label.product} – {label.lot}")
    canvas.setAuthor(label.producer)
    _define_label(canvas, layout, symbol, geometry)
    corners = list(geometry.corners())
    last = start_position - 1 + count
    for place in range(start_position - 1, last):
        x, y = corners[place % len(corners)]
        _place_label(canvas, geometry, whole_dots(x + offset.x), whole_dots(y + offset.y))
        if (place + 1) % len(corners) == 0 or place + 1 == last:
            canvas.showPage()
    canvas.save()


def new_canvas(out: BinaryIO, geometry: SheetGeometry, *, title: str) -> Canvas:
    """An empty PDF in Vietnamese that asks the print dialogue not to scale it."""
    register_fonts()
    canvas = Canvas(out, pagesize=(geometry.paper_width * mm, geometry.paper_height * mm), invariant=True, lang="vi-VN")
    canvas.setTitle(title)
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


def _within(field: str, number: int, most: int) -> None:
    if not 1 <= number <= most:
        raise InvalidInput(N_("Hãy nhập một số nguyên từ %(low)s đến %(high)s."), field=field, low=1, high=most)


def _define_label(canvas: Canvas, layout: LabelLayout, symbol: Symbol, geometry: SheetGeometry) -> None:
    """The form «label»; PDF measures from the bottom left corner."""
    height = geometry.label_height
    canvas.beginForm("label", 0, 0, geometry.label_width * mm, height * mm)
    path, module = canvas.beginPath(), layout.module
    for column, row, length in symbol.dark_runs():
        left = layout.symbol_x + (column + QUIET_ZONE) * module
        bottom = height - layout.symbol_y - (row + QUIET_ZONE + 1) * module
        path.rect(left * mm, bottom * mm, length * module * mm, module * mm)
    canvas.drawPath(path, stroke=0, fill=1)  # one path, so that no seam shows between modules
    for run in layout.runs:
        text = canvas.beginText(run.x * mm, (height - run.baseline) * mm)
        text.setFont(run.font, run.size)
        text.setCharSpace(run.tracking)
        text.textOut(run.text)
        canvas.drawText(text)
    for x, y, width, bar_height in layout.bars:
        canvas.rect(x * mm, (height - y - bar_height) * mm, width * mm, bar_height * mm, stroke=0, fill=1)
    if layout.rule is not None:
        x, y, width = layout.rule
        canvas.setLineWidth(0.4)
        canvas.line(x * mm, (height - y) * mm, (x + width) * mm, (height - y) * mm)
    canvas.endForm()


def _place_label(canvas: Canvas, geometry: SheetGeometry, x: float, y: float) -> None:
    bottom = geometry.paper_height - y - geometry.label_height
    canvas.saveState()
    canvas.translate(x * mm, bottom * mm)
    canvas.doForm("label")
    if geometry.cut_lines:
        canvas.setLineWidth(0.25)
        canvas.setStrokeGray(0.6)
        canvas.setDash(1.5, 2)
        canvas.rect(0, 0, geometry.label_width * mm, geometry.label_height * mm)
    canvas.restoreState()
