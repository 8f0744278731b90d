"""Whom to inspect first and why, for officers."""

from typing import Any

from ..domain.businesses import BusinessKind
from ..domain.errors import NotFound
from ..domain.permissions import Permission
from ..domain.products import Commodity
from ..domain.risks import Factor, Preview
from ..request.access import current_actor, requires, within_office
from ..request.database import db
from ..services import risk_weights
from ..services.clock import today
from ..services.risk_weights import WeightsFacts
from ..storage.pages import Page, in_order
from ..storage.risks import (
    BusinessRisk,
    RiskScore,
    RiskWeights,
    highest_first,
    risk_of,
    risks_where,
    scores_of,
    weights_on,
)
from .fields import Day, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, once

topic = Topic("Risks", "A risk score for each approved business, explained point by point, and what each point weighs.")
MOST_SCORES = 100


class RiskPointSchema(Schema):
    factor = Member(Factor, attribute="fact.factor")
    subject = Text(attribute="fact.subject", metadata={"description": "A commodity or a scheme, or empty"})
    count = Integer(
        attribute="fact.count", metadata={"description": "Days of a lapsed certificate; tonnes of a volume"}
    )
    points = Integer()


class RiskSchema(Schema):
    business_id = Integer()
    score = Integer(metadata={"description": "The sum of the points"})
    points = Several(Part(RiskPointSchema), metadata={"description": "Most first"})
    weights_number = Integer(metadata={"description": "Of the version of the weights"})
    counted_at = Moment()


class RiskScoreSchema(Schema):
    score = Integer()
    points = Several(Part(RiskPointSchema))
    weights_number = Integer()
    at = Moment()


class BusinessRiskSchema(RiskSchema):
    scores = Several(Part(RiskScoreSchema), metadata={"description": "How it went, newest first"})


class RiskQuery(PageQuery):
    search = Text(load_default="", metadata={"description": "Part of a name, or the beginning of a tax code"})
    kind = Member(BusinessKind, load_default=None)
    commune_code = Text(load_default="")
    commodity = Member(Commodity, load_default=None)


class RiskWeightSchema(Schema):
    name = Text(metadata={"description": "A factor, or `commodity:` and a commodity"})
    per = Integer(metadata={"description": "Points are given for every so many, begun ones included"})
    points = Integer()
    most = Integer(metadata={"description": "Of points in all"})
    source = Text(longest=2000)
    estimate = Text(longest=2000)


class RiskWeightsSchema(Schema):
    number = Integer()
    valid_from = Day()
    weights = Several(Part(RiskWeightSchema), most=200)
    source = Text(longest=2000)
    reason = Lines()


class NewRiskWeightSchema(Schema):
    name = Text(required=True)
    points = Integer(required=True, low=0)
    most = Integer(required=True, low=0)


class RiskWeightsFactsSchema(Schema):
    weights = Several(Part(NewRiskWeightSchema), required=True, most=200, metadata={"description": "Those to change"})
    valid_from = Day(load_default=None)
    source = Text(load_default="", longest=2000)
    reason = Lines(load_default="")


class RiskMoveSchema(Schema):
    business_id = Integer()
    before = Integer()
    after = Integer()


class RiskPreviewSchema(Schema):
    entering = Several(Part(RiskMoveSchema), metadata={"description": "Into the first 50"})
    leaving = Several(Part(RiskMoveSchema))
    moves = Several(Part(RiskMoveSchema), metadata={"description": "Those whose score changes most"})
    changed = Integer()


@topic.get("/risks")
@requires(Permission.RISKS_READ)
@topic.arguments(RiskQuery, location="query")
@topic.response(200, page_of(RiskSchema))
def list_risks(query: dict[str, Any]) -> Page[BusinessRisk]:
    """List businesses, riskiest first, as an officer"""
    asked = {name: value for name, value in query.items() if name not in ("after", "limit")}
    question = within_office(risks_where(**asked), BusinessRisk.business_id)
    return in_order(db.session, highest_first(question, query["after"]), BusinessRisk.business_id, size=query["limit"])


@topic.get("/businesses/<int:business_id>/risk")
@requires(Permission.RISKS_READ)
@topic.response(200, BusinessRiskSchema)
def show_risk(business_id: int) -> dict[str, Any]:
    """Explain the score of a business, and show how it went, as an officer"""
    risk = db.session.scalars(risk_of(business_id)).first()
    if risk is None:
        raise NotFound
    scores: list[RiskScore] = list(db.session.scalars(scores_of(business_id).limit(MOST_SCORES)))
    shown = {name: getattr(risk, name) for name in ("business_id", "score", "points", "weights_number", "counted_at")}
    return {**shown, "scores": scores}


@topic.get("/risks/weights")
@requires(Permission.RISKS_READ)
@topic.response(200, RiskWeightsSchema)
def show_risk_weights() -> dict[str, Any]:
    """Show what everything weighs today, as an officer"""
    return _shown(db.session.scalars(weights_on(today())).one())


@topic.post("/risks/weights/preview")
@requires(Permission.RISKS_WEIGH)
@once
@topic.arguments(RiskWeightsFactsSchema)
@topic.response(200, RiskPreviewSchema)
def preview_risk_weights(data: dict[str, Any]) -> Preview:
    """Say what other weights would do to the list, as an officer; nothing is kept"""
    return risk_weights.preview(db.session, current_actor(), _facts(data))


@topic.post("/risks/weights")
@requires(Permission.RISKS_WEIGH)
@once
@topic.arguments(RiskWeightsFactsSchema)
@topic.response(201, RiskWeightsSchema)
def publish_risk_weights(data: dict[str, Any]) -> dict[str, Any]:
    """Publish a new version of the weights, as an officer"""
    return _shown(risk_weights.publish(db.session, current_actor(), _facts(data)))


def _facts(data: dict[str, Any]) -> WeightsFacts:
    weights = {one["name"]: (one["points"], one["most"]) for one in data["weights"]}
    return WeightsFacts(**{**data, "weights": weights})


def _shown(row: RiskWeights) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in ("number", "valid_from", "source", "reason")}
    return {**facts, "weights": [{"name": name, **weight} for name, weight in row.weights.items()]}
