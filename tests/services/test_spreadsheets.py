"""Reading uploaded spreadsheets: what Vietnamese machines write, and what is refused."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from trace.services.spreadsheets import SpreadsheetRefused, read_spreadsheet

HEADER = ["Tên cơ sở", "Mã số thuế", "Địa chỉ"]
ROW = ["Cơ sở Hà", "0109999904", "Phường Hoàn Kiếm, Hà Nội"]


def read(data: bytes) -> list[tuple[int, list[str]]]:
    return [(number, list(cells)) for number, cells in read_spreadsheet(data)]


def xlsx(*sheets: Sequence[Sequence[Any]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def text(*rows: Sequence[str], delimiter: str = ";") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue()


def test_commas_in_addresses_do_not_cut_a_row() -> None:
    address = "Thôn 1, xã Phù Đổng, huyện Gia Lâm, thành phố Hà Nội"
    data = "\n".join(f"Cơ sở {number};0109999904;{address}" for number in range(9)).encode()
    assert read(data)[0][1] == ["Cơ sở 0", "0109999904", address]


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1258", ";")]
)
def test_csv_is_read_in_every_encoding_of_vietnamese_machines(encoding: str, delimiter: str) -> None:
    written = text(HEADER, ROW, delimiter=delimiter)
    if encoding == "cp1258":  # which writes some tones as marks of their own
        written = "".join(_for_1258(character) for character in written)
    rows = read(written.encode(encoding))
    assert [unicodedata.normalize("NFC", cell) for cell in rows[1][1]] == ROW


def _for_1258(character: str) -> str:
    try:
        character.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", character)
        tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", parts.replace(tone, "")) + tone
    return character


def test_numbers_are_read_without_rounding() -> None:
    assert read(xlsx([HEADER, [1.0, 109999904001, 12.5]]))[1][1] == ["1", "109999904001", "12.5"]


def test_the_sheet_with_the_list_is_found_behind_others() -> None:
    assert read(xlsx([["Bìa"]], [["DANH SÁCH"], HEADER, ROW]))[2] == (3, ROW)


def test_a_formula_is_refused_by_cell() -> None:
    with pytest.raises(SpreadsheetRefused, match="B2"):
        read(xlsx([HEADER, ["Cơ sở A", "=A1", "x"]]))
    with pytest.raises(SpreadsheetRefused, match="A2"):
        read(text(HEADER, ["=1+1", "", ""]).encode())


def test_two_hundred_thousand_rows_are_refused() -> None:
    with pytest.raises(SpreadsheetRefused, match=r"50\.000 dòng.*xóa"):
        read((text(HEADER) + "A;;B\n" * 200_000).encode())


def test_cells_merged_over_rows_of_the_list_are_named_and_those_of_its_title_are_not() -> None:
    def merged(*ranges: str) -> bytes:
        file = io.BytesIO()
        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate([["DANH SÁCH"], [], HEADER, [], ROW, ROW]):
                sheet.write_row(number, 0, row)
            for cells in ranges:
                sheet.merge_range(cells, "Ghép")
        return file.getvalue()

    assert read(merged("A1:C2", "B3:B4", "B5:C5"))[-1] == (6, ROW)
    with pytest.raises(SpreadsheetRefused, match="C5:C6"):
        read(merged("A1:C2", "C5:C6"))


def test_dates_and_texts_in_pieces_are_read_as_they_are_seen() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.write_row(0, 0, HEADER)
        sheet.write_rich_string(1, 0, "Cơ sở ", bold, "Hà")
        sheet.write_datetime(1, 1, date(2026, 3, 2), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_number(1, 3, 0.1)
        sheet.write_string(1, 200, "quá xa")
    assert read(file.getvalue())[1] == (2, ["Cơ sở Hà", "02/03/2026", "", "0.1"])


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0" + bytes(600), b"\x00\x01\x02" * 50, bytes(11 << 20)],
    ids=["empty", "broken", "old excel", "binary", "11 MB"],
)
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(SpreadsheetRefused) as caught:
        read(data)
    assert caught.value.field == "file"


def test_a_damaged_workbook_is_refused() -> None:
    with pytest.raises(SpreadsheetRefused, match="hỏng"):
        read(_packed({"xl/workbook.xml": b"<workbook"}))


def test_a_workbook_that_expands_entities_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    parts = dict.fromkeys(("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"), bomb)
    with pytest.raises(SpreadsheetRefused, match="hỏng"):
        read(_packed(parts))


def test_a_file_that_unpacks_too_large_is_refused() -> None:
    with pytest.raises(SpreadsheetRefused, match="200 MB"):
        read(_packed({"xl/workbook.xml": bytes(201 << 20)}))


def _packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()
