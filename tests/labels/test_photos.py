import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from trace.domain.errors import InvalidInput
from trace.labels.photos import MAXIMUM_BYTES, read_label_photo
from trace.labels.symbols import qr_symbol, symbol_png

LINK = "HTTPS://TRUYXUAT.EXAMPLE.VN/Q/7K3M9XW2QT"


def symbol_image(dots: int = 10, link: str = LINK) -> Image.Image:
    return Image.open(BytesIO(symbol_png(qr_symbol(link), dots_per_module=dots)))


def scene(symbol: Image.Image, *, size=(1200, 1600), place=(300, 500)) -> Image.Image:
    """A symbol lying on a mottled brown table."""
    noise = Image.effect_noise(size, 40).convert("RGB")
    table = ImageChops.multiply(noise, Image.new("RGB", size, (190, 150, 110)))
    table.paste(symbol.convert("RGB"), place)
    return table


def encoded(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_plain_photo_is_read(kind):
    assert read_label_photo(encoded(scene(symbol_image()), kind)) == [LINK]


@pytest.mark.parametrize("angle", [0, 17, 45, 90, 133, 180, 270])
def test_a_turned_photo_is_read(angle):
    turned = scene(symbol_image(14)).rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=(120, 100, 80))
    assert read_label_photo(encoded(turned)) == [LINK]


@pytest.mark.parametrize("blur", [2, 5, 8])
def test_a_blurred_photo_is_read(blur):
    assert read_label_photo(encoded(scene(symbol_image(20)).filter(ImageFilter.GaussianBlur(blur)), quality=40)) == [
        LINK
    ]


def test_a_dark_photo_of_little_contrast_is_read():
    dim = ImageEnhance.Brightness(ImageEnhance.Contrast(scene(symbol_image(14))).enhance(0.35)).enhance(0.35)
    assert read_label_photo(encoded(dim)) == [LINK]


def test_a_tilted_photo_is_read():
    tilted = scene(symbol_image(16)).transform(
        (1200, 1600),
        Image.Transform.PERSPECTIVE,
        (1, 0.12, -60, 0.05, 1.1, -80, 0.00005, 0.0002),
        Image.Resampling.BICUBIC,
    )
    assert read_label_photo(encoded(tilted)) == [LINK]


def test_a_small_symbol_on_a_large_photo_is_read():
    photo = scene(symbol_image(10), size=(4000, 3000), place=(2500, 1900))
    assert read_label_photo(encoded(photo, quality=80)) == [LINK]


def test_a_symbol_on_a_transparent_ground_is_read():
    symbol = symbol_image()
    clear = Image.new("RGBA", symbol.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=symbol.point(lambda light: 255 - light))
    assert read_label_photo(encoded(clear, "PNG")) == [LINK]
    palette = encoded(symbol.convert("P"), "PNG", transparency=255)
    assert read_label_photo(palette) == [LINK]


def test_several_symbols_are_told_once_each():
    photo = scene(symbol_image(8), place=(50, 100))
    photo.paste(symbol_image(8), (50, 600))
    photo.paste(symbol_image(8, "HTTPS://TX.VN/Q/ZZZ"), (650, 900))
    assert sorted(read_label_photo(encoded(photo))) == [
        "HTTPS://TRUYXUAT.EXAMPLE.VN/Q/7K3M9XW2QT",
        "HTTPS://TX.VN/Q/ZZZ",
    ]


def test_a_photo_without_a_symbol_says_nothing():
    assert read_label_photo(encoded(scene(Image.new("L", (10, 10))))) == []


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that claims, and would decode to, width × height pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7\n",
        b"GIF89a" + bytes(50),
        b"\xff\xd8\xff\xe0" + bytes(200),
        encoded(scene(symbol_image()))[:4000],
        encoded(Image.new("L", (50, 50)), "BMP"),
        png_bomb(5_000, 5_000),
        png_bomb(20_000, 20_000),
        png_bomb(60_000, 60_000),
        png_bomb(100, 100_000),
        bytes(MAXIMUM_BYTES + 1),
    ],
    ids=["empty", "html", "pdf", "gif", "broken", "cut", "bmp", "25MP", "400MP", "3600MP", "strip", "too long"],
)
def test_a_hostile_upload_is_refused_with_a_sentence(data):
    with pytest.raises(InvalidInput) as refusal:
        read_label_photo(data)
    assert refusal.value.field == "photo"
    assert refusal.value.code == "unreadable-photo"


@given(st.integers(0, 3000), st.binary(min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_damaged_bytes_never_raise_anything_else(position, damage):
    data = bytearray(GOOD)
    data[position : position + len(damage)] = damage
    with suppress(InvalidInput):
        assert all(isinstance(text, str) for text in read_label_photo(bytes(data)))


GOOD = encoded(symbol_image(3), "PNG")
