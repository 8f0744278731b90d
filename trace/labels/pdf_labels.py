"""What is on each label of a PDF: a form with all that the run's labels share, and for each its symbol and serial."""

from collections.abc import Iterator
from io import BytesIO
from itertools import accumulate, repeat
from typing import BinaryIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from ..domain.crockford import ALPHABET
from .bulk_symbols import BulkSymbols
from .drawing import draw_shared, draw_symbol
from .fonts import register_fonts
from .geometry import Offset, RollGeometry, SheetGeometry, whole_dots
from .layout import lay_out
from .runs import LabelRun
from .symbols import QUIET_ZONE, qr_symbol

_SERIAL_CHARACTERS = ALPHABET + "-"
_STRETCH = 4096  # labels drawn at a time: their symbols fit a processor's cache


def new_canvas(out: BinaryIO, paper: tuple[float, float], *, title: str) -> Canvas:
    """An empty PDF in Vietnamese that asks the print dialogue not to scale it; ``paper`` is in millimetres."""
    register_fonts()
    canvas = Canvas(out, pagesize=(paper[0] * mm, paper[1] * mm), invariant=True, lang="vi-VN")
    canvas.setTitle(title)
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


def points(*millimetres: float) -> bytes:
    """Lengths as a content stream has them, to a third of a micrometre."""
    return " ".join(f"{length * mm:.3f}".rstrip("0").rstrip(".") for length in millimetres).encode()


class PdfLabels:
    """A run laid out for labels of one size on ``paper`` (millimetres).

    ``template`` is a PDF of one page, which brings the form and the typefaces. The operators of the content streams are
    those of ISO 32000-1, Annex A.
    """

    def __init__(self, run: LabelRun, geometry: SheetGeometry | RollGeometry, paper: tuple[float, float]) -> None:
        self.run, self.paper = run, paper
        self.width, self.height = geometry.label_width, geometry.label_height
        self._bulk: BulkSymbols | None = None
        if run.specimen:
            self._bulk = BulkSymbols(run.sample)
            (symbol,) = self._bulk.symbols(run.links(0, 1))
        else:
            symbol = qr_symbol(run.links(0, 1)[0])
        self._layout = lay_out(run.label, symbol, geometry, design=run.design, serial=run.specimen)
        out = BytesIO()
        canvas = new_canvas(out, paper, title=f"{run.label.product} – {run.label.lot}")
        canvas.setAuthor(run.label.producer)
        canvas.beginForm("label", 0, 0, self.width * mm, self.height * mm)
        draw_shared(canvas, self._layout, self.height)
        if not run.specimen:
            draw_symbol(canvas, self._layout, self.height, symbol)
        canvas.endForm()
        canvas.doForm("label")
        self._own = self._serial(canvas) + self._mask(symbol.modules) if run.specimen else b""
        canvas.showPage()
        canvas.save()
        self.template = out.getvalue()

    def opening(self, x: float, y: float, offset: Offset, *, cut_lines: bool) -> bytes:
        """A label's content up to what is its own; ``Q`` has to end it. Millimetres from the paper's top left corner."""
        scale, left, top = offset.scale, whole_dots(x + offset.x), whole_dots(y + offset.y)
        corner = points(left * scale, self.paper[1] - (top + self.height) * scale)
        outline = b"q .25 w .6 G[1.5 2]0 d 0 0 %b re S Q " % points(self.width, self.height) if cut_lines else b""
        return b"q %g 0 0 %g %b cm/FormXob.label Do %b" % (scale, scale, corner, outline)

    def own_parts(self) -> Iterator[bytes]:
        """What each label shows besides the form: nothing, without end, where they are equal."""
        if self._bulk is None:
            yield from repeat(b"")
            return
        ends = list(accumulate(len(text.text) for text in self._layout.runs if text.own))
        lines = list(map(slice, [0, *ends], ends))
        for start in range(0, self.run.count, _STRETCH):
            stop = min(start + _STRETCH, self.run.count)
            matrices, serials = self._bulk.matrices(self.run.links(start, stop)), self.run.serials(start, stop)
            if not set(_SERIAL_CHARACTERS).issuperset("".join(serials)):
                raise ValueError("a serial has a character that the typeface was not given")
            size, packed = matrices[0].size, (~matrices).tobytes()  # a mask paints where its bits are 0
            for index, serial in enumerate(map(str.encode, serials)):
                yield self._own % (*(serial[line] for line in lines), packed[index * size : (index + 1) * size])

    def _serial(self, canvas: Canvas) -> bytes:
        """Content with a ``%b`` for each line of the serial; the typeface gets every character that serials have."""
        lines = [text for text in self._layout.runs if text.own]
        first, last = lines[0], lines[-1]
        leading = (last.baseline - first.baseline) / max(len(lines) - 1, 1)
        text = canvas.beginText(round(first.x * mm, 2), round((self.height - first.baseline) * mm, 2))
        text.setFont(first.font, first.size, round(leading * mm, 2))
        text.textLines([_SERIAL_CHARACTERS] * len(lines))
        content: str = text.getCode()
        return content.strip().replace(_SERIAL_CHARACTERS, "%b").encode() + b"\n"

    def _mask(self, modules: int) -> bytes:
        """Content with a ``%b`` for the modules: an image mask, as readers scale it without smoothing its edges."""
        module = self._layout.module
        left = self._layout.symbol_x + QUIET_ZONE * module
        bottom = self.height - self._layout.symbol_y - (QUIET_ZONE + modules) * module
        matrix = b"%b 0 0 %b cm" % (points(modules * module), points(modules * module, left, bottom))
        return b"%b BI/W %d/H %d/IM true ID %%b\nEI\n" % (matrix, modules, modules)
