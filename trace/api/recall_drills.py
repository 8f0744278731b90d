"""Rehearsals of recalls."""

from typing import Any

from ..domain.permissions import Permission
from ..request.access import current_actor, requires
from ..request.database import db
from ..services import recall_drills as verbs
from ..storage.recalls import RecallDrill, drills_of
from .recall_schemas import DrillDetailsSchema, DrillFactsSchema, DrillSchema
from .schemas import PageQuery, amount_part, page_of
from .topics import Topic, once, page

topic = Topic(
    "Recall drills",
    "What a recall of a batch would reach, and how fast that is known. Nothing is blocked, nobody is told.",
)


@topic.get("/businesses/<int:business_id>/recall-drills")
@requires(Permission.RECALLS_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(DrillSchema))
def list_drills(query: dict[str, Any], business_id: int) -> Any:
    """List the drills of a business"""
    return page(drills_of(business_id), RecallDrill.id, query)


@topic.post("/businesses/<int:business_id>/recall-drills")
@requires(Permission.RECALLS_WRITE)
@once
@topic.arguments(DrillFactsSchema)
@topic.response(201, DrillDetailsSchema)
def rehearse(data: dict[str, str], business_id: int) -> dict[str, Any]:
    """Rehearse the recall of a batch that the business made or held, or of any of its own"""
    return _details(verbs.rehearse(db.session, current_actor(), business_id=business_id, **data))


@topic.get("/businesses/<int:business_id>/recall-drills/<int:drill_id>")
@requires(Permission.RECALLS_READ)
@topic.response(200, DrillDetailsSchema)
def show_drill(business_id: int, drill_id: int) -> dict[str, Any]:
    """Show the scorecard of a drill"""
    return _details(verbs.of(db.session, drill_id, business_id))


@topic.get("/recall-drills")
@requires(Permission.RECALLS_OVERSEE)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(DrillSchema))
def list_all_drills(query: dict[str, Any]) -> Any:
    """List everybody's drills, as an officer"""
    return page(drills_of(None), RecallDrill.id, query)


@topic.post("/recall-drills")
@requires(Permission.RECALLS_ORDER)
@once
@topic.arguments(DrillFactsSchema)
@topic.response(201, DrillDetailsSchema)
def rehearse_as_officer(data: dict[str, str]) -> dict[str, Any]:
    """Rehearse the recall of any batch, as an officer"""
    return _details(verbs.rehearse(db.session, current_actor(), business_id=None, **data))


@topic.get("/recall-drills/<int:drill_id>")
@requires(Permission.RECALLS_OVERSEE)
@topic.response(200, DrillDetailsSchema)
def show_any_drill(drill_id: int) -> dict[str, Any]:
    """Show the scorecard of any drill, as an officer"""
    return _details(verbs.of(db.session, drill_id, None))


def _details(drill: RecallDrill) -> dict[str, Any]:
    card = verbs.scorecard(drill)
    kinds = ("held", "on_the_way", "left")
    return {
        "drill": drill,
        "labels": card.labels,
        "amounts": [{kind: amount_part(each[kind], each["unit"]) for kind in kinds} for each in card.amounts],
        "holders": [{**each, "amount": amount_part(each["amount"], each["unit"])} for each in card.holders],
        "unheld_count": card.unheld_count,
        "unheld": card.unheld,
        "party_count": card.party_count,
        "parties": card.parties,
        "deliveries_waiting": card.deliveries_waiting,
    }
