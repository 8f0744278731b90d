"""Keeping how far each batch has come (``domain.reach``), within the verbs that move it.

A verb settles its own batches. What follows elsewhere, for batches made of them and for shops that bought them, waits
for ``services.coverage.settle``, so that no verb locks the rows of businesses that it has nothing to do with.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from ..domain.reach import BatchState
from ..storage.batches import Batch
from ..storage.reach import AwaitedReach, children_of, received_by_traders, states_of
from .standings import restand


def climb(session: Session, batch_ids: Collection[int], *, deliveries: bool = False) -> bool:
    """Settle the reach of batches that the caller has locked; whether any changed.

    ``deliveries``: whether what is confirmed of their deliveries changed, on which batches made of them rest too.
    """
    if not batch_ids:
        return False
    session.flush()
    moved, passed_on = [], list(batch_ids) if deliveries else []
    for batch_id, reach, unbroken, *facts in session.execute(states_of(batch_ids)).all():
        names = ("published", "complete", "labelled", "handed_over", "parents_unbroken")
        state = BatchState(**dict(zip(names, map(bool, facts), strict=True)))
        if (reach, unbroken) == (state.reach, state.unbroken):
            continue
        values = {"reach": state.reach.value, "unbroken": state.unbroken}
        session.execute(update(Batch).where(Batch.id == batch_id).values(values))  # no new version: no fact changed
        moved.append(batch_id)
        if unbroken != state.unbroken:
            passed_on.append(batch_id)
    if passed_on:
        await_reach(session, session.scalars(children_of(passed_on)))
    if moved:
        await_reach(session, {batch_id for batch_id, _ in session.execute(received_by_traders(moved))})
    return bool(moved)


def climbed(session: Session, batch: Batch, *, also: Iterable[int] = (), deliveries: bool = False) -> None:
    """Within a verb that labels or delivers a batch: settle its reach, and where its maker and ``also`` stand."""
    changed = climb(session, [batch.id], deliveries=deliveries)
    if concerned := {*also, *([batch.business_id] if changed else [])}:
        restand(session, concerned)


def await_reach(session: Session, batch_ids: Iterable[int]) -> None:
    if waiting := [{"batch_id": each} for each in batch_ids]:
        session.execute(insert(AwaitedReach), waiting)
