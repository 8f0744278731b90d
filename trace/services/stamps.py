"""Scanning one stamp: what stands behind its serial, who scanned it before, and who has to hear of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from ..domain import public_code, stamps
from ..domain.dates import vietnam_date
from ..domain.public_code import InvalidPublicCode
from ..domain.scans import Visitor
from ..domain.stamp_verdicts import Look, StampVerdict, judge, places
from ..domain.stamps import InvalidSerial, StampKeys
from ..storage.addresses import gazetteer
from ..storage.batches import Batch
from ..storage.database import insert_into, writing
from ..storage.labels import LabelIssue, key_ids
from ..storage.stamps import MOST_LOOKS, StampScan, StampSignal, looks_at, signals_on, stamp_at, thresholds_on
from . import scans
from .notices import tell_business, tell_officers

LONGEST = 40
"""Characters of what was mistyped, as it is shown again."""


@dataclass(frozen=True, slots=True)
class FoundStamp:
    """``row`` is that of ``storage.stamps.stamp_at``, with ``index`` within its issue; None where no such stamp was issued."""

    code: str
    serial: str
    mistyped: bool = False
    row: Row[*tuple[Any, ...]] | None = None
    index: int = 0

    @property
    def batch_code(self) -> str:
        """Of the batch that it is stuck on; the code itself where there is none."""
        return (self.row and self.row.batch_code) or self.code


@dataclass(frozen=True, slots=True)
class StampCheck:
    """``looks``, ``days`` and ``communes`` are those of an active stamp; ``since`` is when it was voided."""

    code: str
    serial: str
    verdict: StampVerdict
    looks: int = 0
    days: int = 0
    communes: tuple[str, ...] = ()
    """Names of those that were said."""
    first_at: datetime | None = None
    since: datetime | None = None

    @property
    def more_looks(self) -> bool:
        """Than were counted."""
        return self.looks == MOST_LOOKS


def missing_keys(session: Session, keys: StampKeys) -> list[str]:
    """Ids of the keys that stamps were issued with and the settings lack."""
    return keys.missing(session.scalars(key_ids()).all())


def find(session: Session, keys: StampKeys, typed_code: str, typed_serial: str) -> FoundStamp:
    """What was typed or scanned. A made-up serial asks the database nothing."""
    try:
        code = public_code.parse(typed_code)
    except InvalidPublicCode:
        return FoundStamp(typed_code, typed_serial[:LONGEST], mistyped=True)
    try:
        serial = stamps.parse(typed_serial)
    except InvalidSerial:
        return FoundStamp(code, typed_serial[:LONGEST], mistyped=True)
    place = keys.place(code, serial)
    if place is None:
        return FoundStamp(code, serial)
    asked = {"code": code, "ordinal": place.ordinal, "stamp": place.index}
    row = session.execute(stamp_at, asked).one_or_none()
    if row is None or row.key_id != place.key_id or place.index >= row.stamps:
        return FoundStamp(code, serial)
    return FoundStamp(code, serial, row=row, index=place.index)


def check(session: Session, keys: StampKeys, found: FoundStamp, look: scans.Look, *, colleague: bool) -> StampCheck:
    """Write down the scan, then judge: the next verdict depends on it. Robots, previews and whoever works where the batch was
    (``colleague``) are told the same and leave no trace."""
    if found.mistyped:
        return StampCheck(found.code, found.serial, StampVerdict.MISTYPED)
    session.commit()  # SQLite cannot turn a transaction that has begun to read into one that writes
    with writing():
        counts = look.visitor is Visitor.PERSON and not colleague
        if found.row is None:
            checked = _made_up(session, keys, found, look, counts=counts)
        else:
            checked = _issued(session, found, found.row, look, counts=counts)
        session.commit()
    return checked


def say_place(session: Session, found: FoundStamp, device: str, commune_code: str) -> bool:
    """Where the shopper whose device scanned the stamp today says to be. False where it did not scan it."""
    if found.row is None:
        return False
    scan = session.scalar(
        select(StampScan).where(
            StampScan.issue_id == found.row.id, StampScan.stamp == found.index, StampScan.device == device
        )
    )
    if scan is None:
        return False
    scan.place = commune_code
    session.commit()
    return True


def _made_up(session: Session, keys: StampKeys, found: FoundStamp, look: scans.Look, *, counts: bool) -> StampCheck:
    issues = session.scalars(select(LabelIssue).where(LabelIssue.public_code == found.code)).all()
    if keys.missing([issue.key_id for issue in issues if issue.key_id]):
        return StampCheck(found.code, found.serial, StampVerdict.UNCHECKED)
    batch = session.scalar(select(Batch).where(Batch.public_code == found.code))
    if counts and (owner := batch or next(iter(issues), None)):
        _signal(session, found.code, owner.business_id, batch.id if batch else None, StampVerdict.NEVER_ISSUED, look.at)
    return StampCheck(found.code, found.serial, StampVerdict.NEVER_ISSUED)


def _issued(session: Session, found: FoundStamp, row: Any, look: scans.Look, *, counts: bool) -> StampCheck:
    is_new = counts and _keep(session, row.id, found.index, look)
    if verdict := _not_in_use(row):
        checked = StampCheck(found.code, found.serial, verdict, since=row.voided_at if row.voided else None)
    else:
        since = row.bound_at if row.is_roll else row.activated_at
        checked = _judged(session, found, row, look, since)
    if is_new and checked.verdict.is_signal:
        _signal(session, found.code, row.business_id, row.its_batch, checked.verdict, look.at)
    return checked


def _not_in_use(row: Any) -> StampVerdict | None:
    if row.voided:
        return StampVerdict.VOIDED
    if row.is_roll:
        return None if row.bound else StampVerdict.UNBOUND
    return None if row.activated else StampVerdict.INACTIVE


def _judged(session: Session, found: FoundStamp, row: Any, look: scans.Look, since: datetime) -> StampCheck:
    looks = [Look(*each) for each in session.execute(looks_at(row.id, found.index, since))]
    thresholds = thresholds_on(vietnam_date(look.at)).for_product(row.stamp_occasions)
    return StampCheck(
        found.code,
        found.serial,
        judge(looks, thresholds, device=look.device),
        looks=len(looks),
        days=len({vietnam_date(each.at) for each in looks}),
        communes=tuple(gazetteer().commune(code).full_name for code in places(looks)),
        first_at=looks[0].at if looks else None,
    )


def _keep(session: Session, issue_id: int, stamp: int, look: scans.Look) -> bool:
    """False where the device scanned the stamp today already."""
    values = {"issue_id": issue_id, "stamp": stamp, "device": look.device, "place": "", "at": look.at}
    statement = insert_into(session, StampScan).values(values).on_conflict_do_nothing().returning(StampScan.id)
    return session.execute(statement).first() is not None


def _signal(
    session: Session, code: str, business_id: int, batch_id: int | None, verdict: StampVerdict, at: datetime
) -> None:
    """Count it; the first of a code and day tells the business and the department."""
    day = vietnam_date(at)
    values = {"business_id": business_id, "batch_id": batch_id, "public_code": code, "verdict": verdict, "day": day}
    statement = insert_into(session, StampSignal).values(**values, count=1, last_at=at)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[StampSignal.public_code, StampSignal.day, StampSignal.verdict],
            set_={"count": StampSignal.count + 1, "last_at": at},
        )
    )
    if session.scalars(signals_on(code, day)).one() == 1:
        told = {"code": public_code.grouped(code)}
        tell_business(session, business_id, "stamps-odd", told, f"/workspace/{business_id}/stamps")
        tell_officers(session, "stamps-odd", told, "/authority/stamps", about=business_id)
