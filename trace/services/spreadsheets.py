"""Reading a spreadsheet that somebody uploads: XLSX or CSV, as texts, within limits, and never a formula."""

import csv
import io
import zipfile
from collections.abc import Iterator

from openpyxl.utils import get_column_letter

from ..domain.errors import N_, InvalidInput
from ..domain.register_lists import HEADER_WITHIN, Cells, find_columns
from .workbooks import HasFormula, Sheet, Workbook

SIZE_LIMIT_MB = 10
UNPACKED_LIMIT_MB = 200
ROW_LIMIT = 50_000
COLUMN_LIMIT = 60
FORMULA = N_("Ô %(cell)s là công thức. Hãy chọn cả bảng, sao chép, dán lại dạng giá trị rồi lưu.")
_MB = 1024 * 1024


class SpreadsheetRefused(InvalidInput):
    code = "spreadsheet-refused"


def read_spreadsheet(data: bytes, *, field: str = "file") -> Iterator[Cells]:
    """Its rows as texts, numbers without rounding. Raises ``SpreadsheetRefused``, on ``field``, also while it is read."""
    if not data:
        raise SpreadsheetRefused(N_("Tệp này trống. Hãy chọn tệp khác."), field=field)
    if len(data) > SIZE_LIMIT_MB * _MB:
        message = N_("Tệp nặng quá %(limit)s MB. Hãy bỏ hình ảnh và trang tính không cần rồi lưu lại.")
        raise SpreadsheetRefused(message, field=field, limit=SIZE_LIMIT_MB)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        message = N_("Tệp này là Excel đời cũ (.xls) hoặc có mật khẩu. Hãy mở tệp, bỏ mật khẩu rồi lưu thành .xlsx.")
        raise SpreadsheetRefused(message, field=field)
    rows = _xlsx_rows(data, field) if data.startswith(b"PK") else _csv_rows(data, field)
    for count, (number, cells) in enumerate(rows):
        if count > ROW_LIMIT + HEADER_WITHIN:
            message = N_(
                "Danh sách dài quá %(limit)s dòng nên chưa được nạp. Hãy xóa những dòng trống có định dạng và những dòng "
                "không phải là cơ sở của thành phố rồi nạp lại."
            )
            raise SpreadsheetRefused(message, field=field, limit=f"{ROW_LIMIT:,}".replace(",", "."))
        yield number, cells


def _xlsx_rows(data: bytes, field: str) -> Iterator[Cells]:
    _check_archive(data, field)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sheet, header = _sheet_with_header(Workbook(archive, columns=COLUMN_LIMIT))
            yield from sheet.rows()
            merged = next((cells for row, cells in sheet.merged if header and row > header), None)
    except HasFormula as error:
        raise SpreadsheetRefused(FORMULA, field=field, cell=error.args[0]) from None
    except Exception as error:  # a damaged file may break anything
        message = N_("Tệp Excel này bị hỏng hoặc không đọc được. Hãy mở tệp, lưu lại thành .xlsx rồi tải lên.")
        raise SpreadsheetRefused(message, field=field) from error
    if merged:
        message = N_("Các ô %(cells)s đang ghép qua nhiều dòng. Hãy bỏ ghép ô, điền đủ vào từng dòng rồi lưu.")
        raise SpreadsheetRefused(message, field=field, cells=merged)


def _check_archive(data: bytes, field: str) -> None:
    """A small file can unpack into gigabytes: the sizes that it states are checked, and zipfile keeps it to them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names, size = set(archive.namelist()), sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OverflowError):
        names, size = set(), 0
    if "xl/workbook.xml" not in names:
        message = N_("Tệp này không phải là bảng tính Excel (.xlsx) hay CSV. Hãy chọn tệp khác.")
        raise SpreadsheetRefused(message, field=field)
    if size > UNPACKED_LIMIT_MB * _MB:
        message = N_("Tệp này bung ra quá lớn (trên %(limit)s MB). Hãy chép danh sách sang một tệp mới rồi lưu lại.")
        raise SpreadsheetRefused(message, field=field, limit=UNPACKED_LIMIT_MB)


def _sheet_with_header(book: Workbook) -> tuple[Sheet, int | None]:
    """The first sheet whose top looks like a list, and in which row; else the first, so that its missing header is told."""
    for part in book.sheets:
        for number, cells in book.sheet(part).rows():
            if number > HEADER_WITHIN:
                break
            if find_columns(cells):
                return book.sheet(part), number
    return book.sheet(book.sheets[0]), None


def _csv_rows(data: bytes, field: str) -> Iterator[Cells]:
    text = _decoded(data, field)
    lines = text[:4000].splitlines()  # addresses are full of commas, so another mark wins where half the lines have it
    delimiter = next((mark for mark in "\t;" if sum(mark in line for line in lines) * 2 >= len(lines)), ",")
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            for column, cell in enumerate(row[:COLUMN_LIMIT], start=1):
                if cell.startswith("="):
                    raise SpreadsheetRefused(FORMULA, field=field, cell=f"{get_column_letter(column)}{number}")
            yield number, row[:COLUMN_LIMIT]
    except csv.Error as error:
        message = N_("Tệp CSV này không đọc được. Hãy lưu lại thành .xlsx rồi tải lên.")
        raise SpreadsheetRefused(message, field=field) from error


def _decoded(data: bytes, field: str) -> str:
    """UTF-8, UTF-16 with its mark, or the Vietnamese code page of older Windows."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1258"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    message = N_("Tệp này không phải là bảng tính Excel (.xlsx) hay CSV. Hãy chọn tệp khác.")
    raise SpreadsheetRefused(message, field=field)
