"""A laid out label on a ReportLab canvas whose origin is the label's bottom left corner."""

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from .arrangements import LabelLayout
from .columns import TextRun
from .symbols import QUIET_ZONE, Symbol


def draw_shared(canvas: Canvas, layout: LabelLayout, height: float) -> None:
    """What all labels of a run say: everything but the symbol and the serial."""
    for run in layout.runs:
        if not run.own:
            canvas.drawText(text_object(canvas, run, height))
    for left, top, width, depth in layout.bars:
        canvas.rect(left * mm, (height - top - depth) * mm, width * mm, depth * mm, stroke=0, fill=1)
    if layout.rule is not None:
        x, y, width = layout.rule
        canvas.setLineWidth(0.4)
        canvas.line(x * mm, (height - y) * mm, (x + width) * mm, (height - y) * mm)


def draw_symbol(canvas: Canvas, layout: LabelLayout, height: float, symbol: Symbol) -> None:
    path, module = canvas.beginPath(), layout.module
    for column, row, length in symbol.dark_runs():
        left = layout.symbol_x + (column + QUIET_ZONE) * module
        bottom = height - layout.symbol_y - (row + QUIET_ZONE + 1) * module
        path.rect(left * mm, bottom * mm, length * module * mm, module * mm)
    canvas.drawPath(path, stroke=0, fill=1)  # one path, so that no seam shows between modules


def text_object(canvas: Canvas, run: TextRun, height: float) -> PDFTextObject:
    text = canvas.beginText(run.x * mm, (height - run.baseline) * mm)
    text.setFont(run.font, run.size)
    text.setCharSpace(run.tracking)
    text.textOut(run.text)
    return text
