from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trace.domain.errors import InvalidInput
from trace.labels.arrangements import SMALLEST_TEXT
from trace.labels.columns import wrap
from trace.labels.designs import LabelText
from trace.labels.fonts import BOLD, CAP_HEIGHT, DESCENT, MM_PER_POINT, REGULAR, SEMIBOLD, printable, text_width
from trace.labels.geometry import COMMON_SHEETS, SheetGeometry
from trace.labels.layout import LabelTooSmall, lay_out
from trace.labels.symbols import QUIET_ZONE, SMALLEST_MODULE_MM, qr_symbol

LINK = "HTTPS://TRUYXUAT.EXAMPLE.VN/Q/7K3M9XW2QT"
SYMBOL = qr_symbol(LINK)
STAMP = qr_symbol(f"{LINK}/0123456789ABCDEF")
WORDS = ["Rau", "muống", "hữu", "cơ", "Thịt", "lợn", "nghiêng", "Ặt", "500 g", "loại-1", "giống", "bản", "địa"]
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join)


def boxes(layout):
    """Left, top, right, bottom of each line's ink: small letters may hang below, accents are not counted."""
    for run in layout.runs:
        em = run.size * MM_PER_POINT
        yield run.x, run.baseline - CAP_HEIGHT * em, run.x + run.width, run.baseline + DESCENT * em


def overlap(one, other):
    return (
        one[0] < other[2] - 1e-6 and other[0] < one[2] - 1e-6 and one[1] < other[3] - 1e-6 and other[1] < one[3] - 1e-6
    )


def assert_sound(layout, geometry, symbol=SYMBOL):
    width, height = geometry.label_width, geometry.label_height
    side = symbol.modules_with_quiet_zone * layout.module
    square = (layout.symbol_x, layout.symbol_y, layout.symbol_x + side, layout.symbol_y + side)
    assert layout.module >= SMALLEST_MODULE_MM
    assert min(square[:2]) >= 0
    assert square[2] <= width + 1e-6
    assert square[3] <= height + 1e-6
    placed = list(boxes(layout))
    for index, box in enumerate(placed):
        assert box[0] >= 1.0
        assert box[1] >= 0.5
        assert box[2] <= width - 1.0
        assert box[3] <= height
        assert not overlap(box, square)
        assert not any(overlap(box, other) for other in placed[:index])


@given(
    product=names,
    producer=names,
    lot=st.text("ABC019-/", min_size=1, max_size=20).filter(lambda lot: lot.strip("-/")),
    best_before=st.sampled_from(["", "06/10/2026"]),
    width=st.floats(30, 120),
    height=st.floats(15, 100),
)
@settings(max_examples=150, deadline=None)
def test_nothing_overlaps_and_nothing_is_lost(product, producer, lot, best_before, width, height):
    geometry = SheetGeometry.centred(width, height, 1, 1)
    label = LabelText(product, producer, lot, "7K3-M9XW-2QT", LINK, "03/10/2026", best_before, "Xã Thiên Lộc, Hà Nội")
    try:
        layout = lay_out(label, SYMBOL, geometry)
    except LabelTooSmall:
        assume(False)
    assert_sound(layout, geometry)
    assert all(run.size >= SMALLEST_TEXT for run in layout.runs)
    bold = [run.text for run in layout.runs if run.font == BOLD]
    assert "".join(bold).replace(" ", "") == product.replace(" ", "")
    printed = "".join(run.text for run in layout.runs).replace(" ", "")
    assert lot in printed
    assert "7K3-M9XW-2QT" in printed
    assert "NSX03/10/2026" in printed
    assert ("HSD06/10/2026" in printed) == bool(best_before)


@pytest.mark.parametrize("key", COMMON_SHEETS)
def test_an_ordinary_label_fits_every_common_sheet_with_whole_dots(label, key):
    layout = lay_out(label, SYMBOL, COMMON_SHEETS[key].geometry)
    assert_sound(layout, COMMON_SHEETS[key].geometry)
    assert layout.module >= 0.5
    for length in (layout.module, layout.symbol_x, layout.symbol_y):
        assert (length * 8).is_integer()


def test_a_larger_label_gets_a_larger_symbol_and_larger_words(label):
    small = lay_out(label, SYMBOL, COMMON_SHEETS["tomy-145"].geometry)
    large = lay_out(label, SYMBOL, COMMON_SHEETS["avery-l7163"].geometry)
    assert large.module > small.module
    assert max(run.size for run in large.runs) > max(run.size for run in small.runs)


def test_the_product_is_the_largest_of_the_words(label):
    for sheet in COMMON_SHEETS.values():
        layout = lay_out(label, SYMBOL, sheet.geometry)
        sizes = {run.font: run.size for run in sorted(layout.runs, key=lambda run: run.size)}
        assert sizes[BOLD] == max(sizes.values())


def test_a_high_label_has_its_symbol_between_the_words(label):
    geometry = COMMON_SHEETS["avery-l7164"].geometry
    layout = lay_out(label, SYMBOL, geometry)
    middle = layout.symbol_x + SYMBOL.modules_with_quiet_zone * layout.module / 2
    assert middle == pytest.approx(geometry.label_width / 2, abs=0.1)
    assert any(run.baseline < layout.symbol_y + QUIET_ZONE * layout.module for run in layout.runs)


def test_a_small_label_leaves_the_commune_and_then_the_end_of_the_producer_to_the_page(label):
    company = "Công ty cổ phần Chế biến Thực phẩm và Giết mổ gia súc Đại Thịnh Phát Việt Nam"
    layout = lay_out(replace(label, producer=company), SYMBOL, COMMON_SHEETS["tomy-145"].geometry)
    printed = " ".join(run.text for run in layout.runs)
    assert "…" in printed
    assert "Hà Nội" not in printed
    assert "Rau muống" in printed


def test_a_label_too_small_for_symbol_and_words_is_refused(label):
    with pytest.raises(LabelTooSmall) as refusal:
        lay_out(label, SYMBOL, SheetGeometry.centred(20, 15, 8, 15))
    assert refusal.value.field == "label_width"
    with pytest.raises(LabelTooSmall):
        lay_out(replace(label, product="muống " * 40), SYMBOL, COMMON_SHEETS["tomy-145"].geometry)


@pytest.mark.parametrize("field", ["product", "producer", "lot", "code_groups"])
def test_words_that_cannot_be_printed_are_refused_by_name(label, field):
    with pytest.raises(InvalidInput) as refusal:
        lay_out(replace(label, **{field: " 蔬菜 🥬 "}), SYMBOL, COMMON_SHEETS["avery-l7160"].geometry)
    assert refusal.value.field == field


def test_an_emoji_is_left_out_and_decomposed_letters_are_composed():
    assert printable("Rau 🥬\tmuống\n") == "Rau muống"
    assert printable("Rau muo\u0302\u0301ng") == "Rau muống"


def test_the_typeface_has_every_vietnamese_letter():
    vowels = "aăâeêioôơuưy"
    letters = "".join(vowels) + "đ" + "áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ" + "₫–…“”×·"
    assert printable(letters + letters.upper()) == letters + letters.upper()


@given(names, st.floats(12, 80), st.sampled_from([REGULAR, SEMIBOLD, BOLD]))
def test_wrapped_lines_hold_all_words_within_the_width(text, width, font):
    lines = wrap(text, font, 8, width)
    if lines is None:
        assert any(text_width(word, font, 8) > width for word in text.replace("-", "- ").split())
    else:
        assert all(text_width(line, font, 8) <= width + 1e-6 for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("key", COMMON_SHEETS)
def test_every_common_label_has_a_place_for_a_serial_of_its_own(label, key):
    layout = lay_out(label, STAMP, COMMON_SHEETS[key].geometry, serial="0123-4567-89AB-CDEF")
    assert "".join(run.text for run in layout.runs if run.own) == "MMMM-MMMM-MMMM-MMMM"
    assert_sound(layout, COMMON_SHEETS[key].geometry, STAMP)


def test_a_low_label_has_its_serial_below_all_else_and_the_producer_s_whole_name(label):
    named = replace(label, producer="Hợp tác xã Rau an toàn Bãi Xanh (ví dụ)")
    layout = lay_out(named, STAMP, COMMON_SHEETS["tomy-145"].geometry, serial="0123-4567-89AB-CDEF")
    assert named.producer in " ".join(run.text for run in layout.runs)
    (serial,) = [run for run in layout.runs if run.own]
    assert serial.baseline > max(run.baseline + run.cap_height for run in layout.runs if run.baseline < serial.baseline)
