"""Codes on a photo that a shopper took of a label. The photo is hostile until shown otherwise."""

import struct
from collections.abc import Iterator
from io import BytesIO

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from ..domain.errors import N_, InvalidInput
from .decoders import QR

MAXIMUM_BYTES = 20 * 1024 * 1024
# A JPEG is decoded at a fraction of its size, so a 50-megapixel phone is welcome; the others are decoded whole.
MAXIMUM_PIXELS = {"JPEG": 64_000_000, "PNG": 20_000_000, "WEBP": 20_000_000}
# Longest sides to look at, in pixels: a symbol that fills a blurred photo is found small, one far away large.
_SIDES = (1600, 800, 2800)
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,  # Pillow's word for a malformed PNG
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,  # where warnings are errors
)
_SHARPEN = ImageFilter.UnsharpMask(radius=3, percent=200, threshold=2)


class UnreadablePhoto(InvalidInput):
    """The upload is not a photo that can be looked at."""

    code = "unreadable-photo"
    message = N_("Không mở được ảnh này. Hãy chụp lại tem và gửi ảnh JPEG, PNG hoặc WebP.")


def read_label_photo(data: bytes) -> list[str]:
    """The texts of the QR symbols on a photo, each once; empty where none can be read.

    Turned, tilted, blurred or dark photos are tried in several ways within a bounded time and about 200 MB. What a
    symbol says is a stranger's text. Raises UnreadablePhoto (field ``photo``).
    """
    photo = _open(data)
    for attempt in _attempts(photo):
        found = zxingcpp.read_barcodes(attempt, formats=QR)
        if found:
            return list(dict.fromkeys(symbol.text for symbol in found))
    return []


def _open(data: bytes) -> Image.Image:
    if len(data) > MAXIMUM_BYTES:
        raise UnreadablePhoto(
            N_("Ảnh lớn hơn %(limit)s MB. Hãy chụp lại ở cỡ nhỏ hơn."), field="photo", limit=MAXIMUM_BYTES // 1024**2
        )
    try:
        photo = Image.open(BytesIO(data), formats=list(MAXIMUM_PIXELS))
        # Several pictures in one JPEG, as some phones take them, are called "MPO"; the first is looked at.
        if photo.width * photo.height > MAXIMUM_PIXELS.get(photo.format or "", MAXIMUM_PIXELS["JPEG"]):
            raise UnreadablePhoto(
                N_("Ảnh có quá nhiều điểm ảnh (%(width)s × %(height)s). Hãy chụp lại ở cỡ nhỏ hơn."),
                field="photo",
                width=photo.width,
                height=photo.height,
            )
        photo.draft("L", (max(_SIDES), max(_SIDES)))
        photo.thumbnail((max(_SIDES), max(_SIDES)), reducing_gap=2.0)
        return _on_white(photo)
    except _UNREADABLE as error:
        raise UnreadablePhoto(field="photo") from error


def _on_white(photo: Image.Image) -> Image.Image:
    """Grey, with transparent places white: a symbol saved without its ground would be black on black."""
    if "A" not in photo.getbands() and "transparency" not in photo.info:
        return photo.convert("L")
    coloured = photo.convert("LA")
    white = Image.new("L", coloured.size, 255)
    white.paste(coloured.getchannel("L"), mask=coloured.getchannel("A"))
    return white


def _attempts(photo: Image.Image) -> Iterator[Image.Image]:
    """The photo as it is, then made easier to read: likeliest and cheapest first."""
    sizes: list[Image.Image] = []
    for side in _SIDES:
        size = photo.copy()
        size.thumbnail((side, side))
        if all(size.size != other.size for other in sizes):
            sizes.append(size)
    yield from sizes
    for size in sizes[:2]:
        yield ImageOps.autocontrast(size, cutoff=2)
        yield size.filter(_SHARPEN)
        yield ImageOps.autocontrast(size.filter(ImageFilter.MedianFilter(5)), cutoff=2)
