"""Labels of a published batch: the symbol alone, or sheets to print."""

from typing import Any

import marshmallow
from werkzeug.wrappers import Response

from ..domain.errors import N_, InvalidInput
from ..domain.labels import MOST_LABELS
from ..domain.permissions import Permission
from ..labels.geometry import COMMON_SHEETS, Offset, SheetGeometry
from ..request.access import current_actor, owned, requires
from ..request.database import db
from ..request.settings import public_url
from ..services import labels
from ..services.labels import LabelFile, SheetOrder, SymbolFormat
from ..storage.batches import Batch
from ..storage.labels import LabelIssue, issues_of
from .fields import SENTENCES, Boolean, Integer, Lines, Moment, Number, Part, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, once, page

topic = Topic("Labels", "Files to print. Each is decoded and its link followed before it is handed out.")
BINARY = {"type": "string", "format": "binary"}


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


class OffsetSchema(Schema):
    """How far this printer's image has to be moved, in millimetres to the right and down; then a factor for lengths."""

    x = Number(load_default=0.0)
    y = Number(load_default=0.0)
    scale = Number(load_default=1.0)


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
    order = SheetOrder(
        geometry=_geometry(data),
        count=data["count"],
        sheet=data["sheet"],
        start_position=data["start_position"],
        offset=Offset(**(data["offset"] or {})),
    )
    return _file(
        labels.make_sheet(
            db.session,
            current_actor(),
            batch_id,
            order,
            excess_reason=data["excess_reason"],
            public_url=public_url(),
        )
    )


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


def _geometry(data: dict[str, Any]) -> SheetGeometry:
    if data["geometry"] is not None and not data["sheet"]:
        return SheetGeometry(**data["geometry"])
    if data["geometry"] is None and data["sheet"] in COMMON_SHEETS:
        return COMMON_SHEETS[data["sheet"]].geometry
    raise InvalidInput(N_("Hãy chọn một tờ tem trong danh sách, hoặc gửi kích thước."), field="sheet")


def _file(made: LabelFile) -> Response:
    response = Response(made.data, content_type=made.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=made.name)
    return response
