"""What the holders of recalled goods found and did with it, and reminding those who say nothing."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, update
from sqlalchemy.orm import Session

from ..domain import recalls as rules
from ..domain.balance import MovementKind
from ..domain.errors import N_, Conflict, InvalidInput, NotFound
from ..domain.files import Audience
from ..domain.permissions import SYSTEM, Actor, Permission, require
from ..domain.quantities import format_amount
from ..domain.recalls import Disposal, RecallStatus
from ..domain.text import clean_lines
from ..storage.cases import Case
from ..storage.files import FileStore
from ..storage.handovers import cases_holding
from ..storage.recall_scope import periods
from ..storage.recalls import Recall, RecallHolder, RecallItem, holder_of, items_of, recalls_where, silent_count
from . import audit, chain, notices, recall_writing, steps
from .changes import Faults, load_for_change
from .clock import now, today
from .completeness import lock
from .files import store_document
from .handovers import receive_recalled
from .holdings import move_out


@dataclass(frozen=True, kw_only=True)
class Found:
    """So much of an item was found, in base units; ``disposal`` is what is done with it, None where nothing was found."""

    item_id: int
    amount: int
    disposal: Disposal | None = None


def acknowledge(
    session: Session,
    actor: Actor,
    recall_id: int,
    *,
    business_id: int,
    found: Sequence[Found],
    note: str = "",
    evidence: bytes | None = None,
    store: FileStore | None = None,
    public_url: str,
) -> RecallHolder:
    """Say what a holder found of what its records hold; it is done once every item was answered, or had none.

    Said again, it replaces what was said, except a destruction, which at once takes the goods out of the holding and
    can only grow.
    Raises RecallNotPossible, InvalidFields (MoreLocatedThanHeld, AlreadyDestroyed, InvalidInput), NotEnoughHeld.
    """
    require(actor, Permission.RECALLS_WRITE, business_id)
    holder = session.scalars(holder_of(recall_id, business_id)).one_or_none()
    if holder is None:
        raise NotFound
    recall = load_for_change(session, Recall, recall_id)
    if recall.status is not RecallStatus.OPEN:
        raise rules.RecallNotPossible
    session.refresh(holder)
    items = {item.id: item for item in session.scalars(items_of(holder.id))}
    _check(found, items)
    for each in found:
        item = items[each.item_id]
        destroyed = item.destroyed
        item.located, item.disposal = each.amount, each.disposal if each.amount else None
        if item.destroyed > destroyed:
            _destroy(session, actor, recall, item, item.destroyed - destroyed, business_id, public_url)
    holder.note = clean_lines(note) or holder.note
    if evidence and store:
        kept = store_document(
            session, store, business_id=business_id, audience=Audience.BUSINESS, data=evidence, field="evidence"
        )
        holder.evidence_id = kept.id
    if all(item.located is not None for item in items.values()):
        holder.acknowledged_at, holder.acknowledged_by_name = now(), actor.name
    changes = {"found": [[items[each.item_id].batch.public_code, each.amount, each.disposal] for each in found]}
    audit.record(session, actor, "recalls:acknowledge", recall, business_id=business_id, changes=changes)
    session.commit()
    return holder


def cases_of(
    session: Session, batch_ids: Collection[int] | Select[int]
) -> Mapping[tuple[int, int | None], Sequence[Case]]:
    """The closed cases in which these batches are, by batch and by who has the case or is to get it."""
    found: dict[tuple[int, int | None], list[Case]] = defaultdict(list)
    for batch_id, business_id, case in session.execute(cases_holding(batch_ids)):
        found[batch_id, business_id].append(case)
    return found


def note_call(
    session: Session, actor: Actor, recall_id: int, holder_id: int, *, business_id: int | None, note: str
) -> RecallHolder:
    """Write down what a counterparty that is not enrolled said on the telephone; its amount stays not located.

    Raises RecallNotPossible, InvalidInput, NotFound.
    """
    recall = _led_by(session, actor, recall_id, business_id)
    holder = session.get(RecallHolder, holder_id)
    if holder is None or holder.recall_id != recall_id or holder.business_id is not None:
        raise NotFound
    holder.note = clean_lines(note)
    if not holder.note:
        raise InvalidInput(N_("Hãy ghi họ nói gì: còn bao nhiêu, xử lý thế nào."), field="note")
    holder.acknowledged_at, holder.acknowledged_by_name = now(), actor.name
    audit.record(session, actor, "recalls:note_call", recall, changes={"holder": holder.name, "note": holder.note})
    session.commit()
    return holder


def remind(session: Session, actor: Actor, recall_id: int, *, business_id: int | None) -> int:
    """Tell those who are silent once more; how many they are. Raises RecallNotPossible."""
    recall = _led_by(session, actor, recall_id, business_id)
    silent = _remind(session, actor, recall)
    session.commit()
    return silent


def remind_silent(session: Session) -> int:
    """For the job: remind the holders of every open case whose period is over, and tell officers; how many cases."""
    reminded = 0
    for found in session.scalars(recalls_where(statuses=[RecallStatus.OPEN])).all():
        recall = load_for_change(session, Recall, found.id)
        if recall.status is RecallStatus.OPEN and now() >= next_reminder(recall) and _remind(session, SYSTEM, recall):
            silent = session.scalars(silent_count(recall.id)).one()
            values = {**recall_writing.notice_values(recall), "silent": str(silent)}
            notices.tell_officers(session, "recall-silent", values, f"/authority/recalls/{recall.id}")
            reminded += 1
        session.commit()
    return reminded


def next_reminder(recall: Recall) -> datetime:
    """When the silent holders of an open case are reminded by themselves."""
    since = recall.reminded_at or recall.confirmed_at
    if since is None:
        raise rules.RecallNotPossible
    return rules.due(periods(), rules.reminder(recall.recall_class), since, today())


def _led_by(session: Session, actor: Actor, recall_id: int, business_id: int | None) -> Recall:
    """An open recall for whoever leads it: its proposer or an officer (None)."""
    require(actor, Permission.RECALLS_ORDER if business_id is None else Permission.RECALLS_CONFIRM, business_id)
    recall = load_for_change(session, Recall, recall_id)
    if business_id is not None and recall.business_id != business_id:
        raise NotFound
    if recall.status is not RecallStatus.OPEN:
        raise rules.RecallNotPossible
    return recall


def _remind(session: Session, actor: Actor, recall: Recall) -> int:
    silent = session.scalars(silent_count(recall.id)).one()
    if silent:
        recall_writing.tell_holders(session, recall, "recall-reminder", silent=True)
        session.execute(
            update(RecallHolder)
            .where(RecallHolder.recall_id == recall.id, RecallHolder.acknowledged_at.is_(None))
            .values(reminders=RecallHolder.reminders + 1)
            .execution_options(synchronize_session=False)
        )
        audit.record(session, actor, "recalls:remind", recall, changes={"silent": silent})
    recall.reminded_at = now()
    return silent


def _check(found: Sequence[Found], items: dict[int, RecallItem]) -> None:
    faults = Faults()
    for each in found:
        item = items.get(each.item_id)
        if item is None:
            raise NotFound
        lot, unit, field = item.batch.lot, item.batch.product.unit, f"item-{item.id}"
        if not 0 <= each.amount <= item.amount:
            faults.note(rules.MoreLocatedThanHeld(field=field, lot=lot, held=format_amount(item.amount, unit)))
        if item.destroyed and (each.disposal is not Disposal.DESTROY or each.amount < item.destroyed):
            faults.note(rules.AlreadyDestroyed(field=field, lot=lot, destroyed=format_amount(item.destroyed, unit)))
        if each.amount and each.disposal is None:
            message = N_("Hãy chọn cách xử lý số hàng tìm thấy của lô %(lot)s.")
            faults.note(InvalidInput(message, field=field, lot=lot))
    if len({each.item_id for each in found}) < len(found):
        faults.note(Conflict())
    faults.raise_any()


def _destroy(
    session: Session, actor: Actor, recall: Recall, item: RecallItem, amount: int, business_id: int, public_url: str
) -> None:
    """So much more of an item leaves its holder for good; what was on the way comes first, or it would be nobody's."""
    batch = lock(session, item.batch_id, also=[business_id], recalled=True)
    reason = f"{recall.number}: {recall.reason}"
    if item.on_the_way:
        receive_recalled(session, actor, batch, business_id, amount, reason=reason, public_url=public_url)
    said = steps.removal(batch, MovementKind.DESTROYED, amount, at=now(), reason=reason, public_url=public_url)
    event = chain.append(session, actor, batch, None, said, public_url, business_id=business_id)
    move_out(session, batch, business_id, MovementKind.DESTROYED, amount, event=event, at=now())
