from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from trace.domain.errors import InvalidInput
from trace.labels.calibration import write_calibration_sheet
from trace.labels.geometry import COMMON_SHEETS, Offset, SheetGeometry
from trace.labels.preflight import check_pdf, decode, page_image

L7160 = COMMON_SHEETS["avery-l7160"].geometry


def page_texts(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


@pytest.mark.parametrize("key", COMMON_SHEETS)
def test_every_symbol_of_a_full_common_sheet_scans_at_203_dpi(sheet, label, key):
    geometry = COMMON_SHEETS[key].geometry
    pdf = sheet(geometry=geometry, count=geometry.labels_per_sheet + 1)
    check_pdf(pdf, label.link)
    assert len(page_texts(pdf)) == 2


def test_a_page_read_as_a_whole_shows_as_many_symbols_as_labels(sheet, label):
    assert decode(page_image(sheet(count=21))) == [label.link] * 21


def test_a_phone_reads_a_sheet_of_ten_thousand_and_the_file_stays_small(sheet, label):
    pdf = sheet(count=10_000, geometry=COMMON_SHEETS["tomy-145"].geometry)
    assert len(pdf) < 300_000
    check_pdf(pdf, label.link)


def test_the_words_are_text_in_vietnamese_that_can_be_searched(sheet):
    (text,) = page_texts(sheet())
    for words in ("Rau muống", "hữu cơ", "Hợp tác xã Rau", "Xã Thiên Lộc, Hà Nội", "VN01-261003-1", "03/10/2026"):
        assert words in text
    assert "7K3-M9XW-2QT" in text


def test_fonts_are_embedded_as_subsets_and_the_print_dialogue_is_asked_not_to_scale(sheet):
    with pikepdf.open(BytesIO(sheet())) as document:
        assert document.Root.ViewerPreferences.PrintScaling == "/None"
        assert str(document.Root.Lang) == "vi-VN"
        fonts = [entry for entry in document.objects if isinstance(entry, pikepdf.Dictionary) and "/FontFile2" in entry]
    assert len(fonts) >= 2
    assert all("BeVietnamPro" in str(font.FontName) for font in fonts)


def test_the_symbol_is_drawn_once_whatever_the_count(sheet):
    with pikepdf.open(BytesIO(sheet(count=500))) as document:
        forms = [
            entry
            for entry in document.objects
            if isinstance(entry, pikepdf.Stream) and entry.get("/Subtype") == "/Form"
        ]
    assert len(forms) == 1


@pytest.mark.parametrize(("start", "count", "pages"), [(1, 21, 1), (1, 22, 2), (21, 1, 1), (21, 2, 2), (5, 60, 4)])
def test_labels_go_on_from_the_first_free_place(sheet, start, count, pages):
    texts = page_texts(sheet(start_position=start, count=count))
    assert len(texts) == pages
    assert sum(text.count("VN01-261003-1") for text in texts) == count


def test_the_first_label_is_at_its_place(sheet):
    image = page_image(sheet(start_position=5), dots_per_inch=254)
    x, y = list(L7160.corners())[4]
    left, top, right, bottom = image.point(lambda light: 255 - light).getbbox()
    assert x * 10 <= left < right <= (x + L7160.label_width) * 10
    assert y * 10 <= top < bottom <= (y + L7160.label_height) * 10


def test_an_offset_moves_the_image_right_and_down(sheet):
    def corner(pdf):
        return page_image(pdf, dots_per_inch=203.2).point(lambda light: 255 - light).getbbox()[:2]

    left, top = corner(sheet())
    assert corner(sheet(offset=Offset(2.5, 1))) == (left + 20, top + 8)
    assert corner(sheet(offset=Offset(-1, -0.5))) == (left - 8, top - 4)


def test_cut_lines_surround_labels_on_plain_paper(sheet):
    geometry = COMMON_SHEETS["plain-a4"].geometry
    image = page_image(sheet(geometry=geometry), dots_per_inch=254)
    left, top, right, bottom = image.point(lambda light: 255 - light).getbbox()
    assert (left, top) == pytest.approx((105, 85), abs=2)
    assert (right, bottom) == pytest.approx((735, 485), abs=2)


def test_equal_input_gives_equal_bytes(sheet):
    assert sheet(count=3) == sheet(count=3)
    assert sheet(count=3) != sheet(count=4)


@pytest.mark.parametrize(
    ("field", "number"), [("count", 0), ("count", -1), ("count", 10_001), ("start_position", 0), ("start_position", 22)]
)
def test_numbers_out_of_range_are_refused_by_name(sheet, field, number):
    with pytest.raises(InvalidInput) as refusal:
        sheet(**{field: number})
    assert refusal.value.field == field


@pytest.mark.parametrize("geometry", [L7160, SheetGeometry(60, 40, 1, 1, 20, 20, paper_width=100, paper_height=150)])
def test_the_calibration_sheet_numbers_the_labels_and_says_what_to_do_in_two_languages(geometry):
    out = BytesIO()
    write_calibration_sheet(out, geometry, offset=Offset(1.5, -2))
    text = " ".join("\n".join(page_texts(out.getvalue())).split())
    assert "Tờ căn chỉnh máy in" in text
    assert "Printer calibration sheet" in text
    assert "1,5 · -2 mm" in text
    image = page_image(out.getvalue(), dots_per_inch=254)
    x, y = (round((start + move) * 10) for start, move in zip(next(geometry.corners()), (1.5, -2), strict=True))
    assert min(image.crop((x - 2, y - 2, x + 3, y + 3)).tobytes()) < 200
