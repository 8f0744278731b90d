"""What a printer does when it is told to print a symbol or a text: for reading back the commands that were written."""

from typing import NamedTuple

import numpy as np
import qrcode
from PIL import Image, ImageDraw, ImageFont
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from .fonts import CAP_HEIGHT, SEMIBOLD, font_path


class PrinterFont(NamedTuple):
    """A font inside the printer, every character equally wide: in dots, the baseline counted from the cell's top."""

    name: str
    height: int
    width: int
    pitch: int
    capital: int
    baseline: int


def print_symbol(image: Image.Image, data: str, x: int, y: int, module: int, mask: int) -> None:
    """A level M symbol of ``A…`` (alphanumeric) or ``B0012…`` (so many bytes), in the smallest version that holds it."""
    mode, text = (MODE_ALPHA_NUM, data[1:]) if data[0] == "A" else (MODE_8BIT_BYTE, data[5:])
    if data[0] not in "AB" or (data[0] == "B" and int(data[1:5]) != len(text)):
        raise ValueError(f"{data[:5]} names no mode")
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0, mask_pattern=mask)
    code.add_data(QRData(text, mode))
    code.make()
    ink = np.kron(np.array(code.modules, bool), np.ones((module, module), bool))
    image.paste(0, (x, y), Image.fromarray(ink))


def print_text(image: Image.Image, text: str, x: int, y: int, font: PrinterFont, times: int) -> None:
    """In our typeface instead of the printer's, in its places and no wider."""
    typeface = ImageFont.truetype(font_path(SEMIBOLD), times * min(font.capital / CAP_HEIGHT, font.width / 0.7))
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"
    for place, character in enumerate(text):
        left = x + times * font.pitch * place
        draw.text((left, y + times * font.baseline), character, font=typeface, fill=0, anchor="ls")
