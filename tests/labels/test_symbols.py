from io import BytesIO
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from trace.domain.errors import InvalidInput
from trace.labels.decoders import decode
from trace.labels.symbols import qr_symbol, symbol_png, symbol_svg

LINK = "HTTPS://TX.VN/Q/7K3M9XW2QT"
QR_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:"


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


@given(st.text(QR_ALPHANUMERIC, min_size=1, max_size=90))
@settings(max_examples=40)
def test_what_a_symbol_says_is_read_back(link):
    assert decode(opened(symbol_png(qr_symbol(link), dots_per_module=4))) == [link]


@pytest.mark.parametrize(("length", "version"), [(38, 2), (39, 3), (61, 3), (62, 4), (90, 4)])
def test_a_link_in_capitals_takes_the_room_of_alphanumeric_mode(length, version):
    assert qr_symbol("HTTPS://".ljust(length, "A")).version == version


def test_a_digital_link_in_small_letters_is_encoded_as_it_stands():
    link = "https://id.example.vn/01/08930000000019/10/VN01-261003-1?11=261003"
    assert decode(opened(symbol_png(qr_symbol(link), dots_per_module=4))) == [link]


@pytest.mark.parametrize("link", ["", "   ", "HTTPS://TX.VN/Ê", "HTTPS://TX.VN/\n", "a" * 5000, "A" * 3400])
def test_a_link_that_no_symbol_can_carry_is_refused(link):
    with pytest.raises(InvalidInput) as refusal:
        qr_symbol(link)
    assert refusal.value.field == "link"


def test_equal_links_make_equal_symbols():
    assert qr_symbol(LINK) == qr_symbol(LINK)
    assert hash(qr_symbol(LINK)) == hash(qr_symbol(LINK))


def test_the_png_has_a_quiet_zone_of_four_modules_and_states_its_resolution():
    symbol = qr_symbol(LINK)
    image = opened(symbol_png(symbol, dots_per_module=4))
    assert image.size == ((25 + 8) * 4, (25 + 8) * 4)
    assert image.convert("1").point(lambda light: not light).getbbox() == (16, 16, 116, 116)
    assert image.info["dpi"] == pytest.approx((203.2, 203.2))
    large = opened(symbol_png(symbol, dots_per_module=12, dots_per_inch=600))
    assert large.info["dpi"] == pytest.approx((600, 600), abs=0.01)


def test_a_caption_stands_below_the_symbol_and_no_wider_than_it():
    plain = opened(symbol_png(qr_symbol(LINK), dots_per_module=4))
    image = opened(symbol_png(qr_symbol(LINK), dots_per_module=4, caption="7K3-M9XW-2QT – mã truy xuất nguồn gốc"))
    assert image.width == plain.width
    assert image.height > plain.height
    below = image.crop((0, plain.height, image.width, image.height)).point(lambda light: 255 - light).getbbox()
    assert below is not None
    assert below[0] >= 8
    assert below[2] <= image.width - 8
    assert decode(image) == [LINK]


def test_the_svg_is_one_crisp_path_of_true_size_that_escapes_its_title():
    svg = symbol_svg(qr_symbol("HTTPS://TX.VN/?A=1&B=<2>"), module_mm=0.5)
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own output
    namespace = "{http://www.w3.org/2000/svg}"
    assert root.get("width") == root.get("height") == "16.5mm"
    assert root.get("shape-rendering") == "crispEdges"
    assert root.findtext(f"{namespace}title") == "HTTPS://TX.VN/?A=1&B=<2>"
    assert len(root.findall(f"{namespace}path")) == 1


def test_the_svg_path_covers_exactly_the_dark_modules():
    symbol = qr_symbol(LINK)
    dark = {(column + n, row) for column, row, length in symbol.dark_runs() for n in range(length)}
    expected = {(x, y) for y, row in enumerate(symbol.matrix) for x, module in enumerate(row) if module}
    assert dark == expected
    path = ElementTree.fromstring(symbol_svg(symbol, module_mm=0.5))[-1].get("d")  # noqa: S314
    assert path.count("M") == len(list(symbol.dark_runs()))
    assert path.startswith("M4 4h7v1h-7z")
