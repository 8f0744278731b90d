"""EAN-13 barcodes (ISO/IEC 15420) beside a QR symbol that bears the same GTIN. Lengths are millimetres."""

from functools import cache
from itertools import groupby
from math import ceil
from typing import NamedTuple

import numpy as np
import zxingcpp

from ..domain.errors import N_, InvalidInput
from ..domain.identifiers import Gtin
from .columns import TextRun
from .fonts import CAP_HEIGHT, MM_PER_POINT, SEMIBOLD

# GS1 General Specifications, symbol specification table 1 (retail point of sale): X-dimension 0.264 to 0.660 mm,
# 0.330 mm as the target; bars 22.85 mm high at the target and never below the 18.28 mm of the smallest symbol.
SMALLEST_X, TARGET_X, LARGEST_X = 0.264, 0.330, 0.660
HEIGHT_IN_X, SMALLEST_HEIGHT = 22.85 / 0.330, 18.28
QUIET_LEFT, MODULES, QUIET_RIGHT = 11, 95, 7
WIDTH_IN_X = QUIET_LEFT + MODULES + QUIET_RIGHT
_GUARDS = (range(3), range(45, 50), range(92, 95))  # they are longer by five modules and frame the digits
_GUARD_IN_X = 5
_DIGIT_HEIGHT_IN_X = 6.5
DEPTH_IN_X = _DIGIT_HEIGHT_IN_X + 2  # what the digits take below the bars


class NoBarcodeNumber(InvalidInput):
    code = "no-barcode-number"
    message = N_("Mẫu tem GS1 cần mã GTIN 12 hoặc 13 chữ số của sản phẩm. Hãy khai mã GTIN hoặc chọn mẫu tem khác.")


class Bar(NamedTuple):
    x: float
    y: float
    width: float
    height: float


@cache
def ean13_modules(gtin: str) -> tuple[bool, ...]:
    """The 95 modules, dark ones true. Raises NoBarcodeNumber for a GTIN that no EAN-13 can bear, or what Gtin raises."""
    number = Gtin(gtin) if gtin else None
    if number is None or not number.value.startswith("0") or number.value.startswith("000000"):
        raise NoBarcodeNumber(field="gtin")
    barcode = zxingcpp.create_barcode(number.value[1:], zxingcpp.BarcodeFormat.EAN13)
    image = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)
    return tuple((np.asarray(image)[0] < 128).tolist())


def x_dimensions(dots_per_mm: float) -> list[float]:
    """Those of a whole number of dots that GS1 allows, the nearest to its target first."""
    sizes = [dots / dots_per_mm for dots in range(ceil(SMALLEST_X * dots_per_mm), int(LARGEST_X * dots_per_mm) + 1)]
    return sorted(sizes, key=lambda size: abs(size - TARGET_X))


def ean13(gtin: str, x: float, y: float, x_dimension: float, height: float) -> tuple[list[Bar], list[TextRun]]:
    """Bars and digits of a symbol whose left quiet zone begins at ``x`` and whose bars are ``height`` high."""
    bars, column = [], 0
    left = x + QUIET_LEFT * x_dimension
    for dark, modules in groupby(ean13_modules(gtin)):
        length = len(list(modules))
        if dark:
            guard = _GUARD_IN_X * x_dimension if any(column in guards for guards in _GUARDS) else 0
            bars.append(Bar(left + column * x_dimension, y, length * x_dimension, height + guard))
        column += length
    size = _DIGIT_HEIGHT_IN_X * x_dimension / CAP_HEIGHT / MM_PER_POINT
    baseline = y + height + DEPTH_IN_X * x_dimension
    # The first digit stands in the quiet zone, each other below its seven modules.
    centres = [-6.5, *(3 + 7 * place + 3.5 for place in range(6)), *(50 + 7 * place + 3.5 for place in range(6))]
    digits = []
    for digit, centre in zip(Gtin(gtin).value[1:], centres, strict=True):
        run = TextRun(digit, SEMIBOLD, size, 0, baseline)
        digits.append(run._replace(x=left + centre * x_dimension - run.width / 2))
    return bars, digits
