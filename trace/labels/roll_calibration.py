"""A label that shows how far a label printer misses its roll: a frame that has to be 2 mm from every edge, and rulers."""

from io import BytesIO

from PIL import Image
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader

from .columns import Column
from .fonts import MM_PER_POINT, REGULAR, SEMIBOLD
from .geometry import Offset, RollGeometry, millimetres
from .pdf_labels import new_canvas
from .rasters import Raster

_INSET = 2.0
_LINE = 0.15


def calibration_image(roll: RollGeometry, dots_per_mm: float, offset: Offset) -> Image.Image:
    """With an offset already entered, where the frame would now be printed; ``dots_per_mm`` are scaled already."""
    raster = Raster(roll.label_width, roll.label_height, dots_per_mm, left=offset.x, top=offset.y)
    width, height = roll.label_width - 2 * _INSET, roll.label_height - 2 * _INSET
    for x, y, across, down in (
        (_INSET, _INSET, width, _LINE),
        (_INSET, _INSET + height, width, _LINE),
        (_INSET, _INSET, _LINE, height),
        (_INSET + width, _INSET, _LINE, height),
    ):
        raster.bar(x, y, across, down)
    for step in range(int(width) + 1):
        raster.bar(_INSET + step, _INSET, _LINE, _tick(step))
    for step in range(int(height) + 1):
        raster.bar(_INSET, _INSET + step, _tick(step), _LINE)
    raster.texts(_words(roll, int(width) // 10 * 10).placed(_INSET + 5))
    return raster.image


def calibration_pdf(image: Image.Image, roll: RollGeometry, mm_per_dot: float) -> bytes:
    """A page of the roll's size with the image at its top left corner: what runs over its edges is cut off."""
    out = BytesIO()
    canvas = new_canvas(out, (roll.label_width, roll.label_height), title="Tem căn chỉnh máy in – Calibration label")
    width, height = image.width * mm_per_dot, image.height * mm_per_dot
    canvas.drawImage(ImageReader(image), 0, (roll.label_height - height) * mm, width * mm, height * mm)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _tick(step: int) -> float:
    return 3.0 if step % 10 == 0 else 2.0 if step % 5 == 0 else 1.0


def _words(roll: RollGeometry, ruler: int) -> Column:
    """As large as they fit, the title first; what does not fit is left to the page that offers this label."""
    lines = (
        f"{millimetres(roll.label_width)} × {millimetres(roll.label_height)} mm",
        f"Khung cách mỗi mép {millimetres(_INSET)} mm?",
        f"Thước đủ {ruler} mm?" if ruler else "",
    )
    for size in (9.0, 8.0, 7.0, 6.0, 5.0):
        words = Column(_INSET + 4, roll.label_width - 2 * _INSET - 5, centred=False)
        for place, line in enumerate(lines):
            words.add(line, REGULAR if place else SEMIBOLD, size)
        if not words.overflow and words.height + 6 + size * MM_PER_POINT <= roll.label_height - 2 * _INSET:
            return words
    return Column(0, 0, centred=False)
