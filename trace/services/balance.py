"""Making one batch out of others, taking goods out of stock for good, and what is left of each."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.balance import HoldingMoved, Making, MovementKind, NotHeld, check_movement, making
from ..domain.batches import AmountNotPositive, BatchStatus
from ..domain.dates import vietnam_date
from ..domain.errors import N_, Conflict, InvalidInput
from ..domain.handovers import HandoverStatus
from ..domain.permissions import Actor, Permission, require
from ..domain.quantities import Unit, format_amount
from ..domain.text import clean_lines
from ..storage.balance import Holding, Link, holding_of, links_to, moved
from ..storage.batches import Batch, batch_of_form, batches_of_forms
from ..storage.businesses import Business
from ..storage.chain import Event, transformation_of
from ..storage.handovers import sent_by
from . import audit, chain, steps
from .batches import begin
from .changes import load_for_change
from .clock import now
from .completeness import lock, recount
from .holdings import hold, move_out, part
from .making import TransformationFacts, check_split, plan
from .making_rules import rules_on

__all__ = ["REMOVALS", "Balance", "TransformationFacts", "balance_of", "remove", "split", "transform"]
REMOVALS = (MovementKind.SOLD, MovementKind.LOST, MovementKind.OWN_USE, MovementKind.DESTROYED)


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What became of a batch at one business, in its base unit: ``had`` is all that follows together.

    Of what is ``left``, so much is ``in_cases``. Of what was ``shipped``, ``in_transit`` is not answered yet and ``lost_in_transit`` did not arrive. ``made_from`` is
    what went into the batch (0 where it was harvested), of which ``lost_in_making`` is explained, and ``added`` what came
    out beyond it; these and ``unexplained`` are in ``making_unit``: grams where the units of batch and inputs differ.
    """

    had: int
    left: int
    in_cases: int
    used: int
    lost: int
    own_use: int
    sold: int
    destroyed: int
    shipped: int
    in_transit: int
    lost_in_transit: int
    making_unit: Unit
    made_from: int
    added: int
    lost_in_making: int
    unexplained: int


def transform(
    session: Session,
    actor: Actor,
    business_id: int,
    facts: TransformationFacts,
    *,
    public_url: str,
    client_key: str | None = None,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Batch:
    """Make a batch of one or more held ones and publish it, all in one transaction.

    The same ``client_key`` again returns the batch that it made the first time.
    Raises InvalidFields, BusinessNotApproved, NotHeld, NotEnoughHeld, BatchWithdrawn, BatchUnderReview, Conflict and
    what ``check_genealogy`` raises.
    """
    require(actor, Permission.BATCHES_PUBLISH, business_id)
    load_for_change(session, Business, business_id)
    if client_key and (made := session.scalars(batch_of_form(business_id, client_key)).one_or_none()):
        return made
    batch = _make(session, actor, business_id, facts, public_url, random_bytes, client_key)
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
    product_id: int | None = None,
    site_id: int | None = None,
    public_url: str,
    client_key: str | None = None,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> list[Batch]:
    """Divide a held batch: each amount becomes a batch of its own; what is not divided stays. Raises as ``transform``.

    The parts are of the batch's product and place, where these are the business's own; else of those given.
    The same ``client_key`` again returns what it made the first time.
    """
    require(actor, Permission.BATCHES_PUBLISH, business_id)
    load_for_change(session, Business, business_id)
    holding = _held(session, business_id, batch_id)
    batch = holding.batch
    keys = [f"{client_key} {number}" if client_key else None for number in range(len(amounts))]
    if client_key and (made := session.scalars(batches_of_forms(business_id, keys)).all()):
        return list(made)
    check_split(holding, amounts)
    parts = [
        TransformationFacts(
            inputs=[(batch_id, amount)],
            product_id=product_id or batch.product_id,
            site_id=site_id or batch.site_id,
            amount=amount,
            at=at,
        )
        for amount in amounts
    ]
    split_off = [
        _make(session, actor, business_id, facts, public_url, random_bytes, key)
        for facts, key in zip(parts, keys, strict=True)
    ]
    session.commit()
    return split_off


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
    seen: int | None = None,
    public_url: str,
) -> Event:
    """Write down that some of a held batch was sold to shoppers, lost, used or destroyed (then with a reason).

    ``seen`` is what the person saw to be left; None compares nothing. Raises HoldingMoved, NotHeld, NotEnoughHeld,
    AmountNotPositive, InvalidInput (``kind``, ``reason``) and as ``check_movement``.
    """
    require(actor, Permission.BATCHES_WRITE, business_id)
    _held(session, business_id, batch_id)
    batch = lock(session, batch_id, also=[business_id])
    left = _held(session, business_id, batch_id).amount
    if seen is not None and seen != left:
        raise HoldingMoved(field="amount", held=format_amount(left, batch.product.unit))
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
    made = making_of(session, holding.batch)
    deliveries = session.execute(sent_by(holding.business_id, holding.batch_id)).all()
    return Balance(
        had=holding.amount + sum(gone.values()),
        left=holding.amount,
        in_cases=holding.packed,
        **{kind.value: gone.get(kind, 0) for kind in MovementKind},
        in_transit=sum(int(sent or 0) for status, sent, _ in deliveries if status is HandoverStatus.OFFERED),
        lost_in_transit=sum(int(sent or 0) - int(got) for _, sent, got in deliveries if got is not None),
        making_unit=made.unit if made else holding.product.unit,
        made_from=made.used if made else 0,
        added=made.added if made else 0,
        lost_in_making=made.loss if made else 0,
        unexplained=made.unexplained if made else 0,
    )


def making_of(session: Session, batch: Batch) -> Making | None:
    """The amounts of the transformation that a batch came from; None where it was harvested, or never came to be."""
    made = session.scalars(transformation_of(batch.id)).one_or_none()
    if made is None:
        return None
    links = session.scalars(links_to(batch.id)).all()
    rules = rules_on(
        session, [batch.product_id, *(link.parent.product_id for link in links)], vietnam_date(made.event_time)
    )
    return making(
        [part(link.parent, link.amount, rules[link.parent.product_id]) for link in links],
        amount=batch.amount,
        loss=made.body.get("trace:loss", 0),
        unit=batch.product.unit,
        rule=rules[batch.product_id],
    )


def _make(
    session: Session,
    actor: Actor,
    business_id: int,
    facts: TransformationFacts,
    public_url: str,
    random_bytes: Callable[[int], bytes],
    client_key: str | None,
) -> Batch:
    planned = plan(session, business_id, facts)
    inputs = planned.inputs
    batch = Batch(
        business_id=business_id,
        **planned.values,
        status=BatchStatus.DRAFT,
        created_at=now(),
        created_by=actor.user_id,
        client_key=client_key,
    )
    try:
        with session.begin_nested():
            session.add(batch)
    except IntegrityError as error:
        raise Conflict from error  # a draft took the lot a moment ago
    begin(session, actor, batch, random_bytes)
    said = steps.transformation(batch, inputs, loss=facts.loss, at=facts.at, public_url=public_url)
    event = chain.append(session, actor, batch, batch.site, said, public_url)
    session.add_all(
        Link(parent_id=parent.id, child_id=batch.id, amount=amount, event_id=event.id) for parent, amount in inputs
    )
    session.flush()  # the parents' rows are locked before their holdings, as in ``remove``
    for parent, amount in inputs:
        move_out(session, parent, business_id, MovementKind.USED, amount, event=event, at=facts.at, field="inputs")
    hold(session, batch)
    changes = {"inputs": [[parent.public_code, amount] for parent, amount in inputs], "loss": facts.loss}
    audit.record(session, actor, "balance:transform", batch, changes=changes)
    recount(session, batch=batch)
    return batch


def _held(session: Session, business_id: int, batch_id: int) -> Holding:
    wanted = holding_of(business_id, batch_id).execution_options(populate_existing=True)
    holding = session.scalars(wanted).one_or_none()
    if holding is None:
        raise NotHeld(field="batch_id")
    return holding
