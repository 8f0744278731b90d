from dataclasses import replace

import pytest
import zxingcpp

from trace.domain.printers import DOTS_PER_MM
from trace.labels.barcodes import QUIET_LEFT, QUIET_RIGHT, SMALLEST_HEIGHT, SMALLEST_X, NoBarcodeNumber
from trace.labels.designs import Design
from trace.labels.fonts import BOLD
from trace.labels.geometry import RollGeometry
from trace.labels.layout import LabelTooSmall, lay_out
from trace.labels.symbols import SMALLEST_MODULE_MM, qr_symbol

SERIAL = "7K3M-9XW2-QT5R-0C8N"
DIGITAL_LINK = "HTTPS://TRUYXUAT.EXAMPLE.VN/01/08930000000019/10/VN01-261003-1"


@pytest.fixture
def full(label):
    return replace(
        label, certificates="VietGAP · GlobalG.A.P.", packaging="Túi PE – bỏ vào rác tái chế", gtin="8930000000019"
    )


def layout_of(label, width, height, design=Design.RETAIL, **options):
    link = DIGITAL_LINK if design is Design.GS1 else label.link
    return lay_out(label, qr_symbol(link), RollGeometry(width, height), design=design, **options)


def said(layout) -> str:
    return " ".join(run.text for run in layout.runs)


@pytest.mark.parametrize("dots_per_mm", [*DOTS_PER_MM.values(), 8 * 1.013])
@pytest.mark.parametrize("design", Design)
def test_symbol_and_bars_are_whole_dots_of_every_printer(full, design, dots_per_mm):
    layout = layout_of(full, 100, 50, design, dots_per_mm=dots_per_mm, serial=SERIAL)
    lengths = [layout.module, layout.symbol_x, layout.symbol_y]
    lengths += [length for bar in layout.bars for length in (bar.x, bar.width)]
    assert [length * dots_per_mm for length in lengths] == pytest.approx(
        [round(length * dots_per_mm) for length in lengths]
    )
    assert layout.module >= SMALLEST_MODULE_MM
    assert bool(layout.bars) == (design is Design.GS1)


@pytest.mark.parametrize(("width", "height"), [(70, 40), (50, 75), (100, 50), (75, 100)])
def test_the_barcode_has_its_size_and_its_quiet_zones(full, drawn, width, height):
    layout = layout_of(full, width, height, Design.GS1)
    x_dimension, high = min(bar.width for bar in layout.bars), min(bar.height for bar in layout.bars)
    assert x_dimension >= SMALLEST_X
    assert high >= SMALLEST_HEIGHT
    left, right, top = layout.bars[0].x, layout.bars[-1].x + layout.bars[-1].width, layout.bars[0].y
    image = drawn(layout, qr_symbol(DIGITAL_LINK), width, height)
    for start, end in ((left - QUIET_LEFT * x_dimension, left), (right, right + QUIET_RIGHT * x_dimension)):
        assert 0 <= start < end <= width
        zone = [round(length * 8) for length in (start, top, end, top + high)]
        assert image.crop(tuple(zone)).getextrema() == (255, 255)


def test_a_till_reads_the_barcode_and_a_phone_the_link(full, drawn):
    image = drawn(layout_of(full, 70, 40, Design.GS1), qr_symbol(DIGITAL_LINK), 70, 40)
    assert {found.text for found in zxingcpp.read_barcodes(image)} == {"8930000000019", DIGITAL_LINK}


@pytest.mark.parametrize("gtin", ["", "18930000000016", "96385074"])
def test_a_number_that_no_ean_13_bears_is_refused_by_name(full, gtin):
    with pytest.raises(NoBarcodeNumber) as refusal:
        layout_of(replace(full, gtin=gtin), 100, 50, Design.GS1)
    assert refusal.value.field == "gtin"


def test_a_label_too_narrow_for_the_barcode_is_refused(full):
    with pytest.raises(LabelTooSmall):
        layout_of(full, 40, 60, Design.GS1)


def test_the_retail_design_names_certificates_and_packaging_and_leaves_out_the_packaging_first(full):
    assert {"VietGAP", "GlobalG.A.P.", "PE"} <= set(said(layout_of(full, 60, 40)).split())
    short = said(layout_of(replace(full, packaging="Túi phân hủy sinh học " * 4), 40, 30))
    assert "phân hủy" not in short
    assert "GlobalG.A.P." in short


def test_the_small_design_has_the_code_and_as_much_of_product_and_lot_as_there_is_room_for(full):
    wide, tiny = layout_of(full, 40, 30, Design.SMALL), layout_of(full, 22, 22, Design.SMALL)
    assert [run.text for run in wide.runs if run.font == BOLD]
    assert full.lot in said(wide).replace("- ", "-")
    assert full.producer not in said(wide)
    assert said(tiny) == full.code_groups
