"""Reading a spreadsheet that somebody uploads: XLSX or CSV, as texts, within limits, and never a formula."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from ..domain.dates import format_date
from ..domain.errors import N_, InvalidInput
from ..domain.register_lists import HEADER_WITHIN, Cells, find_columns

SIZE_LIMIT_MB = 10
UNPACKED_LIMIT_MB = 200
ROW_LIMIT = 50_000
COLUMN_LIMIT = 60
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
            message = N_("Danh sách dài quá %(limit)s dòng. Hãy chia nhỏ hoặc xóa những dòng trống có định dạng.")
            raise SpreadsheetRefused(message, field=field, limit=f"{ROW_LIMIT:,}".replace(",", "."))
        yield number, cells


def _xlsx_rows(data: bytes, field: str) -> Iterator[Cells]:
    _check_archive(data, field)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        for number, row in enumerate(_sheet_with_header(book).iter_rows(max_col=COLUMN_LIMIT), start=1):
            filled = len(row)
            while filled and row[filled - 1].value is None:  # every row is filled up to the limit
                filled -= 1
            yield number, [_text(cell, number, place, field) for place, cell in enumerate(row[:filled], start=1)]
    except InvalidInput:
        raise
    except Exception as error:  # openpyxl raises anything on a damaged file
        message = N_("Tệp Excel này bị hỏng hoặc không đọc được. Hãy mở tệp, lưu lại thành .xlsx rồi tải lên.")
        raise SpreadsheetRefused(message, field=field) from error


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


def _sheet_with_header(book: Any) -> Any:
    """The first sheet whose top looks like a list; else the first, so that its missing header is told."""
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
    for sheet in sheets:
        sheet.reset_dimensions()  # the size that a file states may be wrong
        top = sheet.iter_rows(max_row=HEADER_WITHIN, max_col=COLUMN_LIMIT, values_only=True)
        if any(find_columns(["" if value is None else str(value) for value in row]) for row in top):
            return sheet
    return sheets[0]


def _text(cell: Any, row: int, column: int, field: str) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        message = N_("Ô %(cell)s là công thức. Hãy chọn cả bảng, sao chép, dán lại dạng giá trị rồi lưu.")
        raise SpreadsheetRefused(message, field=field, cell=f"{get_column_letter(column)}{row}")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return format_date(value) if isinstance(value, datetime) else str(value)


def _csv_rows(data: bytes, field: str) -> Iterator[Cells]:
    text = _decoded(data, field)
    lines = text[:4000].splitlines()  # addresses are full of commas, so another mark wins where half the lines have it
    delimiter = next((mark for mark in "\t;" if sum(mark in line for line in lines) * 2 >= len(lines)), ",")
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            for column, cell in enumerate(row[:COLUMN_LIMIT], start=1):
                if cell.startswith("="):
                    message = N_("Ô %(cell)s là công thức. Hãy chọn cả bảng, sao chép, dán lại dạng giá trị rồi lưu.")
                    raise SpreadsheetRefused(message, field=field, cell=f"{get_column_letter(column)}{number}")
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
