"""One label as it will be printed, to look at before paper is used."""

from dataclasses import replace
from io import BytesIO

import numpy as np
from PIL import Image

from .designs import LabelText
from .formats import Format
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


def preview_png(run: LabelRun, way: Format) -> bytes:
    """The first label of a run dot by dot, in a PNG that states its resolution and so its true size."""
    out = BytesIO()
    dots_per_inch = (way.dots_per_inch, way.dots_per_inch)
    _first(run, way).save(out, "PNG", optimize=True, dpi=dots_per_inch)
    return out.getvalue()


def preview_svg(run: LabelRun, way: Format) -> str:
    """The same as SVG of true size: a path of all dots that come out black."""
    image = _first(run, way)
    ink = np.pad(np.asarray(image.convert("L")) < 128, ((0, 0), (1, 1))).astype(np.int8)
    rows, columns = np.nonzero(np.diff(ink))
    starts, ends = columns[::2], columns[1::2]
    path = "".join(
        f"M{start} {row}h{end - start}v1h{start - end}z"
        for row, start, end in zip(rows[::2], starts, ends, strict=True)
    )
    width, height = (f"{dots * 25.4 / way.dots_per_inch:.2f}mm" for dots in image.size)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {image.width} {image.height}">'
        f'<rect width="{image.width}" height="{image.height}" fill="#fff"/><path d="{path}"/></svg>\n'
    )


def _first(run: LabelRun, way: Format) -> Image.Image:
    first = replace(run, count=1)
    _, image = next(way.images(first, b"".join(way.parts(first)), [0]))
    return image
