"""What goes where on one label: pure arithmetic over font widths. Millimetres from the label's top left corner."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from ..domain.errors import N_, InvalidInput
from .arrangements import (
    LARGEST_TEXT,
    NORMAL_MODULE_MM,
    SMALLEST_TEXT,
    Area,
    Arrangement,
    Beside,
    Between,
    Content,
    LabelLayout,
    OverSerial,
    Style,
)
from .barcodes import DEPTH_IN_X, HEIGHT_IN_X, SMALLEST_HEIGHT, WIDTH_IN_X, ean13, ean13_modules, x_dimensions
from .designs import Design, LabelText, versions
from .geometry import DOTS_PER_MM, RollGeometry, SheetGeometry
from .symbols import Symbol

WIDE_CHARACTER = (
    "M"  # the serial's place is kept by these: hardly one in 100,000 is wider, and that by less than the padding
)


class LabelTooSmall(InvalidInput):
    """The symbol and the words do not fit this label at a size that can be read."""

    code = "label-too-small"
    message = N_(
        "Cỡ tem này quá nhỏ cho mã QR và nội dung bắt buộc. Hãy chọn cỡ tem lớn hơn hoặc rút ngắn tên sản phẩm."
    )


def lay_out(
    label: LabelText,
    symbol: Symbol,
    geometry: SheetGeometry | RollGeometry,
    *,
    design: Design = Design.RETAIL,
    serial: str = "",
    dots_per_mm: float | None = None,
) -> LabelLayout:
    """Symbol and code beside the words on a wide label, between them on a high one; LabelTooSmall if neither fits.

    Modules and type are as large as the label allows. Nothing overlaps, leaves the label or is cut inside a word; only
    on the smallest labels packaging, commune, certificates and then last words of the producer's name (“…”) are left
    to the shopper's page. ``serial`` is one of those that the labels will bear, all of that length. Symbols, bars and
    their places are whole dots of a printer that has ``dots_per_mm``, or None for any printer. GS1 raises NoBarcodeNumber besides.
    """
    words = label.printable()
    area = Area(
        geometry.label_width,
        geometry.label_height,
        *geometry.safe_inset,
        dots_per_mm or DOTS_PER_MM,
        dots_per_mm is None,
    )
    content = Content(words, tuple(versions(words, design)), symbol, re.sub(r"\w", WIDE_CHARACTER, serial))
    layout = _dual_marked(content, area) if design is Design.GS1 else _arranged(content, area)
    if layout is None:
        raise LabelTooSmall(field="label_width")
    return layout


def _arranged(content: Content, area: Area) -> LabelLayout | None:
    beside, between = Beside(content, area), Between(content, area)
    likely = (beside, between) if area.width >= 1.3 * area.height else (between, beside)
    full, *less = content.versions
    named = [words for words in less if words.producer == full.producer]
    shortened = [words for words in less if words.producer != full.producer]
    ways: tuple[Arrangement, ...] = (*likely, OverSerial(content, area))
    # All words in any way, before leaving some out, and that before a name is shortened.
    for words, arrangement in product(((full,), named, shortened), ways):
        for module in area.module_sizes:
            for style in _styles(words):
                if module > NORMAL_MODULE_MM and style.size < 12 * module:
                    break  # rather a smaller symbol than words that are small beside it
                layout = arrangement.attempt(module, style)
                if layout is not None:
                    return layout
    return None


def _dual_marked(content: Content, area: Area) -> LabelLayout | None:
    """The barcode at the right or below, with bars as high as there is room for, and all else in what it leaves."""
    gtin = content.words.gtin
    ean13_modules(gtin)
    pad_y = area.padding[1]
    for x in x_dimensions(area.dots_per_mm):
        width, depth = WIDTH_IN_X * x, DEPTH_IN_X * x
        height = min(HEIGHT_IN_X * x, area.height - 2 * pad_y - depth)
        if height < SMALLEST_HEIGHT or width > area.width:
            continue
        beside = area._replace(width=area.width - width)
        below = area._replace(height=area.height - SMALLEST_HEIGHT - depth - pad_y)
        for rest, left, high in (
            (beside, beside.width, height),
            (below, (area.width - width) / 2, SMALLEST_HEIGHT),
        ):
            layout = _arranged(content, rest) if min(rest.width, rest.height) >= 10 else None
            if layout is not None:
                top = (area.height - high - depth) / 2 if rest is beside else rest.height
                bars, digits = ean13(gtin, area.whole_dots(left), area.whole_dots(top), x, high)
                return replace(layout, runs=(*layout.runs, *digits), bars=tuple(bars))
    return None


def _styles(versions: Sequence[LabelText]) -> Iterator[Style]:
    """From the most to the least generous."""
    for words in versions:
        for half_points in range(int(LARGEST_TEXT * 2), int(SMALLEST_TEXT * 2) - 1, -1):
            yield Style(half_points / 2, 1.5, 3, words)
        for scale in (1.5, 1.3, 1.1):
            yield Style(SMALLEST_TEXT, scale, 4, words)
