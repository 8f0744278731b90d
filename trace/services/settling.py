"""What verbs left to be looked at elsewhere, and what passing days change: settled bit by bit, each in a transaction."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ..storage.coverage import current_list
from ..storage.reach import AwaitedReach, received_by_traders
from ..storage.standings import is_counted, lapsing_standings
from .clock import today
from .completeness import lock_all
from .reach import climb
from .standings import definition_in_force, lock_businesses, restand, restand_list

AT_A_TIME = 100


def settle(session: Session) -> None:
    """Bring every batch's reach and every standing up to date. It may stop at any point and goes on where it stopped."""
    awaited = select(AwaitedReach.batch_id).order_by(AwaitedReach.id).limit(AT_A_TIME)
    while batch_ids := sorted(set(session.scalars(awaited))):
        _settle_batches(session, batch_ids)
    listed = session.scalars(current_list()).first()
    if listed is None:
        return
    counted = session.scalar(select(is_counted(listed.id)))
    if not counted or listed.definition_version != definition_in_force(session).version:
        lock_businesses(session)
        restand_list(session, listed.id)
        session.commit()
    lapsing = lapsing_standings(listed.id, today()).limit(AT_A_TIME)
    while business_ids := [each for each in session.scalars(lapsing) if each]:
        lock_businesses(session, business_ids)
        restand(session, business_ids)
        session.commit()


def _settle_batches(session: Session, batch_ids: Sequence[int]) -> None:
    """The batches, their makers and the traders who have them; what follows from that waits in its turn."""
    traders = {buyer for _, buyer in session.execute(received_by_traders(batch_ids)) if buyer}
    found = lock_all(session, batch_ids, also=traders)
    session.execute(delete(AwaitedReach).where(AwaitedReach.batch_id.in_(batch_ids)))
    climb(session, [batch.id for batch in found])
    restand(session, {*traders, *(batch.business_id for batch in found)})
    session.commit()
