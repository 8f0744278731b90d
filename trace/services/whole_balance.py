"""A batch over all who hold or held it: for officers, who see every holder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ..domain import public_code
from ..domain.balance import Making, MovementKind
from ..domain.errors import NotFound
from ..domain.vocabulary import BusinessStep
from ..storage.balance import holders_of, moved_anywhere
from ..storage.batches import Batch
from ..storage.chain import standing_events
from ..storage.trace import published_batch
from .balance import making_of


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Amounts in the base unit of the batch's product; ``gone`` is what left this holder, by kind."""

    business_id: int
    name: str
    left: int
    gone: Mapping[MovementKind, int]


@dataclass(frozen=True, kw_only=True)
class WholeBalance:
    """``made`` is all that follows together; ``between`` is on the way from one holder to another, or missed on it."""

    made: int
    left: int
    gone: Mapping[MovementKind, int]
    between: int
    making: Making | None
    holders: Sequence[Holder]


def batch_of_code(session: Session, code: str) -> Batch:
    """Raises what ``public_code.parse`` raises, or NotFound."""
    batch = session.scalars(published_batch(public_code.parse(code))).one_or_none()
    if batch is None:
        raise NotFound
    return batch


def whole_balance_of(session: Session, batch: Batch) -> WholeBalance:
    """Four questions, however many the holders. A batch whose making was declared wrong has nothing."""
    gone: dict[int, dict[MovementKind, int]] = {}
    for business_id, kind, amount in session.execute(moved_anywhere(batch.id)):
        gone.setdefault(business_id, {})[kind] = int(amount)
    holders = [
        Holder(business_id=business_id, name=name, left=left, gone=gone.get(business_id, {}))
        for business_id, name, left in session.execute(holders_of(batch.id))
    ]
    began = any(
        event.business_step == BusinessStep.CREATING_CLASS_INSTANCE
        for event in session.scalars(standing_events(batch.id))
    )
    made, left = batch.amount if began else 0, sum(holder.left for holder in holders)
    kinds = [kind for kind in MovementKind if kind.is_final]
    ended = {kind: sum(holder.gone.get(kind, 0) for holder in holders) for kind in kinds}
    return WholeBalance(
        made=made,
        left=left,
        gone=ended,
        between=made - left - sum(ended.values()),
        making=making_of(session, batch),
        holders=holders,
    )
