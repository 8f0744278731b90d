"""Small files as people upload them."""

from io import BytesIO

import pikepdf
from PIL import Image


def picture(colour: str = "green") -> bytes:
    output = BytesIO()
    Image.new("RGB", (40, 30), colour).save(output, "JPEG")
    return output.getvalue()


def paper() -> bytes:
    output = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(output)
    return output.getvalue()


BOMB = b"%PDF-1.4 no pages here"
PAGE_CALLED_PHOTO = b"<!doctype html><script>alert(1)</script>"
