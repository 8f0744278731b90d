"""What shoppers reported and scanned, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from ..domain.dates import start_of_day
from ..domain.permissions import Actor, Permission, require
from ..storage.complaints import answered_by_month
from ..storage.scans import looks_by_month
from ..storage.stamps import signals_by_month
from ..storage.work import targets_on


@dataclass
class OversightMonth:
    """``looks``: by people, ``resolved`` those of them that led to a batch, ``suspicious`` those of a stamp that somebody should
    hear of; None for an officer of a commune, as shoppers do not say where they are."""

    month: date
    """Its first day."""
    complaints: int = 0
    in_time: int = 0
    looks: int | None = None
    resolved: int | None = None
    suspicious: int | None = None


def by_month(session: Session, actor: Actor, months: Sequence[date]) -> list[OversightMonth]:
    """Of months in a row, given by their first days, oldest first; in time by the target of the last one."""
    require(actor, Permission.COVERAGE_READ)
    near = actor.office.commune_code if actor.office else None
    none = None if near else 0
    found = {each: OversightMonth(each, looks=none, resolved=none, suspicious=none) for each in months}
    since, last, targets = months[0], months[-1], targets_on(months[-1])
    target = timedelta(days=targets.complaint)
    for start, complaints, in_time in session.execute(answered_by_month(start_of_day(since), target, near)):
        if month := found.get(start):
            month.complaints, month.in_time = complaints, in_time
    if near is None:
        for start, looks, resolved in session.execute(looks_by_month(since, last)):
            found[start].looks, found[start].resolved = looks, resolved
        for year, number, count in session.execute(signals_by_month(since, last + timedelta(days=30))):
            found[date(int(year), int(number), 1)].suspicious = int(count)
    return list(found.values())
