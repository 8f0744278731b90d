"""ESC/POS, the language of receipt printers: every label as a picture, as most of them can keep none."""

from collections.abc import Iterator
from itertools import repeat
from typing import BinaryIO

from PIL import Image, ImageChops

from ..domain.printers import Printer
from .geometry import RollGeometry
from .readback import Piece
from .runs import LabelRun
from .thermal import ThermalRun

_INITIALIZE = b"\x1b@"
_RASTER = b"\x1dv0\x00"  # GS v 0: width in bytes, height in dots, each as two bytes, the lower first
_TO_NEXT_LABEL = b"\x1d\x0c"  # GS FF
_CUT = b"\x1dVB\x00"  # GS V 66: feed to the cutter and cut; printers without one ignore it
_BAND = 128  # dots that fit into the buffer of a cheap printer


def escpos_parts(run: LabelRun, roll: RollGeometry, printer: Printer) -> Iterator[bytes]:
    """On continuous paper each label is cut off. Raises, before the first part, what ``ThermalRun`` raises."""
    return _parts(ThermalRun(run, roll, printer))


def _parts(thermal: ThermalRun) -> Iterator[bytes]:
    if not thermal.unique:
        yield from escpos_picture(thermal.shared.image, thermal.roll, thermal.printer, thermal.run.count)
        return
    yield _INITIALIZE
    places = list(thermal.serial_runs())
    for links, serials in thermal.chunks():
        for symbol, serial in zip(thermal.symbols.symbols(links), serials, strict=True):
            raster = thermal.shared.copy()
            raster.symbol(thermal.layout, symbol)
            raster.texts(run._replace(text=serial[part]) for part, run in places)
            yield _picture(raster.image) + _end(thermal.roll)


def escpos_picture(image: Image.Image, roll: RollGeometry, printer: Printer, count: int) -> Iterator[bytes]:  # noqa: ARG001
    """A label of nothing but dots, ``count`` times; this language has no settings of the printer."""
    yield _INITIALIZE
    yield from repeat(_picture(image) + _end(roll), count)


def _end(roll: RollGeometry) -> bytes:
    return _TO_NEXT_LABEL if roll.gap else _CUT


def _picture(image: Image.Image) -> bytes:
    """In bands; a set bit is a black dot."""
    ink = ImageChops.invert(image)
    width = -(-image.width // 8)
    parts = []
    for top in range(0, image.height, _BAND):
        band = ink.crop((0, top, 8 * width, min(top + _BAND, image.height)))
        parts.append(_RASTER + width.to_bytes(2, "little") + band.height.to_bytes(2, "little") + band.tobytes())
    return b"".join(parts)


def escpos_pieces(file: BinaryIO) -> Iterator[Piece]:
    """A label ends with a feed or a cut; a picture, whose length is said before it, may hold the same bytes."""
    piece = b""
    while command := file.read(2):
        piece += command
        if command == _RASTER[:2]:
            piece += (head := file.read(6))
            piece += file.read(int.from_bytes(head[2:4], "little") * int.from_bytes(head[4:6], "little"))
        elif command == _CUT[:2]:
            piece += file.read(2)
        if command in (_TO_NEXT_LABEL, _CUT[:2], _INITIALIZE):
            yield piece, int(command != _INITIALIZE)
            piece = b""
    yield piece, 0


def escpos_images(data: bytes) -> Iterator[Image.Image]:
    """Each label as the printer prints it, a pixel a dot. ValueError for a foreign command."""
    bands: list[Image.Image] = []
    position = 0
    while position < len(data):
        if data.startswith(_RASTER, position):
            width, height = (int.from_bytes(data[position + at : position + at + 2], "little") for at in (4, 6))
            start, position = position + 8, position + 8 + width * height
            bands.append(ImageChops.invert(Image.frombytes("1", (8 * width, height), data[start:position])))
        elif data.startswith(_INITIALIZE, position):
            position += len(_INITIALIZE)
        elif end := next((end for end in (_TO_NEXT_LABEL, _CUT) if data.startswith(end, position)), None):
            position += len(end)
            yield _joined(bands)
            bands = []
        else:
            raise ValueError(f"{data[position : position + 4]!r} is no command that is sent")


def _joined(bands: list[Image.Image]) -> Image.Image:
    image = Image.new("1", (bands[0].width, sum(band.height for band in bands)), 255)
    top = 0
    for band in bands:
        image.paste(band, (0, top))
        top += band.height
    return image
