"""What shoppers reported and scanned, month by month."""

from typing import Any

from ..domain.dates import months_to
from ..domain.permissions import Permission
from ..request.access import current_actor, requires
from ..request.database import db
from ..services import oversight
from ..services.clock import today
from .fields import Day, Integer, Part, Several
from .schemas import Schema
from .topics import Topic

topic = Topic("Oversight", "What shoppers reported and scanned, month by month.")


class OversightMonthSchema(Schema):
    month = Day(metadata={"description": "Its first day"})
    complaints = Integer()
    in_time = Integer(metadata={"description": "Of these, answered within the days of the target"})
    looks = Integer(allow_none=True, metadata={"description": "By people; null for an officer of a commune"})
    resolved = Integer(allow_none=True, metadata={"description": "Of these, those that led to a batch"})
    suspicious = Integer(
        allow_none=True, metadata={"description": "Of stamps that were copied, voided or never issued"}
    )


class OversightSchema(Schema):
    items = Several(Part(OversightMonthSchema))


@topic.get("/oversight/months")
@requires(Permission.COVERAGE_READ)
@topic.response(200, OversightSchema)
def show_months() -> dict[str, Any]:
    """Show complaints and looks of the last year, month by month"""
    return {"items": oversight.by_month(db.session, current_actor(), months_to(today(), 12))}
