"""The peers of the bulk symbols: each draws the modules of one QR symbol of level M after the other."""

import ctypes
from collections.abc import Callable, Sequence

import numpy as np
import qrcode
import segno
import zxingcpp

from setup.machine import find_library

Draw = Callable[[str], object]
PYTHON_QRCODE, LIBQRENCODE = "python-qrcode", "libqrencode"


def peers(mask: int) -> dict[str, Draw]:
    """By name; libqrencode only where it is installed or could be."""
    drawing: dict[str, Draw] = {
        PYTHON_QRCODE: python_qrcode,
        f"{PYTHON_QRCODE}, fixed mask": lambda link: python_qrcode(link, mask),
        "segno": lambda link: segno.make_qr(link, error="m", boost_error=False).matrix,
        "zxing-cpp": zxing,
    }
    library = find_library("qrencode", package="libqrencode4")
    return drawing | ({LIBQRENCODE: libqrencode(library)} if library else {})


def python_qrcode(link: str, mask: int | None = None) -> Sequence[Sequence[bool]]:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, mask_pattern=mask)
    code.add_data(link)
    code.make()
    modules: Sequence[Sequence[bool]] = code.modules
    return modules


def zxing(link: str) -> object:
    barcode = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return np.asarray(zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False))


class _QrCode(ctypes.Structure):
    """``QRcode`` of qrencode.h; one byte a module, the lowest bit tells dark."""

    _fields_ = (("version", ctypes.c_int), ("width", ctypes.c_int), ("data", ctypes.c_void_p))


def libqrencode(path: str) -> Draw:
    library = ctypes.CDLL(path)
    encode, free = library.QRcode_encodeString, library.QRcode_free
    encode.argtypes, encode.restype = [ctypes.c_char_p, *[ctypes.c_int] * 4], ctypes.POINTER(_QrCode)
    free.argtypes = [ctypes.POINTER(_QrCode)]
    smallest_version, level_m, eight_bit_mode, case_sensitive = 0, 1, 2, 1

    def draw(link: str) -> bytes:
        code = encode(link.encode(), smallest_version, level_m, eight_bit_mode, case_sensitive)
        try:
            return ctypes.string_at(code.contents.data, code.contents.width**2)
        finally:
            free(code)

    return draw
