"""Two readers of symbols that share no code: what both read, a phone reads too."""

import os
import platform
from collections.abc import Callable
from functools import cache

import structlog
import zxingcpp
from PIL import Image

Decoder = Callable[[Image.Image], list[str]]
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def decode(image: Image.Image) -> list[str]:
    """The text of every QR symbol in the image, in the order that zxing-cpp found them."""
    return [symbol.text for symbol in zxingcpp.read_barcodes(image.convert("L"), formats=QR)]


@cache
def decoders() -> dict[str, Decoder]:
    """By name. Only zxing-cpp where the library of zbar is not installed, and the log says so."""
    found: dict[str, Decoder] = {"zxing-cpp": decode}
    try:
        found["zbar"] = _zbar()
    except ImportError as error:
        structlog.get_logger(__name__).warning(
            "labels are checked by one decoder only: install zbar (Debian: libzbar0, macOS: brew install zbar)",
            reason=str(error),
        )
    return found


def _zbar() -> Decoder:
    if platform.system() == "Darwin":  # Homebrew's folder on Apple silicon is none that Python looks into
        os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib:/usr/lib")
    from pyzbar import pyzbar

    def decode_with_zbar(image: Image.Image) -> list[str]:
        symbols = pyzbar.decode(image.convert("L"), symbols=[pyzbar.ZBarSymbol.QRCODE])
        return [symbol.data.decode() for symbol in symbols]

    return decode_with_zbar
