"""Signatures drawn with a finger: a small picture of black strokes, and nothing else that came with it."""

from base64 import b64decode
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from ..domain.errors import N_, InvalidInput

PREFIX = "data:image/png;base64,"
MOST_BYTES = 400_000
WIDEST, HIGHEST = 2400, 1200
KEPT = (600, 240)
"""Pixels that the kept picture fits into: six centimetres at 254 dots an inch."""


def read_signature(typed: str, *, field: str) -> bytes | None:
    """A canvas's ``data:`` address as a PNG in grey; None where nothing was drawn. Raises InvalidInput."""
    if not typed:
        return None
    refusal = InvalidInput(N_("Chữ ký này không đọc được. Hãy ký lại, hoặc để trống và chỉ ghi họ tên."), field=field)
    if not typed.startswith(PREFIX) or len(typed) > MOST_BYTES:
        raise refusal
    try:
        data = b64decode(typed.removeprefix(PREFIX), validate=True)
        with Image.open(BytesIO(data), formats=["PNG"]) as opened:
            if opened.width > WIDEST or opened.height > HIGHEST:
                raise refusal
            drawn = opened.convert("RGBA")
    except (ValueError, OSError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise refusal from error
    paper = Image.new("RGBA", drawn.size, "white")
    grey = Image.alpha_composite(paper, drawn).convert("L")
    if grey.getextrema() == (255, 255):
        return None
    grey.thumbnail(KEPT)
    out = BytesIO()
    grey.save(out, "PNG", optimize=True)
    return out.getvalue()
