"""Does a label scan? Looked at as the printer prints it, before anyone gets the file."""

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from math import dist
from pathlib import Path
from secrets import randbelow
from threading import Lock

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from PIL import Image

from ..domain.errors import N_, TraceError
from .decoders import QR, decoders
from .runs import LabelRun
from .symbols import SMALLEST_MODULE_MM, qr_symbol
from .wear import Point, worn

# ISO/IEC 15415: symbol contrast, as a part of full scale, from which a symbol gets the best grade. Ink and paper
# lose some of it, so the file itself has to have it all.
SMALLEST_CONTRAST = 0.70
# Corners are found to a whole pixel: this much of a module's size may be a matter of rounding.
_MEASURING_ERROR = 0.04
# PDFium works for one thread at a time.
_pdfium = Lock()


class LabelDoesNotScan(TraceError):
    """The file that was about to be handed out holds a symbol that a phone might not read."""

    code = "label-does-not-scan"
    message = N_("Mã QR trên tem không quét được nên tem chưa được in. Hãy chọn cỡ tem lớn hơn.")


def check_png(data: bytes, expected_link: str) -> None:
    """Raise LabelDoesNotScan unless the PNG is one symbol of ``expected_link``, dark, and large at its own resolution."""
    with Image.open(BytesIO(data), formats=["PNG"]) as image:
        dots_per_inch = float(image.info.get("dpi", (72.0, 72.0))[0])
        check_label(image, expected_link, dots_per_inch)


def check_run(
    run: LabelRun, images_of: Callable[[Sequence[int]], Iterable[tuple[int, Image.Image]]], dots_per_inch: float
) -> dict[int, str]:
    """The links read from the first, the last and a random label, by number. Raises LabelDoesNotScan.

    ``images_of`` gives the labels of these numbers, in their order, as they are printed.
    """
    numbers = sorted({0, randbelow(run.count), run.count - 1})
    return {
        number: check_label(image, run.links(number, number + 1)[0], dots_per_inch, number=number + 1)
        for number, image in images_of(numbers)
    }


def check_pdf(pdf: bytes | Path, expected_link: str, *, dots_per_inch: float = 203) -> None:
    """Raise LabelDoesNotScan unless every label on the first and the last page is a symbol of ``expected_link``.

    A label is a form that the page places, as ``sheets.sheet_parts`` makes them; one that is cut off by the edge of
    the paper does not scan. The pages between hold the same places.
    """
    for page, labels in _first_and_last_page(pdf, dots_per_inch):
        if not labels:
            raise LabelDoesNotScan(N_("Trang %(page)s không có tem nào."), page=page)
        for number, label in enumerate(labels, start=1):
            _checked_symbol(label, expected_link, dots_per_inch, number)
        check_label(labels[-1], expected_link, dots_per_inch, number=len(labels))


def page_image(pdf: bytes | Path, *, page: int = 0, dots_per_inch: float = 203) -> Image.Image:
    """A page (from 0) as it would be printed, in grey: for previews and checks."""
    with _pdfium, pypdfium2.PdfDocument(pdf) as document:
        return _rendered(document[page], dots_per_inch)


def _symbols(image: Image.Image) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(image, formats=QR)


def check_label(image: Image.Image, expected_link: str, dots_per_inch: float, *, number: int = 1) -> str:
    """What was read; LabelDoesNotScan unless every decoder reads ``expected_link`` and nothing else, as printed and worn.

    The symbol is dark and its modules are as large as GS1 wants. ``number`` is what the error calls the label.
    """
    image = image.convert("L")
    symbol = _checked_symbol(image, expected_link, dots_per_inch, number)
    _check_decoders(image, symbol, dots_per_inch / 25.4, number)
    return str(symbol.text)


def _checked_symbol(image: Image.Image, expected_link: str, dots_per_inch: float, number: int) -> zxingcpp.Barcode:
    levels = [level for level, count in enumerate(image.histogram()) if count]
    if levels[-1] - levels[0] < SMALLEST_CONTRAST * 255:
        raise LabelDoesNotScan(
            N_("Tem số %(number)s: mã QR quá nhạt so với nền. Hãy in mực đen trên nền trắng."), number=number
        )
    symbols = _symbols(image)
    if len(symbols) != 1:
        raise LabelDoesNotScan(
            N_(
                "Tem số %(number)s: mã QR không quét được vì bị cắt ở mép giấy, bị che hoặc quá nhỏ. "
                "Hãy xem lại lề, độ dịch và cỡ tem."
            ),
            number=number,
        )
    if symbols[0].text != expected_link:
        raise LabelDoesNotScan(
            N_("Tem số %(number)s: mã QR dẫn tới một địa chỉ khác với lô hàng này. Hãy tạo lại tem."), number=number
        )
    corner = symbols[0].position
    side = dist((corner.top_left.x, corner.top_left.y), (corner.top_right.x, corner.top_right.y))
    module_mm = side / qr_symbol(expected_link).modules / dots_per_inch * 25.4
    if module_mm < SMALLEST_MODULE_MM * (1 - _MEASURING_ERROR):
        raise LabelDoesNotScan(
            N_(
                "Tem số %(number)s: mỗi ô của mã QR chỉ rộng %(size)s mm, cần ít nhất %(least)s mm. "
                "Hãy chọn cỡ tem lớn hơn."
            ),
            number=number,
            size=f"{module_mm:.2f}".replace(".", ","),
            least=f"{SMALLEST_MODULE_MM}".replace(".", ","),
        )
    return symbols[0]


def _check_decoders(image: Image.Image, symbol: zxingcpp.Barcode, dots_per_mm: float, number: int) -> None:
    corners = symbol.position
    # The fold goes from the middle of the symbol out at its right side, not quite along a row of modules.
    left = _between(corners.top_left, corners.bottom_left, 0.55)
    right = _between(corners.top_right, corners.bottom_right, 0.45)
    fold = _on_line(left, right, 0.5), _on_line(left, right, 1.1)
    for decoder, read in decoders().items():
        if read(image) != [symbol.text]:
            message = N_("Tem số %(number)s: bộ đọc %(decoder)s không đọc được mã QR. Hãy chọn cỡ tem lớn hơn.")
            raise LabelDoesNotScan(message, number=number, decoder=decoder)
        if not any(read(frame) == [symbol.text] for frame in worn(image, dots_per_mm, *fold)):
            message = N_(
                "Tem số %(number)s: khi tem mờ, nhạt và bị gấp, bộ đọc %(decoder)s không đọc được mã QR nữa. "
                "Hãy chọn cỡ tem lớn hơn hoặc máy in nét hơn."
            )
            raise LabelDoesNotScan(message, number=number, decoder=decoder)


def _between(start: zxingcpp.Point, end: zxingcpp.Point, part: float) -> Point:
    return _on_line((start.x, start.y), (end.x, end.y), part)


def _on_line(start: Point, end: Point, part: float) -> Point:
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _first_and_last_page(pdf: bytes | Path, dots_per_inch: float) -> list[tuple[int, list[Image.Image]]]:
    """Page numbers (from 1) with the image of each label on them."""
    with _pdfium, pypdfium2.PdfDocument(pdf) as document:
        pages = [(index + 1, document[index]) for index in sorted({0, len(document) - 1})]
        return [(number, _labels(page, dots_per_inch)) for number, page in pages]


def _labels(page: pypdfium2.PdfPage, dots_per_inch: float) -> list[Image.Image]:
    image, scale, height = _rendered(page, dots_per_inch), dots_per_inch / 72, page.get_height()
    labels = []
    for form in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_FORM], max_depth=1):
        left, bottom, right, top = form.get_bounds()
        box = (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
        labels.append(image.crop(tuple(round(edge) for edge in box)))
    return labels


def _rendered(page: pypdfium2.PdfPage, dots_per_inch: float) -> Image.Image:
    image: Image.Image = page.render(scale=dots_per_inch / 72, grayscale=True).to_pil()
    return image
