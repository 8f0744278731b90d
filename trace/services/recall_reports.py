"""The report of a recall: a PDF to sign and hand in, and a sheet with every item.

Thông tư 17/2021/TT-BNNPTNT asks what was recalled and why, how much was out, found and disposed of in which way, and
what prevents it from happening again; its annex forms are not known here, so none is imitated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table
from sqlalchemy.orm import Session

from ..domain.dates import format_moment
from ..domain.errors import N_
from ..domain.permissions import Actor
from ..domain.quantities import Unit, format_amount
from ..labels.fonts import BOLD, REGULAR, register_fonts
from ..storage.cases import Case
from ..storage.recalls import (
    Recall,
    RecallItem,
    batch_ids_of,
    holders_of,
    report_rows,
)
from . import audit, recalls
from .clock import now
from .exports import Column
from .phones import format_phone
from .recall_answers import cases_of
from .wording import say

MOST_HOLDERS = 500
"""On paper; the sheet has all."""
_WIDTH = A4[0] - 40 * mm


@dataclass(frozen=True)
class ReportRow:
    holder: str
    enrolled: bool
    item: RecallItem | None
    answered: Any
    note: str
    cases: Sequence[Case]


COLUMNS: list[Column[ReportRow]] = [
    Column(N_("Nơi giữ hàng"), lambda row: row.holder, 42),
    Column(N_("Có trên hệ thống"), lambda row: row.enrolled),
    Column(N_("Sản phẩm"), lambda row: row.item.product.name if row.item else None, 32),
    Column(N_("Mã lô"), lambda row: row.item.batch.lot if row.item else None, 22),
    Column(N_("Mã truy xuất"), lambda row: row.item.batch.public_code if row.item else None),
    Column(N_("Theo sổ"), lambda row: _decimal(row.item, row.item.amount) if row.item else None),
    Column(N_("Đang trên đường"), lambda row: row.item.on_the_way if row.item else None),
    Column(N_("Tìm thấy"), lambda row: _decimal(row.item, row.item.located) if row.item else None),
    Column(N_("Đơn vị"), lambda row: row.item.product.unit if row.item else None),
    Column(N_("Xử lý"), lambda row: row.item.disposal if row.item else None, 36),
    Column(N_("Xác nhận lúc"), lambda row: row.answered),
    Column(N_("Ghi chú"), lambda row: row.note, 48),
    Column(N_("Trong thùng"), lambda row: "; ".join(case.code for case in row.cases) or None, 24),
]


def rows(session: Session, actor: Actor, recall: Recall) -> Iterator[ReportRow]:
    """One for each item, and one for a holder that had none; who took them away is noted."""
    audit.record_look(session, actor, "recalls:report", recall)
    cases = cases_of(session, batch_ids_of(recall.id))
    for holder, item in session.execute(report_rows(recall.id)):
        packed = cases.get((item.batch_id, holder.business_id), ()) if item else ()
        name = holder.business.legal_name if holder.business else holder.name
        yield ReportRow(name, holder.business is not None, item, holder.acknowledged_at, holder.note, packed)


def write_pdf(session: Session, recall: Recall, locale: str) -> bytes:
    """A4, in the language of the reader."""
    register_fonts()
    tell = partial(say, locale=locale)
    body = ParagraphStyle("body", fontName=REGULAR, fontSize=10, leading=14)
    head = ParagraphStyle("head", parent=body, fontName=BOLD, fontSize=12, leading=16, spaceBefore=8, spaceAfter=3)
    title = ParagraphStyle("title", parent=head, fontSize=16, leading=21, alignment=1)

    def text(value: object, style: ParagraphStyle = body) -> Paragraph:
        return Paragraph(escape(str(value)).replace("\n", "<br/>"), style)

    def table(cells: list[tuple[object, ...]], widths: list[float], *, heading: bool = True) -> Table:
        made = Table(
            [[text(cell) for cell in row] for row in cells], [part * _WIDTH for part in widths], repeatRows=heading
        )
        made.setStyle([("GRID", (0, 0), (-1, -1), 0.4, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")])
        return made

    reach = recalls.reach(session, recall)
    parts: list[Flowable] = [
        text(tell(N_("BÁO CÁO THU HỒI THỰC PHẨM")), title),
        text(f"{recall.number or ''} · {recall.product}", ParagraphStyle("under", parent=body, alignment=1)),
        Spacer(1, 4 * mm),
        text(tell(N_("1. Vụ thu hồi")), head),
        table(_facts(recall, reach, tell), [0.35, 0.65], heading=False),
        text(tell(N_("2. Số lượng")), head),
        table(_amounts(session, recall, reach, tell, locale), [0.6, 0.4]),
        text(tell(N_("3. Nơi giữ hàng")), head),
        table(_holders(session, recall, tell), [0.45, 0.2, 0.35]),
        text(tell(N_("4. Kết luận: nguyên nhân, kết quả, cách phòng ngừa")), head),
        text(recall.conclusion or tell(N_("Vụ thu hồi chưa kết thúc."))),
        Spacer(1, 10 * mm),
        table([(tell(N_("Người lập báo cáo")), tell(N_("Thủ trưởng đơn vị")))], [0.5, 0.5], heading=False),
    ]
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, title=recall.number, invariant=True, lang=locale
    )
    document.build(parts)
    return out.getvalue()


def _facts(recall: Recall, reach: recalls.Reach, tell: Any) -> list[tuple[object, ...]]:
    by = ", ".join(filter(None, [recall.created_by_name, recall.business.legal_name if recall.business else ""]))
    return [
        (tell(N_("Lý do")), recall.reason),
        (tell(N_("Hình thức")), tell(recall.kind.label)),
        (tell(N_("Mức độ thu hồi")), tell(recall.recall_class.label)),
        (tell(N_("Tình trạng")), tell(recall.status.label)),
        (tell(N_("Người đề nghị")), f"{by} · {format_moment(recall.created_at)}"),
        (tell(N_("Xác nhận")), f"{recall.confirmed_by_name} · {_moment(recall.confirmed_at)}"),
        (tell(N_("Kết thúc")), f"{recall.closed_by_name} {_moment(recall.closed_at)}".strip()),
        (tell(N_("Số lô hàng")), reach.batches),
        (tell(N_("Tem đã in")), reach.labels),
        (tell(N_("Lập báo cáo lúc")), format_moment(now())),
    ]


def _amounts(
    session: Session, recall: Recall, reach: recalls.Reach, tell: Any, locale: str
) -> list[tuple[object, ...]]:
    def written(amount: int | None, unit: Unit) -> str:
        return format_amount(int(amount or 0), unit, locale)

    lines: list[tuple[object, ...]] = [("", tell(N_("Số lượng")))]
    outcome = recalls.outcome(session, recall.id)
    for unit, (out, located) in outcome.progress.items():
        lines.append((tell(N_("Ở các nơi hoặc trên đường khi thu hồi")), written(out, unit)))
        lines.append((tell(N_("Tìm thấy")), f"{written(located, unit)} ({100 * located / out:.1f}%)"))
    for disposal, unit, amount in outcome.disposals:
        lines.append((f"– {tell(disposal.label)}" if disposal else "–", written(amount, unit)))
    for kind, by_unit in reach.gone.items():
        if kind.value in ("sold", "own_use", "lost"):
            lines += [(tell(kind.label), written(amount, unit)) for unit, amount in by_unit.items()]
    return lines


def _holders(session: Session, recall: Recall, tell: Any) -> list[tuple[object, ...]]:
    lines: list[tuple[object, ...]] = [
        (tell(N_("Nơi giữ hàng")), tell(N_("Xác nhận lúc")), tell(N_("Ghi chú"))),
    ]
    for holder in session.scalars(holders_of(recall.id).limit(MOST_HOLDERS)):
        phone = holder.business.phone if holder.business else holder.phone
        name = holder.business.legal_name if holder.business else holder.name
        said = _moment(holder.acknowledged_at) or tell(N_("Chưa xác nhận"))
        lines.append((f"{name} · {format_phone(phone)}", said, holder.note))
    return lines


def _moment(moment: Any) -> str:
    return format_moment(moment) if moment else ""


def _decimal(item: RecallItem, amount: int | None) -> Decimal | None:
    return None if amount is None else Decimal(amount) / item.product.unit.base_units
