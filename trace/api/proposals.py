"""What exactly waits for a second person, where it is more than its reason."""

from datetime import date
from typing import Any

from ..domain.approvals import ApprovalKind
from ..domain.permissions import Permission
from ..request.access import current_actor, requires
from ..request.database import db
from ..services import approvals
from ..services.coverage_definitions import foreseen
from ..storage.approvals import Approval
from .coverage_definitions import DefinitionEffectSchema, shown
from .fields import Day, Integer, Part, Several, Text
from .risk_weights import RiskPreviewSchema
from .schemas import Schema
from .topics import Topic

topic = Topic("Proposals", "What exactly a second officer is asked to approve, and what it would do.")


class RiskWeightChangeSchema(Schema):
    name = Text()
    before = Several(Integer(), metadata={"description": "Points, and the most of them"})
    after = Several(Integer())


class ProposedRiskWeightsSchema(Schema):
    valid_from = Day()
    source = Text(longest=2000)
    changes = Several(Part(RiskWeightChangeSchema), most=200)
    preview = Part(RiskPreviewSchema, metadata={"description": "As the list was when it was proposed"})


class DefinitionNumbersSchema(Schema):
    period_months = Integer()
    active_days = Integer()


class ProposedDefinitionSchema(Schema):
    since = Day()
    source = Text(longest=2000)
    before = Part(DefinitionNumbersSchema)
    after = Part(DefinitionNumbersSchema)
    effect = Part(DefinitionEffectSchema, metadata={"description": "As the list stood when it was proposed"})


class ProposalSchema(Schema):
    """Of the kinds that are not here the approval says everything."""

    risk_weights = Part(ProposedRiskWeightsSchema, allow_none=True)
    coverage_definition = Part(ProposedDefinitionSchema, allow_none=True)


@topic.get("/approvals/<int:approval_id>/proposal")
@requires(Permission.APPROVALS_READ)
@topic.response(200, ProposalSchema)
def show_proposal(approval_id: int) -> dict[str, Any]:
    """Show what exactly is proposed and what it would do, as an officer"""
    approval = approvals.of(db.session, current_actor(), approval_id)
    return {
        "risk_weights": _weights(approval) if approval.kind is ApprovalKind.RISK_WEIGHTS else None,
        "coverage_definition": _definition(approval) if approval.kind is ApprovalKind.COVERAGE_DEFINITION else None,
    }


def _weights(approval: Approval) -> dict[str, Any]:
    proposed = approval.payload
    changes = [{"name": name, **change} for name, change in proposed["changes"].items()]
    return {**proposed, "valid_from": date.fromisoformat(proposed["valid_from"]), "changes": changes}


def _definition(approval: Approval) -> dict[str, Any]:
    proposed = approval.payload
    return {**proposed, "since": date.fromisoformat(proposed["since"]), "effect": shown(foreseen(approval))}
