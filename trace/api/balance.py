"""What a business holds, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..domain.balance import MovementKind
from ..domain.errors import NotFound
from ..domain.permissions import Permission
from ..request.access import current_actor, requires
from ..request.database import db
from ..request.settings import public_url
from ..services import balance, undoing
from ..services.audit import note_looks
from ..services.balance import TransformationFacts
from ..services.whole_balance import batch_of_code, whole_balance_of
from ..storage.balance import Holding, holding_of, holdings_of
from ..storage.products import Product
from .batches import BatchSchema
from .chain import ErrorDeclarationSchema, EventSchema
from .fields import Boolean, Day, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import Amount, AmountSchema, PageQuery, Schema, amount_part, base_units, page_of
from .topics import Topic, once, page, with_version

topic = Topic("Balance", "What a business holds of each batch, and what became of the rest. Amounts must add up.")


class HoldingSchema(Schema):
    batch_id = Integer()
    code = Text(attribute="batch.public_code")
    lot = Text(attribute="batch.lot")
    product_id = Integer(attribute="batch.product_id")
    production_date = Day(attribute="batch.production_date")
    amount = Amount(metadata={"description": "Left now"})
    packed = Amount(metadata={"description": "Of that, in closed cases"})


class HoldingQuery(PageQuery):
    left = Boolean(load_default=True, metadata={"description": "Only batches of which something is left"})


class BalanceSchema(Schema):
    """``had`` is left, used, sold, lost, own use, destroyed and shipped together."""

    had = Part(AmountSchema)
    left = Part(AmountSchema)
    in_cases = Part(AmountSchema, metadata={"description": "Of what is left: packed, and not loose"})
    used = Part(AmountSchema, metadata={"description": "Made into other batches"})
    lost = Part(AmountSchema)
    own_use = Part(AmountSchema)
    sold = Part(AmountSchema, metadata={"description": "To shoppers, whom no law asks to name"})
    destroyed = Part(AmountSchema)
    shipped = Part(AmountSchema, metadata={"description": "Given to others, whether or not it has come"})
    in_transit = Part(AmountSchema, metadata={"description": "Of what was shipped: not answered yet"})
    lost_in_transit = Part(AmountSchema, metadata={"description": "Of what was shipped: did not arrive"})
    made_from = Part(AmountSchema, metadata={"description": "What went into the batch; 0 where it was harvested"})
    added = Part(AmountSchema, metadata={"description": "Came out beyond what went in, as the product's rule allows"})
    lost_in_making = Part(AmountSchema)
    unexplained = Part(AmountSchema, metadata={"description": "Went in, and neither came out nor was said to be lost"})


class MovementSchema(Schema):
    kind = Member(MovementKind)
    amount = Part(AmountSchema)


class HolderSchema(Schema):
    business_id = Integer()
    name = Text()
    left = Part(AmountSchema)
    gone = Several(Part(MovementSchema))


class WholeBalanceSchema(Schema):
    """``made`` is left, gone and between together."""

    made = Part(AmountSchema)
    left = Part(AmountSchema)
    gone = Several(Part(MovementSchema))
    between = Part(AmountSchema, metadata={"description": "On the way from one holder to another, or missed on it"})
    holders = Several(Part(HolderSchema))


OF_MAKING = ("made_from", "added", "lost_in_making", "unexplained")
"""In kg where the inputs have another unit than the batch."""


class InputSchema(Schema):
    batch_id = Integer(required=True)
    amount = Amount(required=True, metadata={"description": "In the unit of the batch used"})


class TransformationSchema(Schema):
    inputs = Several(Part(InputSchema), required=True, metadata={"description": "Batches that the business holds"})
    product_id = Integer(required=True)
    site_id = Integer(required=True)
    amount = Amount(required=True, metadata={"description": "Made, in the unit of the product"})
    at = Moment(required=True)
    loss = Part(AmountSchema, load_default=None, allow_none=True)
    lot = Text(load_default="", metadata={"description": "GS1 AI 10; the next free one is given where empty"})
    production_date = Day(load_default=None, allow_none=True)
    best_before = Day(load_default=None, allow_none=True)


class SplitSchema(Schema):
    """The parts are of the batch's product and place; of a batch that another business made, say which of your own."""

    amounts = Several(Part(AmountSchema), required=True, metadata={"description": "One batch is made of each"})
    at = Moment(required=True)
    product_id = Integer(load_default=None, allow_none=True)
    site_id = Integer(load_default=None, allow_none=True)


class SplitResultSchema(Schema):
    items = Several(Part(BatchSchema))


class RemovalSchema(Schema):
    kind = Member(MovementKind, only=balance.REMOVALS, required=True)
    amount = Amount(required=True)
    at = Moment(required=True)
    reason = Lines(load_default="", metadata={"description": "Required where destroyed"})


@topic.get("/businesses/<int:business_id>/holdings")
@requires(Permission.BATCHES_READ)
@topic.arguments(HoldingQuery, location="query")
@topic.response(200, page_of(HoldingSchema))
def list_holdings(query: dict[str, Any], business_id: int) -> Any:
    """List what a business holds"""
    return page(holdings_of(business_id, left=query["left"]), Holding.id, query)


@topic.get("/businesses/<int:business_id>/batches/<int:batch_id>/balance")
@requires(Permission.BATCHES_READ)
@topic.response(200, BalanceSchema)
def show_balance(business_id: int, batch_id: int) -> Any:
    """Show what a business had of a batch, and where it is"""
    holding = _held(business_id, batch_id)
    found = asdict(balance.balance_of(db.session, holding))
    making = dict.fromkeys(OF_MAKING, found.pop("making_unit"))
    return {name: amount_part(amount, making.get(name, holding.product.unit)) for name, amount in found.items()}


@topic.get("/batches/<code>/balance")
@requires(Permission.BATCHES_OVERSEE)
@topic.response(200, WholeBalanceSchema)
def show_whole_balance(code: str) -> Any:
    """Show a batch to officers over all who hold or held it"""
    batch = batch_of_code(db.session, code)
    found, unit = whole_balance_of(db.session, batch), batch.product.unit
    holders = [batch.business_id, *(each.business_id for each in found.holders)]
    note_looks(db.session, current_actor(), "balance", holders)

    def gone(by_kind: Mapping[MovementKind, int]) -> list[dict[str, Any]]:
        return [{"kind": kind, "amount": amount_part(amount, unit)} for kind, amount in by_kind.items() if amount]

    return {
        **{name: amount_part(getattr(found, name), unit) for name in ("made", "left", "between")},
        "gone": gone(found.gone),
        "holders": [
            {
                "business_id": holder.business_id,
                "name": holder.name,
                "left": amount_part(holder.left, unit),
                "gone": gone(holder.gone),
            }
            for holder in found.holders
        ],
    }


@topic.post("/businesses/<int:business_id>/transformations")
@requires(Permission.BATCHES_PUBLISH)
@once
@topic.arguments(TransformationSchema)
@topic.response(201, BatchSchema)
def transform(data: dict[str, Any], business_id: int) -> Any:
    """Make and publish a batch out of held ones"""
    held = db.session.scalars(holdings_of(business_id, batch_ids=[each["batch_id"] for each in data["inputs"]]))
    units = {holding.batch_id: holding.product.unit for holding in held}
    product = db.session.get(Product, data["product_id"])
    unit = product.unit if product and product.business_id == business_id else data["amount"]["unit"]
    inputs = [  # what is not held is in whatever unit was sent: the service refuses it
        (each["batch_id"], base_units(each["amount"], units.get(each["batch_id"], each["amount"]["unit"])))
        for each in data["inputs"]
    ]
    facts = TransformationFacts(
        **{
            **data,
            "inputs": inputs,
            "amount": base_units(data["amount"], unit),
            "loss": base_units(data["loss"], unit) if data["loss"] else 0,
        }
    )
    return with_version(balance.transform(db.session, current_actor(), business_id, facts, public_url=public_url()))


@topic.post("/businesses/<int:business_id>/batches/<int:batch_id>/splits")
@requires(Permission.BATCHES_PUBLISH)
@once
@topic.arguments(SplitSchema)
@topic.response(201, SplitResultSchema)
def split(data: dict[str, Any], business_id: int, batch_id: int) -> Any:
    """Divide a held batch; what is not divided stays"""
    unit = _held(business_id, batch_id).product.unit
    amounts = [base_units(each, unit) for each in data["amounts"]]
    made = balance.split(
        db.session, current_actor(), business_id, batch_id, **{**data, "amounts": amounts}, public_url=public_url()
    )
    return {"items": made}


@topic.post("/businesses/<int:business_id>/batches/<int:batch_id>/removals")
@requires(Permission.BATCHES_WRITE)
@once
@topic.arguments(RemovalSchema)
@topic.response(201, EventSchema)
def remove(data: dict[str, Any], business_id: int, batch_id: int) -> Any:
    """Record that some of a held batch was sold to shoppers, lost, used by its holder or destroyed"""
    amount = base_units(data.pop("amount"), _held(business_id, batch_id).product.unit)
    return balance.remove(
        db.session, current_actor(), business_id, batch_id, amount=amount, **data, public_url=public_url()
    )


@topic.post("/businesses/<int:business_id>/events/<int:event_id>/undoing")
@requires(Permission.BATCHES_WRITE)
@once
@topic.arguments(ErrorDeclarationSchema)
@topic.response(204)
def undo(data: dict[str, str], business_id: int, event_id: int) -> None:
    """Take back a removal, or the making of a batch by transformation or split: amounts return, the record stays"""
    undoing.undo(db.session, current_actor(), business_id, event_id, reason=data["reason"])


def _held(business_id: int, batch_id: int) -> Holding:
    holding = db.session.scalars(holding_of(business_id, batch_id)).one_or_none()
    if holding is None:
        raise NotFound
    return holding
