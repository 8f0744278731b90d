"""The minutes of a visit as a paper: in Vietnamese, in the layout of administrative documents (Nghị định 30/2020/NĐ-CP).

The paper is written once from its content (``inspection_contents.describe``), which is kept beside it, and never again.
"""

from datetime import date
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    HRFlowable,
    Image,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from ..domain.dates import format_date
from ..domain.inspections import Grade, InspectionKind, Result
from ..labels.fonts import BOLD, REGULAR, register_fonts
from ..storage.files import FileStore

PLACE = "Hà Nội"
AUTHORITY = "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"
_WIDTH = A4[0] - 50 * mm
_BODY = ParagraphStyle("body", fontName=REGULAR, fontSize=11, leading=15, spaceAfter=2)
_SMALL = ParagraphStyle("small", parent=_BODY, fontSize=9, leading=12)
_CENTRED = ParagraphStyle("centred", parent=_BODY, alignment=1, spaceAfter=0)
_STRONG = ParagraphStyle("strong", parent=_CENTRED, fontName=BOLD)
_HEAD = ParagraphStyle("head", parent=_BODY, fontName=BOLD, spaceBefore=7)
_TITLE = ParagraphStyle("title", parent=_STRONG, fontSize=14, leading=19, spaceBefore=12)


def write_pdf(content: dict[str, Any], store: FileStore) -> bytes:
    """A4 upright; the same content always gives the same bytes."""
    register_fonts()
    held_on = date.fromisoformat(content["held_on"])
    parts: list[Flowable] = [
        *_letterhead(content, held_on),
        *_parties(content, held_on),
        *_contents(content),
        *_head("V. KẾT LUẬN, KIẾN NGHỊ CỦA ĐOÀN KIỂM TRA"),
        _text(content["conclusion"]),
    ]
    if content["grade"]:
        parts.append(_text(f"Xếp loại: {Grade(content['grade']).label}. Lý do: {content['grade_reason']}"))
    if content["sanctions"]:
        parts.append(_text(f"Xử lý: {content['sanctions']}"))
    parts += [
        *_head("VI. Ý KIẾN CỦA CƠ SỞ"),
        _text(content["remarks"] or "Không có ý kiến khác."),
        _text(
            f"Biên bản kết thúc hồi {_clock(content['ended'])} cùng ngày, đã đọc lại cho những người có tên ở trên cùng "
            "nghe và ký dưới đây. Bản điện tử được lưu trên hệ thống truy xuất nguồn gốc, mỗi bên xem và tải được."
        ),
        _signatures(content, store),
        *_photos(content, store),
    ]
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=30 * mm,
        rightMargin=20 * mm,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=f"Biên bản kiểm tra {content['number']}",
        author=AUTHORITY,
        invariant=True,
        lang="vi",
    )
    document.build(parts, onLaterPages=_page_number)
    return out.getvalue()


def _letterhead(content: dict[str, Any], held_on: date) -> list[Flowable]:
    dated = f"{PLACE}, ngày {held_on.day:02} tháng {held_on.month:02} năm {held_on.year}"
    left = [
        _text(f"UBND THÀNH PHỐ {PLACE.upper()}", _CENTRED),
        _text(AUTHORITY, _CENTRED),
        _text("ĐOÀN KIỂM TRA", _STRONG),
        HRFlowable(width="35%", thickness=0.6, color=colors.black),
        _text(f"Số: {content['number']}", _CENTRED),
    ]
    right = [
        _text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", _STRONG),
        _text("Độc lập - Tự do - Hạnh phúc", _STRONG),
        HRFlowable(width="55%", thickness=0.6, color=colors.black),
        _text(dated, _CENTRED),
    ]
    head = Table([[left, right]], [0.46 * _WIDTH, 0.54 * _WIDTH])
    head.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("ALIGN", (0, 0), (-1, -1), "CENTER"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ]
    )
    title = "BIÊN BẢN ĐÍNH CHÍNH" if content["corrects"] else "BIÊN BẢN KIỂM TRA"
    parts: list[Flowable] = [
        head,
        _text(title, _TITLE),
        _text("Về bảo đảm an toàn thực phẩm và truy xuất nguồn gốc", _STRONG),
    ]
    if content["corrects"]:
        parts.append(
            _text(
                f"Biên bản này thay biên bản số {content['corrects']}. Lý do: {content['correction_reason']}", _CENTRED
            )
        )
    return [*parts, Spacer(1, 3 * mm)]


def _parties(content: dict[str, Any], held_on: date) -> list[Flowable]:
    business = content["business"]
    return [
        _text(
            f"Hồi {_clock(content['began'])} ngày {format_date(held_on)}, tại {content['place'] or business['address']}, "
            f"đã tiến hành kiểm tra {InspectionKind(content['kind']).label.lower()}. Căn cứ, lý do: {content['reason']}"
        ),
        *_head("I. ĐOÀN KIỂM TRA"),
        _text(f"Phụ trách: {content['lead']}"),
        *([_text(content["team"])] if content["team"] else []),
        *_head("II. CƠ SỞ ĐƯỢC KIỂM TRA"),
        _text(f"Tên cơ sở: {business['name']}" + (f" (mã số {business['code']})" if business["code"] else "")),
        _text(f"Địa chỉ: {business['address']}"),
        *([_text(f"Địa điểm kiểm tra: {', '.join(content['sites'])}")] if content["sites"] else []),
        _text(f"Người đại diện: {content['representative']}"),
    ]


def _contents(content: dict[str, Any]) -> list[Flowable]:
    points = content["points"]
    parts: list[Flowable] = [
        *_head("III. NỘI DUNG VÀ KẾT QUẢ KIỂM TRA"),
        _table(
            [
                ("Mục", "Nội dung", "Kết quả", "Ghi chú"),
                *((each["code"], each["text"], Result(each["result"]).label, each["note"]) for each in points),
            ],
            [0.08, 0.45, 0.15, 0.32],
        ),
    ]
    if content["steps"]:
        parts += [
            _text("Công đoạn của lô hàng đã xem tại chỗ, đúng như đã ghi:"),
            *(_text(f"– {each}") for each in content["steps"]),
        ]
    if content["samples"]:
        parts += [
            _text("Mẫu đã lấy để kiểm nghiệm:"),
            *(_text(f"– Mẫu số {each['code']}: {each['product']}") for each in content["samples"]),
        ]
    parts += _head("IV. SAI LỖI VÀ THỜI HẠN KHẮC PHỤC")
    if content["findings"]:
        rows = [
            (
                each["code"],
                each["text"],
                Result(each["severity"]).label,
                format_date(date.fromisoformat(each["deadline"])),
            )
            for each in content["findings"]
        ]
        parts.append(_table([("Mục", "Sai lỗi", "Mức độ", "Khắc phục trước ngày"), *rows], [0.08, 0.54, 0.16, 0.22]))
    else:
        parts.append(_text("Không phát hiện sai lỗi."))
    return parts


def _signatures(content: dict[str, Any], store: FileStore) -> Flowable:
    def signed(role: str, name: str, who: str) -> list[Flowable]:
        drawn = content["signatures"][who]
        mark: Flowable = Spacer(1, 18 * mm)
        if drawn:
            picture = Image(str(store.existing_path(drawn, "png")))
            scale = min(60 * mm / picture.imageWidth, 22 * mm / picture.imageHeight)
            picture.drawWidth, picture.drawHeight = picture.imageWidth * scale, picture.imageHeight * scale
            mark = picture
        elif who == "business" and content["refused"]:
            mark = _text("(Không ký biên bản)", _CENTRED)
        return [_text(role, _STRONG), mark, _text(name, _CENTRED)]

    both = Table(
        [
            [
                signed("ĐẠI DIỆN CƠ SỞ", content["representative"], "business"),
                signed("ĐẠI DIỆN ĐOÀN KIỂM TRA", content["officer"], "officer"),
            ]
        ],
        [0.5 * _WIDTH] * 2,
    )
    both.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("ALIGN", (0, 0), (-1, -1), "CENTER")])
    return KeepTogether([Spacer(1, 4 * mm), both])


def _photos(content: dict[str, Any], store: FileStore) -> list[Flowable]:
    if not content["photos"]:
        return []
    shown = []
    for sha256 in content["photos"]:
        picture = Image(str(store.existing_path(sha256, "jpeg", 800)))
        scale = min(0.47 * _WIDTH / picture.imageWidth, 70 * mm / picture.imageHeight)
        picture.drawWidth, picture.drawHeight = picture.imageWidth * scale, picture.imageHeight * scale
        shown.append(picture)
    rows = [[*shown[place : place + 2], ""][:2] for place in range(0, len(shown), 2)]
    table = Table(rows, [0.5 * _WIDTH] * 2)
    table.setStyle([("ALIGN", (0, 0), (-1, -1), "CENTER"), ("BOTTOMPADDING", (0, 0), (-1, -1), 6)])
    return [*_head("ẢNH CHỤP KHI KIỂM TRA"), table]


def _table(rows: list[tuple[str, ...]], widths: list[float]) -> Table:
    cells = [[_text(cell, _SMALL) for cell in row] for row in rows]
    made = Table(cells, [part * _WIDTH for part in widths], repeatRows=1)
    made.setStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.4, colors.black),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eeeeee")),
        ]
    )
    return made


def _head(words: str) -> list[Flowable]:
    """With room for something below it: a head that is kept with a table would take the whole table along."""
    return [CondPageBreak(30 * mm), _text(words, _HEAD)]


def _text(value: object, style: ParagraphStyle = _BODY) -> Paragraph:
    return Paragraph(escape(str(value)).replace("\n", "<br/>"), style)


def _clock(typed: str) -> str:
    hours, _, minutes = typed.partition(":")
    return f"{int(hours)} giờ {minutes}"


def _page_number(canvas: Any, document: Any) -> None:
    canvas.setFont(REGULAR, 10)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 12 * mm, str(document.page))
