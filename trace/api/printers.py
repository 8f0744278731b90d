"""Printers saved by name: labels are ordered for them by that name."""

from io import BytesIO
from typing import Any

from flask import send_file
from werkzeug.wrappers import Response

from ..domain.permissions import Permission
from ..domain.printers import LONGEST_NAME, Way
from ..request.access import current_actor, owned, requires
from ..request.database import db
from ..request.settings import public_url
from ..services import printers as verbs
from ..services.label_runs import way_of
from ..storage.printers import SavedPrinter, printers_of
from .fields import Integer, Member, Moment, Number, Part, Text
from .paper import GeometrySchema, OffsetSchema, PaperSchema, RollSchema, way_in
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, if_match, named_version, once, page, with_version

topic = Topic("Printers", "Label printers of a business, each with its paper and how far it misses.")
_OF = "/businesses/<int:business_id>/printers"


class PrinterFactsSchema(PaperSchema):
    name = Text(longest=LONGEST_NAME, required=True)


class PrinterSchema(Schema):
    id = Integer()
    name = Text()
    way = Member(Way)
    sheet = Text(attribute="paper.sheet")
    geometry = Part(GeometrySchema, attribute="paper.geometry")
    roll = Part(RollSchema, attribute="paper.roll")
    offset = Part(OffsetSchema)
    dots_per_inch = Integer(attribute="paper.printer.dots_per_inch")
    width = Number(attribute="paper.printer.width")
    darkness = Integer(attribute="paper.printer.darkness", allow_none=True)
    speed = Integer(attribute="paper.printer.speed", allow_none=True)
    saved_by_name = Text()
    saved_at = Moment()
    used_at = Moment(allow_none=True, metadata={"description": "When labels were last made for it"})


@topic.get(_OF)
@requires(Permission.LABELS_MAKE)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(PrinterSchema))
def list_printers(query: dict[str, Any], business_id: int) -> Any:
    """List the printers of a business"""
    return page(printers_of(business_id), SavedPrinter.id, query)


@topic.post(_OF)
@requires(Permission.LABELS_MAKE)
@once
@topic.arguments(PrinterFactsSchema)
@topic.response(201, PrinterSchema)
def save_printer(data: dict[str, Any], business_id: int) -> Any:
    """Save a printer under a name that the business has not given yet"""
    saved = verbs.save(db.session, current_actor(), business_id, data["name"], way_in(data), public_url=public_url())
    return with_version(saved)


@topic.get(f"{_OF}/<int:printer_id>")
@requires(Permission.LABELS_MAKE)
@topic.response(200, PrinterSchema)
def show_printer(business_id: int, printer_id: int) -> Any:
    """Show a printer"""
    return with_version(owned(SavedPrinter, printer_id, business_id))


@topic.put(f"{_OF}/<int:printer_id>")
@requires(Permission.LABELS_MAKE)
@if_match
@topic.arguments(PrinterFactsSchema)
@topic.response(200, PrinterSchema)
def change_printer(data: dict[str, Any], business_id: int, printer_id: int) -> Any:
    """Replace what is known of a printer; labels ordered before stay as they were"""
    version = named_version(owned(SavedPrinter, printer_id, business_id))
    named = data["name"], way_in(data)
    saved = verbs.change(db.session, current_actor(), printer_id, *named, public_url=public_url(), version=version)
    return with_version(saved)


@topic.delete(f"{_OF}/<int:printer_id>")
@requires(Permission.LABELS_MAKE)
@if_match
@topic.response(204)
def remove_printer(business_id: int, printer_id: int) -> None:
    """Forget a printer; labels ordered before stay as they were"""
    version = named_version(owned(SavedPrinter, printer_id, business_id))
    verbs.remove(db.session, current_actor(), printer_id, version=version)


@topic.get(f"{_OF}/<int:printer_id>/calibration")
@requires(Permission.LABELS_MAKE)
@topic.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def get_calibration(business_id: int, printer_id: int) -> Response:
    """Get a file that shows how far a printer misses, with the settings it has now"""
    saved = owned(SavedPrinter, printer_id, business_id)
    file = verbs.calibration_of(way_of(saved.format, saved.paper))
    return send_file(BytesIO(file.data), "application/octet-stream", as_attachment=True, download_name=file.name)
