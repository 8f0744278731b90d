"""TSPL and TSPL2, the language of TSC's printers and of most that are sold in Việt Nam: written here and read again."""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import BinaryIO

from PIL import Image

from ..domain.printers import Printer
from .emulation import PrinterFont, print_symbol, print_text
from .geometry import RollGeometry
from .readback import Piece
from .runs import LabelRun
from .thermal import SerialPlace, ThermalRun

# The bitmap fonts of every TSPL printer (TSPL/TSPL2 Programming Manual, TEXT); capitals take three quarters of a cell.
FONTS = tuple(
    PrinterFont(name, height, width, width, height * 3 // 4, height * 7 // 8)
    for name, width, height in (("1", 8, 12), ("2", 12, 20), ("3", 16, 24))
)
_GRAPHIC = '"TRACE.BMP"'
_DOWNLOAD = re.compile(rb"DOWNLOAD [^,]*,(\d+),")
_FORGET = f"KILL {_GRAPHIC}\r\n".encode()


def tspl_parts(run: LabelRun, roll: RollGeometry, printer: Printer) -> Iterator[bytes]:
    """What all labels share once, as a picture kept in the printer; then for each label its symbol and its serial.

    Equal labels are one label with a quantity. Raises, before the first part, what ``ThermalRun`` raises.
    """
    thermal = ThermalRun(run, roll, printer)
    return _parts(thermal, thermal.serial_places(FONTS))


def _parts(thermal: ThermalRun, places: Sequence[SerialPlace]) -> Iterator[bytes]:
    if not thermal.unique:
        yield from tspl_picture(thermal.shared.image, thermal.roll, thermal.printer, thermal.run.count)
        return
    yield _head(thermal.shared.image, thermal.roll, thermal.printer)
    yield from _unique(thermal, places)
    yield _FORGET


def tspl_picture(image: Image.Image, roll: RollGeometry, printer: Printer, count: int) -> Iterator[bytes]:
    """A label of nothing but dots, ``count`` times."""
    yield _head(image, roll, printer)
    yield f"CLS\r\nPUTBMP 0,0,{_GRAPHIC}\r\nPRINT {count},1\r\n".encode()
    yield _FORGET


def _head(image: Image.Image, roll: RollGeometry, printer: Printer) -> bytes:
    picture = BytesIO()
    image.save(picture, "BMP")
    lines = [
        f"SIZE {roll.label_width:g} mm,{roll.label_height:g} mm",
        f"GAP {roll.gap:g} mm,0 mm",
        *([] if printer.darkness is None else [f"DENSITY {printer.darkness}"]),
        *([] if printer.speed is None else [f"SPEED {printer.speed}"]),
        f"DOWNLOAD {_GRAPHIC},{picture.tell()},",
    ]
    return "\r\n".join(lines).encode() + picture.getvalue() + b"\r\n"


def _unique(thermal: ThermalRun, places: Sequence[SerialPlace]) -> Iterator[bytes]:
    # Level and mode are said, and model and mask: printers differ in what they take where nothing is said.
    symbol = f"{thermal.symbol_x},{thermal.symbol_y},M,{thermal.module},M,0,M2,S{thermal.symbols.mask}"
    label = f'CLS\r\nPUTBMP 0,0,{_GRAPHIC}\r\nQRCODE {symbol},"%s%s"\r\n'
    for _, font, times, left, top in places:
        label += f'TEXT {left},{top},"{font.name}",0,{times},{times},"%s"\r\n'
    label += "PRINT 1,1\r\n"
    parts = [place.part for place in places]
    for links, serials in thermal.chunks():
        mode = thermal.mode_prefix(links[0])
        yield "".join(
            label % (mode, link, *(serial[part] for part in parts)) for link, serial in zip(links, serials, strict=True)
        ).encode()


def tspl_pieces(file: BinaryIO) -> Iterator[Piece]:
    """A label begins with ``CLS`` and ends with ``PRINT``, which says how often. A picture may hold ends of lines."""
    piece = b""
    for line in iter(file.readline, b""):
        if line.startswith(b"CLS"):
            yield piece, 0
            piece = b""
        picture = _DOWNLOAD.match(line)
        rest = picture.end() + int(picture[1]) + len(b"\r\n") - len(line) if picture else 0
        piece += line + file.read(rest)
        if line.startswith(b"PRINT "):
            yield piece, int(line.split(b" ")[1].split(b",")[0])
            piece = b""
    yield piece, 0


def tspl_images(data: bytes, dots_per_mm: float) -> Iterator[Image.Image]:
    """Each label as the printer prints it, a pixel a dot; of equal ones the first. ValueError for a foreign command."""
    pictures: dict[str, Image.Image] = {}
    size, image, position = (1, 1), Image.new("1", (1, 1), 255), 0
    while line := re.compile(rb"DOWNLOAD [^,]*,\d+,|[^\r]*\r\n").match(data, position):
        position = line.end()
        command, _, value = line[0].decode("ascii").strip().partition(" ")
        values = value.replace('"', "").split(",")
        match command, values:
            case "DOWNLOAD", [name, length, _]:
                end = position + int(length)
                pictures[name] = Image.open(BytesIO(data[position:end]), formats=["BMP"])
                position = end + 2
            case "SIZE", [width, height]:
                size = round(_length(width) * dots_per_mm), round(_length(height) * dots_per_mm)
            case "CLS", _:
                image = Image.new("1", size, 255)
            case "PUTBMP", [x, y, name]:
                image.paste(pictures[name], (int(x), int(y)))
            case "QRCODE", [x, y, "M", module, "M", "0", "M2", mask, text]:
                print_symbol(image, text, int(x), int(y), int(module), int(mask[1:]))
            case "TEXT", [x, y, name, "0", times, _, text]:
                font = next(font for font in FONTS if font.name == name)
                print_text(image, text, int(x), int(y), font, int(times))
            case "PRINT", [_, "1"]:
                yield image
            case "GAP" | "DENSITY" | "SPEED" | "KILL", _:
                pass
            case _:
                raise ValueError(f"{command} is no command that is sent")
    if position != len(data):
        raise ValueError("what is sent ends within a command")


def _length(value: str) -> float:
    return float(value.removesuffix(" mm"))
