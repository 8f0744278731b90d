"""Counting looks at labels without keeping who looked.

A request only puts its look into memory; a thread of its own writes them in groups, within a second. It is not a
daemon, and it ends when nothing is left: so a process that is told to stop writes the last looks before it goes.
"""

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b

import structlog
from sqlalchemy import Connection, Engine, func, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from ..domain.dates import vietnam_date
from ..domain.scans import REPEAT_WINDOW, Visitor, is_repeat, visitor
from ..storage.database import writing
from ..storage.scans import Scan, ScanCount, ScanMonth, latest_looks
from .clock import now

log = structlog.get_logger()

GROUP = 200  # looks written in one transaction
PATIENCE = 0.8  # seconds a look waits for others
MOST_WAITING = 20_000  # about 10 MB; beyond it the database has been away for long, and looks are lost, not pages

_visitor = lru_cache(maxsize=2048)(visitor)


@dataclass(frozen=True, slots=True)
class Look:
    batch_id: int | None
    """None for a code that led nowhere."""
    code: str
    visitor: Visitor
    device: str
    at: datetime


class ScanWriter:
    """The looks of one process that wait to be written. ``background`` False writes each at once, in its request."""

    def __init__(self, engine: Engine, device_salt: str, *, background: bool = True) -> None:
        self._engine = engine
        self._salt = device_salt.encode()
        self._background = background
        self._waiting: list[Look] = []
        self._writer: threading.Thread | None = None
        self._lock = threading.Lock()
        self._writes = threading.Lock()
        self._enough = threading.Event()
        self.lost = 0

    def record(
        self, *, batch_id: int | None, code: str, user_agent: str, language: str, address: str, purpose: str = ""
    ) -> Look:
        """Note one look; ``address`` goes into the day's device hash and nowhere else."""
        at = now()
        device = self.device(user_agent, language, address)
        who = _visitor(user_agent[:400], purpose=purpose)
        look = Look(batch_id, _storable(code[:40]), who, device, at)
        self._add(look)
        return look

    def device(self, user_agent: str, language: str, address: str) -> str:
        """What this device is called today."""
        return device_hash(self._salt, vietnam_date(now()), user_agent, language, address)

    def flush(self) -> None:
        """Write everything that waits, before returning."""
        while group := self._take():
            self._write(group)

    def _add(self, look: Look) -> None:
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                self.lost += 1
                return
            self._waiting.append(look)
            if len(self._waiting) >= GROUP:
                self._enough.set()
            if self._background and self._writer is None:
                # said, because a server's own threads pass for daemons and their children would too
                self._writer = threading.Thread(target=self._run, name="scans", daemon=False)
                self._writer.start()
        if not self._background:
            self.flush()

    def _take(self) -> list[Look]:
        with self._lock:
            group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            return group

    def _run(self) -> None:
        while True:
            self._enough.wait(PATIENCE)
            self._enough.clear()
            self.flush()
            with self._lock:
                if not self._waiting:
                    self._writer = None
                    return

    def _write(self, group: list[Look]) -> None:
        try:
            with self._writes, writing(), self._engine.begin() as connection:
                _store(connection, group)
        except SQLAlchemyError as error:
            self.lost += len(group)
            log.error("scans not written", count=len(group), reason=str(getattr(error, "orig", error)))


def _storable(code: str) -> str:
    """A wrong code may hold anything; one that a database refuses would take the others of its group along."""
    return "".join(symbol for symbol in code if symbol.isprintable())


def device_hash(salt: bytes, day: date, *traits: str) -> str:
    """Tells one device from another for one day (in Việt Nam), and nothing afterwards: the key is the day's own."""
    key = _key_of_day(salt, day)
    return blake2b("\n".join(traits).encode(), key=key, digest_size=12).hexdigest()


@lru_cache(maxsize=4)
def _key_of_day(salt: bytes, day: date) -> bytes:
    return blake2b(day.isoformat().encode(), key=salt[:64], digest_size=32).digest()


def _store(connection: Connection, group: list[Look]) -> None:
    since = min(look.at for look in group) - REPEAT_WINDOW
    found = connection.execute(latest_looks({look.device for look in group}, since))
    latest: dict[tuple[str, str], datetime] = {(device, code): at for device, code, at in found}
    fresh: list[Look] = []
    for look in sorted(group, key=lambda look: look.at):
        if not is_repeat(latest.get((look.device, look.code)), look.at):
            latest[look.device, look.code] = look.at
            fresh.append(look)
    if not fresh:
        return
    connection.execute(
        insert(Scan),
        [
            {
                "batch_id": look.batch_id,
                "code": look.code,
                "visitor": look.visitor,
                "device": look.device,
                "at": look.at,
            }
            for look in fresh
        ],
    )
    seen = [look for look in fresh if look.visitor is Visitor.PERSON]
    resolved = [look for look in seen if look.batch_id]
    if resolved:
        people = Counter(look.batch_id for look in resolved if look.batch_id)
        _count(connection, people, max(look.at for look in fresh))
    count_months(connection, *(Counter(vietnam_date(look.at) for look in each) for each in (seen, resolved)))


def _count(connection: Connection, people: Counter[int], at: datetime) -> None:
    upsert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(ScanCount)
    statement = upsert.on_conflict_do_update(
        index_elements=[ScanCount.batch_id],
        set_={
            "people": ScanCount.people + upsert.excluded.people,
            "last_at": func.coalesce(upsert.excluded.last_at, ScanCount.last_at),
        },
    )
    # in one order everywhere, so that two processes cannot wait for each other
    connection.execute(statement, [{"batch_id": key, "people": people[key], "last_at": at} for key in sorted(people)])


def count_months(connection: Connection, people: Counter[date], resolved: Counter[date]) -> None:
    """Add looks of these days in Việt Nam. Last in its transaction: all processes share the row of the month."""
    months: dict[date, list[int]] = {}
    for place, days in enumerate((people, resolved)):
        for day, count in days.items():
            months.setdefault(day.replace(day=1), [0, 0])[place] += count
    upsert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(ScanMonth)
    statement = upsert.on_conflict_do_update(
        index_elements=[ScanMonth.month],
        set_={
            "people": ScanMonth.people + upsert.excluded.people,
            "resolved": ScanMonth.resolved + upsert.excluded.resolved,
        },
    )
    rows = [{"month": month, "people": both[0], "resolved": both[1]} for month, both in sorted(months.items())]
    if rows:
        connection.execute(statement, rows)
