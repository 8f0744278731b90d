"""How long the figures of a day take to be kept, and those of the next one after a day's work."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from time import perf_counter

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from trace.domain.batches import BatchRecalled, BatchStatus
from trace.domain.dates import start_of_day
from trace.domain.permissions import Actor, Role
from trace.services import chain, clock, snapshots
from trace.services.settling import settle
from trace.storage.batches import Batch
from trace.storage.snapshots import Snapshot

from .databases import PUBLIC_URL, Filled, open_engine

AT_A_TIME = 500


@dataclass(frozen=True)
class Taken:
    """Seconds."""

    first: float
    second: float


def take_two(filled: Filled, writes: int) -> Taken:
    """Of the first two days that have none yet."""
    engine = open_engine(filled.url)
    with Session(engine) as session:
        latest = session.scalar(select(func.max(Snapshot.day))) or date.min
    day = max(clock.today(), latest + timedelta(days=1) if latest > date.min else date.min)
    first = _take(engine, day)
    _write(engine, start_of_day(day) + timedelta(hours=22), writes)
    second = _take(engine, day + timedelta(days=1))
    engine.dispose()
    return Taken(first, second)


def _take(engine: Engine, day: date) -> float:
    with clock.at(start_of_day(day) + timedelta(hours=23)), Session(engine) as session:
        begun = perf_counter()
        taken = snapshots.take(session)
        seconds = perf_counter() - begun
        if taken is None or taken.day != day or not snapshots.check(session, taken).holds:
            raise RuntimeError(f"the snapshot of {day} does not hold")
    return seconds


def _write(engine: Engine, at: datetime, writes: int) -> None:
    """Events of batches by chance, through the service; what follows from them is settled as it is every minute."""
    with clock.at(at), Session(engine) as session:
        last = session.scalar(select(func.max(Batch.id))) or 0
        chosen = Random(f"{at}").sample(range(last * 9 // 10, last + 1), writes)
        for number, batch_id in enumerate(chosen):
            batch = session.get(Batch, batch_id)
            if batch is None or batch.status is not BatchStatus.PUBLISHED:
                continue
            owner = Actor(user_id=None, name="bench", memberships={batch.business_id: Role.OWNER})
            moment = at - timedelta(seconds=number % 3600)
            try:
                chain.record_packing(
                    session, owner, batch_id, at=moment, site_id=batch.site_id, packs=3, public_url=PUBLIC_URL
                )
            except BatchRecalled:  # as some of those by chance are
                session.rollback()
            session.expunge_all()
            if number % AT_A_TIME == 0:
                settle(session)
        settle(session)
