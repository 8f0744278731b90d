"""Taking back what moved goods and was said wrongly: the amounts return, and the record keeps what was said.

EPCIS 2.0 §7.4.1.2: the event is repeated with a declaration that it is wrong (CBV 2.0 §7.5: did_not_occur).
"""

from sqlalchemy.orm import Session

from ..domain.balance import AlreadyUndone, MovementKind, UndoFirst
from ..domain.batches import BatchStatus, refuse_recalled
from ..domain.batches import withdraw as withdrawn
from ..domain.errors import N_, InvalidInput, NotFound
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean_lines
from ..domain.vocabulary import EventType
from ..storage.balance import first_child_of, holding_of, links_to, moved, movement_of
from ..storage.batches import Batch
from ..storage.chain import Event, is_declared_wrong, of_one_batch, standing_events, transformation_of
from . import audit
from .balance import REMOVALS
from .chain import declare_wrong
from .clock import now
from .completeness import lock, recount
from .holdings import take_back, unmake


def undo(session: Session, actor: Actor, business_id: int, event_id: int, *, reason: str) -> Batch:
    """Say that a removal, or the making of a batch, did not happen as recorded; by the business that recorded it.

    A batch that never came to be is withdrawn, for its labels may be about. Nothing else may have happened with it.
    Raises NotFound, InvalidInput (``reason``), AlreadyUndone, BatchRecalled or UndoFirst, which names what has to be
    undone before.
    """
    event = session.get(Event, event_id)
    if event is None or event.business_id != business_id:
        raise NotFound
    made = event.type == EventType.TRANSFORMATION
    if not made and event.body.get("trace:movement") not in REMOVALS:
        raise NotFound
    require(actor, Permission.BATCHES_PUBLISH if made else Permission.BATCHES_WRITE, business_id)
    reason = clean_lines(reason)
    if not reason:
        raise InvalidInput(N_("Hãy ghi rõ sai ở đâu."), field="reason")
    batch = lock(session, event.batch_id, also=[business_id])
    if event.declares_error:
        raise AlreadyUndone
    refuse_recalled(batch.recall_id, batch.lot)
    if made:
        _undo_making(session, actor, batch, reason)
    else:
        _undo_removal(session, actor, batch, event, reason)
    changes = {"event": event.hash, "reason": reason}
    audit.record(session, actor, "balance:undo", batch, business_id=business_id, changes=changes)
    if made:
        recount(session, batch=batch)
    session.commit()
    return batch


def _undo_removal(session: Session, actor: Actor, batch: Batch, event: Event, reason: str) -> None:
    movement = session.scalars(movement_of(event.id)).one_or_none()
    if movement is None or session.scalars(is_declared_wrong(event.hash)).one():
        raise AlreadyUndone
    take_back(session, batch, event.business_id, movement.amount, event=event)
    declare_wrong(session, actor, event, reason="did_not_occur", said=reason)


def _undo_making(session: Session, actor: Actor, batch: Batch, reason: str) -> None:
    standing = session.scalars(transformation_of(batch.id)).one_or_none()
    if standing is None:
        raise AlreadyUndone
    _check_untouched(session, batch, standing)
    for link in session.scalars(links_to(batch.id)).all():
        take_back(session, link.parent, batch.business_id, link.amount, event=session.get_one(Event, link.event_id))
        session.delete(link)
    unmake(session, batch)
    declare_wrong(session, actor, standing, reason="did_not_occur", said=reason)
    if batch.status is BatchStatus.PUBLISHED:
        batch.status = withdrawn(batch.status)
        batch.withdrawn_reason, batch.withdrawn_at = reason, now()


def _check_untouched(session: Session, batch: Batch, making: Event) -> None:
    if child := session.execute(first_child_of(batch.id)).first():
        raise UndoFirst(N_("Lô này đã làm ra lô %(lot)s. Hãy hủy ghi lô %(lot)s trước."), lot=child.lot)
    kinds = {kind for kind, _ in session.execute(moved(batch.business_id, batch.id))}
    if MovementKind.SHIPPED in kinds:
        raise UndoFirst(
            N_("Lô này đã giao cho cơ sở khác. Hãy rút lại chuyến giao trước; hàng đã nhận thì không hủy được.")
        )
    if kinds:
        raise UndoFirst(N_("Lô này đã ghi bán lẻ, hao hụt, tự dùng hoặc tiêu hủy. Hãy hủy ghi việc đó trước."))
    if session.scalars(holding_of(batch.business_id, batch.id)).one().packed:
        raise UndoFirst(N_("Lô này đang ở trong thùng. Hãy mở thùng trước."))
    if any(event.id != making.id for event in session.scalars(standing_events(batch.id).where(of_one_batch()))):
        raise UndoFirst(N_("Lô này đã ghi thêm công đoạn. Hãy đánh dấu các công đoạn đó là ghi nhầm trước."))
