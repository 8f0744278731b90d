"""Keeping where each entry of the official list stands, and how many stand where, when something is written.

Whoever calls has locked the business, so nobody else moves its entry. The cells are shared by all: they come last,
behind a lock on the list, so that two verbs that change them wait for each other and never in a circle.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from ..domain import coverage as rules
from ..domain.businesses import TRADING, BusinessStatus
from ..domain.certificates import CertificateScheme, CertificateStatus
from ..domain.coverage import Dimension, Progress
from ..domain.coverage_definitions import Definition
from ..domain.dates import vietnam_date
from ..domain.reach import Reach
from ..storage.businesses import Business
from ..storage.certificates import Certificate
from ..storage.coverage import LINKED, Match, RegisterEntry, RegisterList, current_list
from ..storage.coverage_definitions import definition_numbered, definition_on
from ..storage.database import insert_into
from ..storage.reach import latest_made, latest_received
from ..storage.standings import Cell, Standing, is_counted, open_standings
from .clock import now, today

AT_A_TIME = 1000
_Cell = tuple[Dimension, str, Progress]
_DIMENSIONS = (Dimension.COMMUNE, Dimension.KIND, Dimension.CHAIN)


@dataclass(frozen=True)
class _Where:
    """What a standing says."""

    commodity: str
    progress: Progress
    commune: str
    kind: str
    chain: str

    def cells(self) -> list[_Cell]:
        if self.commodity:
            return [(Dimension.COMMODITY, self.commodity, self.progress)]
        values = (self.commune, self.kind, self.chain)
        return [(Dimension.TOTAL, "", self.progress)] + [
            (dimension, value, self.progress) for dimension, value in zip(_DIMENSIONS, values, strict=True)
        ]


def restand(session: Session, business_ids: Iterable[int]) -> None:
    """Look again at where the entries of these businesses stand, proposed ones included; without a commit.

    Of a list that was never counted nothing is: ``restand_list`` counts all of it at once.
    """
    session.flush()
    ids = set(business_ids)
    in_force = current_list().with_only_columns(RegisterList.id).scalar_subquery()
    concerned = select(RegisterEntry).where(
        RegisterEntry.list_id == in_force, RegisterEntry.business_id.in_(ids), is_counted(RegisterEntry.list_id)
    )
    if entries := session.scalars(concerned.order_by(RegisterEntry.id)).all():
        changes: Counter[_Cell] = Counter()
        _restand(session, entries, changes)
        _add_up(session, entries[0].list_id, changes)


def restand_list(session: Session, list_id: int) -> None:
    """As ``restand``, for every entry of a list, those without a business too, by the definition in force now.

    Lock all businesses before.
    """
    session.get_one(RegisterList, list_id).definition_version = definition_in_force(session).version
    session.flush()
    changes: Counter[_Cell] = Counter()
    for group in _in_groups(session, list_id):
        _restand(session, group, changes)
    _add_up(session, list_id, changes)


def _in_groups(session: Session, list_id: int) -> Iterable[Sequence[RegisterEntry]]:
    entries = select(RegisterEntry).where(RegisterEntry.list_id == list_id).order_by(RegisterEntry.id).limit(AT_A_TIME)
    after = 0
    while group := session.scalars(entries.where(RegisterEntry.id > after)).all():
        yield group
        after = group[-1].id


def _add_up(session: Session, list_id: int, changes: Counter[_Cell]) -> None:
    changed = sorted((cell, count) for cell, count in changes.items() if count)
    if not changed:
        return
    rows = [
        {"list_id": list_id, "dimension": dimension, "value": value, "progress": progress, "entries": count}
        for (dimension, value, progress), count in changed
    ]
    for start in range(0, len(rows), AT_A_TIME):
        added = insert_into(session, Cell).values(rows[start : start + AT_A_TIME])
        key = [Cell.list_id, Cell.dimension, Cell.value, Cell.progress]
        session.execute(
            added.on_conflict_do_update(index_elements=key, set_={"entries": Cell.entries + added.excluded.entries})
        )


def lock_list(session: Session, list_id: int) -> None:
    """Nobody else changes standings or cells of it until the commit; a moment noted after this is theirs in order."""
    session.execute(select(RegisterList.id).where(RegisterList.id == list_id).with_for_update(key_share=True))


def lock_businesses(session: Session, business_ids: Collection[int] | None = None) -> None:
    """These, or all: nobody moves where they stand until the commit."""
    wanted = select(Business.id).order_by(Business.id).with_for_update()
    session.execute(wanted if business_ids is None else wanted.where(Business.id.in_(business_ids))).all()


def note_event(session: Session, business_id: int) -> None:
    """Within the verb that records an event: its business is active today. Costs nothing on a day that is noted."""
    business, day = session.get_one(Business, business_id), today()
    before = business.last_event_on
    if before is not None and before >= day:
        return
    session.execute(update(Business).where(Business.id == business_id).values(last_event_on=day))
    if not definition_in_force(session).is_active(before, day):
        restand(session, [business_id])


def definition_in_force(session: Session) -> Definition:
    return session.scalars(definition_on(today())).one().definition


def definition_of(session: Session, listed: RegisterList | None) -> Definition:
    """By which a list is counted: for the first minutes of its first day another one is in force already."""
    if listed is None or listed.definition_version is None:
        return definition_in_force(session)
    return session.scalars(definition_numbered(listed.definition_version)).one().definition


def progress_under(session: Session, list_id: int, definition: Definition) -> Counter[Progress]:
    """How many entries would stand where by another definition, worked out anew."""
    found: Counter[Progress] = Counter()
    for group in _in_groups(session, list_id):
        for _, standings in _standings(session, group, definition):
            found.update(where.progress for where, _ in standings if not where.commodity)
    return found


def _restand(session: Session, entries: Sequence[RegisterEntry], changes: Counter[_Cell]) -> None:
    stood: dict[int, dict[str, Standing]] = defaultdict(dict)
    for one in session.scalars(open_standings([entry.id for entry in entries])):
        stood[one.entry_id][one.commodity] = one
    closed: list[Standing] = []
    opened: list[dict[str, Any]] = []
    definition = definition_of(session, session.get_one(RegisterList, entries[0].list_id))
    for entry, standings in _standings(session, entries, definition):
        before = stood[entry.id]
        for where, lapses_on in standings:
            old = before.pop(where.commodity, None)
            if old is not None and _said(old) == where:
                if old.lapses_on != lapses_on:
                    old.lapses_on = lapses_on
                continue
            if old is not None:
                closed.append(old)
            opened.append({"list_id": entry.list_id, "entry_id": entry.id, **vars(where), "lapses_on": lapses_on})
            changes.update(where.cells())
        closed += before.values()
    for old in closed:
        changes.subtract(_said(old).cells())
    if closed or opened:
        lock_list(session, entries[0].list_id)
    at = now()
    if closed:
        session.execute(
            update(Standing).where(Standing.id.in_([one.id for one in closed])).values(until=at, lapses_on=None)
        )
    if opened:
        session.execute(insert(Standing), [{**one, "since": at} for one in opened])


def _said(one: Standing) -> _Where:
    return _Where(one.commodity, one.progress, one.commune, one.kind, one.chain)


def _standings(
    session: Session, entries: Sequence[RegisterEntry], definition: Definition
) -> Iterable[tuple[RegisterEntry, list[tuple[_Where, date | None]]]]:
    """What each entry's standings say today, and until when at the longest."""
    linked = {entry.business_id for entry in entries if entry.match in LINKED and entry.business_id}
    columns = (Business.id, Business.kind, Business.status, Business.commune_code, Business.last_event_on)
    businesses = {one.id: one for one in session.execute(select(*columns).where(Business.id.in_(linked)))}
    latest = _latest(session, linked, {one.id for one in businesses.values() if one.kind in TRADING})
    chains = _chains(session, linked)
    day = today()
    for entry in entries:
        business = businesses.get(entry.business_id) if entry.match in LINKED else None
        if business is None:
            progress = Progress.UNCONFIRMED if entry.match is Match.PROPOSED else Progress.NOT_ENROLLED
            where = _Where("", progress, entry.commune_code or "", entry.kind.value if entry.kind else "", "")
            yield entry, [(where, None)]
            continue
        chain, chain_ends = chains.get(business.id, ("", None))
        by_commodity = latest[business.id]
        everything = {
            reach: max(dates[reach] for dates in by_commodity.values() if reach in dates)
            for reach in {reach for dates in by_commodity.values() for reach in dates}
        }
        found = []
        for commodity, dates in {"": everything, **by_commodity}.items():
            if business.status is BusinessStatus.APPROVED:
                progress, due = rules.progress_of(
                    definition, last_event_on=business.last_event_on, latest=dates, today=day
                )
            else:
                progress, due = Progress.NOT_APPROVED, None
            ends = [each for each in (due, chain_ends) if each]
            where = _Where(commodity, progress, business.commune_code, business.kind.value, chain)
            found.append((where, min(ends, default=None)))
        yield entry, found


def _latest(
    session: Session, business_ids: Collection[int], traders: Collection[int]
) -> dict[int, dict[str, dict[Reach, date]]]:
    """Business → commodity → reach → when the latest batch that came just so far was published."""
    found: dict[int, dict[str, dict[Reach, date]]] = defaultdict(lambda: defaultdict(dict))

    def note(business_id: int, commodity: str, reach: Reach, at: object) -> None:
        if at is not None:
            dates, day = found[business_id][commodity], vietnam_date(at)  # type: ignore[arg-type]
            dates[reach] = max(day, dates.get(reach, day))

    if makers := set(business_ids) - set(traders):
        for business_id, commodity, *moments in session.execute(latest_made(makers)):
            found[business_id][commodity.value]  # it deals in it, with or without a batch
            for each, at in zip(list(Reach)[1:], moments, strict=True):
                note(business_id, commodity.value, each, at)
    if traders:
        for buyer_id, commodity, reach, at in session.execute(latest_received(traders)):
            note(buyer_id or 0, commodity.value, Reach(reach), at)
    return found


def _chains(session: Session, business_ids: Collection[int]) -> dict[int, tuple[str, date | None]]:
    """The verified certificate of a safe food chain that is in date, the latest of several, and when that changes."""
    day = today()
    papers = (
        select(Certificate.business_id, Certificate.number, Certificate.valid_from, Certificate.valid_until)
        .where(
            Certificate.business_id.in_(business_ids),
            Certificate.scheme == CertificateScheme.SAFE_CHAIN,
            Certificate.status == CertificateStatus.VERIFIED,
        )
        .order_by(Certificate.valid_from, Certificate.id)
    )
    found: dict[int, tuple[str, date | None]] = {}
    for business_id, number, start, end in session.execute(papers):
        if end is not None and end < day:
            continue
        chain, changes_on = found.get(business_id, ("", None))
        if start <= day:
            chain, change = number, end and end + timedelta(days=1)
        else:
            change = start
        found[business_id] = chain, min((each for each in (change, changes_on) if each), default=None)
    return found
