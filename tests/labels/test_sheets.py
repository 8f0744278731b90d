import re
from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from trace.domain.errors import InvalidInput
from trace.labels.calibration import write_calibration_sheet
from trace.labels.decoders import decode
from trace.labels.geometry import COMMON_SHEETS, Offset, RollGeometry, SheetGeometry
from trace.labels.layout import lay_out
from trace.labels.preflight import check_pdf, page_image
from trace.labels.runs import LabelRun
from trace.labels.sheets import roll_parts, sheet_parts
from trace.labels.symbols import qr_symbol

L7160 = COMMON_SHEETS["avery-l7160"].geometry


def page_texts(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def corner(pdf):
    """Of what is printed, in 203 dpi dots."""
    return page_image(pdf, dots_per_inch=203.2).point(lambda light: 255 - light).getbbox()[:2]


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
    ("field", "number"),
    [("count", 0), ("count", -1), ("count", 1_000_001), ("start_position", 0), ("start_position", 22)],
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


def test_every_stamp_of_a_sheet_scans_as_itself_and_says_its_serial(stamps):
    run = stamps(50)
    pdf = b"".join(sheet_parts(run, L7160, start_position=3))
    texts = [re.sub(r"\W", "", text) for text in page_texts(pdf)]
    for page, (start, stop) in enumerate([(0, 19), (19, 40), (40, 50)]):
        assert set(decode(page_image(pdf, page=page))) == set(run.links(start, stop))
        assert all(serial.replace("-", "") in texts[page] for serial in run.serials(start, stop))


@pytest.mark.parametrize("dots_per_inch", [203, 300, 600])
def test_the_modules_of_a_stamp_are_sharp_at_any_resolution(stamps, dots_per_inch):
    roll = RollGeometry(50, 30)
    image = page_image(b"".join(roll_parts(stamps(1), roll)), dots_per_inch=dots_per_inch)
    layout = lay_out(stamps(1).label, qr_symbol(stamps(1).links(0, 1)[0]), roll, serial=stamps(1).specimen)
    corner = [(place + 4 * layout.module) / 25.4 * dots_per_inch for place in (layout.symbol_x, layout.symbol_y)]
    side = 29 * layout.module / 25.4 * dots_per_inch
    symbol = image.crop((*map(round, corner), *(round(place + side) for place in corner)))
    assert {level for level, count in enumerate(symbol.histogram()) if count} == {0, 255}


def test_a_roll_has_a_page_for_each_label_in_their_order(stamps):
    run = stamps(300)
    pdf = b"".join(roll_parts(run, RollGeometry(50, 30)))
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.check_pdf_syntax() == []
        assert [float(length) for length in document.pages[299].mediabox] == pytest.approx(
            [0, 0, 141.732, 85.039], abs=0.001
        )
        assert len(document.Root.Pages.Kids) == 3  # so that a reader finds a page without reading all before it
    for page in (0, 1, 127, 128, 299):
        assert decode(page_image(pdf, page=page)) == list(run.links(page, page + 1))


def test_an_equal_label_on_a_roll_is_kept_once(label):
    pdf = b"".join(roll_parts(LabelRun.of_equal(label, 10_000), RollGeometry(50, 30)))
    assert len(pdf) < 400_000
    assert decode(page_image(pdf, page=9_999)) == [label.link]


def test_an_offset_moves_the_labels_of_a_roll(label):
    run, roll = LabelRun.of_equal(label, 1), RollGeometry(50, 30)

    left, top = corner(b"".join(roll_parts(run, roll)))
    assert corner(b"".join(roll_parts(run, roll, offset=Offset(1, -0.5)))) == (left + 8, top - 4)


def test_a_printer_that_shrinks_its_pages_is_given_larger_ones(sheet):
    def box(pdf):
        return page_image(pdf, dots_per_inch=254).point(lambda light: 255 - light).getbbox()

    plain = box(sheet(count=21))
    assert box(sheet(count=21, offset=Offset(scale=1.01))) == pytest.approx([edge * 1.01 for edge in plain], abs=2)


def test_stamps_are_asked_for_as_the_file_is_taken(stamps):
    asked = []

    def links(start, stop):
        asked.append(stop - start)
        return run.links(start, stop)

    run = stamps(100_000)
    parts = sheet_parts(replace(run, links=links), L7160)
    assert next(parts)
    assert sum(asked) < 100
    assert next(parts)
    assert sum(asked) < 10_000


def test_a_million_stamps_are_begun_at_once(stamps):
    assert next(sheet_parts(stamps(1_000_000), L7160)).startswith(b"%PDF")


def test_a_stamp_takes_little_of_a_file(stamps):
    assert len(b"".join(sheet_parts(stamps(2_000), L7160))) < 400 * 2_000
    assert len(b"".join(roll_parts(stamps(2_000), RollGeometry(50, 30)))) < 400 * 2_000


def test_a_serial_that_the_typeface_was_not_given_is_no_label(stamps):
    run = replace(stamps(1), serials=lambda _start, _stop: ["0000-0000-0000-000)"])
    with pytest.raises(ValueError, match="character"):
        list(sheet_parts(run, L7160))
