"""Tables as files: any rows with any columns, streamed, so that a million rows cost no more memory than ten."""

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO, Generic, TypeVar

import xlsxwriter

from ..domain.dates import format_date, format_moment
from ..domain.errors import N_
from ..domain.labelled import Labelled
from .wording import say

Row = TypeVar("Row")
Cell = str | int | Decimal | date | datetime | bool | None

# A spreadsheet runs a text that begins so as a formula, some also in full width (OWASP: CSV injection).
_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
_ROWS_OF_A_SHEET = 1_000_000
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Column(Generic[Row]):
    """``title`` is a gettext id; ``value`` picks the cell. Codes are given as text, so that no zero is lost."""

    title: str
    value: Callable[[Row], Cell]
    width: int = 18


@dataclass(frozen=True)
class Sheet(Generic[Row]):
    """One of several in a file. ``title`` is a gettext id; ``bilingual``: its headings are in Vietnamese and in English."""

    title: str
    columns: Sequence[Column[Row]]
    rows: Iterable[Row]
    bilingual: bool = False


def csv_parts(columns: list[Column[Row]], rows: Iterable[Row], locale: str) -> Iterator[bytes]:
    """UTF-8 with its mark, which Excel needs, and semicolons, which Excel in Việt Nam expects."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    buffer.write("\ufeff")
    writer.writerow([say(column.title, locale) for column in columns])
    for row in rows:
        writer.writerow([harmless(_written(column.value(row), locale)) for column in columns])
        if buffer.tell() >= _CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_parts(columns: list[Column[Row]], rows: Iterable[Row], locale: str) -> Iterator[bytes]:
    """An Excel file, made on disk row by row; a sheet that is full is followed by another."""
    with tempfile.TemporaryFile() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            remaining = iter(rows)
            batch = islice(remaining, _ROWS_OF_A_SHEET)
            while _write_sheet(book, columns, batch, locale) == _ROWS_OF_A_SHEET:
                batch = islice(remaining, _ROWS_OF_A_SHEET)
        file.seek(0)
        yield from _chunks(file)


def book_parts(sheets: Iterable[Sheet[Any]], locale: str) -> Iterator[bytes]:
    """An Excel file of several sheets, none longer than Excel allows."""
    with tempfile.TemporaryFile() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            for sheet in sheets:
                rows = islice(sheet.rows, _ROWS_OF_A_SHEET)
                heading_in = ("vi", "en") if sheet.bilingual else (locale,)
                _write_sheet(book, sheet.columns, rows, locale, title=say(sheet.title, locale), heading_in=heading_in)
        file.seek(0)
        yield from _chunks(file)


def harmless(text: str) -> str:
    """The text as a CSV may carry it: an apostrophe keeps a spreadsheet from running it."""
    return f"'{text}" if _FORMULA.match(text) else text


def _write_sheet(
    book: Any,
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    locale: str,
    *,
    title: str | None = None,
    heading_in: Sequence[str] = (),
) -> int:
    sheet = book.add_worksheet(title)
    heading = book.add_format({"bold": True, "bg_color": "#E2F2E7", "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})
    quoted = book.add_format({"num_format": "@", "quote_prefix": True})  # Excel's own apostrophe
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        words = dict.fromkeys(say(column.title, each) for each in heading_in or (locale,))
        sheet.write_string(0, place, " / ".join(words), heading)
    count = 0
    for count, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            value = column.value(row)
            if isinstance(value, date) and not isinstance(value, datetime):
                sheet.write_datetime(count, place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            elif isinstance(value, int | Decimal) and not isinstance(value, bool):
                sheet.write_number(count, place, float(value))
            elif written := _written(value, locale):
                sheet.write_string(count, place, written, quoted if _FORMULA.match(written) else text)
    sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    return count


def _written(value: Cell, locale: str) -> str:
    match value:
        case None:
            return ""
        case bool():
            return say(N_("Có") if value else N_("Không"), locale)
        case Labelled():
            return say(value.label, locale)
        case datetime():
            return format_moment(value)
        case date():
            return format_date(value)
        case Decimal():
            return f"{value:f}".replace(".", ",") if locale == "vi" else f"{value:f}"
    return str(value)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
