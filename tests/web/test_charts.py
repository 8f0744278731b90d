"""Pictures of figures: what they say is in them as text, and nothing in them needs colour, script or inline style."""

from xml.etree import ElementTree

import pytest

from trace.web.charts import Bar, Month, Place, Point, commune_map, funnel, months, trend


def shapes(picture: str, name: str) -> list[ElementTree.Element]:
    assert "style=" not in picture
    return list(ElementTree.fromstring(picture).iter(name))  # noqa: S314 - our own


def test_a_funnel_is_as_wide_as_its_numbers_and_marks_what_is_lost() -> None:
    picture = funnel("Phễu", [Bar("Cả <danh sách>", 8, 8, "8/8"), Bar("Truy xuất", 2, 8, "2/8")])
    widths = [(each.get("class"), float(each.get("width") or 0)) for each in shapes(picture, "rect")]
    assert widths[3:] == [("chart-ground", 320), ("chart-lost", 240), ("chart-fill", 80)]
    assert [each.text for each in shapes(picture, "text")] == ["Cả <danh sách>", "8/8", "Truy xuất", "2/8"]


def test_a_month_without_a_figure_breaks_the_line() -> None:
    points = [Point("01", 10, "10%"), Point("02", None, ""), Point("03", 30, "30%"), Point("04", 40, "40%")]
    picture = trend("Theo tháng", points, 100, "Chỉ tiêu 100%")
    assert [len((each.get("points") or "").split()) for each in shapes(picture, "polyline")] == [1, 2]
    assert len(shapes(picture, "circle")) == 3
    assert "Chỉ tiêu 100%" in picture


def test_a_commune_is_filled_as_far_as_its_share_and_dashed_without_one() -> None:
    def place(share: float | None) -> Place:
        return Place("Xã", 21.0, 105.8, 20.0, share, "1/4", "/x?a=1&b=2")

    [whole, filled] = shapes(commune_map("Bản đồ", [place(0.25)]), "circle")
    assert float(filled.get("r") or 0) * 2 == pytest.approx(float(whole.get("r") or 0), rel=1e-3)
    assert [len(shapes(commune_map("Bản đồ", [place(share)]), "circle")) for share in (0.0, None)] == [1, 1]
    assert "chart-unknown" in commune_map("Bản đồ", [place(None)])
    assert shapes(commune_map("Bản đồ", [place(0.5)]), "a")[0].get("href") == "/x?a=1&b=2"


def test_a_column_is_filled_as_far_as_the_part_that_is_meant() -> None:
    columns = shapes(months("Phản ánh", [Month("01/26", 4, "4", 1), Month("02/26", 2, "2")]), "rect")
    [whole, part, alone, filled] = [float(each.get("height") or 0) for each in columns]
    assert (part / whole, alone / whole, filled) == (0.25, 0.5, alone)


def test_words_of_many_months_do_not_run_into_each_other() -> None:
    year = [Month(f"{number:02}/26", 1000, "1.000") for number in range(1, 13)]
    words = [each.text for each in shapes(months("Năm", year), "text")]
    assert words == [
        "1.000",
        "02/26",
        "1.000",
        "04/26",
        "1.000",
        "06/26",
        "1.000",
        "08/26",
        "1.000",
        "10/26",
        "1.000",
        "12/26",
    ]


def test_nothing_to_draw_is_no_error() -> None:
    for picture in (funnel("a", []), trend("b", []), months("c", []), commune_map("d", [])):
        assert picture.startswith("<svg")
    assert [each.get("height") for each in shapes(months("e", [Month("01", 0, "0")]), "rect")] == ["0", "0"]
