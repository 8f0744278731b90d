"""Papers that look like what people hand in, and say on every page that they are none."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import xlsxwriter
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ...domain.certificates import CertificateScheme
from ...domain.dates import format_date
from ...domain.laboratory import Finding, write_findings
from ...labels.fonts import BOLD, REGULAR, SEMIBOLD, register_fonts

WIDTH, HEIGHT = A4


def certificate(
    scheme: CertificateScheme, *, number: str, issuer: str, holder: str, valid_from: date, valid_until: date | None
) -> bytes:
    until = format_date(valid_until) if valid_until else "không thời hạn"
    return _paper(
        scheme.label,
        issuer,
        [
            ("Số", number),
            ("Cấp cho", holder),
            ("Có hiệu lực từ", format_date(valid_from)),
            ("Đến hết ngày", until),
        ],
    )


def laboratory_report(*, laboratory: str, number: str, product: str, lot: str, findings: Sequence[Finding]) -> bytes:
    found = zip([each.substance for each in findings], write_findings(findings), strict=True)
    facts = [("Số phiếu", number), ("Mẫu", f"{product}, lô {lot}"), *found, ("Kết luận", "Đạt")]
    return _paper("Phiếu kết quả kiểm nghiệm", laboratory, facts)


def registration(*, name: str, number: str, address: str) -> bytes:
    """A business's certificate of registration."""
    facts = [("Tên", name), ("Mã số", number), ("Địa chỉ", address)]
    return _paper("Giấy đăng ký kinh doanh", "Cơ quan đăng ký (ví dụ)", facts)


def official_list(rows: list[tuple[str, str, str, str]]) -> bytes:
    """XLSX as departments send it: a title above the header, codes as text. Rows: name, tax code, address, kind."""
    output = BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        heading = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        as_text = book.add_format({"num_format": "@"})
        sheet.write_string(0, 0, "DANH SÁCH CƠ SỞ SẢN XUẤT, KINH DOANH RAU AN TOÀN (VÍ DỤ, KHÔNG PHẢI VĂN BẢN THẬT)")
        for column, title in enumerate(("STT", "Tên cơ sở", "Mã số thuế", "Địa chỉ", "Loại hình")):
            sheet.write_string(2, column, title, heading)
        for place, row in enumerate(rows, start=1):
            sheet.write_number(place + 2, 0, place)
            for column, value in enumerate(row, start=1):
                sheet.write_string(place + 2, column, value, as_text)
        sheet.set_column(1, 4, 40)
    return output.getvalue()


def _paper(title: str, issuer: str, facts: list[tuple[str, str]]) -> bytes:
    register_fonts()
    output = BytesIO()
    paper = Canvas(output, pagesize=A4, invariant=1)
    paper.setTitle(f"{title} (ví dụ)")
    paper.setStrokeColor(HexColor("#14683c"))
    paper.setLineWidth(3)
    paper.rect(40, 40, WIDTH - 80, HEIGHT - 80)
    paper.setLineWidth(0.75)
    paper.rect(48, 48, WIDTH - 96, HEIGHT - 96)
    _stamp(paper)
    paper.setFillColor(HexColor("#17211a"))
    paper.setFont(SEMIBOLD, 13)
    paper.drawCentredString(WIDTH / 2, HEIGHT - 110, issuer)
    size = min(24, 24 * (WIDTH - 140) / max(1, paper.stringWidth(title, BOLD, 24)))
    paper.setFont(BOLD, size)
    paper.drawCentredString(WIDTH / 2, HEIGHT - 190, title)
    for place, (name, value) in enumerate(facts):
        height = HEIGHT - 280 - place * 44
        paper.setFont(REGULAR, 12)
        paper.drawString(90, height, name)
        paper.setFont(SEMIBOLD, 13)
        paper.drawString(210, height, value)
    paper.showPage()
    paper.save()
    return output.getvalue()


def _stamp(paper: Canvas) -> None:
    paper.saveState()
    paper.translate(WIDTH / 2, HEIGHT / 2 - 60)
    paper.rotate(35)
    paper.setFillColor(HexColor("#f3d9d6"))
    paper.setFont(BOLD, 46)
    paper.drawCentredString(0, 20, "VÍ DỤ")
    paper.drawCentredString(0, -34, "KHÔNG CÓ GIÁ TRỊ")
    paper.restoreState()
