"""Which stages a batch of each commodity is expected to show."""

from datetime import date
from typing import Any

from flask import current_app
from marshmallow import post_load

from ..domain.permissions import Permission
from ..domain.products import Commodity
from ..domain.stages import MOST_STAGES, chain_of
from ..domain.vocabulary import BusinessStep
from ..request.access import current_actor, public, requires
from ..request.database import db
from ..services import stages
from ..services.clock import today
from ..services.stages import Preview, TemplateFacts
from ..storage.stages import templates_at
from .fields import Boolean, Day, Integer, Lines, Member, Part, Several, Text
from .schemas import Schema, with_more
from .topics import Topic, once

topic = Topic("Stages", "What the department expects of a batch's chain: versions with a date and a source.")


class OnQuery(Schema):
    on = Day(load_default=None, metadata={"description": "A production date; today where absent"})


class ExpectedStageSchema(Schema):
    step = Member(BusinessStep, required=True)
    optional = Boolean(load_default=False, metadata={"description": "Nothing is missing without it"})


class ChainTemplateSchema(Schema):
    commodity = Member(Commodity)
    number = Integer(metadata={"description": "Of the version"})
    valid_from = Day(metadata={"description": "The first version also holds for what was produced before"})
    stages = Several(Part(ExpectedStageSchema), metadata={"description": "In their order"})
    source = Text()


class ChainTemplatesSchema(Schema):
    items = Several(Part(ChainTemplateSchema))


class TemplateFactsSchema(Schema):
    commodity = Member(Commodity, required=True)
    valid_from = Day(required=True)
    stages = Several(
        Part(ExpectedStageSchema), most=MOST_STAGES, required=True, metadata={"description": "In their order"}
    )
    source = Text(required=True)
    reason = Lines(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[Commodity, TemplateFacts]:
        return data.pop("commodity"), TemplateFacts(chain=chain_of(data.pop("stages")), **data)


class PreviewSchema(Schema):
    batches = Integer(metadata={"description": "Published ones that the version would judge"})
    looked_at = Integer(metadata={"description": "The newest of them, which were judged"})
    complete_now = Integer()
    complete_then = Integer()


@topic.get("/stages")
@public
@topic.arguments(OnQuery, location="query")
@topic.response(200, ChainTemplatesSchema)
def list_stages(query: dict[str, date | None]) -> dict[str, Any]:
    """List what each commodity's chain was expected to show on a day; no key needed"""
    found = db.session.scalars(templates_at(query["on"] or today()))
    return {"items": [with_more(each, ChainTemplateSchema, stages=chain_of(each.stages)) for each in found]}


@topic.post("/stages/preview")
@requires(Permission.STAGES_MANAGE)
@once
@topic.arguments(TemplateFactsSchema)
@topic.response(200, PreviewSchema)
def preview_stages(said: tuple[Commodity, TemplateFacts]) -> Preview:
    """Tell what a new version would do to the completeness of batches, as an officer; nothing changes"""
    return stages.preview(db.session, current_actor(), *said)


@topic.post("/stages")
@requires(Permission.STAGES_MANAGE)
@once
@topic.arguments(TemplateFactsSchema)
@topic.response(201, ChainTemplateSchema)
def publish_stages(said: tuple[Commodity, TemplateFacts]) -> Any:
    """Publish a new version of a commodity's chain, as an officer; its batches are judged again soon"""
    made = stages.publish(db.session, current_actor(), *said)
    current_app.extensions["trace.jobs"].recount_soon()
    return with_more(made, ChainTemplateSchema, stages=chain_of(made.stages))
