"""Topic ``writes``: recording an event beside a bare insert of the same row, and many taking from the same stock at once."""

import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from threading import Barrier
from time import perf_counter

from sqlalchemy import Engine, create_engine, func, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from trace.domain.balance import MovementKind, NotEnoughHeld
from trace.domain.batches import BatchStatus
from trace.domain.permissions import Actor, Role
from trace.services import balance, chain
from trace.services.clock import now
from trace.storage.balance import Holding, Movement
from trace.storage.batches import Batch
from trace.storage.chain import Event
from trace.storage.database import prepare_engine

from .databases import PUBLIC_URL, Databases
from .report import Bar, Section, table

SIZE = 1_000
WRITERS, BATCHES = 50, 4
PARTS, ATTEMPTS = 100, 3
"""A batch is taken away in so many equal parts; each writer tries so often to take one of each batch: half as many again
as there are."""
TEXT = f"""An event recorded by the service: permission, locks, the batch's earlier events, its hash, the audit entry, its completeness.
*Bare insert* is the same row again, in a transaction of its own. They take turns. Then {WRITERS} writers at once, each with a
connection of its own, take from the same {BATCHES} batches until nothing is left, and {ATTEMPTS * WRITERS - PARTS} times more from each, which
must be refused. Afterwards every holding is empty and every part taken is one movement and one event."""


@dataclass(frozen=True)
class Stock:
    """What writers take from."""

    batch_id: int
    business_id: int
    site_id: int

    @property
    def owner(self) -> Actor:
        return Actor(user_id=None, name="bench", memberships={self.business_id: Role.OWNER})


def measure_writes(databases: Databases, *, quick: bool) -> Section:
    rows, bars = [], []
    for filled in databases.to_write_in(SIZE):
        engine = prepare_engine(create_engine(filled.url, pool_size=WRITERS))
        stocks = _stocks(engine)
        service, bare = _record(engine, stocks[BATCHES:], 100 if quick else 400)
        rate, wrong = _take_at_once(engine, stocks[:BATCHES])
        engine.dispose()
        rows.append([filled.engine, f"{service * 1000:.2f}", f"{bare * 1000:.2f}", f"{rate:,.0f}"])
        bars.append(Bar(f"recording an event ÷ bare insert ({filled.engine})", service / bare, 6))
        bars.append(Bar(f"amounts that do not add up, {WRITERS} writers ({filled.engine})", wrong, 0))
    head = ["database", "an event, ms", "bare insert, ms", f"attempts a second, {WRITERS} writers"]
    return Section("Writing", TEXT, table(head, rows), bars)


def _stocks(engine: Engine) -> list[Stock]:
    question = (
        select(Batch.id, Batch.business_id, Batch.site_id)
        .join(Holding, Holding.batch_id == Batch.id)
        .where(Batch.status == BatchStatus.PUBLISHED, Holding.amount == Batch.amount, Batch.amount >= PARTS)
        .order_by(Batch.id)
    )
    with engine.connect() as connection:
        return [Stock(*row) for row in connection.execute(question)]


def _record(engine: Engine, stocks: Sequence[Stock], times: int) -> tuple[float, float]:
    """Median seconds of an event through the service, and of a bare insert of a row like it."""
    ours, bare = [], []
    for number, stock in enumerate(stocks[:times]):
        at = now() - timedelta(minutes=number + 1)
        with Session(engine) as session:
            begun = perf_counter()
            event = chain.record_packing(
                session, stock.owner, stock.batch_id, at=at, site_id=stock.site_id, packs=3, public_url=PUBLIC_URL
            )
            ours.append(perf_counter() - begun)
            table_ = Event.__table__
            again = {column.name: getattr(event, column.key) for column in table_.columns if column.name != "id"}
            again["hash"] += "&bare"
            session.rollback()
        begun = perf_counter()
        with engine.begin() as connection:
            connection.execute(insert(Event).values(**again))
        bare.append(perf_counter() - begun)
    return median(ours), median(bare)


def _take_at_once(engine: Engine, stocks: Sequence[Stock]) -> tuple[float, int]:
    """Attempts a second, and how many holdings, movements and refusals are not what they must be."""
    with Session(engine) as session:
        amounts = {each.batch_id: session.get_one(Batch, each.batch_id).amount for each in stocks}
    start = Barrier(WRITERS + 1)

    def write(writer: int) -> int:
        start.wait()
        return sum(
            _take(engine, stocks[(writer + attempt) % BATCHES], amounts) for attempt in range(ATTEMPTS * BATCHES)
        )

    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, writer) for writer in range(WRITERS)]
        start.wait()
        begun = perf_counter()
        taken = sum(writer.result() for writer in writers)
        seconds = perf_counter() - begun
    wrong = abs(taken - PARTS * BATCHES)
    with engine.connect() as connection:
        for batch_id, amount in amounts.items():
            left = connection.scalars(select(Holding.amount).where(Holding.batch_id == batch_id)).one()
            moved = select(func.count(), func.count(Movement.event_id.distinct()), func.sum(Movement.amount))
            found = tuple(connection.execute(moved.where(Movement.batch_id == batch_id)).one())
            wrong += (left, *found) != (amount % PARTS, PARTS, PARTS, amount - amount % PARTS)
    return WRITERS * ATTEMPTS * BATCHES / seconds, wrong


def _take(engine: Engine, stock: Stock, amounts: dict[int, int]) -> bool:
    """Take one part; False where nothing is left. Whoever waited too long tries again, as the service would ask."""
    with Session(engine) as session:
        try:
            balance.remove(
                session,
                stock.owner,
                stock.business_id,
                stock.batch_id,
                MovementKind.LOST,
                amount=amounts[stock.batch_id] // PARTS,
                at=now(),
                public_url=PUBLIC_URL,
            )
        except NotEnoughHeld:
            return False
        except (OperationalError, sqlite3.OperationalError) as error:
            if "database is locked" not in str(error):
                raise
        else:
            return True
    return _take(engine, stock, amounts)
