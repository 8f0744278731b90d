"""Visits: planned, held, and what they found."""

from typing import Any

from ..domain.inspections import (
    CheckedPoint,
    FindingFacts,
    Grade,
    InspectionKind,
    InspectionStatus,
    PlanFacts,
    Result,
    SampleFacts,
    Severity,
    VisitFacts,
)
from ..domain.permissions import Permission
from ..request.access import current_actor, existing, requires, within_office
from ..request.database import db
from ..request.files import file_store
from ..services import inspection_visits, inspections
from ..services.diary import Origin
from ..services.inspection_visits import Enclosed
from ..storage.inspections import (
    Inspection,
    InspectionMinutes,
    InspectionSample,
    inspections_seen_by,
    inspections_where,
    minutes_of,
    samples_of,
)
from .fields import Boolean, Day, File, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import FactsSchema, PageQuery, Schema, page_of
from .topics import Topic, named_version, once, page, with_version

topic = Topic(
    "Inspections",
    "Visits of the authority, the minutes that both sides signed, and their findings until each is closed.",
)


class InspectionPlanSchema(FactsSchema):
    makes = PlanFacts

    business_id = Integer(required=True)
    kind = Member(InspectionKind, required=True)
    planned_on = Day(required=True)
    site_ids = Several(Integer(), metadata={"description": "Absent: wherever the business works"})
    lead_id = Integer(allow_none=True, metadata={"description": "An officer; absent: whoever plans"})
    team = Lines(metadata={"description": "Who else comes"})
    reason = Lines(required=True)
    follows_id = Integer(allow_none=True, metadata={"description": "The visit whose findings are looked at again"})


class InspectionSchema(Schema):
    id = Integer()
    business_id = Integer()
    kind = Member(InspectionKind)
    status = Member(InspectionStatus)
    planned_on = Day()
    site_ids = Several(Integer())
    lead_name = Text()
    team = Lines()
    reason = Lines()
    follows_id = Integer(allow_none=True)
    changed_because = Text(metadata={"description": "Why it was last moved, or cancelled"})
    held_on = Day(allow_none=True)
    grade = Member(Grade, allow_none=True)


class InspectionQuery(PageQuery):
    business_id = Integer(load_default=None)
    status = Member(InspectionStatus, load_default=None)
    kind = Member(InspectionKind, load_default=None)
    since = Day(load_default=None, metadata={"description": "Planned for this day or later"})
    until = Day(load_default=None)


class MoveSchema(Schema):
    planned_on = Day(required=True)
    reason = Text(required=True)


class CancelSchema(Schema):
    reason = Text(required=True)


class CheckedPointSchema(FactsSchema):
    makes = CheckedPoint

    code = Text(required=True)
    result = Member(Result, required=True)
    note = Lines()
    deadline = Day(allow_none=True, metadata={"description": "Of a minor or major fault"})


class ExtraSchema(FactsSchema):
    makes = FindingFacts

    code = Text(required=True, metadata={"description": "K1, K2 …: beyond the checklist"})
    severity = Member(Severity, required=True)
    text = Lines(required=True)
    deadline = Day(required=True)


class SampleFactsSchema(FactsSchema):
    makes = SampleFacts

    code = Text(required=True, metadata={"description": "On the seal"})
    product = Text(required=True)
    batch_id = Integer(allow_none=True)


class VisitSchema(Schema):
    held_on = Day(required=True)
    began = Text(required=True, metadata={"example": "08:30"})
    ended = Text(required=True, metadata={"example": "10:15"})
    place = Text(load_default="")
    officer = Text(required=True, metadata={"description": "Name and office of who signs for the authority"})
    representative = Text(required=True)
    points = Several(Part(CheckedPointSchema), required=True)
    extras = Several(Part(ExtraSchema), load_default=list)
    samples = Several(Part(SampleFactsSchema), load_default=list)
    event_ids = Several(Integer(), load_default=list, metadata={"description": "Steps seen on site as recorded"})
    grade = Member(Grade, load_default=None, allow_none=True)
    grade_reason = Lines(load_default="")
    sanctions = Lines(load_default="")
    conclusion = Lines(required=True)
    remarks = Lines(load_default="")
    refused = Boolean(load_default=False)
    officer_signature = Text(load_default="", longest=400_000, metadata={"description": "data:image/png;base64,…"})
    business_signature = Text(load_default="", longest=400_000)
    photo = File(load_default=b"")
    client_key = Text(load_default=None, allow_none=True, longest=64)
    device_time = Moment(load_default=None, allow_none=True)


class MinutesCorrectionSchema(VisitSchema):
    corrects_id = Integer(required=True, metadata={"description": "The latest minutes of the visit"})
    reason = Lines(required=True)


class MinutesSchema(Schema):
    id = Integer()
    inspection_id = Integer()
    number = Text()
    corrects_id = Integer(allow_none=True)
    reason = Lines()
    refused = Boolean()
    sha256 = Text(metadata={"description": "Of the PDF; see /files"})
    signed_at = Moment()
    signed_by_name = Text()


class SampleSchema(Schema):
    id = Integer()
    code = Text()
    product = Text()
    batch_id = Integer(allow_none=True)
    test_id = Integer(allow_none=True)


class SampleResultSchema(Schema):
    test_id = Integer(required=True)


@topic.get("/inspections")
@requires(Permission.INSPECTIONS_OVERSEE)
@topic.arguments(InspectionQuery, location="query")
@topic.response(200, page_of(InspectionSchema))
def list_inspections(query: dict[str, Any]) -> Any:
    """List planned and held visits, as an officer"""
    filters = {name: value for name, value in query.items() if name not in ("after", "limit")}
    return page(within_office(inspections_where(**filters), Inspection.business_id), Inspection.id, query)


@topic.post("/inspections")
@requires(Permission.INSPECTIONS_CONDUCT)
@once
@topic.arguments(InspectionPlanSchema)
@topic.response(201, InspectionSchema)
def plan_inspection(facts: PlanFacts) -> Any:
    """Plan a visit, as an officer"""
    return with_version(inspections.plan(db.session, current_actor(), facts))


@topic.get("/inspections/<int:inspection_id>")
@requires(Permission.INSPECTIONS_OVERSEE)
@topic.response(200, InspectionSchema)
def show_inspection(inspection_id: int) -> Any:
    """Show a visit, as an officer"""
    return with_version(existing(Inspection, inspection_id))


@topic.post("/inspections/<int:inspection_id>/move")
@requires(Permission.INSPECTIONS_CONDUCT)
@once
@topic.arguments(MoveSchema)
@topic.response(200, InspectionSchema)
def move_inspection(data: dict[str, Any], inspection_id: int) -> Any:
    """Move a planned visit to another day"""
    version = named_version(existing(Inspection, inspection_id), required=False)
    return with_version(inspections.move(db.session, current_actor(), inspection_id, version=version, **data))


@topic.post("/inspections/<int:inspection_id>/cancellation")
@requires(Permission.INSPECTIONS_CONDUCT)
@once
@topic.arguments(CancelSchema)
@topic.response(200, InspectionSchema)
def cancel_inspection(data: dict[str, Any], inspection_id: int) -> Any:
    """Cancel a planned visit"""
    version = named_version(existing(Inspection, inspection_id), required=False)
    return with_version(inspections.cancel(db.session, current_actor(), inspection_id, version=version, **data))


@topic.get("/inspections/<int:inspection_id>/minutes")
@requires(Permission.INSPECTIONS_OVERSEE)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(MinutesSchema))
def list_minutes(query: dict[str, Any], inspection_id: int) -> Any:
    """List the minutes of a visit, the latest first"""
    return page(minutes_of(existing(Inspection, inspection_id).id), InspectionMinutes.id, query)


@topic.post("/inspections/<int:inspection_id>/minutes")
@requires(Permission.INSPECTIONS_CONDUCT)
@once
@topic.arguments(VisitSchema)
@topic.response(201, MinutesSchema)
def sign_minutes(data: dict[str, Any], inspection_id: int) -> InspectionMinutes:
    """Write the minutes of a visit; they are a PDF at once and never change"""
    return _sign(inspection_id, data)


@topic.post("/inspections/<int:inspection_id>/corrections")
@requires(Permission.INSPECTIONS_CONDUCT)
@once
@topic.arguments(MinutesCorrectionSchema)
@topic.response(201, MinutesSchema)
def correct_minutes(data: dict[str, Any], inspection_id: int) -> InspectionMinutes:
    """Write minutes in place of the latest ones, which they name"""
    how = {name: data.pop(name) for name in ("corrects_id", "reason")}
    return _sign(inspection_id, data, **how)


@topic.get("/inspections/<int:inspection_id>/samples")
@requires(Permission.INSPECTIONS_OVERSEE)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(SampleSchema))
def list_samples(query: dict[str, Any], inspection_id: int) -> Any:
    """List the samples that were taken along"""
    return page(samples_of(existing(Inspection, inspection_id).id), InspectionSample.id, query)


@topic.post("/inspection-samples/<int:sample_id>/result")
@requires(Permission.INSPECTIONS_CONDUCT)
@once
@topic.arguments(SampleResultSchema)
@topic.response(200, SampleSchema)
def name_sample_result(data: dict[str, int], sample_id: int) -> InspectionSample:
    """Say which laboratory's report on its batch is the result of a sample"""
    existing(InspectionSample, sample_id)
    return inspection_visits.attach_result(db.session, current_actor(), sample_id, data["test_id"])


@topic.get("/businesses/<int:business_id>/inspections")
@requires(Permission.INSPECTIONS_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(InspectionSchema))
def list_own_inspections(query: dict[str, Any], business_id: int) -> Any:
    """List the visits to a business: signed ones, and plans that are announced"""
    return page(inspections_seen_by(business_id), Inspection.id, query)


def _sign(inspection_id: int, data: dict[str, Any], **how: Any) -> InspectionMinutes:
    existing(Inspection, inspection_id)
    origin = Origin(client_key=data.pop("client_key"), device_time=data.pop("device_time"))
    photo = data.pop("photo")
    enclosed = Enclosed(
        store=file_store(),
        officer_signature=data.pop("officer_signature"),
        business_signature=data.pop("business_signature"),
        photos={"": [photo]} if photo else {},
    )
    facts = VisitFacts(**data)
    return inspection_visits.sign(db.session, current_actor(), inspection_id, facts, enclosed, origin=origin, **how)
