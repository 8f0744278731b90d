"""One label as it will be printed, to look at before paper is used."""

from io import BytesIO

from .designs import LabelText
from .geometry import SheetGeometry
from .preflight import page_image
from .runs import LabelRun
from .sheets import sheet_parts


def label_preview(label: LabelText, geometry: SheetGeometry, *, dots_per_inch: float = 240) -> bytes:
    """PNG of the first label of a sheet: drawn by what prints it, so that it cannot look different."""
    pdf = b"".join(sheet_parts(LabelRun.of_equal(label, 1), geometry))
    scale = dots_per_inch / 25.4
    x, y = next(geometry.corners())
    left, top = round(x * scale), round(y * scale)
    right, bottom = round((x + geometry.label_width) * scale), round((y + geometry.label_height) * scale)
    image = page_image(pdf, dots_per_inch=dots_per_inch).crop((left, top, right, bottom))
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
