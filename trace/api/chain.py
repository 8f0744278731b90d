"""What happened to a batch."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import marshmallow
from flask import g, json, request
from marshmallow import post_load
from werkzeug.wrappers import Response

from ..domain.evidence import Evidence
from ..domain.permissions import Permission
from ..domain.sensors import MOST_READINGS, Reading
from ..domain.steps import LONGEST_NOTE, RECORDABLE
from ..domain.vocabulary import BusinessStep
from ..request.access import current_actor, owned, public, requires
from ..request.database import db
from ..request.files import file_store
from ..request.settings import public_url
from ..services import chain, epcis, recording
from ..services.files import Proof
from ..services.recording import Correction, StepFacts
from ..storage.batches import Batch
from ..storage.chain import Event, events_of
from .fields import Boolean, File, Integer, Lines, Member, Moment, Number, Part, Several, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, once, page

topic = Topic("Events", "What happened to a batch, in EPCIS 2.0: only ever added to.")
LINKED_DATA = "application/ld+json"


class EventSchema(Schema):
    id = Integer()
    business_step = Text(metadata={"description": "CBV 2.0 §7.1"})
    event_time = Moment()
    record_time = Moment()
    device_time = Moment(allow_none=True, metadata={"description": "When the device says that it was written"})
    site_id = Integer(allow_none=True)
    evidence = Member(Evidence)
    actor_name = Text()
    hash = Text(metadata={"description": "CBV event hash"})
    declares_error = Boolean(metadata={"description": "Repeats an earlier event only to say that it was wrong"})
    body = marshmallow.fields.Dict(metadata={"description": "The event in EPCIS 2.0 JSON"})


class EventsQuery(Schema):
    """Where the list goes on: the ``after`` of its ``Link`` header with ``rel="next"``."""

    after = Integer(load_default=None)
    limit = Integer(low=1, high=500, load_default=200)


class PackingSchema(Schema):
    at = Moment(required=True)
    site_id = Integer(required=True)
    packs = Integer(low=1, load_default=None, allow_none=True)
    evidence = File(load_default=None, allow_none=True, metadata={"description": "PDF, or a photo"})


class ReadingSchema(Schema):
    at = Moment(required=True)
    temperature = Number(load_default=None, allow_none=True, metadata={"description": "°C, to one decimal"})
    humidity = Integer(load_default=None, allow_none=True, high=100, metadata={"description": "Percent, relative"})

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Reading:
        temperature = data["temperature"]
        return Reading(**{**data, "temperature": None if temperature is None else round(temperature * 10)})


class StepCorrectionSchema(Schema):
    event_id = Integer(required=True)
    reason = Lines(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Correction:
        return Correction(**data)


class NewStepSchema(Schema):
    step = Member(BusinessStep, only=RECORDABLE, required=True)
    at = Moment(required=True, metadata={"description": "Its offset is kept"})
    site_id = Integer(required=True, metadata={"description": "A place of the business that acts"})
    note = Lines(load_default="", longest=LONGEST_NOTE)
    passed = Boolean(load_default=None, allow_none=True, metadata={"description": "Required for inspecting"})
    readings = Several(
        Part(ReadingSchema), load_default=list, most=MOST_READINGS, metadata={"description": "Of storing"}
    )
    evidence = File(load_default=None, allow_none=True, metadata={"description": "PDF, or a photo"})
    device_time = Moment(load_default=None, allow_none=True)
    correction = Part(
        StepCorrectionSchema,
        load_default=None,
        allow_none=True,
        metadata={"description": "The step that is said again as it should have been"},
    )


class ErrorDeclarationSchema(Schema):
    reason = Lines(required=True)


@topic.get("/businesses/<int:business_id>/batches/<int:batch_id>/events")
@requires(Permission.BATCHES_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(EventSchema))
def list_events(query: dict[str, Any], business_id: int, batch_id: int) -> Any:
    """List what happened to a batch, the events declared wrong included"""
    return page(events_of(owned(Batch, batch_id, business_id).id), Event.id, query)


@topic.get("/batches/<code>/events")
@public
@topic.arguments(EventsQuery, location="query")
@topic.response(200, {"type": "object"}, content_type=LINKED_DATA)
def show_events(query: dict[str, Any], code: str) -> Response:
    """Give what happened to a batch as an EPCIS 2.0 document: to a business its own events whole, all others as anyone may know them"""
    document, following = epcis.document(
        db.session, getattr(g, "actor", None), code, after=query["after"], size=query["limit"], public_url=public_url()
    )
    response = Response(json.dumps(document, ensure_ascii=False), content_type=LINKED_DATA)
    if following is not None:
        more = urlencode({"limit": query["limit"], "after": following})
        response.headers["Link"] = f'<{request.base_url}?{more}>; rel="next"'
    return response


@topic.post("/businesses/<int:business_id>/batches/<int:batch_id>/packings")
@requires(Permission.BATCHES_WRITE)
@once
@topic.arguments(PackingSchema)
@topic.response(201, EventSchema)
def record_packing(data: dict[str, Any], business_id: int, batch_id: int) -> Event:
    """Record that a published batch was packed"""
    at: datetime = data["at"]
    owned(Batch, batch_id, business_id)
    return chain.record_packing(
        db.session,
        current_actor(),
        batch_id,
        at=at,
        site_id=data["site_id"],
        packs=data["packs"],
        proof=Proof(data=data["evidence"], store=file_store()) if data["evidence"] else None,
        public_url=public_url(),
    )


@topic.post("/businesses/<int:business_id>/batches/<int:batch_id>/steps")
@requires(Permission.BATCHES_WRITE)
@once
@topic.arguments(NewStepSchema)
@topic.response(201, EventSchema)
def record_step(data: dict[str, Any], business_id: int, batch_id: int) -> Event:
    """Record preliminary processing, storing or inspecting, of a batch that the business made or holds"""
    recording.reachable(db.session, business_id, batch_id)
    evidence, correction, device_time = (data.pop(name) for name in ("evidence", "correction", "device_time"))
    return recording.record(
        db.session,
        current_actor(),
        business_id,
        batch_id,
        StepFacts(**data),
        proof=Proof(data=evidence, store=file_store()) if evidence else None,
        correction=correction,
        device_time=device_time,
        public_url=public_url(),
    )


@topic.post("/businesses/<int:business_id>/batches/<int:batch_id>/events/<int:event_id>/error-declaration")
@requires(Permission.BATCHES_WRITE)
@once
@topic.arguments(ErrorDeclarationSchema)
@topic.response(204)
def declare_error(data: dict[str, str], business_id: int, batch_id: int, event_id: int) -> None:
    """Say that a step did not happen as recorded; the record keeps both"""
    owned(Event, event_id, business_id)
    chain.declare_error(db.session, current_actor(), batch_id, event_id, reason=data["reason"])
