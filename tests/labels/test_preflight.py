from io import BytesIO

import pytest
from PIL import Image, ImageOps
from reportlab.pdfgen.canvas import Canvas

from trace.labels.decoders import decode
from trace.labels.geometry import COMMON_SHEETS, Offset
from trace.labels.preflight import LabelDoesNotScan, check_pdf, check_png
from trace.labels.symbols import qr_symbol, symbol_png

LINK = "HTTPS://TX.VN/Q/7K3M9XW2QT"


def png(**options) -> bytes:
    return symbol_png(qr_symbol(LINK), **({"dots_per_module": 4} | options))


def redrawn(change, data: bytes | None = None) -> bytes:
    """The PNG after ``change`` of its image, at the same resolution."""
    image = Image.open(BytesIO(data or png()))
    out = BytesIO()
    change(image).save(out, "PNG", dpi=image.info["dpi"])
    return out.getvalue()


@pytest.mark.parametrize("options", [{}, {"caption": "7K3-M9XW-2QT"}, {"dots_per_module": 12, "dots_per_inch": 600}])
def test_a_good_png_passes(options):
    check_png(png(**options), LINK)


def test_a_symbol_that_is_too_small_on_paper_is_refused_with_its_size():
    with pytest.raises(LabelDoesNotScan, match=r"0,3\d mm.*0,396 mm"):
        check_png(png(dots_per_module=3), LINK)
    with pytest.raises(LabelDoesNotScan, match="0,25 mm"):
        check_png(png(dots_per_module=6, dots_per_inch=600), LINK)


def test_a_symbol_without_contrast_is_refused():
    grey = redrawn(lambda image: image.point(lambda light: 100 + light // 2))
    with pytest.raises(LabelDoesNotScan, match="nhạt"):
        check_png(grey, LINK)
    with pytest.raises(LabelDoesNotScan, match="nhạt"):
        check_png(redrawn(lambda image: Image.new("L", image.size, 255)), LINK)


def test_a_symbol_of_another_link_is_refused():
    with pytest.raises(LabelDoesNotScan, match="địa chỉ khác"):
        check_png(png(), LINK.replace("7K3", "7K4"))


def test_a_symbol_that_is_covered_or_cut_is_refused():
    with pytest.raises(LabelDoesNotScan, match="không quét được"):
        check_png(redrawn(lambda image: image.crop((0, 0, image.width, image.height // 2))), LINK)
    with pytest.raises(LabelDoesNotScan, match="không quét được"):
        check_png(
            redrawn(lambda image: ImageOps.expand(image.crop((20, 20, 112, 112)), 0, fill=0).resize((30, 30))), LINK
        )


def test_a_good_sheet_passes_and_another_link_does_not(sheet, label):
    pdf = sheet(count=30)
    check_pdf(pdf, label.link)
    with pytest.raises(LabelDoesNotScan, match="địa chỉ khác"):
        check_pdf(pdf, LINK)


def test_a_label_that_an_offset_pushes_off_the_paper_is_refused(sheet, label):
    geometry = COMMON_SHEETS["avery-3474"].geometry
    check_pdf(sheet(geometry=geometry, count=24), label.link)
    with pytest.raises(LabelDoesNotScan, match="không quét được"):
        check_pdf(sheet(geometry=geometry, count=24, offset=Offset(-12, 0)), label.link)


def test_one_bad_label_on_the_last_page_is_enough(sheet, label):
    geometry = COMMON_SHEETS["avery-3474"].geometry
    with pytest.raises(LabelDoesNotScan):
        check_pdf(sheet(geometry=geometry, start_position=24, count=2, offset=Offset(-12, 0)), label.link)


def test_too_coarse_a_printer_is_refused(sheet, label):
    with pytest.raises(LabelDoesNotScan):
        check_pdf(sheet(), label.link, dots_per_inch=40)


def test_a_page_without_labels_is_refused():
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 100, "empty")
    canvas.save()
    with pytest.raises(LabelDoesNotScan, match="Trang 1"):
        check_pdf(out.getvalue(), LINK)


def test_an_image_without_symbols_decodes_to_nothing():
    assert decode(Image.new("RGB", (300, 300), "white")) == []
