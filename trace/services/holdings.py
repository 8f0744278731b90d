"""Putting into and taking from holdings, within the transaction of a verb: the only place where a holding changes.

Each change is one statement whose condition the database checks, so that no two writers can take the same kilogram.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.orm import Session

from ..domain.balance import (
    HappensBeforeProduction,
    MovementKind,
    NotEnoughHeld,
    NotHeld,
    OlderThanItsParts,
    Part,
    UnitsDiffer,
    check_genealogy,
)
from ..domain.dates import format_date, vietnam_date
from ..domain.errors import N_
from ..domain.making_rules import MakingRule
from ..domain.quantities import Unit, format_amount
from ..storage.balance import Holding, Movement, first_child_of, holding_of, links_to, moved
from ..storage.batches import Batch
from ..storage.cases import is_packed
from ..storage.chain import Event, transformation_of
from ..storage.handovers import first_shipped, statuses_of
from .clock import now
from .making_rules import rules_on

_LOOSE = Holding.amount - Holding.packed


def hold(session: Session, batch: Batch) -> None:
    """The maker of a new batch holds all of it."""
    session.add(Holding(batch_id=batch.id, business_id=batch.business_id, amount=batch.amount))


def move_out(
    session: Session,
    batch: Batch,
    business_id: int,
    kind: MovementKind,
    amount: int,
    *,
    event: Event,
    at: datetime,
    field: str = "amount",
) -> None:
    """Take ``amount`` out of a holding and write down where it went. Raises NotHeld or NotEnoughHeld, on ``field``."""
    _take(session, batch, business_id, amount, field=field)
    session.add(
        Movement(batch_id=batch.id, business_id=business_id, kind=kind, amount=amount, event_id=event.id, at=at)
    )


def move_in(session: Session, batch: Batch, business_id: int, amount: int) -> None:
    """A business got some of a batch, which the caller has locked."""
    if not _give(session, batch, business_id, amount):
        session.add(Holding(batch_id=batch.id, business_id=business_id, amount=amount))
        session.flush()


def take_back(session: Session, batch: Batch, business_id: int, amount: int, *, event: Event) -> None:
    """Undo the movement of an event that did not come about. Its ``amount`` is held again."""
    session.execute(delete(Movement).where(Movement.event_id == event.id, Movement.batch_id == batch.id))
    _give(session, batch, business_id, amount)


def unmake(session: Session, batch: Batch) -> None:
    """The maker of a batch that never came to be holds none of it. Raises NotEnoughHeld where not all is left."""
    _take(session, batch, batch.business_id, batch.amount)


def adjust(session: Session, batch: Batch, *, amount: int, unit: Unit) -> None:
    """Within the verb that corrects a batch, whose amount and unit were these: its maker has so much more or less.

    Raises NotEnoughHeld, UnitsDiffer, OlderThanItsParts and what ``check_genealogy`` raises.
    """
    session.flush()
    links = session.scalars(links_to(batch.id)).all()
    used = (
        session.execute(moved(batch.business_id, batch.id)).first()
        or session.execute(statuses_of(batch.id)).first()
        or session.scalar(is_packed(batch.id))
    )
    if batch.product.unit is not unit and used:
        raise UnitsDiffer(
            N_("Một phần lô %(lot)s đã dùng, nên không đổi sang sản phẩm tính bằng đơn vị khác được."),
            field="product_id",
            lot=batch.lot,
        )
    if links:
        made = session.scalars(transformation_of(batch.id)).one()
        rules = rules_on(
            session, [batch.product_id, *(link.parent.product_id for link in links)], vietnam_date(made.event_time)
        )
        check_genealogy(
            [part(link.parent, link.amount, rules[link.parent.product_id]) for link in links],
            amount=batch.amount,
            loss=made.body.get("trace:loss", 0),
            unit=batch.product.unit,
            production_date=batch.production_date,
            at=made.event_time,
            now=now(),
            rule=rules[batch.product_id],
        )
    child = session.execute(first_child_of(batch.id)).first()
    if child and child.production_date < batch.production_date:
        raise OlderThanItsParts(
            N_("Lô %(lot)s làm ra từ lô này có ngày sản xuất %(day)s, nên lô này không thể muộn hơn ngày đó."),
            field="production_date",
            lot=child.lot,
            day=format_date(child.production_date),
        )
    shipped_at = session.scalar(first_shipped(batch.id))
    if shipped_at and vietnam_date(shipped_at) < batch.production_date:
        raise HappensBeforeProduction(
            N_("Lô đã giao đi ngày %(day)s, nên không thể sản xuất sau ngày đó."),
            field="production_date",
            day=format_date(vietnam_date(shipped_at)),
        )
    if batch.amount < amount:
        _take(session, batch, batch.business_id, amount - batch.amount, correcting=True)
    elif batch.amount > amount:
        _give(session, batch, batch.business_id, batch.amount - amount)


def part(batch: Batch, amount: int, rule: MakingRule) -> Part:
    return Part(batch.lot, amount, batch.product.unit, batch.production_date, rule)


def pack(session: Session, batch: Batch, business_id: int, amount: int, *, field: str = "inputs") -> None:
    """So much of what is loose goes into a case. Raises NotHeld or NotEnoughHeld, on ``field``."""
    if not _change(session, batch, business_id, amount <= _LOOSE, packed=Holding.packed + amount):
        raise _too_little(session, batch, business_id, field)


def unpack(session: Session, batch: Batch, business_id: int, amount: int) -> None:
    """So much comes out of a case that the business has."""
    _change(session, batch, business_id, packed=Holding.packed - amount)


def _take(
    session: Session, batch: Batch, business_id: int, amount: int, *, field: str = "amount", correcting: bool = False
) -> None:
    if _change(session, batch, business_id, amount <= _LOOSE, amount=Holding.amount - amount):
        return
    error = _too_little(session, batch, business_id, field)
    if correcting and isinstance(error, NotEnoughHeld):
        raise NotEnoughHeld(
            N_("Phần còn lại của lô chỉ là %(held)s, nên không thể bớt %(less)s. Phần kia đã dùng."),
            field="amount",
            held=error.values["held"],
            less=format_amount(amount, batch.product.unit),
        )
    raise error


def _too_little(session: Session, batch: Batch, business_id: int, field: str) -> NotHeld | NotEnoughHeld:
    held = session.scalars(holding_of(business_id, batch.id).execution_options(populate_existing=True)).one_or_none()
    if held is None:
        return NotHeld(field="inputs" if field == "inputs" else "batch_id")
    return NotEnoughHeld.of(held.loose, held.packed, batch.product.unit, lot=batch.lot, field=field)


def _give(session: Session, batch: Batch, business_id: int, amount: int) -> bool:
    """False where the business never held the batch."""
    return _change(session, batch, business_id, amount=Holding.amount + amount)


def _change(
    session: Session, batch: Batch, business_id: int, *conditions: ColumnElement[bool], **values: ColumnElement[int]
) -> bool:
    """The one statement. False where there is no such holding, or it does not meet the conditions."""
    changed = (
        update(Holding)
        .where(Holding.batch_id == batch.id, Holding.business_id == business_id, *conditions)
        .values(**values)
        .returning(Holding.id)
        .execution_options(synchronize_session=False)
    )
    return session.execute(changed).first() is not None
