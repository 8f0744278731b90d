"""The shopper's map: small, readable without colour, and silent about where a farm is."""

import gzip
import re
from xml.etree import ElementTree as ET

import pytest

from trace.domain.addresses import HA_NOI, UnknownCommune
from trace.domain.maps import count_map_svg, place_map_svg
from trace.storage.addresses import gazetteer

BAT_TRANG, BA_DINH, AN_KHANH, DA_LAT, LY_SON = "00577", "00004", "09877", "24778", "21548"
SVG = "{http://www.w3.org/2000/svg}"


def draw(*codes: str, title: str = "Nơi sản xuất") -> str:
    return place_map_svg(gazetteer(), codes, title=title)


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314 (our own)


def path_of(svg: str, name: str) -> str:
    return next(path.attrib["d"] for path in parse(svg).iter(f"{SVG}path") if path.attrib["class"] == name)


def test_is_an_image_with_a_title_and_a_description() -> None:
    svg = parse(draw(BAT_TRANG, DA_LAT))
    assert svg.attrib["role"] == "img"
    labelled_by = [svg.find(f".//*[@id='{id_}']") for id_ in svg.attrib["aria-labelledby"].split()]
    assert [each.text for each in labelled_by if each is not None] == [
        "Nơi sản xuất",
        "Xã Bát Tràng, Hà Nội; Phường Lâm Viên - Đà Lạt, Lâm Đồng",
    ]


def test_shows_ha_noi_as_its_126_communes_the_chosen_ones_apart() -> None:
    svg = draw(BAT_TRANG, BA_DINH)
    assert path_of(svg, "map-land").count("z") == 124
    assert path_of(svg, "map-place").count("z") == 2


def test_shows_viet_nam_as_soon_as_a_place_is_elsewhere() -> None:
    assert "z" not in path_of(draw(BAT_TRANG, LY_SON), "map-land")


@pytest.mark.parametrize("codes", [(BAT_TRANG,), (DA_LAT,), (BAT_TRANG, LY_SON)])
def test_always_names_hoang_sa_and_truong_sa(codes: tuple[str, ...]) -> None:
    svg = draw(*codes)
    assert "Hoàng Sa</text>" in svg
    assert "Trường Sa</text>" in svg


def test_numbers_several_places_in_order_each_once() -> None:
    svg = draw(BAT_TRANG, AN_KHANH, BAT_TRANG, BA_DINH)
    texts = [text for text in parse(svg).itertext() if re.match(r"\d\. ", text)]
    assert texts == ["1. Xã Bát Tràng, Hà Nội", "2. Xã An Khánh, Hà Nội", "3. Phường Ba Đình, Hà Nội"]
    assert 'class="map-route"' in svg


def test_names_one_place_beside_its_mark_without_a_number() -> None:
    svg = draw(BAT_TRANG)
    assert ">Xã Bát Tràng</text>" in svg
    assert 'class="map-route"' not in svg


def test_keeps_every_name_inside_the_drawing() -> None:
    for commune in gazetteer().communes():
        svg = parse(draw(commune.code))
        width = float(svg.attrib["viewBox"].split()[2])
        *_, label = svg.iter(f"{SVG}text")
        x, reach = float(label.attrib["x"]), 7.5 * len(commune.name)
        left, right = (x - reach, x) if label.attrib["text-anchor"] == "end" else (x, x + reach)
        assert left > 0, commune
        assert right < width, commune


def test_marks_of_neighbouring_places_do_not_hide_each_other() -> None:
    centre = sorted(gazetteer().communes(HA_NOI), key=lambda each: each.area_km2 or 0)[:6]
    circles = [
        (float(circle.attrib["cx"]), float(circle.attrib["cy"]))
        for circle in parse(draw(*(each.code for each in centre))).iter(f"{SVG}circle")
        if circle.attrib["r"] == "7.5"
    ]
    assert len(circles) == 6
    assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) > 10 for a in circles for b in circles if a is not b)


@pytest.mark.parametrize(
    "codes", [(BAT_TRANG,), (BA_DINH, BAT_TRANG, AN_KHANH), (DA_LAT,), (BAT_TRANG, DA_LAT, LY_SON)]
)
def test_is_small_enough_to_travel_inside_the_page(codes: tuple[str, ...]) -> None:
    assert len(gzip.compress(draw(*codes).encode())) <= 2500


def test_is_the_same_every_time() -> None:
    assert draw(BAT_TRANG, BA_DINH) == draw(BAT_TRANG, BA_DINH)


def test_needs_no_style_or_script_and_follows_the_colour_of_the_text() -> None:
    svg = draw(BAT_TRANG, BA_DINH)
    assert "style" not in svg
    assert "<script" not in svg
    assert "#" not in svg
    assert "currentColor" in svg


def test_escapes_what_it_is_given() -> None:
    svg = draw(BAT_TRANG, title="<script>&\"'")
    assert "<script" not in svg
    title = parse(svg).find(f"{SVG}title")
    assert title is not None
    assert title.text == "<script>&\"'"


def test_no_places_no_map() -> None:
    assert draw() == ""


def test_refuses_an_unknown_commune() -> None:
    with pytest.raises(UnknownCommune):
        draw("99999")


def test_a_count_stands_at_its_commune_and_is_said_in_words() -> None:
    drawn = count_map_svg(gazetteer(), {"00070": 12, "00004": 3, "99999": 5}, title="Điểm bán")
    assert ">12</tspan>" in drawn
    assert "Phường Hoàn Kiếm, Hà Nội: 12; " in drawn
    assert ">5</tspan>" not in drawn
    assert count_map_svg(gazetteer(), {}, title="Điểm bán") == ""
