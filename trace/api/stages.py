"""Which stages a batch of each commodity is expected to show."""

from datetime import date
from typing import Any

from ..domain.products import Commodity
from ..domain.stages import chain_of
from ..domain.vocabulary import BusinessStep
from ..request.access import public
from ..request.database import db
from ..services.clock import today
from ..storage.stages import templates_at
from .fields import Boolean, Day, Integer, Member, Part, Several, Text
from .schemas import Schema, with_more
from .topics import Topic

topic = Topic("Stages", "What the department expects of a batch's chain: versions with a date and a source.")


class OnQuery(Schema):
    on = Day(load_default=None, metadata={"description": "A production date; today where absent"})


class ExpectedStageSchema(Schema):
    step = Member(BusinessStep)
    optional = Boolean(metadata={"description": "Nothing is missing without it"})


class ChainTemplateSchema(Schema):
    commodity = Member(Commodity)
    number = Integer(metadata={"description": "Of the version"})
    valid_from = Day(metadata={"description": "The first version also holds for what was produced before"})
    stages = Several(Part(ExpectedStageSchema), metadata={"description": "In their order"})
    source = Text()


class ChainTemplatesSchema(Schema):
    items = Several(Part(ChainTemplateSchema))


@topic.get("/stages")
@public
@topic.arguments(OnQuery, location="query")
@topic.response(200, ChainTemplatesSchema)
def list_stages(query: dict[str, date | None]) -> dict[str, Any]:
    """List what each commodity's chain was expected to show on a day; no key needed"""
    found = db.session.scalars(templates_at(query["on"] or today()))
    return {"items": [with_more(each, ChainTemplateSchema, stages=chain_of(each.stages)) for each in found]}
