"""What is no photo, or would do harm, gets a sentence at its field and never another exception."""

from contextlib import suppress
from struct import pack
from zlib import compress, crc32

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.pictures import encoded, halves, jpeg_with_position
from trace.domain.errors import InvalidInput
from trace.services import images
from trace.services.images import prepare_photo


def refusal(data: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        prepare_photo(data, field="photo")
    assert caught.value.field == "photo"
    return str(caught.value)


def test_a_photo_of_thirty_megabytes_is_told_the_limit_and_its_size() -> None:
    assert "30 MB, quá giới hạn 15 MB" in refusal(encoded(halves()) + bytes(30_000_000 - len(encoded(halves()))))


def png_claiming(width: int, height: int) -> bytes:
    """A small file whose header is valid and promises a huge picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + name + body + pack(">I", crc32(name + body))

    header = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", compress(bytes(10_000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_100, 12_000, 60_000])
def test_a_decompression_bomb_is_refused_by_its_header(side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_normalise", lambda _: pytest.fail("it was decoded"))
    assert "quá nhiều điểm ảnh (giới hạn là 65 triệu)" in refusal(png_claiming(side, side))


def test_a_compressed_text_bomb_does_not_unfold() -> None:
    info = PngInfo()
    info.add_itxt("Comment", "0" * 100_000_000, zip=True)
    assert "Ảnh bị hỏng" in refusal(encoded(halves(), "PNG", pnginfo=info))


def test_a_jpeg_of_countless_passes_is_refused() -> None:
    assert "Ảnh bị hỏng" in refusal(encoded(halves()) + b"\xff\xda" * 100)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.95])
def test_a_photo_that_arrived_in_part_is_refused(image_format: str, part: float) -> None:
    data = encoded(Image.effect_noise((300, 300), 90), image_format)
    assert refusal(data[: int(len(data) * part)]).startswith("Ảnh bị hỏng hoặc chưa tải lên hết")


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<?xml version="1.0"?><svg/>',
        b"%PDF-1.7\n",
        b"GIF89a" + bytes(50),
        b"BM" + bytes(100),
        b"II*\0" + bytes(100),
    ],
)
def test_what_is_not_a_photo_is_refused_whatever_its_name(data: bytes) -> None:
    assert refusal(data) == "Tệp này không phải là ảnh. Hãy chọn ảnh JPEG, PNG hoặc WebP."


def test_a_heic_photo_is_told_what_to_set_on_the_phone() -> None:
    assert "Tương thích nhất" in refusal(b"\0\0\0\x18ftypheic" + bytes(100))


def test_an_empty_upload_is_refused() -> None:
    assert refusal(b"") == "Tệp này trống. Hãy chọn tệp khác."


@settings(deadline=None)
@given(
    start=st.sampled_from(
        [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBPVP8 ", b"\0\0\0\x18ftypheic"]
    ),
    rest=st.binary(max_size=400),
)
@example(start=b"\xff\xd8\xff", rest=b"\xe0\0\x10JFIF\0")
def test_random_bytes_get_a_sentence(start: bytes, rest: bytes) -> None:
    refusal(start + rest)


SAMPLES = [jpeg_with_position(6), encoded(halves((40, 20)), "PNG"), encoded(halves((40, 20)), "WEBP")]


@settings(deadline=None)
@given(sample=st.sampled_from(SAMPLES), place=st.integers(0, 2000), damage=st.binary(min_size=1, max_size=6))
def test_a_damaged_photo_gets_a_sentence_or_a_picture(sample: bytes, place: int, damage: bytes) -> None:
    place %= len(sample)
    with suppress(InvalidInput):
        prepare_photo(sample[:place] + damage + sample[place + len(damage) :])
