"""The funnel by commune, commodity, kind or chain: as it stands, or as it was kept on a day."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from ..domain import coverage as rules
from ..domain.coverage import Dimension, Progress, Stage, StageName
from ..domain.coverage_definitions import Definition
from ..domain.dates import format_date
from ..domain.errors import N_, NotFound
from ..domain.permissions import Actor, Permission, require
from ..domain.plans import Period
from ..domain.reach import Reach
from ..storage.coverage import RegisterList, current_list
from ..storage.coverage_definitions import definition_numbered
from ..storage.snapshots import (
    Snapshot,
    amounts_of_snapshot,
    cells_of_snapshot,
    month_ends,
    snapshot_on,
    snapshots_newest,
)
from ..storage.standings import cells_of
from .clock import today
from .standings import definition_of


class NoSnapshot(NotFound):
    code = "no-snapshot"
    message = N_("Ngày %(day)s không có số liệu đã chốt. Hãy chọn một ngày khác.")


class DayAhead(NoSnapshot):
    code = "day-ahead"
    message = N_("Ngày %(day)s chưa tới. Hãy chọn một ngày đã qua.")


@dataclass(frozen=True)
class Row:
    """``value`` empty: unknown, or the whole. ``grams``: at the reach or beyond; none where amounts were not kept."""

    value: str
    progress: Mapping[Progress, int]
    grams: Mapping[Reach, int]

    @property
    def stages(self) -> tuple[Stage, ...]:
        return rules.stages(self.progress)

    @property
    def listed(self) -> int:
        return sum(self.progress.values())

    @property
    def traceable(self) -> int:
        return self.progress.get(Progress.TRACEABLE, 0)


@dataclass(frozen=True)
class Figures:
    """``snapshot`` None: as it stands now; ``listed`` None: there is no list, and then there are no rows either."""

    dimension: Dimension
    listed: RegisterList | None
    snapshot: Snapshot | None
    day: date
    definition: Definition
    rows: tuple[Row, ...]


AMOUNT_STAGES = {
    Reach.PUBLISHED: N_("Đã công bố"),
    Reach.COMPLETE: StageName.COMPLETE.label,
    Reach.LABELLED: StageName.LABELLED.label,
    Reach.HANDED_OVER: StageName.HANDED_OVER.label,
    Reach.END_TO_END: StageName.TRACEABLE.label,
}


def figures(session: Session, actor: Actor, dimension: Dimension, day: date | None = None) -> Figures:
    """``day`` None: now. An officer of a commune sees that commune, by nothing else. Raises NoSnapshot or DayAhead."""
    require(actor, Permission.COVERAGE_READ)
    near = actor.office.commune_code if actor.office else None
    dimension = Dimension.COMMUNE if near else dimension
    if day is None:
        return as_it_stands(session, dimension, near)
    return as_kept(session, kept_on(session, day), dimension, near)


def kept_on(session: Session, day: date) -> Snapshot:
    """Raises NoSnapshot or DayAhead."""
    if snapshot := session.scalars(snapshot_on(day)).first():
        return snapshot
    raise (DayAhead if day > today() else NoSnapshot)(day=format_date(day))


def listed_on(session: Session, day: date | None) -> tuple[RegisterList | None, datetime | None]:
    """The list that a day's figures are about, and the moment that they are of; both as now for None. Raises NoSnapshot."""
    if day is None:
        return session.scalars(current_list()).first(), None
    snapshot = kept_on(session, day)
    return snapshot.listed, snapshot.taken_at


def of_period(session: Session, period: Period, *, kept: bool = False) -> Figures | None:
    """The whole city at the end of a period: as last kept within it or, while it runs, as it stands now unless ``kept``.
    None where no day of it was kept. The caller asks for the permission."""
    if period.starts_on <= today() <= period.ends_on and not kept:
        return as_it_stands(session, Dimension.TOTAL)
    within = snapshots_newest().where(Snapshot.day.between(period.starts_on, period.ends_on)).limit(1)
    snapshot = session.scalars(within).first()
    return as_kept(session, snapshot, Dimension.TOTAL) if snapshot else None


def split(session: Session, found: Figures, dimension: Dimension) -> Figures:
    """The same moment's figures by another dimension."""
    if found.snapshot:
        return as_kept(session, found.snapshot, dimension)
    return as_it_stands(session, dimension)


def as_it_stands(session: Session, dimension: Dimension, near: str | None = None) -> Figures:
    """``near``: of that commune only."""
    listed = session.scalars(current_list()).first()
    cells = session.execute(cells_of(listed.id, dimension, near)).all() if listed else ()
    rows = _rows([(value, step, count) for value, step, count in cells], {})
    return Figures(dimension, listed, None, today(), definition_of(session, listed), rows)


def as_kept(session: Session, snapshot: Snapshot, dimension: Dimension, near: str | None = None) -> Figures:
    definition = session.scalars(definition_numbered(snapshot.definition_version)).one().definition
    cells = [
        (value, step, count)
        for _, value, step, count in session.execute(cells_of_snapshot(snapshot.id, dimension))
        if near in (None, value)
    ]
    rows = _rows(cells, _amounts(session, snapshot, dimension))
    return Figures(dimension, snapshot.listed, snapshot, snapshot.day, definition, rows)


def by_month(session: Session, actor: Actor, first: date, last: date) -> dict[date, Row]:
    """The first day of each month with a snapshot → the figures of its last one, of the city or of the officer's commune."""
    require(actor, Permission.COVERAGE_READ)
    near = actor.office.commune_code if actor.office else None
    months: dict[date, dict[Progress, int]] = defaultdict(dict)
    cells = month_ends(first, last, Dimension.COMMUNE if near else Dimension.TOTAL, near or "")
    for day, step, count in session.execute(cells):
        months[day.replace(day=1)][step] = count
    return {month: Row("", progress, {}) for month, progress in months.items()}


def _rows(cells: Iterable[tuple[str, Progress, int]], amounts: Mapping[str, Mapping[Reach, int]]) -> tuple[Row, ...]:
    by_value: dict[str, dict[Progress, int]] = defaultdict(dict)
    for value, step, count in cells:
        by_value[value][step] = count
    rows = [Row(value, progress, amounts.get(value, {})) for value, progress in by_value.items()]
    return tuple(sorted(rows, key=lambda row: (-row.listed, row.value)))


def _amounts(session: Session, snapshot: Snapshot, dimension: Dimension) -> dict[str, Counter[Reach]]:
    found: dict[str, Counter[Reach]] = defaultdict(Counter)
    for _, value, reach, grams in session.execute(amounts_of_snapshot(snapshot.id, dimension)):
        for each in Reach:
            if Reach.PUBLISHED <= each <= reach:
                found[value][each] += grams
    return found
