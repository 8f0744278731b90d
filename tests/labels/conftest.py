from dataclasses import replace
from hashlib import blake2b
from textwrap import wrap
from typing import Any

import pytest
from PIL import Image

from trace.domain.crockford import encode
from trace.labels.arrangements import LabelLayout
from trace.labels.designs import Design, LabelText
from trace.labels.geometry import COMMON_SHEETS, DOTS_PER_MM
from trace.labels.rasters import Raster
from trace.labels.runs import LabelRun
from trace.labels.sheets import sheet_parts
from trace.labels.symbols import Symbol

DIGITAL_LINK = "https://truyxuat.example.vn/01/08930000000019/10/VN01-261003-1"


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
    """Makes the bytes of a sheet of equal labels; keyword arguments of the label and of ``sheet_parts`` mix."""

    def make(**changes: Any) -> bytes:
        texts = {name: changes.pop(name) for name in list(changes) if hasattr(label, name)}
        run = LabelRun.of_equal(replace(label, **texts), changes.pop("count", 1))
        return b"".join(sheet_parts(run, **({"geometry": COMMON_SHEETS["avery-l7160"].geometry} | changes)))

    return make


@pytest.fixture
def stamps(label: LabelText):
    """Makes a run whose labels have links and serials of their own, or of equal ones."""

    def serial(index: int) -> str:
        return encode(blake2b(index.to_bytes(4)).digest(), 16)

    def make(count: int = 3, *, design: Design = Design.RETAIL, unique: bool = True, **changes: Any) -> LabelRun:
        gs1 = {"link": DIGITAL_LINK, "gtin": "8930000000019"} if design is Design.GS1 else {}
        text = replace(label, **gs1 | changes)
        if not unique:
            return LabelRun.of_equal(text, count, design)
        link = text.link + ("/21/" if design is Design.GS1 else "/")
        return LabelRun(
            text,
            count,
            links=lambda start, stop: [link + serial(index) for index in range(start, stop)],
            serials=lambda start, stop: ["-".join(wrap(serial(index), 4)) for index in range(start, stop)],
            design=design,
        )

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
