"""Labels of a published batch: the symbol alone, or sheets to print."""

from dataclasses import replace
from typing import Any

import marshmallow
from werkzeug.wrappers import Response

from ..domain.errors import N_, InvalidInput
from ..domain.labels import MOST_LABELS
from ..domain.permissions import Permission
from ..labels.formats import SheetFormat
from ..labels.geometry import COMMON_SHEETS, Offset
from ..request.access import current_actor, owned, requires
from ..request.database import db
from ..request.settings import public_url
from ..services import label_issues, labels
from ..services.label_issues import IssueOrder
from ..services.labels import LabelFile, SymbolFormat
from ..storage.batches import Batch
from ..storage.labels import LabelIssue, issues_of
from .fields import SENTENCES, Integer, Lines, Moment, Part, Text
from .paper import GeometrySchema, OffsetSchema, OrderSchema, order_of, sheet_of
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, once, page

topic = Topic("Labels", "Files to print. Each is decoded and its link followed before it is handed out.")
BINARY = {"type": "string", "format": "binary"}


class SheetSchema(Schema):
    """Either ``sheet`` or ``geometry``."""

    count = Integer(required=True, low=1, high=MOST_LABELS)
    sheet = marshmallow.fields.String(
        load_default="", error_messages=SENTENCES, metadata={"enum": ["", *COMMON_SHEETS]}
    )
    geometry = Part(GeometrySchema, load_default=None, allow_none=True)
    start_position = Integer(low=1, load_default=1)
    offset = Part(OffsetSchema, load_default=None, allow_none=True)
    excess_reason = Lines(
        load_default="", metadata={"description": "Why there are more labels than packs; officers read it too"}
    )


class LabelOrderSchema(OrderSchema):
    start_position = Integer(low=1, load_default=1, metadata={"description": "Of a sheet"})
    excess_reason = Lines(
        load_default="", metadata={"description": "Why there are more labels than packs; officers read it too"}
    )


class IssueSchema(Schema):
    id = Integer()
    count = Integer()
    format = Text()
    made_by_name = Text()
    at = Moment()


@topic.get("/businesses/<int:business_id>/batches/<int:batch_id>/labels")
@requires(Permission.BATCHES_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(IssueSchema))
def list_labels(query: dict[str, Any], business_id: int, batch_id: int) -> Any:
    """List which labels of a batch were handed out, to whom and when"""
    return page(issues_of(owned(Batch, batch_id, business_id).id), LabelIssue.id, query)


@topic.post("/businesses/<int:business_id>/batches/<int:batch_id>/labels/sheet")
@requires(Permission.LABELS_MAKE)
@once
@topic.arguments(SheetSchema)
@topic.response(200, BINARY, content_type="application/pdf")
def make_sheet(data: dict[str, Any], business_id: int, batch_id: int) -> Response:
    """Make a PDF of labels"""
    owned(Batch, batch_id, business_id)
    sheet = sheet_of(data)
    if sheet is None:
        raise InvalidInput(N_("Hãy chọn một tờ tem trong danh sách, hoặc gửi kích thước."), field="sheet")
    way = replace(sheet, start_position=data["start_position"], offset=Offset(**(data["offset"] or {})))
    order = IssueOrder(count=data["count"], way=way)
    return _equal(batch_id, order, data["excess_reason"])


@topic.post("/businesses/<int:business_id>/batches/<int:batch_id>/labels/file")
@requires(Permission.LABELS_MAKE)
@once
@topic.arguments(LabelOrderSchema)
@topic.response(200, BINARY, content_type="application/octet-stream")
def make_label_file(data: dict[str, Any], business_id: int, batch_id: int) -> Response:
    """Make equal labels for a saved printer, or in any other way"""
    owned(Batch, batch_id, business_id)
    order = order_of(data, business_id)
    if isinstance(order.way, SheetFormat):
        order = replace(order, way=replace(order.way, start_position=data["start_position"]))
    return _equal(batch_id, order, data["excess_reason"])


@topic.post("/businesses/<int:business_id>/batches/<int:batch_id>/labels/symbol.<any(png, svg):file_format>")
@requires(Permission.LABELS_MAKE)
@once
@topic.response(200, BINARY, content_type="image/png")
def make_symbol(business_id: int, batch_id: int, file_format: str) -> Response:
    """Make the QR symbol alone"""
    owned(Batch, batch_id, business_id)
    return _file(
        labels.make_symbol(
            db.session, current_actor(), batch_id, file_format=SymbolFormat(file_format), public_url=public_url()
        )
    )


def _equal(batch_id: int, order: IssueOrder, excess_reason: str) -> Response:
    made = label_issues.equal_labels(
        db.session, current_actor(), batch_id, order, excess_reason=excess_reason, public_url=public_url()
    )
    return _file(made)


def _file(made: LabelFile) -> Response:
    response = Response(made.data, content_type=made.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=made.name)
    return response
