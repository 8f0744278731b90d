"""Keeping each day's figures for good, and doing them again for whoever does not trust them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.coverage import Dimension, Progress
from ..domain.dates import start_of_day
from ..domain.snapshots import SnapshotContent, content_hash
from ..storage.coverage import RegisterList, current_list
from ..storage.snapshots import (
    Snapshot,
    SnapshotAmount,
    SnapshotCell,
    amounts_of_snapshot,
    amounts_registered,
    cells_of_snapshot,
    snapshot_on,
    snapshots_newest,
)
from ..storage.standings import standing_counts
from .clock import now, today
from .settling import settle
from .standings import definition_of, lock_list

Cells = Counter[tuple[Dimension, str, Progress]]
Amounts = Counter[tuple[Dimension, str, int]]


@dataclass(frozen=True)
class Check:
    """``chained``: nothing was changed or left out since it was taken. ``recounted``: its cells are those that the standings
    of its moment add up to."""

    snapshot: Snapshot
    chained: bool
    recounted: bool

    @property
    def holds(self) -> bool:
        return self.chained and self.recounted


def take(session: Session) -> Snapshot | None:
    """Keep today's figures, unless that was done; None without a list in force. What is due is settled before."""
    settle(session)
    session.commit()
    if made := session.scalars(snapshot_on(today())).first():
        return made
    listed = session.scalars(current_list()).first()
    if listed is None:
        return None
    lock_list(session, listed.id)
    definition, at = definition_of(session, listed), now()
    before = session.scalars(snapshots_newest().limit(1)).first()
    snapshot = Snapshot(
        day=today(),
        list_id=listed.id,
        listed=listed,
        definition_version=definition.version,
        period_start=definition.period_start(today()),
        taken_at=at,
        previous=before.hash if before else "",
        hash="",
    )
    cells = _cells(session, listed.id, at)
    amounts = _amounts(session, listed.id, at, start_of_day(snapshot.period_start))
    snapshot.hash = content_hash(_content(snapshot, cells, amounts))
    session.add(snapshot)
    try:
        session.flush()
    except IntegrityError:  # another machine was faster
        session.rollback()
        return session.scalars(snapshot_on(today())).one()
    rows = [
        {"snapshot_id": snapshot.id, "dimension": dimension, "value": value, "progress": progress, "entries": count}
        for (dimension, value, progress), count in cells.items()
    ]
    kept = [
        {"snapshot_id": snapshot.id, "dimension": dimension, "value": value, "reach": reach, "grams": grams}
        for (dimension, value, reach), grams in amounts.items()
    ]
    for table, values in ((SnapshotCell, rows), (SnapshotAmount, kept)):
        if values:
            session.execute(insert(table), values)
    session.commit()
    return snapshot


def check(session: Session, snapshot: Snapshot) -> Check:
    """Hash what is kept again, and count the standings of that moment again."""
    cells: Cells = Counter()
    for dimension, value, progress, count in session.execute(cells_of_snapshot(snapshot.id)):
        cells[dimension, value, progress] = count
    amounts: Amounts = Counter()
    for dimension, value, reach, grams in session.execute(amounts_of_snapshot(snapshot.id)):
        amounts[dimension, value, reach] = grams
    earlier = session.scalars(snapshots_newest().where(Snapshot.day < snapshot.day).limit(1)).first()
    follows = snapshot.previous == (earlier.hash if earlier else "")
    return Check(
        snapshot,
        chained=follows and content_hash(_content(snapshot, cells, amounts)) == snapshot.hash,
        recounted=_cells(session, snapshot.list_id, snapshot.taken_at) == cells,
    )


def _content(snapshot: Snapshot, cells: Cells, amounts: Amounts) -> SnapshotContent:
    listed: RegisterList = snapshot.listed
    return SnapshotContent(
        head={
            "day": snapshot.day.isoformat(),
            "list": listed.sha256,
            "as_of": listed.as_of.isoformat(),
            "definition": snapshot.definition_version,
            "period_start": snapshot.period_start.isoformat(),
            "taken_at": snapshot.taken_at.isoformat(timespec="microseconds"),
        },
        cells=[(dimension.value, value, step.value, count) for (dimension, value, step), count in cells.items()],
        amounts=[(dimension.value, value, reach, grams) for (dimension, value, reach), grams in amounts.items()],
        previous=snapshot.previous,
    )


def _cells(session: Session, list_id: int, at: datetime) -> Cells:
    """Added up from the standings of that moment, not from the cells that screens read."""
    cells: Cells = Counter()
    for commodity, progress, commune, kind, chain, count in session.execute(standing_counts(list_id, at)):
        if commodity:
            cells[Dimension.COMMODITY, commodity, progress] += count
            continue
        for place in _places(commune, kind, chain):
            cells[(*place, progress)] += count
    return cells


def _amounts(session: Session, list_id: int, at: datetime, since: datetime) -> Amounts:
    amounts: Amounts = Counter()
    for commune, kind, chain, commodity, reach, grams in session.execute(amounts_registered(list_id, at, since)):
        for place in (*_places(commune, kind, chain), (Dimension.COMMODITY, commodity.value)):
            amounts[(*place, reach)] += int(grams)
    return amounts


def _places(commune: str, kind: str, chain: str) -> Iterable[tuple[Dimension, str]]:
    return (
        (Dimension.TOTAL, ""),
        (Dimension.COMMUNE, commune),
        (Dimension.KIND, kind),
        (Dimension.CHAIN, chain),
    )
