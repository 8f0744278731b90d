"""What was more than thought possible, for officers."""

from typing import Any

import marshmallow

from ..domain.excesses import ExcessKind
from ..domain.permissions import Permission
from ..request.access import current_actor, existing, requires, within_office
from ..request.database import db
from ..services import excesses
from ..storage.excesses import Excess, excesses_where
from .fields import Boolean, Integer, Lines, Member, Moment, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, named_version, once, page, with_version

topic = Topic(
    "Excesses", "Harvests that are unusual for their land and labels beyond the packs, with the reason that was given."
)


class ExcessSchema(Schema):
    id = Integer()
    business_id = Integer()
    kind = Member(ExcessKind)
    batch_id = Integer(allow_none=True)
    entry_id = Integer(allow_none=True, metadata={"description": "Of the diary"})
    details = marshmallow.fields.Dict(
        metadata={
            "description": "harvest: site, crop, area_m2, days, and possible, recorded, amount in g; "
            "labels: packs, made, count"
        }
    )
    reason = Lines()
    by_name = Text()
    at = Moment()
    seen_at = Moment(allow_none=True)
    seen_by_name = Text()
    conclusion = Lines()


class ExcessQuery(PageQuery):
    business_id = Integer(load_default=None)
    kind = Member(ExcessKind, load_default=None)
    is_seen = Boolean(load_default=None)


class ConclusionSchema(Schema):
    conclusion = Lines(load_default="")


@topic.get("/excesses")
@requires(Permission.BATCHES_READ)
@topic.arguments(ExcessQuery, location="query")
@topic.response(200, page_of(ExcessSchema))
def list_excesses(query: dict[str, Any]) -> Any:
    """List what was more than thought possible, as an officer"""
    filters = {name: value for name, value in query.items() if name not in ("after", "limit")}
    return page(within_office(excesses_where(**filters), Excess.business_id), Excess.id, query)


@topic.post("/excesses/<int:excess_id>/conclusion")
@requires(Permission.EXCESSES_REVIEW)
@once
@topic.arguments(ConclusionSchema)
@topic.response(200, ExcessSchema)
def conclude_excess(data: dict[str, str], excess_id: int) -> Any:
    """Say that it was looked at, and what was found, as an officer"""
    version = named_version(existing(Excess, excess_id), required=False)
    return with_version(
        excesses.conclude(db.session, current_actor(), excess_id, conclusion=data["conclusion"], version=version)
    )
