"""Making one batch out of others, taking goods out of stock for good, and what is left of each."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.balance import BatchWithdrawn, MovementKind, NotHeld, check_genealogy, check_movement
from ..domain.batches import AmountNotPositive, BatchStatus
from ..domain.dates import vietnam_date
from ..domain.errors import N_, Conflict, InvalidInput
from ..domain.handovers import HandoverStatus
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean_lines
from ..storage.balance import Holding, Link, holding_of, holdings_of, links_to, moved
from ..storage.batches import Batch
from ..storage.businesses import Business
from ..storage.chain import Event, transformation_of
from ..storage.handovers import sent_by
from . import audit, chain, reviews, steps
from .batch_facts import BatchFacts, checked_values
from .batches import begin
from .changes import load_for_change
from .clock import now
from .completeness import lock, recount
from .holdings import hold, move_out, part

REMOVALS = (MovementKind.SOLD, MovementKind.LOST, MovementKind.OWN_USE, MovementKind.DESTROYED)


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
class Balance:
    """What became of a batch at one business, in its base unit: ``had`` is all that follows together.

    Of what was ``shipped``, ``in_transit`` is not answered yet and ``lost_in_transit`` did not arrive. ``made_from`` is what went into the batch (0 where it was harvested), of which ``lost_in_making`` is explained.
    """

    had: int
    left: int
    used: int
    lost: int
    own_use: int
    sold: int
    destroyed: int
    shipped: int
    in_transit: int
    lost_in_transit: int
    made_from: int
    lost_in_making: int
    unexplained: int


def transform(
    session: Session,
    actor: Actor,
    business_id: int,
    facts: TransformationFacts,
    *,
    public_url: str,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Batch:
    """Make a batch of one or more held ones and publish it, all in one transaction.

    Raises InvalidFields, BusinessNotApproved, NotHeld, NotEnoughHeld, BatchWithdrawn, BatchUnderReview, Conflict and what
    ``check_genealogy`` raises.
    """
    require(actor, Permission.BATCHES_PUBLISH, business_id)
    load_for_change(session, Business, business_id)
    batch = _make(session, actor, business_id, facts, public_url, random_bytes)
    session.commit()
    return batch


def split(
    session: Session,
    actor: Actor,
    business_id: int,
    batch_id: int,
    amounts: Sequence[int],
    *,
    at: datetime,
    public_url: str,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> list[Batch]:
    """Divide a held batch: each amount becomes a batch of its own; what is not divided stays. Raises as ``transform``."""
    require(actor, Permission.BATCHES_PUBLISH, business_id)
    load_for_change(session, Business, business_id)
    batch = _held(session, business_id, batch_id).batch
    made = [
        _make(
            session,
            actor,
            business_id,
            TransformationFacts(
                inputs=[(batch_id, amount)], product_id=batch.product_id, site_id=batch.site_id, amount=amount, at=at
            ),
            public_url,
            random_bytes,
        )
        for amount in amounts
    ]
    session.commit()
    return made


def remove(
    session: Session,
    actor: Actor,
    business_id: int,
    batch_id: int,
    kind: MovementKind,
    *,
    amount: int,
    at: datetime,
    reason: str = "",
    public_url: str,
) -> Event:
    """Write down that some of a held batch was sold to shoppers, lost, used or destroyed (then with a reason).

    Raises NotHeld, NotEnoughHeld, AmountNotPositive, InvalidInput (``kind``, ``reason``) and as ``check_movement``.
    """
    require(actor, Permission.BATCHES_WRITE, business_id)
    _held(session, business_id, batch_id)
    batch = lock(session, batch_id, also=[business_id])
    reason = clean_lines(reason)
    if kind not in REMOVALS:
        raise InvalidInput(N_("Hãy chọn bán lẻ, hao hụt, tự dùng hoặc tiêu hủy."), field="kind")
    if amount <= 0:
        raise AmountNotPositive(field="amount")
    if kind is MovementKind.DESTROYED and not reason:
        raise InvalidInput(N_("Hãy ghi lý do tiêu hủy."), field="reason")
    check_movement(at, lot=batch.lot, production_date=batch.production_date, now=now())
    said = steps.removal(batch, kind, amount, at=at, reason=reason, public_url=public_url)
    event = chain.append(session, actor, batch, None, said, public_url, business_id=business_id)
    move_out(session, batch, business_id, kind, amount, event=event, at=at)
    changes = {"kind": kind.value, "amount": amount, "reason": reason}
    audit.record(session, actor, "balance:remove", batch, business_id=business_id, changes=changes)
    session.commit()
    return event


def balance_of(session: Session, holding: Holding) -> Balance:
    """Everything that a business had of a batch, and where it is."""
    gone = {kind: int(amount) for kind, amount in session.execute(moved(holding.business_id, holding.batch_id))}
    made_from = sum(link.amount for link in session.scalars(links_to(holding.batch_id)))
    made = session.scalars(transformation_of(holding.batch_id)).one_or_none()
    deliveries = session.execute(sent_by(holding.business_id, holding.batch_id)).all()
    lost_in_making = made.body.get("trace:loss", 0) if made else 0
    return Balance(
        had=holding.amount + sum(gone.values()),
        left=holding.amount,
        **{kind.value: gone.get(kind, 0) for kind in MovementKind},
        in_transit=sum(int(sent or 0) for status, sent, _ in deliveries if status is HandoverStatus.OFFERED),
        lost_in_transit=sum(int(sent or 0) - int(got) for _, sent, got in deliveries if got is not None),
        made_from=made_from,
        lost_in_making=lost_in_making,
        unexplained=made_from - lost_in_making - holding.batch.amount if made else 0,
    )


def _make(
    session: Session,
    actor: Actor,
    business_id: int,
    facts: TransformationFacts,
    public_url: str,
    random_bytes: Callable[[int], bytes],
) -> Batch:
    inputs = _inputs(session, business_id, facts)
    values = checked_values(session, business_id, _batch_facts(facts, [parent for parent, _ in inputs]))
    batch = Batch(
        business_id=business_id,
        **values,
        status=BatchStatus.DRAFT,
        created_at=now(),
        created_by=actor.user_id,
    )
    try:
        with session.begin_nested():
            session.add(batch)
    except IntegrityError as error:
        raise Conflict from error  # a draft took the lot a moment ago
    check_genealogy(
        [part(parent, amount) for parent, amount in inputs],
        amount=batch.amount,
        loss=facts.loss,
        unit=batch.product.unit,
        production_date=batch.production_date,
        at=facts.at,
        now=now(),
    )
    begin(session, actor, batch, random_bytes)
    said = steps.transformation(batch, inputs, loss=facts.loss, at=facts.at, public_url=public_url)
    event = chain.append(session, actor, batch, batch.site, said, public_url)
    session.add_all(
        Link(parent_id=parent.id, child_id=batch.id, amount=amount, event_id=event.id) for parent, amount in inputs
    )
    session.flush()  # the parents' rows are locked before their holdings, as in ``remove``
    for parent, amount in inputs:
        move_out(session, parent, business_id, MovementKind.USED, amount, event=event, at=facts.at)
    hold(session, batch)
    changes = {"inputs": [[parent.public_code, amount] for parent, amount in inputs], "loss": facts.loss}
    audit.record(session, actor, "balance:transform", batch, changes=changes)
    recount(session, batch=batch)
    return batch


def _inputs(session: Session, business_id: int, facts: TransformationFacts) -> list[tuple[Batch, int]]:
    """In the order of their ids, so that two verbs that take from the same batches wait for each other."""
    amounts = dict(facts.inputs)
    if not amounts or len(amounts) < len(facts.inputs):
        raise InvalidInput(N_("Hãy chọn ít nhất một lô đã dùng, mỗi lô một lần."), field="inputs")
    if min(amounts.values()) <= 0:
        raise AmountNotPositive(field="inputs")
    if facts.loss < 0:
        raise InvalidInput(N_("Số hao hụt không được âm."), field="loss")
    found = session.scalars(holdings_of(business_id, batch_ids=amounts)).all()
    if len(found) < len(amounts):
        raise NotHeld(field="inputs")
    for holding in found:
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


def _held(session: Session, business_id: int, batch_id: int) -> Holding:
    holding = session.scalars(holding_of(business_id, batch_id)).one_or_none()
    if holding is None:
        raise NotHeld(field="batch_id")
    return holding
