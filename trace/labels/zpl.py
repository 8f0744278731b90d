"""ZPL II, the language of Zebra's printers and of many others: written here, and what is written read again."""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from PIL import Image, ImageChops

from ..domain.printers import Printer
from .emulation import PrinterFont, print_symbol, print_text
from .geometry import RollGeometry
from .readback import Piece
from .runs import LabelRun
from .thermal import SerialPlace, ThermalRun

# The bitmap fonts that are the same on every Zebra printer (ZPL II Programming Guide, «Fonts and Bar Codes»).
FONTS = (PrinterFont("A", 9, 5, 6, 7, 7), PrinterFont("B", 11, 7, 9, 11, 11), PrinterFont("D", 18, 10, 12, 14, 14))
_GRAPHIC = "R:TRACE.GRF"
_FORGET = f"^XA^ID{_GRAPHIC}^FS^XZ\n".encode()
# Firmware lets a QR code begin lower than ^FO says, by the bar height of the last ^BY, whoever sent that: say it.
_BAR_HEIGHT = 1
_QUANTITY = re.compile(rb"\^PQ(\d+)")


def zpl_parts(run: LabelRun, roll: RollGeometry, printer: Printer) -> Iterator[bytes]:
    """What all labels share once, as a graphic kept in the printer; then for each label its symbol and its serial.

    Equal labels are one label with a quantity. Raises, before the first part, what ``ThermalRun`` raises.
    """
    thermal = ThermalRun(run, roll, printer)
    return _parts(thermal, thermal.serial_places(FONTS))


def _parts(thermal: ThermalRun, places: Sequence[SerialPlace]) -> Iterator[bytes]:
    if not thermal.unique:
        yield from zpl_picture(thermal.shared.image, thermal.roll, thermal.printer, thermal.run.count)
        return
    yield (_stored(thermal.shared.image) + _settings(thermal.shared.image, thermal.roll, thermal.printer)).encode()
    yield from _unique(thermal, places)
    yield _FORGET


def zpl_picture(image: Image.Image, roll: RollGeometry, printer: Printer, count: int) -> Iterator[bytes]:
    """A label of nothing but dots, ``count`` times."""
    yield (_stored(image) + _settings(image, roll, printer)).encode()
    yield f"^XA^FO0,0^XG{_GRAPHIC},1,1^FS^PQ{count}^XZ\n".encode()
    yield _FORGET


def _unique(thermal: ThermalRun, places: Sequence[SerialPlace]) -> Iterator[bytes]:
    x, y = thermal.symbol_x, thermal.symbol_y - _BAR_HEIGHT
    label = f"^XA^FO0,0^XG{_GRAPHIC},1,1^FS^BY2,3,{_BAR_HEIGHT}^FO{x},{y}"
    label += f"^BQN,2,{thermal.module},M,{thermal.symbols.mask}^FDMM,%s%s^FS"
    for _, font, times, left, top in places:
        label += f"^FO{left},{top}^A{font.name}N,{times * font.height},{times * font.width}^FD%s^FS"
    label += "^XZ\n"
    parts = [place.part for place in places]
    for links, serials in thermal.chunks():
        mode = thermal.mode_prefix(links[0])
        yield "".join(
            label % (mode, link, *(serial[part] for part in parts)) for link, serial in zip(links, serials, strict=True)
        ).encode()


def _settings(image: Image.Image, roll: RollGeometry, printer: Printer) -> str:
    darkness = "" if printer.darkness is None else f"~SD{printer.darkness:02}\n"
    speed = "" if printer.speed is None else f"^PR{printer.speed}"
    return f"{darkness}^XA^MN{'Y' if roll.gap else 'N'}^PW{image.width}^LL{image.height}^LH0,0{speed}^XZ\n"


def _stored(image: Image.Image) -> str:
    """Download graphic, in hexadecimal with ZPL's own run lengths."""
    ink = ImageChops.invert(image)
    data, bytes_of_row = ink.tobytes(), -(-ink.width // 8)
    rows = (data[start : start + bytes_of_row].hex().upper() for start in range(0, len(data), bytes_of_row))
    lines, previous = [], None
    for row in rows:
        lines.append(":" if row == previous else _packed(row))
        previous = row
    return f"~DG{_GRAPHIC},{len(data)},{bytes_of_row},{''.join(lines)}\n"


def _packed(row: str) -> str:
    """A comma for zeros up to the end of the row; elsewhere G to Y for 1 to 19 and g to z for 20 to 400 of a digit."""
    digits = row.rstrip("0")
    if len(digits) % 2:
        digits += "0"
    packed = re.sub(r"(.)\1{2,}", lambda run: _count(len(run[0])) + run[1], digits)
    return packed if len(digits) == len(row) else packed + ","


def _count(number: int) -> str:
    hundreds, rest = divmod(number, 400)
    twenties, ones = divmod(rest, 20)
    return "z" * hundreds + (chr(ord("f") + twenties) if twenties else "") + (chr(ord("F") + ones) if ones else "")


def zpl_pieces(file: BinaryIO) -> Iterator[Piece]:
    """Every format is a line here: those that recall the graphic print, as often as ``^PQ`` says."""
    for line in file:
        quantity = _QUANTITY.search(line)
        yield line, 0 if b"^XG" not in line else int(quantity[1]) if quantity else 1


def zpl_images(data: bytes) -> Iterator[Image.Image]:
    """Each label as the printer prints it, a pixel a dot; of equal ones the first. ValueError for a foreign command."""
    graphics: dict[str, Image.Image] = {}
    size, place, field, image = (1, 1), (0, 0), "", None
    bar_height = 0
    for sign, name, value in re.findall(r"([~^])(A(?=[ABD]N)|[A-Z]{2})([^~^]*)", data.decode("ascii")):
        value = value.rstrip("\n")
        match sign + name, value.split(","):
            case "~DG", [graphic, total, bytes_of_row, *_]:
                packed = value.split(",", 3)[3]
                graphics[graphic] = _unpacked(packed, int(total), int(bytes_of_row))
            case "^XA", _:
                image = None
            case "^PW", [width]:
                size = int(width), size[1]
            case "^LL", [height]:
                size = size[0], int(height)
            case "^BY", [_, _, height]:
                bar_height = int(height)
            case "^FO", [x, y]:
                place = int(x), int(y)
            case "^XG", [graphic, "1", "1"]:
                image = image or Image.new("1", size, 255)
                image.paste(0, place, graphics[graphic])
            case "^BQ" | "^A", _:
                field = name + value
            case "^FD", _ if image is not None:
                _draw_field(image, field, value, place, bar_height)
            case "^XZ", _ if image is not None:
                yield image
            case (("^XZ" | "^FS" | "^PQ" | "^MN" | "^LH" | "^PR" | "^ID" | "~SD"), _):
                pass
            case command, _:
                raise ValueError(f"{command} is no command that is sent")


def _draw_field(image: Image.Image, field: str, value: str, place: tuple[int, int], bar_height: int) -> None:
    x, y = place
    if field.startswith("BQ"):
        _, _, module, level, mask = field.split(",")
        if not value.startswith(f"{level}M,"):
            raise ValueError("a symbol of another level")
        print_symbol(image, value[3:], x, y + bar_height, int(module), int(mask))
    else:
        name, height, _ = field[1:].split(",")
        font = next(font for font in FONTS if font.name == name[0])
        print_text(image, value, x, y, font, int(height) // font.height)


def _unpacked(packed: str, total: int, bytes_of_row: int) -> Image.Image:
    rows: list[str] = []
    row, count = "", 0
    for character in packed:
        if character == ":":
            rows.append(rows[-1])
        elif character == ",":
            rows.append(row.ljust(2 * bytes_of_row, "0"))
            row = ""
        elif "g" <= character <= "z":
            count += 20 * (ord(character) - ord("f"))
        elif "G" <= character <= "Y":
            count += ord(character) - ord("F")
        else:
            row, count = row + character * max(1, count), 0
        if len(row) == 2 * bytes_of_row:
            rows.append(row)
            row = ""
    ink = bytes.fromhex("".join(rows))
    if len(ink) != total:
        raise ValueError("a graphic of another size")
    return Image.frombytes("1", (8 * bytes_of_row, total // bytes_of_row), ink)
