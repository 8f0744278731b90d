"""What it takes to make a batch of others: read, judged, and not yet written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from ..domain.balance import BatchWithdrawn, Making, NotEnoughHeld, NotHeld, check_genealogy
from ..domain.batches import AmountNotPositive, BatchStatus, refuse_recalled
from ..domain.dates import vietnam_date
from ..domain.errors import N_, InvalidInput
from ..domain.permissions import Actor, Permission, require
from ..storage.balance import Holding, holdings_of
from ..storage.batches import Batch, kept_from_recalls
from ..storage.products import Product
from . import reviews
from .batch_facts import BatchFacts, checked_values
from .clock import now
from .holdings import part
from .making_rules import rules_on


@dataclass(frozen=True, kw_only=True)
class TransformationFacts:
    """What was made, and of what: ``inputs`` pairs a batch's id with the amount used of it. Amounts in base units.

    Where everything is of the product that is made (farms' harvests put together, a lot divided), the dates not given
    are the latest production and the earliest best-before date of the inputs; else the day it was made, and its
    product's shelf life.
    """

    inputs: Sequence[tuple[int, int]]
    product_id: int
    site_id: int
    amount: int
    at: datetime
    loss: int = 0
    lot: str = ""
    production_date: date | None = None
    best_before: date | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A transformation that nothing speaks against. ``values`` are the columns of the batch to be made."""

    inputs: Sequence[tuple[Batch, int]]
    values: dict[str, Any]
    making: Making


def preview(session: Session, actor: Actor, business_id: int, facts: TransformationFacts) -> Plan:
    """What ``balance.transform`` would do. Raises what it raises, as things stand now, and writes nothing."""
    require(actor, Permission.BATCHES_PUBLISH, business_id)
    planned = plan(session, business_id, facts)
    held = {
        holding.batch_id: holding
        for holding in session.scalars(holdings_of(business_id, batch_ids=[batch.id for batch, _ in planned.inputs]))
    }
    for batch, amount in planned.inputs:
        check_loose(held[batch.id], amount, field="inputs")
    return planned


def check_split(holding: Holding, amounts: Sequence[int]) -> None:
    """Whether so much can be divided from what is held now. Raises InvalidInput or NotEnoughHeld, on ``amounts``."""
    if not amounts:
        raise InvalidInput(N_("Hãy nhập khối lượng của ít nhất một phần."), field="amounts")
    check_loose(holding, sum(amounts), field="amounts")


def check_loose(holding: Holding, amount: int, *, field: str) -> None:
    """Raises NotEnoughHeld."""
    if amount > holding.loose:
        raise NotEnoughHeld.of(holding.loose, holding.packed, holding.product.unit, lot=holding.batch.lot, field=field)


def plan(session: Session, business_id: int, facts: TransformationFacts) -> Plan:
    """Everything about a transformation but whether enough is left. Raises as ``balance.transform``."""
    inputs = _inputs(session, business_id, facts)
    values = checked_values(session, business_id, _batch_facts(facts, [parent for parent, _ in inputs]))
    rules = rules_on(
        session, [values["product_id"], *(parent.product_id for parent, _ in inputs)], vietnam_date(facts.at)
    )
    making = check_genealogy(
        [part(parent, amount, rules[parent.product_id]) for parent, amount in inputs],
        amount=values["amount"],
        loss=facts.loss,
        unit=session.get_one(Product, values["product_id"]).unit,
        production_date=values["production_date"],
        at=facts.at,
        now=now(),
        rule=rules[values["product_id"]],
    )
    return Plan(inputs=inputs, values=values, making=making)


def _inputs(session: Session, business_id: int, facts: TransformationFacts) -> list[tuple[Batch, int]]:
    """In the order of their ids, so that two verbs that take from the same batches wait for each other.

    They are read under a lock that a recall waits for: what is made of them meanwhile is in its closure.
    """
    amounts = dict(facts.inputs)
    if not amounts or len(amounts) < len(facts.inputs):
        raise InvalidInput(N_("Hãy chọn ít nhất một lô đã dùng, mỗi lô một lần."), field="inputs")
    if min(amounts.values()) <= 0:
        raise AmountNotPositive(field="inputs")
    if facts.loss < 0:
        raise InvalidInput(N_("Số hao hụt không được âm."), field="loss")
    session.scalars(kept_from_recalls(amounts)).all()
    found: Sequence[Holding] = session.scalars(holdings_of(business_id, batch_ids=amounts)).all()
    if len(found) < len(amounts):
        raise NotHeld(field="inputs")
    for holding in found:
        refuse_recalled(holding.batch.recall_id, holding.batch.lot, field="inputs")
        if holding.batch.status is not BatchStatus.PUBLISHED:
            raise BatchWithdrawn(field="inputs", lot=holding.batch.lot)
    reviews.check_free(holding.batch for holding in found)
    return sorted(((each.batch, amounts[each.batch_id]) for each in found), key=lambda pair: pair[0].id)


def _batch_facts(facts: TransformationFacts, parents: Sequence[Batch]) -> BatchFacts:
    same = all(parent.product_id == facts.product_id for parent in parents)
    latest = max(parent.production_date for parent in parents)
    limits = [parent.best_before for parent in parents if parent.best_before]
    return BatchFacts(
        product_id=facts.product_id,
        site_id=facts.site_id,
        amount=facts.amount,
        lot=facts.lot,
        production_date=facts.production_date or (latest if same else vietnam_date(facts.at)),
        best_before=facts.best_before or (min(limits) if same and limits else None),
    )
