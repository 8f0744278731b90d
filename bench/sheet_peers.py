"""The peers of the sheets of unique stamps: ReportLab alone, with symbols of python-qrcode or of its own widget."""

from collections.abc import Callable
from io import BytesIO

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from trace.labels.arrangements import LabelLayout
from trace.labels.drawing import draw_shared, draw_symbol, text_object
from trace.labels.layout import lay_out
from trace.labels.pdf_labels import new_canvas
from trace.labels.runs import LabelRun
from trace.labels.symbols import qr_symbol

from .formats import SHEET

DrawSymbol = Callable[[Canvas, LabelLayout, str], None]


def with_python_qrcode(canvas: Canvas, layout: LabelLayout, link: str) -> None:
    draw_symbol(canvas, layout, SHEET.label_height, qr_symbol(link))


def with_own_widget(canvas: Canvas, layout: LabelLayout, link: str) -> None:
    side = 37 * layout.module * mm  # with its quiet zone
    drawing = Drawing(side, side)
    drawing.add(QrCodeWidget(link, barLevel="M", barWidth=side, barHeight=side))
    bottom = SHEET.label_height * mm - layout.symbol_y * mm - side
    renderPDF.draw(drawing, canvas, layout.symbol_x * mm, bottom)


def sheets(run: LabelRun, draw: DrawSymbol) -> bytes:
    """The same sheets as ours: what labels share is one form here, too."""
    layout = lay_out(run.label, qr_symbol(run.links(0, 1)[0]), SHEET, serial=run.specimen)
    out = BytesIO()
    canvas = new_canvas(out, (SHEET.paper_width, SHEET.paper_height), title="")
    canvas.beginForm("label", 0, 0, SHEET.label_width * mm, SHEET.label_height * mm)
    draw_shared(canvas, layout, SHEET.label_height)
    canvas.endForm()
    corners = list(SHEET.corners())
    for index, (link, serial) in enumerate(zip(run.links(0, run.count), run.serials(0, run.count), strict=True)):
        x, y = corners[index % len(corners)]
        canvas.saveState()
        canvas.translate(x * mm, (SHEET.paper_height - y - SHEET.label_height) * mm)
        canvas.doForm("label")
        draw(canvas, layout, link)
        for line in (text for text in layout.runs if text.own):
            begin, serial = serial[: len(line.text)], serial[len(line.text) :]
            canvas.drawText(text_object(canvas, line._replace(text=begin), SHEET.label_height))
        canvas.restoreState()
        if (index + 1) % len(corners) == 0:
            canvas.showPage()
    canvas.save()
    return out.getvalue()
