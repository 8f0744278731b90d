"""What the rules see in a diary, whom they tell, and how an officer clears it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain import diary as rules
from ..domain.businesses import ReasonRequired
from ..domain.dates import format_date
from ..domain.diary import Application, EntryKind, FlagKind, Harvest, HarvestInsideInterval, SeasonNotNamed
from ..domain.diary_photos import is_same_photo, photo_keys, shows_something
from ..domain.errors import N_, Conflict
from ..domain.files import Audience
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean_lines
from ..storage.balance import links_to
from ..storage.batches import Batch
from ..storage.diary import (
    DiaryEntry,
    DiaryPhotoKey,
    Season,
    harvest_days_of_batches,
    other_products_seasons,
    photos_with_keys,
    season_of_batch,
    seasons_around,
    standing_entries,
)
from ..storage.diary_flags import DiaryFlag, flags_keeping_back, seasons_flagged_on
from ..storage.diary_measures import measures_on
from ..storage.files import FileStore
from . import audit, notices, reviews
from .changes import load_for_change
from .clock import now, today
from .files import store_document


def examine(session: Session, season: Season, *, latest: DiaryEntry | None = None) -> None:
    """Raise every flag that the season's entries and batches deserve and that has not been raised yet.

    For every verb that writes to a diary or names a season; in its transaction, the business locked, without a commit.
    """
    session.flush()
    entries = session.scalars(standing_entries(season.id)).all()
    applications = _applications(season, entries)
    harvests = {
        Harvest(entry.happened_on, season.of_living and entry.kind is EntryKind.HARVEST)
        for entry in entries
        if entry.kind.is_harvest
    }
    harvests.update(Harvest(day, season.of_living) for day in session.scalars(harvest_days_of_batches(season)))
    for (day, of_living), application in rules.early_harvests(applications, harvests):
        safe_from = application.safe_from(of_living=of_living)
        details = {"material": application.material, "safe_from": safe_from.isoformat()}
        sign = f"{application.id}:{day}"
        _raise(session, season, FlagKind.HARVEST_IN_INTERVAL, sign, application.id, details, harvested_on=day)
    if latest is not None:
        _seek_copies(session, season, applications, latest)


def keep_back(session: Session, batch: Batch) -> None:
    """Raises HarvestInsideInterval while an early harvest of this batch stands uncleared."""
    blocking = [kind for kind in FlagKind if kind.blocks_publishing]
    flag = session.scalars(flags_keeping_back(batch, blocking).limit(1)).first()
    if flag is not None:
        raise HarvestInsideInterval(
            harvested_on=format_date(batch.production_date),
            material=flag.details["material"],
            safe_from=format_date(date.fromisoformat(flag.details["safe_from"])),
        )


def ask_for_season(session: Session, batch: Batch) -> None:
    """Raises SeasonNotNamed where a batch could be from a plot that was still inside an interval, and names no plot.

    A plot whose harvest of that day was flagged is not asked about: the flag keeps the batch back, or was cleared.
    """
    if session.scalars(season_of_batch(batch.id)).first() or session.scalars(links_to(batch.id)).first():
        return
    flagged = set(session.scalars(seasons_flagged_on(batch.business_id, batch.production_date)))
    for season in session.scalars(seasons_around(batch).where(Season.id.not_in(flagged))).all():
        applications = _applications(season, session.scalars(standing_entries(season.id)).all())
        if any(rules.early_harvests(applications, [Harvest(batch.production_date, season.of_living)])):
            raise SeasonNotNamed(field="season_id", harvested_on=format_date(batch.production_date))


def clear(
    session: Session,
    actor: Actor,
    flag_id: int,
    *,
    reason: str,
    version: int | None = None,
    evidence: bytes | None = None,
    store: FileStore | None = None,
) -> DiaryFlag:
    """An officer's decision, with a laboratory's result where there is one; what it kept back may then be published.

    Raises ReasonRequired, Conflict where it was cleared before, InvalidInput on ``evidence``.
    """
    flag = load_for_change(session, DiaryFlag, flag_id, version)
    require(actor, Permission.DIARY_CLEAR, flag.business_id)
    if flag.cleared_at is not None:
        raise Conflict
    reason, stored = clean_lines(reason, field="reason"), None
    if not reason:
        raise ReasonRequired(N_("Hãy ghi lý do hoặc kết quả kiểm nghiệm; cơ sở cũng đọc được."), field="reason")
    if evidence and store:
        stored = store_document(
            session,
            store,
            business_id=flag.business_id,
            audience=Audience.BUSINESS,
            data=evidence,
            field="evidence",
        )
        session.flush()
    conclude(session, actor, flag, reason, evidence_id=stored.id if stored else None)
    session.commit()
    return flag


def conclude(session: Session, actor: Actor, flag: DiaryFlag, reason: str, *, evidence_id: int | None = None) -> None:
    """Within the verb of an officer: an open flag, locked, is cleared, and what it kept back is free."""
    flag.reason, flag.evidence_id = reason, evidence_id
    flag.cleared_at, flag.cleared_by_name = now(), actor.name
    reviews.release(session, flag)
    audit.record(session, actor, "diary:clear_flag", flag, changes={"reason": flag.reason, "kind": flag.kind.value})
    link = f"/workspace/{flag.business_id}/diary/{flag.season_id}"
    values = {"plot": flag.season.plot, "reason": flag.reason}
    notices.tell_business(session, flag.business_id, "diary-cleared", values, link)


def safe_from(season: Season, entries: Sequence[DiaryEntry], *, of_living: bool = False) -> date:
    """The first day on which, after all that was applied, the season may be harvested, or the milk or eggs be taken."""
    applications = _applications(season, entries)
    return max((one.safe_from(of_living=of_living) for one in applications), default=season.started_on)


def _applications(season: Season, entries: Sequence[DiaryEntry]) -> list[Application]:
    return [
        Application(
            id=entry.corrects_id or entry.id,
            kind=entry.kind,
            on=entry.happened_on,
            age=(entry.happened_on - season.started_on).days,
            material=entry.material,
            dose=entry.dose,
            interval_days=entry.interval_days,
            produce_interval_days=entry.produce_interval_days,
        )
        for entry in entries
        if entry.kind.has_interval or entry.kind is EntryKind.FERTILISER
    ]


def _seek_copies(session: Session, season: Season, applications: list[Application], latest: DiaryEntry) -> None:
    measures = measures_on(today())
    since = season.started_on - timedelta(days=measures.compared_days)
    for other_id in session.scalars(other_products_seasons(season, since=since)).all():
        other = session.get_one(Season, other_id)
        theirs = _applications(other, session.scalars(standing_entries(other_id)).all())
        if rules.looks_copied(applications, theirs, measures):
            _raise(session, season, FlagKind.COPIED_ENTRIES, str(other_id), latest.id, _name(other))
    ours = latest.photo.perceptual_hash if latest.photo and latest.corrects_id is None else None
    if ours is None or not shows_something(ours, measures):
        return
    keys = photo_keys(ours)
    session.add_all(DiaryPhotoKey(key=key, entry_id=latest.id) for key in keys)
    for other_id, theirs_hash in session.execute(photos_with_keys(keys, except_product=season.product_id)).all():
        if theirs_hash is not None and is_same_photo(ours, theirs_hash, measures):
            other = session.get_one(Season, other_id)
            _raise(session, season, FlagKind.COPIED_PHOTO, f"{latest.id}:{other_id}", latest.id, _name(other))


def _name(season: Season) -> dict[str, object]:
    return {
        "season_id": season.id,
        "name": f"{season.product.name}, {season.plot}",
        "business_id": season.business_id,
        "business": season.business.legal_name,
    }


def _raise(
    session: Session,
    season: Season,
    kind: FlagKind,
    sign: str,
    entry_id: int,
    details: Mapping[str, object],
    *,
    harvested_on: date | None = None,
) -> None:
    same = select(DiaryFlag.id).where(DiaryFlag.season_id == season.id, DiaryFlag.kind == kind, DiaryFlag.sign == sign)
    if session.scalars(same).first() is not None:
        return
    flag = DiaryFlag(
        business_id=season.business_id,
        season_id=season.id,
        entry_id=entry_id,
        kind=kind,
        sign=sign,
        harvested_on=harvested_on,
        details=dict(details),
        raised_at=now(),
    )
    session.add(flag)
    session.flush()
    values = {"business": season.business.legal_name, "plot": season.plot, "product": season.product.name}
    if kind.blocks_publishing:
        link = f"/workspace/{season.business_id}/diary/{season.id}"
        notices.tell_business(session, season.business_id, "diary-harvest-early", values, link)
        notices.tell_officers(
            session, "diary-harvest-early", values, f"/authority/diary/{flag.id}", about=flag.business_id
        )
        reviews.keep_harvest_back(session, flag)
    else:
        notices.tell_officers(session, "diary-copied", values, f"/authority/diary/{flag.id}", about=flag.business_id)
