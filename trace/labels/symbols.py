"""QR symbols (ISO/IEC 18004) as a matrix of modules, and the matrix as PNG or SVG."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from xml.sax.saxutils import escape

import qrcode
from PIL import Image, ImageDraw, ImageFont
from qrcode.exceptions import DataOverflowError
from qrcode.util import QRData

from ..domain.errors import N_, InvalidInput
from .fonts import SEMIBOLD, font_path, printable
from .geometry import DOTS_PER_MM

QUIET_ZONE = 4
"""Modules of blank on each side, as ISO/IEC 18004 requires."""
SMALLEST_MODULE_MM = 0.396
"""X-dimension below which a retail symbol breaks the GS1 General Specifications."""
LEVELS = {
    "L": qrcode.ERROR_CORRECT_L,
    "M": qrcode.ERROR_CORRECT_M,
    "Q": qrcode.ERROR_CORRECT_Q,
    "H": qrcode.ERROR_CORRECT_H,
}


@dataclass(frozen=True)
class Symbol:
    """A QR symbol without its quiet zone: ``matrix[row][column]`` is true where the module is dark."""

    link: str
    version: int
    level: str
    matrix: tuple[tuple[bool, ...], ...]

    @property
    def modules(self) -> int:
        """Modules along one side, without the quiet zone."""
        return len(self.matrix)

    @property
    def modules_with_quiet_zone(self) -> int:
        return self.modules + 2 * QUIET_ZONE

    def dark_runs(self) -> Iterator[tuple[int, int, int]]:
        """Each horizontal run of dark modules as column, row, length; the quiet zone is not counted."""
        for row, modules in enumerate(self.matrix):
            column = 0
            for dark, run in groupby(modules):
                length = len(list(run))
                if dark:
                    yield column, row, length
                column += length


def qr_symbol(link: str, *, level: str = "M") -> Symbol:
    """The smallest symbol for an ASCII link; a link in capitals stays in the compact alphanumeric mode.

    Raises InvalidInput (field ``link``) for a link that is empty, not ASCII, or too long for any symbol.
    """
    if not link.strip() or not link.isascii() or not link.isprintable():
        raise InvalidInput(N_("Đường dẫn của tem chỉ được gồm chữ không dấu, chữ số và dấu câu."), field="link")
    code = qrcode.QRCode(error_correction=LEVELS[level], border=0)
    code.add_data(QRData(link))
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:  # qrcode 8 says ValueError when version 41 would be needed
        raise InvalidInput(N_("Đường dẫn của tem quá dài để in thành mã QR."), field="link") from error
    return Symbol(link, code.version, level, tuple(tuple(map(bool, row)) for row in code.modules))


def symbol_png(
    symbol: Symbol, *, dots_per_module: int, dots_per_inch: float = DOTS_PER_MM * 25.4, caption: str | None = None
) -> bytes:
    """A PNG in whole dots that states its resolution, so that it is placed at its true size; 4 dots are 0.5 mm.

    The caption (the code to type by hand) is centred below, as large as the symbol's width allows.
    """
    side = symbol.modules_with_quiet_zone * dots_per_module
    text, font, text_height = printable(caption or ""), None, 0
    if text:
        widest = symbol.modules * dots_per_module
        font = ImageFont.truetype(font_path(SEMIBOLD), 4 * dots_per_module)
        if font.getlength(text) > widest:
            font = font.font_variant(size=4 * dots_per_module * widest / font.getlength(text))
        text_height = round(font.size * 1.6)
    image = Image.new("L", (side, side + text_height), 255)
    draw = ImageDraw.Draw(image)
    for column, row, length in symbol.dark_runs():
        left, top = (column + QUIET_ZONE) * dots_per_module, (row + QUIET_ZONE) * dots_per_module
        draw.rectangle((left, top, left + length * dots_per_module - 1, top + dots_per_module - 1), fill=0)
    if font is not None:
        draw.text((side / 2, side), text, fill=0, font=font, anchor="ma")
    out = BytesIO()
    image.save(out, "PNG", optimize=True, dpi=(dots_per_inch, dots_per_inch))
    return out.getvalue()


def symbol_svg(symbol: Symbol, *, module_mm: float) -> str:
    """An SVG of true size: one path on a white ground, titled with the link."""
    side = symbol.modules_with_quiet_zone
    size = f"{side * module_mm:g}mm"
    path = "".join(
        f"M{column + QUIET_ZONE} {row + QUIET_ZONE}h{length}v1h-{length}z" for column, row, length in symbol.dark_runs()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{size}" height="{size}" viewBox="0 0 {side} {side}"'
        f' shape-rendering="crispEdges"><title>{escape(symbol.link)}</title>'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{path}"/></svg>\n'
    )
