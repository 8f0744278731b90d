"""Tables as files that a spreadsheet opens as they are meant."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from tests import factories
from trace.domain.businesses import BusinessKind
from trace.services import exports
from trace.services.export_tables import COLUMNS, PERMISSIONS, Table
from trace.services.exports import Cell, Column, csv_parts, harmless, xlsx_parts
from trace.services.list_template import list_template

Pair = tuple[str, Cell]
COLUMNS_OF_PAIRS: list[Column[Pair]] = [
    Column("Tên cơ sở", lambda pair: pair[0]),
    Column("Mã số thuế", lambda pair: pair[1]),
]


def as_csv(rows: Iterable[Pair], locale: str = "vi") -> list[list[str]]:
    data = b"".join(csv_parts(COLUMNS_OF_PAIRS, rows, locale))
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def as_xlsx(rows: Iterable[Pair], locale: str = "vi") -> Any:
    data = b"".join(xlsx_parts(COLUMNS_OF_PAIRS, rows, locale))
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize(
    "text", ["=1+1", "+84", "-1", "@SUM(A1)", "＝1", "＋84", "－1", "＠SUM(A1)", "\t=1", "\r=1", "\n=1"]
)
def test_what_a_spreadsheet_would_run_is_kept_from_running(text: str) -> None:
    assert harmless(text) == f"'{text}"
    if text[0] not in "\t\r\n":
        cell = as_xlsx([(text, "")]).active["A2"]
        assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_ordinary_text_is_left_alone() -> None:
    assert harmless("Hợp tác xã = rau") == "Hợp tác xã = rau"


def test_codes_stay_text_and_numbers_numbers() -> None:
    rows: list[Pair] = [("0109999904", 12), ("", Decimal("12.5")), ("", date(2026, 3, 1)), ("", None)]
    sheet = as_xlsx(rows).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("0109999904", "s")
    assert [sheet[f"B{row}"].value for row in range(2, 5)] == [12, 12.5, factories.datetime(2026, 3, 1)]
    assert [row[1] for row in as_csv(rows)[1:]] == ["12", "12,5", "01/03/2026", ""]


def test_sets_moments_and_answers_are_written_in_words() -> None:
    rows: list[Pair] = [("", BusinessKind.SHOP), ("", factories.NOW), ("", True)]
    assert [row[1] for row in as_csv(rows)[1:]] == ["Cửa hàng, siêu thị", "08:00 02/03/2026", "Có"]


def test_a_table_without_rows_still_has_its_heading() -> None:
    assert as_csv([]) == [["Tên cơ sở", "Mã số thuế"]]
    assert as_xlsx([]).active["B1"].value == "Mã số thuế"


def test_a_large_table_is_given_out_in_parts() -> None:
    parts = list(csv_parts(COLUMNS_OF_PAIRS, ((f"Cơ sở {n}", n) for n in range(20_000)), "vi"))
    assert len(parts) > 3
    assert max(map(len, parts)) < 200_000


def test_a_full_sheet_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_ROWS_OF_A_SHEET", 3)
    book = as_xlsx((f"Cơ sở {n}", n) for n in range(7))
    assert [sheet.max_row - 1 for sheet in book] == [3, 3, 1]


def test_every_table_has_columns_and_a_permission() -> None:
    assert set(COLUMNS) == set(PERMISSIONS) == set(Table)


def test_the_template_is_a_list_that_can_be_brought_in() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(list_template("vi"))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["Tên cơ sở", "Mã số thuế", "Loại hình", "Địa chỉ"]
    assert sheet.column_dimensions["B"].number_format == "@"
