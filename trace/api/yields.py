"""What a square metre gives of each crop."""

from datetime import date
from typing import Any

from ..domain.permissions import Permission
from ..domain.products import Commodity
from ..request.access import current_actor, public, requires
from ..request.database import db
from ..services import yields
from ..services.clock import today
from ..services.yields import YieldFacts
from ..storage.yields import CropYield, yields_at
from .fields import Day, Integer, Lines, Member, Part, Several, Text
from .schemas import FactsSchema, Schema
from .topics import Topic, once

topic = Topic("Yields", "What harvests are held against: figures with a date and a source.")


class YieldsQuery(Schema):
    on = Day(load_default=None, metadata={"description": "A harvest day; today where absent"})
    commodity = Member(Commodity, load_default=None)


class CropYieldSchema(Schema):
    """Grams per square metre and cycle."""

    commodity = Member(Commodity)
    crop = Text(metadata={"description": "As in names of products; empty: every crop without a row of its own"})
    number = Integer(metadata={"description": "Of the version"})
    valid_from = Day()
    low = Integer()
    high = Integer(metadata={"description": "More than this × area × cycles in a calendar year is refused"})
    cycles = Integer(metadata={"description": "The most in a year"})
    region = Text()
    source = Text(longest=2000)
    estimate = Text(longest=2000, metadata={"description": "What of it was not measured, and whose figures are wanted"})


class YieldFactsSchema(FactsSchema):
    """Grams per square metre and cycle."""

    makes = YieldFacts

    commodity = Member(Commodity, required=True)
    crop = Text(load_default="", metadata={"description": "Empty: every crop without a row of its own"})
    low = Integer(required=True)
    high = Integer(required=True)
    cycles = Integer(required=True, metadata={"description": "The most in a year"})
    region = Text(load_default="")
    source = Text(longest=2000, required=True)
    estimate = Text(longest=2000, load_default="")
    reason = Lines(required=True)
    valid_from = Day(required=True)


class CropYieldsSchema(Schema):
    items = Several(Part(CropYieldSchema), most=10_000)


@topic.get("/yields")
@public
@topic.arguments(YieldsQuery, location="query")
@topic.response(200, CropYieldsSchema)
def list_yields(query: dict[str, Any]) -> dict[str, Any]:
    """List the yields in force on a day; no key needed"""
    on: date = query["on"] or today()
    return {"items": db.session.scalars(yields_at(on, query["commodity"])).all()}


@topic.post("/yields")
@requires(Permission.YIELDS_MANAGE)
@once
@topic.arguments(YieldFactsSchema)
@topic.response(201, CropYieldSchema)
def publish_yield(facts: YieldFacts) -> CropYield:
    """Publish a new version of a crop's yields, as an officer; what was allowed before stays so"""
    return yields.publish(db.session, current_actor(), facts)
