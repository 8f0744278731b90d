"""What everything weighs in the risk score, for officers."""

from typing import Any

from ..domain.permissions import Permission
from ..domain.risks import Preview
from ..request.access import current_actor, requires
from ..request.database import db
from ..services import risk_weights as verbs
from ..services.clock import today
from ..services.risk_weights import WeightsFacts
from ..storage.approvals import Approval
from ..storage.risks import RiskWeights, weights_on
from .approvals import ApprovalSchema
from .fields import Day, Integer, Lines, Part, Several, Text
from .schemas import Schema
from .topics import Topic, once

topic = Topic(
    "Risk weights", "What each point of a risk score weighs; other weights take effect when a second officer approves."
)


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
    return verbs.preview(db.session, current_actor(), _facts(data))


@topic.post("/risks/weights")
@requires(Permission.RISKS_WEIGH)
@once
@topic.arguments(RiskWeightsFactsSchema)
@topic.response(201, ApprovalSchema)
def propose_risk_weights(data: dict[str, Any]) -> Approval:
    """Propose a new version of the weights, as an officer; it takes effect when another officer approves"""
    return verbs.propose(db.session, current_actor(), _facts(data))


def _facts(data: dict[str, Any]) -> WeightsFacts:
    weights = {one["name"]: (one["points"], one["most"]) for one in data["weights"]}
    return WeightsFacts(**{**data, "weights": weights})


def _shown(row: RiskWeights) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in ("number", "valid_from", "source", "reason")}
    return {**facts, "weights": [{"name": name, **weight} for name, weight in row.weights.items()]}
