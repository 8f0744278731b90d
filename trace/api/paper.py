"""On what labels are to be printed, and by which printer."""

from typing import Any

import marshmallow

from ..domain.errors import N_, InvalidInput
from ..domain.labels import MOST_LABELS
from ..domain.printers import Way
from ..labels.designs import Design
from ..labels.formats import Format, SheetFormat
from ..labels.geometry import COMMON_SHEETS, Offset, RollGeometry, SheetGeometry
from ..request.database import db
from ..services import printers
from ..services.label_issues import IssueOrder
from ..services.label_runs import chosen_way, common_sheet
from .fields import SENTENCES, Boolean, Integer, Member, Number, Part, Text
from .schemas import Schema


class GeometrySchema(Schema):
    """Millimetres, from the top left corner."""

    label_width = Number(required=True)
    label_height = Number(required=True)
    columns = Integer(required=True, low=1)
    rows = Integer(required=True, low=1)
    margin_left = Number()
    margin_top = Number()
    gap_x = Number()
    gap_y = Number()
    paper_width = Number()
    paper_height = Number()
    cut_lines = Boolean()


class RollSchema(Schema):
    """Millimetres."""

    label_width = Number(required=True)
    label_height = Number(required=True)
    gap = Number(load_default=2.0)


class OffsetSchema(Schema):
    """How far this printer's image has to be moved, in millimetres to the right and down; then a factor for lengths."""

    x = Number(load_default=0.0)
    y = Number(load_default=0.0)
    scale = Number(load_default=1.0)


class PaperSchema(Schema):
    """``sheet`` or ``geometry`` of a sheet, ``roll`` of everything else; what is left out is the most usual."""

    way = Member(Way, required=True, metadata={"description": "sheet and roll: PDF; csv: links for a print house"})
    sheet = marshmallow.fields.String(
        load_default="", error_messages=SENTENCES, metadata={"enum": ["", *COMMON_SHEETS]}
    )
    geometry = Part(GeometrySchema, load_default=None, allow_none=True)
    roll = Part(RollSchema, load_default=None, allow_none=True)
    offset = Part(OffsetSchema, load_default=None, allow_none=True)
    dots_per_inch = Integer(load_default=203, metadata={"description": "Of a label printer: 203, 300 or 600"})
    width = Number(load_default=104.0, metadata={"description": "Of a label printer's head, in millimetres"})
    darkness = Integer(load_default=None, allow_none=True, metadata={"description": "Null: as set at the printer"})
    speed = Integer(load_default=None, allow_none=True, metadata={"description": "Inches a second; null: as set"})


class OrderSchema(PaperSchema):
    """``printer`` names a saved one, whose paper and offset then count; otherwise ``way`` is needed."""

    count = Integer(required=True, low=1, high=MOST_LABELS)
    printer = Text(load_default="")
    way = Member(
        Way,
        load_default=None,
        allow_none=True,
        metadata={"description": "sheet and roll: PDF; csv: links for a print house"},
    )
    design = Member(Design, load_default=Design.RETAIL)


def order_of(data: dict[str, Any], business_id: int) -> IssueOrder:
    """Raises InvalidInput, or UnknownPrinter."""
    if name := data["printer"]:
        way = printers.way_on(db.session, business_id, name)
    elif data["way"] is None:
        raise InvalidInput(N_("Hãy chọn máy in đã lưu, hoặc cách in."), field="way")
    else:
        way = way_in(data)
    return IssueOrder(count=data["count"], way=way, design=data["design"], printer=name)


def way_in(data: dict[str, Any]) -> Format:
    """Raises InvalidInput."""
    settings = {name: data[name] for name in ("dots_per_inch", "width", "darkness", "speed")}
    return chosen_way(
        data["way"],
        sheet=sheet_of(data),
        roll=RollGeometry(**data["roll"]) if data["roll"] else None,
        offset=Offset(**(data["offset"] or {})),
        **settings,
    )


def sheet_of(data: dict[str, Any]) -> SheetFormat | None:
    """Raises InvalidInput."""
    if data["geometry"] is None:
        return common_sheet(data["sheet"]) if data["sheet"] else None
    if data["sheet"]:
        raise InvalidInput(N_("Hãy gửi tên tờ tem hoặc kích thước, không gửi cả hai."), field="sheet")
    return SheetFormat(SheetGeometry(**data["geometry"]))
