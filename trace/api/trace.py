"""Where a batch came from, and what became of it."""

from typing import Any

from flask import g

from ..domain.balance import Direction
from ..domain.batches import BatchStatus
from ..request.access import public
from ..request.database import db
from ..services.trace import Trace, follow
from .fields import Day, Member, Part, Several, Text
from .schemas import AmountSchema, Schema, amount_part
from .topics import Topic

topic = Topic("Trace", "Where a batch came from, and what became of it, as far as the caller may see.")


class TraceQuery(Schema):
    direction = Member(
        Direction, required=True, metadata={"description": "back to its parts, or forward to what was made"}
    )


class TracedBatchSchema(Schema):
    code = Text()
    lot = Text()
    product = Text()
    business = Text()
    commune_code = Text()
    production_date = Day()
    status = Member(BatchStatus)


class TracedLinkSchema(Schema):
    parent = Text(metadata={"description": "Code of a batch"})
    child = Text(metadata={"description": "Code of the batch that was made of it"})
    amount = Part(AmountSchema, metadata={"description": "So much of the parent"})


class TraceSchema(Schema):
    batches = Several(Part(TracedBatchSchema), metadata={"description": "Oldest first, the batch itself included"})
    links = Several(Part(TracedLinkSchema))


@topic.get("/batches/<code>/trace")
@public
@topic.arguments(TraceQuery, location="query")
@topic.response(200, TraceSchema)
def show_trace(query: dict[str, Any], code: str) -> Any:
    """Follow a batch: an officer to the end, a business through what it holds and one step further, others not at all"""
    found: Trace = follow(db.session, getattr(g, "actor", None), code, query["direction"])
    links = [(found.batches[link.parent_id], found.batches[link.child_id], link.amount) for link in found.links]
    return {
        "batches": found.batches.values(),
        "links": [
            {"parent": parent.code, "child": child.code, "amount": amount_part(amount, parent.unit)}
            for parent, child, amount in links
        ],
    }
