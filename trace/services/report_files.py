"""A report as a file: DOCX to sign and send, PDF to read, XLSX to count again."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

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
    yield Sheet(
        N_("Xã, phường"),
        [
            _text(N_("Xã, phường"), "commune", 32),
            _number(N_("Trong danh sách"), "listed"),
            _number(N_("Đã tham gia"), "enrolled"),
            _number(N_("Truy xuất được"), "traceable"),
        ],
        figures["communes"],
    )
    yield Sheet(
        N_("Chuỗi"),
        [
            _text(N_("Chuỗi"), "commodity", 32),
            _number(N_("Cơ sở có lô"), "businesses"),
            _number(N_("Lô công bố"), "batches"),
            _number(N_("Lô đủ nội dung"), "complete"),
        ],
        figures["chains"],
    )
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


def _text(title: str, name: str, width: int = 18) -> Column[Row]:
    return Column(title, lambda row: row[name], width)


def _number(title: str, name: str) -> Column[Row]:
    return Column(title, lambda row: None if row[name] is None else Decimal(row[name]))
