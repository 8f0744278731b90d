"""A report as DOCX, to be numbered, signed and sent: A4, margins and sizes of Nghị định 30/2020/NĐ-CP, Phụ lục I."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from .report_pages import Annex, Block, Cell, Heading, Line, Table, annexes, dated, lines_of, pages, subject
from .report_snapshots import Content

FONT = "Times New Roman"
WIDTH = 210 - 30 - 18
"""Millimetres between the margins."""
CENTRE, RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY


def write_docx(content: Content) -> bytes:
    """Of one snapshot."""
    document = Document()
    _set_up(document, subject(content))
    _head(document, content)
    for block in pages(content):
        _add(document, block)
    _foot(document, content)
    for block in annexes(content):
        _add(document, block)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: Any, title: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(18)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True  # the first page shows no number
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    _field(number.add_run(), "PAGE")
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(0)
    document.core_properties.title = title
    document.core_properties.language = "vi-VN"
    document.core_properties.author = ""


def _head(document: Any, content: Content) -> None:
    texts = content["texts"]
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _widths(table, (72, WIDTH - 72))
    left, right = table.rows[0].cells
    _write(left.paragraphs[0], texts["parent_agency"].upper(), size=12, align=CENTRE)
    _ruled(left, texts["agency"].upper(), size=12)
    _write(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=CENTRE)
    _ruled(right, "Độc lập - Tự do - Hạnh phúc", size=13)
    left, right = table.rows[1].cells
    _write(left.paragraphs[0], f"Số: {texts['symbol'] or '…'}", size=13, align=CENTRE)
    _write(right.paragraphs[0], dated(content), size=13, italic=True, align=CENTRE)
    _write(document.add_paragraph(), "BÁO CÁO", bold=True, align=CENTRE, before=18)
    _ruled(document, subject(content), size=14, after=12)


def _foot(document: Any, content: Content) -> None:
    texts = content["texts"]
    _write(document.add_paragraph(), "", size=6)
    table = document.add_table(rows=1, cols=2)
    _widths(table, (WIDTH / 2, WIDTH / 2))
    left, right = table.rows[0].cells
    _write(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    for line in lines_of(texts["recipients"]):
        _write(left.add_paragraph(), f"- {line}", size=11)
    _write(right.paragraphs[0], texts["signer_title"].upper(), bold=True, align=CENTRE)
    for _ in range(4):
        _write(right.add_paragraph(), "")
    _write(right.add_paragraph(), texts["signer_name"], bold=True, align=CENTRE)


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading():
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.keep_with_next = True
            _write(paragraph, block.text, bold=True, before=10, after=4)
        case Line():
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.first_line_indent = Mm(12.7)
            paragraph.paragraph_format.keep_with_next = block.leads
            _write(paragraph, block.text, italic=block.italic, align=JUSTIFY, before=6)
        case Annex():
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.page_break_before = True
            _write(paragraph, block.text, bold=True, align=CENTRE, after=8)
        case Table():
            _grid(document, block)


def _grid(document: Any, block: Table) -> None:
    table = document.add_table(rows=1, cols=len(block.titles))
    table.style = "Table Grid"
    for cell, title in zip(table.rows[0].cells, block.titles, strict=True):
        _write(cell.paragraphs[0], title, size=12, bold=True, align=CENTRE)
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in block.rows:
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for place, (cell, said) in enumerate(zip(added.cells, row, strict=True)):
            paragraph = cell.paragraphs[0]
            if place in block.numeric:
                paragraph.alignment = RIGHT
            _cell(document, paragraph, said)
    _widths(table, [share * WIDTH for share in block.widths])


def _cell(document: Any, paragraph: Any, said: Cell) -> None:
    if not said.link:
        _write(paragraph, said.text, size=12, align=paragraph.alignment)
        return
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), document.part.relate_to(said.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(said.text)
    run.font.size, run.font.underline = Pt(12), True
    link.append(run._r)
    paragraph._p.append(link)


def _write(
    paragraph: Any,
    text: str,
    *,
    size: int = 14,
    bold: bool = False,
    italic: bool = False,
    align: Any = None,
    before: int = 0,
    after: int = 0,
) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)


def _ruled(parent: Any, text: str, *, size: int, after: int = 6) -> None:
    """Bold text in the middle, with a short line under it."""
    _write(parent.add_paragraph(), text, size=size, bold=True, align=CENTRE)
    _write(parent.add_paragraph(), "―" * 8, size=6, align=CENTRE, after=after)


def _widths(table: Any, millimetres: Any) -> None:
    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)  # LibreOffice reads the grid, Word the cells
        for cell in column.cells:
            cell.width = Mm(width)


def _field(run: Any, name: str) -> None:
    for kind, text in (("begin", ""), ("", name), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
