"""One label as it will be printed, to look at before paper is used."""

from base64 import b64encode
from dataclasses import dataclass, replace
from io import BytesIO

import numpy as np
from PIL import Image

from .formats import Format, PrinterFormat, RollFormat, SheetFormat
from .layout import lay_out
from .runs import LabelRun
from .symbols import qr_symbol

FEWEST_DOTS = 4


@dataclass(frozen=True)
class Preview:
    """One label of true size as SVG, where the printer's offset puts it, and its symbol's ``module`` in millimetres."""

    svg: str
    module: float | None
    dots_per_inch: float

    @property
    def is_fine(self) -> bool:
        """Its modules have too few dots for a worn or blurring printer, though they are no smaller than GS1 allows."""
        return self.module is not None and self.module * self.dots_per_inch / 25.4 < FEWEST_DOTS - 0.01

    @property
    def source(self) -> str:
        """For the image's ``src``."""
        return f"data:image/svg+xml;base64,{b64encode(self.svg.encode()).decode()}"


def preview(run: LabelRun, way: Format) -> Preview:
    """Raises what making the file would raise."""
    return Preview(preview_svg(run, way), module_of(run, way), way.dots_per_inch)


def module_of(run: LabelRun, way: Format) -> float | None:
    """In millimetres; None of a list of links, whose symbols others draw. Raises LabelTooSmall, NoBarcodeNumber."""
    if not isinstance(way, SheetFormat | RollFormat | PrinterFormat):
        return None
    paper = way.geometry if isinstance(way, SheetFormat) else way.roll
    dots_per_mm = way.printer.dots_per_mm if isinstance(way, PrinterFormat) else None
    symbol = qr_symbol(run.links(0, 1)[0])
    return lay_out(run.label, symbol, paper, design=run.design, serial=run.specimen, dots_per_mm=dots_per_mm).module


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
    """With the offset in sight: a sheet's label is looked at where it comes to lie, not where the paper has its place."""
    first = replace(run, count=1)
    _, image = next(way.images(first, b"".join(way.parts(first)), [0]))
    if not isinstance(way, SheetFormat):
        return image
    moved = Image.new("L", image.size, 255)
    moved.paste(image, (round(way.offset.x * way.dots_per_inch / 25.4), round(way.offset.y * way.dots_per_inch / 25.4)))
    return moved
