"""What goods are packed in, month by month."""

from typing import Any

from ..domain.permissions import Permission
from ..domain.products import PackagingMaterial
from ..request.access import current_actor, requires
from ..request.database import db
from ..services import packaging
from ..services.packaging import Shares
from .fields import Day, Integer, Member, Part, Several, Text
from .schemas import Schema
from .topics import Topic

topic = Topic("Packaging", "Batches of the last twelve months by what their products are packed in.")


class MaterialCountSchema(Schema):
    material = Member(PackagingMaterial, allow_none=True, metadata={"description": "Null: the product does not say"})
    batches = Integer()


class PackagingMonthSchema(Schema):
    month = Day(metadata={"description": "Its first day"})
    sparing = Integer(metadata={"description": "Packed in what degrades or is used again, or not packed"})
    total = Integer()
    by_material = Several(Part(MaterialCountSchema))


class PackagingSchema(Schema):
    counted_on = Day(allow_none=True)
    months = Several(Part(PackagingMonthSchema), metadata={"description": "The oldest first"})


class PackagingQuery(Schema):
    commune_code = Text(load_default="")


@topic.get("/packaging")
@requires(Permission.COVERAGE_READ)
@topic.arguments(PackagingQuery, location="query")
@topic.response(200, PackagingSchema)
def show_packaging(query: dict[str, str]) -> Any:
    """Count batches by packaging, of the city or a commune"""
    return _told(packaging.shares(db.session, current_actor(), query["commune_code"]))


@topic.get("/businesses/<int:business_id>/packaging")
@requires(Permission.BUSINESS_READ)
@topic.response(200, PackagingSchema)
def show_own_packaging(business_id: int) -> Any:
    """Count a business's batches by packaging"""
    return _told(packaging.own_shares(db.session, current_actor(), business_id))


def _told(shares: Shares) -> dict[str, Any]:
    return {
        "counted_on": shares.counted_on,
        "months": [
            {
                "month": month.first,
                "sparing": month.sparing,
                "total": month.total,
                "by_material": [
                    {"material": material, "batches": count} for material, count in month.batches.items() if count
                ],
            }
            for month in shares.months
        ],
    }
