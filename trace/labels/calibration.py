"""A sheet that shows how far a printer misses the labels: printed on plain paper and held against a label sheet."""

from typing import BinaryIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from .columns import wrap
from .fonts import BOLD, MM_PER_POINT, REGULAR, SEMIBOLD, text_width
from .geometry import Offset, SheetGeometry, millimetres
from .pdf_labels import new_canvas

_INK = 0.0
_FAINT = 0.55
_STEPS = (
    (
        "In tờ này ở đúng 100 % (“Kích thước thật”), không chọn “Vừa với trang”.",
        "Print at exactly 100 % (“Actual size”), never “Fit to page”.",
    ),
    (
        "Đo thước ngang và thước dọc ở khung này: mỗi thước phải dài đúng {ruler}\u00a0mm. Ngắn hơn 1\u00a0%: tăng tỷ lệ thêm 1\u00a0%.",
        "Measure the two rulers of this panel: each must be exactly {ruler}\u00a0mm long. 1\u00a0% too short: raise the scale by 1\u00a0%.",
    ),
    (
        "Đặt tờ này chồng lên tờ tem, soi trước đèn. So khung số\u00a01 với mép tem đầu tiên; mỗi vạch ở góc khung là 1\u00a0mm.",
        "Lay this sheet on the label sheet against a light. Compare frame\u00a01 with the first label; each tick is 1\u00a0mm.",
    ),
    (
        "Khung lệch sang phải 1\u00a0mm: nhập dịch ngang\u00a0−1. Khung lệch xuống dưới 1\u00a0mm: nhập dịch dọc\u00a0−1. In lại để kiểm tra.",
        "Frame 1\u00a0mm too far right: enter\u00a0−1 across. Frame 1\u00a0mm too low: enter\u00a0−1 down. Print again to check.",
    ),
)


def write_calibration_sheet(out: BinaryIO, geometry: SheetGeometry, *, offset: Offset = Offset()) -> None:  # noqa: B008
    """Write a page: every label's outline and number, ticks at its corners, two rulers, and what to do with them.

    With an offset already entered, the page shows where labels would now be printed.
    """
    canvas = new_canvas(
        out, (geometry.paper_width, geometry.paper_height), title="Tờ căn chỉnh máy in – Printer calibration sheet"
    )
    page = _Page(canvas, geometry, offset.scale)
    for number, (x, y) in enumerate(geometry.corners(), start=1):
        page.outline(number, x + offset.x, y + offset.y)
    page.instructions(offset)
    canvas.showPage()
    canvas.save()


class _Page:
    """Draws in millimetres from the top left corner of the paper."""

    def __init__(self, canvas: Canvas, geometry: SheetGeometry, scale: float) -> None:
        self.canvas, self.geometry, self.scale = canvas, geometry, scale
        self._begin()

    def _begin(self) -> None:
        """Lengths grow from the top left corner, as those of the labels do."""
        self.canvas.translate(0, self.geometry.paper_height * (1 - self.scale) * mm)
        self.canvas.scale(self.scale, self.scale)

    def line(self, x1: float, y1: float, x2: float, y2: float, *, grey: float = _INK, points: float = 0.35) -> None:
        height = self.geometry.paper_height
        self.canvas.setLineWidth(points)
        self.canvas.setStrokeGray(grey)
        self.canvas.line(x1 * mm, (height - y1) * mm, x2 * mm, (height - y2) * mm)

    def text(self, text: str, x: float, baseline: float, font: str, size: float, *, grey: float = _INK) -> None:
        self.canvas.setFillGray(grey)
        self.canvas.setFont(font, size)
        self.canvas.drawString(x * mm, (self.geometry.paper_height - baseline) * mm, text)

    def outline(self, number: int, x: float, y: float) -> None:
        right, bottom = x + self.geometry.label_width, y + self.geometry.label_height
        for x1, y1, x2, y2 in (
            (x, y, right, y),
            (x, bottom, right, bottom),
            (x, y, x, bottom),
            (right, y, right, bottom),
        ):
            self.line(x1, y1, x2, y2, grey=_FAINT)
        for corner_x, inward_x in ((x, 1), (right, -1)):
            for corner_y, inward_y in ((y, 1), (bottom, -1)):
                self._ticks(corner_x, corner_y, inward_x, inward_y)
        self.text(str(number), x + 3, y + 6, SEMIBOLD, 8, grey=_FAINT)

    def _ticks(self, x: float, y: float, inward_x: int, inward_y: int) -> None:
        """Five millimetres along both sides from a corner, marked inwards."""
        for step in range(6):
            length = 2.0 if step in (0, 5) else 1.2
            self.line(x + inward_x * step, y, x + inward_x * step, y + inward_y * length)
            self.line(x, y + inward_y * step, x + inward_x * length, y + inward_y * step)

    def instructions(self, offset: Offset) -> None:
        """A white panel in the middle of the paper, or on a second page where it would hide the first label's corner."""
        paper_width, paper_height = self.geometry.paper_width, self.geometry.paper_height
        ruler = 100 if paper_width >= 150 and paper_height >= 180 else 50
        width = min(142.0, paper_width - 10)
        size = 9.0 if ruler == 100 else 5.0
        lines = self._lines(width - 30, size, ruler, offset)
        height = max(ruler + 14.0, sum(step for *_, step in lines) + 26)
        left, top = (paper_width - width) / 2, max(2.0, (paper_height - height) / 2)
        if left < self.geometry.margin_left + 10 and top < self.geometry.margin_top + 10:
            self.canvas.showPage()
            self._begin()
        self.canvas.setFillGray(1)
        self.canvas.setStrokeGray(_INK)
        self.canvas.setLineWidth(0.8)
        bottom = paper_height - top - height
        self.canvas.roundRect(left * mm, bottom * mm, width * mm, height * mm, 3 * mm, stroke=1, fill=1)
        self._rulers(left + 7, top + 7, ruler)
        baseline = top + 17
        for text, font, points, grey, step in lines:
            baseline += step
            self.text(text, left + 22, baseline, font, points, grey=grey)

    def _lines(
        self, width: float, size: float, ruler: int, offset: Offset
    ) -> list[tuple[str, str, float, float, float]]:
        """Text, font, points, grey and the step down from the line before."""
        geometry, leading = self.geometry, 1.3 * size * MM_PER_POINT
        across, down = millimetres(geometry.label_width), millimetres(geometry.label_height)
        moved = f"{millimetres(offset.x)} · {millimetres(offset.y)} mm"
        if offset.scale != 1:
            moved += f", {millimetres(100 * offset.scale)} %"
        lines = [
            ("Tờ căn chỉnh máy in", BOLD, 2 * size, _INK, 2.2 * leading),
            ("Printer calibration sheet", REGULAR, 1.2 * size, _FAINT, 1.4 * leading),
        ]
        facts = f"{geometry.columns} × {geometry.rows} tem, {across} × {down} mm · dịch (offset): {moved}"
        lines += [(line, SEMIBOLD, size, _INK, 1.6 * leading) for line in self._wrapped(facts, SEMIBOLD, size, width)]
        for number, (vietnamese, english) in enumerate(_STEPS, start=1):
            step = f"{number}. {vietnamese.format(ruler=ruler)}"
            for text, grey, first in ((step, _INK, 1.9), (english.format(ruler=ruler), _FAINT, 1.0)):
                for index, line in enumerate(self._wrapped(text, REGULAR, size, width)):
                    lines.append((line, REGULAR, size, grey, leading * (first if index == 0 else 1.0)))
        return lines

    def _wrapped(self, text: str, font: str, size: float, width: float) -> list[str]:
        return wrap(text, font, size, width) or [text]

    def _rulers(self, x: float, y: float, length: int) -> None:
        """Two rulers from one corner, numbered every ten millimetres."""
        self.line(x, y, x + length, y, points=0.6)
        self.line(x, y, x, y + length, points=0.6)
        for step in range(length + 1):
            tick = 4.0 if step % 10 == 0 else 2.8 if step % 5 == 0 else 1.6
            self.line(x + step, y, x + step, y + tick, points=0.3)
            self.line(x, y + step, x + tick, y + step, points=0.3)
            if step and step % 10 == 0:
                label = str(step)
                self.text(label, x + step - text_width(label, REGULAR, 6) / 2, y + 6.6, REGULAR, 6)
                self.text(label, x + 5, y + step + 0.8, REGULAR, 6)
