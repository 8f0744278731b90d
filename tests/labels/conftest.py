from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from trace.labels.designs import LabelText
from trace.labels.geometry import COMMON_SHEETS, DOTS_PER_MM
from trace.labels.layout import LabelLayout
from trace.labels.rasters import Raster
from trace.labels.sheets import write_sheet
from trace.labels.symbols import Symbol


@pytest.fixture
def label() -> LabelText:
    return LabelText(
        product="Rau muống hữu cơ",
        producer="Hợp tác xã Rau an toàn Vân Nội",
        commune="Xã Thiên Lộc, Hà Nội",
        lot="VN01-261003-1",
        production_date="03/10/2026",
        best_before="06/10/2026",
        code_groups="7K3-M9XW-2QT",
        link="HTTPS://TRUYXUAT.EXAMPLE.VN/Q/7K3M9XW2QT",
    )


@pytest.fixture
def sheet(label: LabelText):
    """Makes the bytes of a sheet; keyword arguments of the label and of ``write_sheet`` mix."""

    def make(**changes: Any) -> bytes:
        texts = {name: changes.pop(name) for name in list(changes) if hasattr(label, name)}
        options = {"count": 1, "geometry": COMMON_SHEETS["avery-l7160"].geometry} | changes
        out = BytesIO()
        write_sheet(out, replace(label, **texts), **options)
        return out.getvalue()

    return make


@pytest.fixture
def drawn():
    """Draws a layout as a 203 dpi printer prints it."""

    def draw(layout: LabelLayout, symbol: Symbol, width: float, height: float) -> Image.Image:
        raster = Raster(width, height, DOTS_PER_MM)
        raster.draw(layout)
        raster.symbol(layout, symbol)
        return raster.image.convert("L")

    return draw
