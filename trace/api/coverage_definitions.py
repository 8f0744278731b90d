"""What counts as traceable, for officers."""

from typing import Any

from flask_babel import gettext

from ..domain.coverage import Effect, StageName
from ..domain.coverage_definitions import SENTENCES
from ..domain.permissions import Permission
from ..request.access import current_actor, requires
from ..request.database import db
from ..services import coverage_definitions as verbs
from ..services.coverage_definitions import DefinitionFacts
from ..storage.approvals import Approval
from ..storage.coverage_definitions import definitions_said
from .approvals import ApprovalSchema
from .fields import Day, Integer, Lines, Member, Part, Several, Text
from .schemas import Schema
from .topics import Topic, once

topic = Topic(
    "Coverage definitions", "What counts as traceable; another definition takes effect when a second officer approves."
)


class DefinitionSchema(Schema):
    version = Integer()
    since = Day()
    period_months = Integer(metadata={"description": "A batch counts for so many months after it was published"})
    active_days = Integer(metadata={"description": "Within so many days something was recorded; 0: not asked"})
    sentences = Several(Text(longest=2000), metadata={"description": "In the reader's language"})
    source = Text(longest=2000)
    reason = Lines()
    proposed_by_name = Text(attribute="published_by_name")
    approved_by_name = Text()


class DefinitionsSchema(Schema):
    items = Several(Part(DefinitionSchema), metadata={"description": "Newest first"})


class DefinitionFactsSchema(Schema):
    period_months = Integer(required=True)
    active_days = Integer(required=True)
    since = Day(required=True, metadata={"description": "After today"})
    source = Text(load_default="", longest=2000)
    reason = Lines(load_default="")


class DefinitionStageSchema(Schema):
    name = Member(StageName)
    before = Integer()
    after = Integer()
    denominator = Integer()


class DefinitionEffectSchema(Schema):
    stages = Several(Part(DefinitionStageSchema), metadata={"description": "Widest first"})


@topic.get("/coverage/definitions")
@requires(Permission.COVERAGE_READ)
@topic.response(200, DefinitionsSchema)
def list_definitions() -> dict[str, Any]:
    """List the versions of what counts as traceable, as an officer"""
    items = []
    for one in db.session.scalars(definitions_said()):
        values = {"months": one.period_months, "days": one.active_days}
        items.append({**vars(one), "sentences": [gettext(each, **values) for each in SENTENCES[one.rule]]})
    return {"items": items}


@topic.post("/coverage/definitions/preview")
@requires(Permission.COVERAGE_DEFINE)
@once
@topic.arguments(DefinitionFactsSchema)
@topic.response(200, DefinitionEffectSchema)
def preview_definition(data: dict[str, Any]) -> dict[str, Any]:
    """Say what another definition would do to the figures, as an officer; nothing is kept"""
    return shown(verbs.preview(db.session, current_actor(), DefinitionFacts(**data)))


@topic.post("/coverage/definitions")
@requires(Permission.COVERAGE_DEFINE)
@once
@topic.arguments(DefinitionFactsSchema)
@topic.response(201, ApprovalSchema)
def propose_definition(data: dict[str, Any]) -> Approval:
    """Propose a new version of the definition, as an officer; it takes effect when another officer approves"""
    return verbs.propose(db.session, current_actor(), DefinitionFacts(**data))


def shown(effect: Effect) -> dict[str, Any]:
    stages = [
        {
            "name": after.name,
            "before": before.numerator,
            "after": after.numerator,
            "denominator": after.denominator,
        }
        for before, after in effect.stages
    ]
    return {"stages": stages}
