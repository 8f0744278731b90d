import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.errors import InvalidInput
from trace.labels.geometry import COMMON_SHEETS, Offset, SheetGeometry, millimetres, whole_dots


@pytest.mark.parametrize("key", COMMON_SHEETS)
def test_a_common_sheet_is_a_centred_grid_with_a_source(key):
    sheet = COMMON_SHEETS[key]
    *_, (x, y) = sheet.geometry.corners()
    right = sheet.geometry.paper_width - x - sheet.geometry.label_width
    bottom = sheet.geometry.paper_height - y - sheet.geometry.label_height
    assert right == pytest.approx(sheet.geometry.margin_left, abs=0.1)
    assert bottom == pytest.approx(sheet.geometry.margin_top, abs=0.1)
    assert sheet.key == key
    assert sheet.source


def test_the_sheet_of_21_has_the_margins_that_its_maker_states():
    geometry = COMMON_SHEETS["avery-l7160"].geometry
    assert (geometry.margin_left, geometry.margin_top) == pytest.approx((7.21, 15.15), abs=0.01)
    assert geometry.labels_per_sheet == 21


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"label_width": 70.1}, "label_width"),
        ({"margin_left": 25.0}, "label_width"),
        ({"gap_y": 20.0}, "label_height"),
        ({"label_height": math.nan}, "label_height"),
        ({"label_height": math.inf}, "label_height"),
        ({"label_width": 0}, "label_width"),
        ({"columns": 0}, "columns"),
        ({"rows": 101}, "rows"),
        ({"gap_x": -1}, "gap_x"),
        ({"paper_width": 5}, "paper_width"),
    ],
)
def test_a_grid_that_cannot_be_names_the_field(change, field):
    sizes = {"label_width": 63.5, "label_height": 38.1, "columns": 3, "rows": 7, "margin_left": 7.2, "margin_top": 15.1}
    with pytest.raises(InvalidInput) as refusal:
        SheetGeometry(**(sizes | change))
    assert refusal.value.field == field


def test_a_grid_that_does_not_fit_says_what_it_needs_with_a_decimal_comma():
    with pytest.raises(InvalidInput, match=r"210,3 mm.*210 mm"):
        SheetGeometry(70.1, 37, 3, 8)


@pytest.mark.parametrize(
    ("x", "y", "scale", "field"),
    [
        (20.1, 0, 1, "offset_x"),
        (0, -21, 1, "offset_y"),
        (math.nan, 0, 1, "offset_x"),
        (0, 0, 1.06, "scale"),
        (0, 0, math.nan, "scale"),
    ],
)
def test_an_absurd_offset_is_refused(x, y, scale, field):
    with pytest.raises(InvalidInput) as refusal:
        Offset(x, y, scale)
    assert refusal.value.field == field


@given(st.floats(10, 60), st.floats(10, 60), st.integers(1, 3), st.integers(1, 4), st.floats(0, 10), st.floats(0, 10))
def test_labels_of_a_grid_neither_overlap_nor_leave_the_paper(width, height, columns, rows, gap_x, gap_y):
    geometry = SheetGeometry.centred(width, height, columns, rows, gap_x=gap_x, gap_y=gap_y)
    corners = list(geometry.corners())
    assert len(corners) == geometry.labels_per_sheet
    for index, (x, y) in enumerate(corners):
        assert -0.05 <= x <= 210.05 - width
        assert -0.05 <= y <= 297.05 - height
        for other_x, other_y in corners[:index]:
            assert abs(x - other_x) >= width - 1e-6 or abs(y - other_y) >= height - 1e-6


@given(st.floats(-300, 300))
def test_a_length_in_whole_dots_is_off_by_half_a_dot_at_most(length):
    assert (whole_dots(length) * 8).is_integer()
    assert abs(whole_dots(length) - length) <= 1 / 16 + 1e-9


def test_ink_stays_clear_of_the_paper_edge_that_printers_leave_blank():
    assert COMMON_SHEETS["avery-3474"].geometry.safe_inset == pytest.approx((4.5, 4.0))
    assert COMMON_SHEETS["avery-l7160"].geometry.safe_inset == (0.0, 0.0)


@pytest.mark.parametrize(
    ("length", "text"), [(38.1, "38,1"), (40.0, "40"), (0.396, "0,4"), (-1.5, "-1,5"), (100, "100")]
)
def test_lengths_are_written_with_a_comma(length, text):
    assert millimetres(length) == text
