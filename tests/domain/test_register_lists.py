"""Reading the official list as departments really write it."""

from collections.abc import Sequence

import pytest

from trace.domain.businesses import BusinessKind
from trace.domain.errors import TraceError
from trace.domain.register_lists import (
    HeaderNotFound,
    ListColumn,
    Reading,
    find_columns,
    kind_of,
    read_list,
    repaired_tax_code,
)
from trace.storage.addresses import gazetteer

HEADER = ["STT", "Tên cơ sở", "Mã số thuế", "Loại hình", "Địa chỉ"]
VAN_DUC = "Thôn Chử Xá, xã Văn Đức, huyện Gia Lâm, Hà Nội"
TAX_CODE, OTHER_TAX_CODE = "0109999904", "0109999911"


def read(*rows: Sequence[str], header: Sequence[str] = HEADER, above: Sequence[Sequence[str]] = ()) -> Reading:
    return read_list(enumerate([*above, header, *rows], start=1), gazetteer())


def faults(reading: Reading) -> list[tuple[int, ListColumn | None]]:
    return [(fault.row, fault.column) for fault in reading.errors]


def test_the_header_may_stand_under_a_title() -> None:
    title = [["SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"], [], ["DANH SÁCH CƠ SỞ"], ["(Kèm theo Quyết định số 12)"]]
    reading = read(["1", "HTX Văn Đức", TAX_CODE, "Hợp tác xã", VAN_DUC], above=title)
    [entry] = reading.entries
    assert (entry.row, entry.name, entry.tax_code, entry.kind) == (6, "HTX Văn Đức", TAX_CODE, BusinessKind.COOPERATIVE)


def test_an_address_with_a_district_that_is_gone_is_understood() -> None:
    [entry] = read(["1", "HTX Văn Đức", "", "", VAN_DUC]).entries
    assert gazetteer().commune(entry.commune_code or "").name == "Xã Bát Tràng"
    assert "Bát Tràng" in entry.note


@pytest.mark.parametrize(
    "heading", ["TÊN CƠ SỞ", "Tên cơ sở sản xuất, kinh doanh", "Ten co so", "Tên đơn vị", "Tên doanh nghiệp/HTX"]
)
def test_headings_are_read_whatever_their_case_accents_and_length(heading: str) -> None:
    assert find_columns([heading, "Địa chỉ sản xuất"]) == {ListColumn.NAME: 0, ListColumn.ADDRESS: 1}


def test_an_address_may_be_spread_over_columns() -> None:
    header = ["Tên cơ sở", "Địa chỉ", "Xã/Phường", "Huyện", "Tỉnh"]
    [entry] = read(["Cơ sở A", "Thôn 3", "Văn Đức", "Gia Lâm", "Hà Nội"], header=header).entries
    assert gazetteer().commune(entry.commune_code or "").name == "Xã Bát Tràng"


def test_a_sheet_without_a_header_is_refused() -> None:
    with pytest.raises(HeaderNotFound):
        read(["1", "HTX Văn Đức"], header=["STT", "Họ và tên", "Năm sinh"])


def test_an_empty_sheet_is_refused() -> None:
    with pytest.raises(HeaderNotFound):
        read_list([], gazetteer())


def test_unused_columns_are_named() -> None:
    assert read(header=[*HEADER, "Ghi chú"]).ignored == ["STT", "Ghi chú"]


def test_empty_rows_and_the_row_that_numbers_the_columns_are_passed_over() -> None:
    reading = read(["(1)", "(2)", "(3)", "(4)", "(5)"], [], ["", "", ""], ["1", "Cơ sở A", TAX_CODE, "", VAN_DUC])
    assert [entry.name for entry in reading.entries] == ["Cơ sở A"]
    assert not reading.errors


def test_each_fault_names_its_row_and_column() -> None:
    reading = read(
        ["1", "", TAX_CODE, "", VAN_DUC],
        ["2", "Cơ sở B", "0109999905", "", VAN_DUC],
        ["3", "Cơ sở C", "", "", "một nơi nào đó"],
        ["4", "Cơ sở D", "", "", ""],
    )
    assert faults(reading) == [
        (2, ListColumn.NAME),
        (3, ListColumn.TAX_CODE),
        (4, ListColumn.ADDRESS),
        (5, ListColumn.ADDRESS),
    ]


def test_a_tax_code_is_enough_where_the_address_is_not_understood() -> None:
    [entry] = read(["1", "Cơ sở A", TAX_CODE, "", "Huyện Gia Lâm"]).entries
    assert entry.commune_code is None


def test_the_same_business_twice_is_named_with_its_first_row() -> None:
    reading = read(
        ["1", "Cơ sở A", TAX_CODE, "", VAN_DUC],
        ["2", "Cơ sở khác", TAX_CODE, "", VAN_DUC],
        ["3", "HTX Văn Đức", "", "", VAN_DUC],
        ["4", "Hợp tác xã Văn Đức", "", "", VAN_DUC],
    )
    assert [(fault.row, fault.error.values["first"]) for fault in reading.errors] == [(3, 2), (5, 4)]


def test_control_characters_are_refused_by_cell() -> None:
    assert faults(read(["1", "Cơ sở\x07", TAX_CODE, "", VAN_DUC])) == [(2, ListColumn.NAME)]


def test_zeros_that_a_spreadsheet_dropped_are_put_back() -> None:
    assert repaired_tax_code(TAX_CODE.lstrip("0")).value == TAX_CODE
    assert repaired_tax_code("109999904001").value == f"{TAX_CODE}001"


@pytest.mark.parametrize("text", ["109999905", "12345", "không có", "01099999041"])
def test_what_cannot_be_a_tax_code_is_not_repaired_into_one(text: str) -> None:
    with pytest.raises(TraceError):
        repaired_tax_code(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("HTX", BusinessKind.COOPERATIVE),
        ("Cơ sở giết mổ tập trung", BusinessKind.SLAUGHTERHOUSE),
        ("Hộ kinh doanh", BusinessKind.HOUSEHOLD),
        ("Công ty TNHH", BusinessKind.COMPANY),
        ("khác", None),
    ],
)
def test_kinds_are_understood(text: str, kind: BusinessKind | None) -> None:
    assert kind_of(text) is kind
