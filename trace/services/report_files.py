"""A report as a file: DOCX to sign and send, PDF to read, XLSX to count again."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from ..domain.coverage import Dimension, StageName
from ..domain.errors import N_
from .exports import Column, Sheet, book_parts
from .report_docx import write_docx
from .report_pdf import write_pdf
from .report_snapshots import Content

FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Row = dict[str, Any]


def report_file(content: Content, extension: str) -> bytes:
    """Of one snapshot, in Vietnamese."""
    if extension == "xlsx":
        return b"".join(book_parts(_sheets(content["figures"]), "vi"))
    return write_docx(content) if extension == "docx" else write_pdf(content)


def _sheets(figures: Content) -> Iterator[Sheet[Row]]:
    yield Sheet(
        N_("Chỉ tiêu"),
        [
            _text(N_("Ký hiệu"), "ref"),
            _text(N_("Chỉ tiêu"), "name", 48),
            _text(N_("Cách tính"), "formula", 48),
            _text(N_("Định nghĩa"), "definition", 48),
            _number(N_("Tử số"), "numerator"),
            _number(N_("Mẫu số"), "denominator"),
            _number(N_("Kết quả"), "value"),
            _text(N_("Đơn vị"), "unit"),
            _number(N_("Mức cần đạt"), "target"),
            _number(N_("Phần trăm mức cần đạt"), "progress"),
            Column(N_("Nguồn số liệu"), lambda row: row["figure"]["source"] if row["figure"] else row["measured"], 32),
            _text(N_("Nguồn chỉ tiêu"), "target_source", 40),
            _text(N_("Nơi xem cách tính"), "link", 60),
        ],
        figures["results"],
    )
    coverage = figures["coverage"] or {"stages": (), "by": {}}
    yield Sheet(
        N_("Các bước"),
        [
            _text(N_("Bước"), "name", 40),
            _number(N_("Tử số"), "numerator"),
            _number(N_("Mẫu số"), "denominator"),
            Column(N_("Số liệu ngày"), lambda _row: date.fromisoformat(coverage["day"])),
            Column(N_("Danh sách ngày"), lambda _row: date.fromisoformat(coverage["list"]["as_of"])),
            Column(N_("Định nghĩa"), lambda _row: coverage["definition"], 48),
            Column(N_("Nơi xem cách tính"), lambda _row: coverage["link"], 60),
        ],
        coverage["stages"],
    )
    for dimension in (Dimension.COMMUNE, Dimension.COMMODITY, Dimension.CHAIN):
        rows = coverage["by"][dimension.value]["rows"] if coverage["by"] else ()
        yield Sheet(dimension.label, _places(dimension), rows)
    yield Sheet(
        N_("Hoạt động"),
        [
            _text(N_("Ngày"), "held_on"),
            _text(N_("Loại"), "kind", 24),
            _text(N_("Tên hoạt động"), "title", 48),
            _text(N_("Nơi"), "place", 28),
            _number(N_("Số lượng"), "count"),
            _number(N_("Số người"), "audience"),
            _text(N_("Đơn vị phối hợp"), "partners", 32),
            _text(N_("Nơi xem minh chứng"), "link", 60),
        ],
        figures["activities"],
    )


def _places(dimension: Dimension) -> list[Column[Row]]:
    return [
        _text(dimension.label, "name", 32),
        *(_number(stage.label, stage.value) for stage in StageName),
        Column(N_("Đã công bố (kg)"), lambda row: (row["kilograms"] or {}).get("registered")),
        Column(N_("Truy xuất được (kg)"), lambda row: (row["kilograms"] or {}).get("traceable")),
    ]


def _text(title: str, name: str, width: int = 18) -> Column[Row]:
    return Column(title, lambda row: row[name], width)


def _number(title: str, name: str) -> Column[Row]:
    return Column(title, lambda row: None if row[name] is None else Decimal(row[name]))
