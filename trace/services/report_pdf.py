"""A report as PDF: the same blocks as in DOCX, in a serif that is embedded."""

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, HRFlowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from ..labels.fonts import SERIF, SERIF_BOLD, register_serif
from .report_pages import Annex, Block, Cell, Heading, Line, Table, annexes, dated, lines_of, pages, subject
from .report_snapshots import Content

LEFT, RIGHT, EDGE = 30 * mm, 18 * mm, 20 * mm
WIDTH = A4[0] - LEFT - RIGHT
_BODY = ParagraphStyle("body", fontName=SERIF, fontSize=12.5, leading=18, spaceBefore=5)
_CENTRE = ParagraphStyle("centre", parent=_BODY, alignment=1, spaceBefore=0)
_BOLD = ParagraphStyle("bold", parent=_CENTRE, fontName=SERIF_BOLD)
_HEADING = ParagraphStyle("heading", parent=_BODY, fontName=SERIF_BOLD, spaceBefore=10, spaceAfter=4, keepWithNext=1)
_LINE = ParagraphStyle("line", parent=_BODY, alignment=4, firstLineIndent=12.7 * mm)
_CELL = ParagraphStyle("cell", parent=_BODY, fontSize=10.5, leading=14, spaceBefore=0)
_NUMBER = ParagraphStyle("number", parent=_CELL, alignment=2)
_TITLE = ParagraphStyle("title", parent=_CELL, fontName=SERIF_BOLD, alignment=1)
_SMALL = ParagraphStyle("small", parent=_CELL, fontSize=10.5)


def write_pdf(content: Content) -> bytes:
    """Of one snapshot; the same snapshot gives the same bytes."""
    register_serif()
    parts = _head(content)
    for block in pages(content):
        parts += _flow(block)
    parts += _foot(content)
    for block in annexes(content):
        parts += _flow(block)
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=LEFT,
        rightMargin=RIGHT,
        topMargin=EDGE,
        bottomMargin=EDGE,
        title=subject(content),
        invariant=True,
        lang="vi",
    )
    document.build(parts, onLaterPages=_number)
    return out.getvalue()


def _number(canvas: Any, document: Any) -> None:
    canvas.setFont(SERIF, 12)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 13 * mm, str(document.page))


def _head(content: Content) -> list[Flowable]:
    texts = content["texts"]
    left = [
        _text(texts["parent_agency"].upper(), _sized(_CENTRE, 11.5)),
        _text(texts["agency"].upper(), _sized(_BOLD, 11.5)),
    ]
    right = [
        _text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", _sized(_BOLD, 11.5)),
        _text("Độc lập - Tự do - Hạnh phúc", _sized(_BOLD, 12.5)),
    ]
    cells = [
        [[*left, _rule(22 * mm)], [*right, _rule(52 * mm)]],
        [_text(f"Số: {texts['symbol'] or '…'}", _CENTRE), _text(f"<i>{escape(dated(content))}</i>", _CENTRE, raw=True)],
    ]
    return [
        _columns(cells, (72 * mm, WIDTH - 72 * mm)),
        Spacer(1, 8 * mm),
        _text("BÁO CÁO", _BOLD),
        _text(subject(content), _BOLD),
        _rule(40 * mm),
        Spacer(1, 4 * mm),
    ]


def _foot(content: Content) -> list[Flowable]:
    texts = content["texts"]
    left = [_text("<b><i>Nơi nhận:</i></b>", _CELL, raw=True)]
    left += [_text(f"- {line}", _SMALL) for line in lines_of(texts["recipients"])]
    right = [_text(texts["signer_title"].upper(), _BOLD), Spacer(1, 24 * mm), _text(texts["signer_name"], _BOLD)]
    return [Spacer(1, 8 * mm), _columns([[left, right]], (WIDTH / 2, WIDTH / 2))]


def _flow(block: Block) -> list[Flowable]:
    match block:
        case Heading():
            return [_text(block.text, _HEADING)]
        case Line():
            said = escape(block.text)
            line = _text(f"<i>{said}</i>" if block.italic else said, _LINE, raw=True)
            return [CondPageBreak(35 * mm), line] if block.leads else [line]
        case Annex():
            return [PageBreak(), _text(block.text, _BOLD), Spacer(1, 3 * mm)]
        case Table():
            titles = [_text(title, _TITLE) for title in block.titles]
            rows = [
                [_cell(said, _NUMBER if place in block.numeric else _CELL) for place, said in enumerate(row)]
                for row in block.rows
            ]
            grid = Grid([titles, *rows], [share * WIDTH for share in block.widths], repeatRows=1)
            grid.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")])
            return [Spacer(1, 2 * mm), grid, Spacer(1, 2 * mm)]


def _cell(said: Cell, style: ParagraphStyle) -> Paragraph:
    text = escape(said.text)
    return _text(f"<link href={quoteattr(said.link)}><u>{text}</u></link>" if said.link else text, style, raw=True)


def _columns(cells: list[list[Any]], widths: tuple[float, float]) -> Grid:
    made = Grid(cells, widths)
    made.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("ALIGN", (0, 0), (-1, -1), "CENTER"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ]
    )
    return made


def _rule(width: float) -> HRFlowable:
    return HRFlowable(width=width, thickness=0.6, color=colors.black, spaceBefore=2, spaceAfter=4)


def _sized(style: ParagraphStyle, size: float) -> ParagraphStyle:
    return ParagraphStyle(f"{style.name}-{size}", parent=style, fontSize=size, leading=size * 1.35)


def _text(text: str, style: ParagraphStyle, *, raw: bool = False) -> Paragraph:
    return Paragraph(text if raw else escape(text), style)
