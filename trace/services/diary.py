"""Keeping a diary: seasons are opened and closed, entries are added and never changed."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.businesses import ReasonRequired
from ..domain.diary import (
    CorrectedElsewhere,
    CorrectionOfCorrection,
    EntryFacts,
    EntryInFuture,
    KeyOfOtherEntry,
    SeasonClosed,
    asked,
    check_entry,
)
from ..domain.errors import N_, NotFound
from ..domain.files import Audience
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean, clean_lines
from ..storage.batches import Batch
from ..storage.diary import BatchSeason, DiaryEntry, Season, entry_with_key, history_of, season_of_batch
from ..storage.diary_measures import measures_on
from ..storage.files import FileStore
from ..storage.products import Product
from ..storage.sites import Site
from . import audit, excesses, reviews
from .changes import Faults, load_for_change
from .clock import believed, now, today
from .diary_flags import examine
from .files import store_photo

LONGEST_TEXT = 200


@dataclass(frozen=True, kw_only=True)
class SeasonFacts:
    """``site_id`` a growing area or an animal farm; ``plot`` what people there call the field or pen."""

    site_id: int
    product_id: int
    plot: str
    started_on: date


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where an entry comes from. ``client_key`` is made on the device, so that sending again does not double it;
    ``device_time`` is when it was written there."""

    client_key: str | None = None
    device_time: datetime | None = None


def open_season(session: Session, actor: Actor, business_id: int, facts: SeasonFacts) -> Season:
    """Raises InvalidFields."""
    require(actor, Permission.DIARY_WRITE, business_id)
    faults = Faults()
    site, product = session.get(Site, facts.site_id), session.get(Product, facts.product_id)
    if site is None or site.business_id != business_id or not site.kind.produces:
        faults.add(N_("Hãy chọn vùng trồng hoặc cơ sở nuôi trong danh sách."), field="site_id")
    if product is None or product.business_id != business_id:
        faults.add(N_("Hãy chọn sản phẩm trong danh sách."), field="product_id")
    if not clean(facts.plot):
        faults.add(N_("Hãy đặt tên thửa hoặc chuồng, ví dụ “Ruộng đầu làng”."), field="plot")
    if facts.started_on > today():
        faults.note(EntryInFuture(field="started_on"))
    faults.raise_any()
    season = Season(
        business_id=business_id,
        site_id=facts.site_id,
        product_id=facts.product_id,
        plot=clean(facts.plot, field="plot")[:LONGEST_TEXT],
        started_on=facts.started_on,
        created_at=now(),
    )
    session.add(season)
    audit.record(session, actor, "diary:open_season", season, changes={"plot": season.plot})
    session.commit()
    return season


def set_closed(session: Session, actor: Actor, season_id: int, *, closed: bool, version: int | None = None) -> Season:
    """A closed season takes no more entries; what it holds can still be corrected."""
    season = load_for_change(session, Season, season_id, version)
    require(actor, Permission.DIARY_WRITE, season.business_id)
    if (season.closed_at is not None) is not closed:
        season.closed_at = now() if closed else None
        audit.record(session, actor, "diary:close_season" if closed else "diary:reopen_season", season)
    session.commit()
    return season


def record(
    session: Session,
    actor: Actor,
    season_id: int,
    facts: EntryFacts,
    *,
    origin: Origin = Origin(),
    photo: bytes | None = None,
    store: FileStore | None = None,
) -> DiaryEntry:
    """Add an entry and raise the flags that it gives cause for.

    The same key again returns the entry that it made. Raises InvalidFields, SeasonClosed, KeyOfOtherEntry,
    InvalidInput on ``photo``.
    """
    return _write(session, actor, season_id, facts, origin=origin, photo=photo, store=store)


def correct(
    session: Session,
    actor: Actor,
    entry_id: int,
    facts: EntryFacts,
    *,
    reason: str,
    origin: Origin = Origin(),
    seen_id: int | None = None,
) -> DiaryEntry:
    """Say what should have been written; the first entry, its photo and its flags stay.

    ``seen_id`` is the version (the entry or its latest correction) that the person had before their eyes; None skips
    the comparison. Raises what ``record`` raises except SeasonClosed, and ReasonRequired, CorrectionOfCorrection,
    CorrectedElsewhere.
    """
    wrong = session.get(DiaryEntry, entry_id)
    if wrong is None:
        raise NotFound
    if wrong.corrects_id is not None:
        raise CorrectionOfCorrection
    reason = clean_lines(reason, field="reason")
    if not reason:
        raise ReasonRequired(N_("Hãy ghi lý do; cán bộ cũng đọc được."), field="reason")
    facts = replace(facts, kind=wrong.kind)
    return _write(session, actor, wrong.season_id, facts, origin=origin, wrong=wrong, reason=reason, seen_id=seen_id)


def name_season(session: Session, batch: Batch, season_id: int | None) -> dict[str, list[int | None]]:
    """Say from which season a batch was harvested, and see whether it could be; for the verbs of batches, within theirs.

    Returns what changed, as ``changes.assign`` does. Raises InvalidFields on ``season_id``.
    """
    named = session.scalars(season_of_batch(batch.id)).one_or_none()
    before = named.id if named else None
    forget_season(session, batch)
    if season_id is not None:
        _name(session, batch, season_id)
    reviews.look_again(session, batch)
    return {} if before == season_id else {"season_id": [before, season_id]}


def forget_season(session: Session, batch: Batch) -> None:
    session.execute(delete(BatchSeason).where(BatchSeason.batch_id == batch.id))


def _name(session: Session, batch: Batch, season_id: int) -> None:
    season = session.get(Season, season_id)
    faults = Faults()
    if season is None or season.business_id != batch.business_id or season.product_id != batch.product_id:
        faults.add(N_("Hãy chọn mùa vụ của đúng sản phẩm này."), field="season_id")
    elif season.started_on > batch.production_date:
        faults.add(N_("Mùa vụ này bắt đầu sau ngày thu hoạch của lô."), field="season_id")
    faults.raise_any()
    assert season  # noqa: S101 - its absence was raised above
    session.add(BatchSeason(batch_id=batch.id, season_id=season.id))
    examine(session, season)


def _write(
    session: Session,
    actor: Actor,
    season_id: int,
    facts: EntryFacts,
    *,
    origin: Origin,
    photo: bytes | None = None,
    store: FileStore | None = None,
    wrong: DiaryEntry | None = None,
    reason: str = "",
    seen_id: int | None = None,
) -> DiaryEntry:
    season = load_for_change(session, Season, season_id)
    require(actor, Permission.DIARY_WRITE, season.business_id)
    facts = _cleaned(facts, asked(facts.kind, of_living=season.of_living))
    if kept := _kept(session, season, facts, origin):
        return kept
    if season.closed_at is not None and wrong is None:
        raise SeasonClosed
    if wrong and seen_id is not None and session.scalars(history_of(wrong.id)).all()[-1].id != seen_id:
        raise CorrectedElsewhere
    check_entry(
        facts,
        kinds=season.kinds,
        started_on=season.started_on,
        today=today(),
        measures=measures_on(today()),
        of_living=season.of_living,
    )
    entry = DiaryEntry(
        business_id=season.business_id,
        season_id=season.id,
        **{field.name: getattr(facts, field.name) for field in fields(facts)},
        photo=wrong.photo if wrong else None,
        corrects_id=wrong.id if wrong else None,
        reason=reason,
        client_key=origin.client_key,
        device_time=believed(origin.device_time),
        record_time=now(),
        recorded_by=actor.user_id,
        recorded_by_name=actor.name,
    )
    if photo and store:
        entry.photo = store_photo(
            session, store, business_id=season.business_id, audience=Audience.BUSINESS, data=photo, field="photo"
        )
    try:
        with session.begin_nested():
            session.add(entry)
    except IntegrityError:  # the same entry, sent twice at once, came first
        if kept := _kept(session, season, facts, origin):
            return kept
        raise
    excesses.examine_entry(session, actor, entry)
    changes = {"kind": entry.kind.value, "happened_on": entry.happened_on.isoformat()}
    verb = "diary:correct" if wrong else "diary:record"
    audit.record(session, actor, verb, entry, changes={**changes, **({"reason": reason} if reason else {})})
    examine(session, season, latest=entry)
    session.commit()
    return entry


def _kept(session: Session, season: Season, facts: EntryFacts, origin: Origin) -> DiaryEntry | None:
    """What this key made before. Raises KeyOfOtherEntry where it was something else."""
    if not origin.client_key:
        return None
    kept = session.scalars(entry_with_key(season.business_id, origin.client_key)).one_or_none()
    if kept is None:
        return None
    if kept.season_id != season.id or any(getattr(kept, f.name) != getattr(facts, f.name) for f in fields(facts)):
        raise KeyOfOtherEntry
    return kept


def _cleaned(facts: EntryFacts, asked: Collection[str]) -> EntryFacts:
    """Text in one form, and nothing that is not asked for. Raises InvalidFields."""
    faults = Faults()

    def text(name: str, longest: int = LONGEST_TEXT) -> str:
        cleaned = faults.attempt(clean_lines if name == "note" else clean, getattr(facts, name), field=name) or ""
        if len(cleaned) > longest:
            faults.add(N_("Nội dung này quá dài. Hãy viết ngắn lại."), field=name)
        return cleaned if name in asked or name == "note" else ""

    cleaned = EntryFacts(
        kind=facts.kind,
        happened_on=facts.happened_on,
        material=text("material"),
        active_ingredient=text("active_ingredient"),
        dose=text("dose"),
        operator=text("operator"),
        interval_days=facts.interval_days if "interval_days" in asked else None,
        produce_interval_days=facts.produce_interval_days if "produce_interval_days" in asked else None,
        area_m2=facts.area_m2 if "area_m2" in asked else None,
        amount=facts.amount if "amount" in asked else None,
        note=text("note", 10 * LONGEST_TEXT),
    )
    faults.raise_any()
    return cleaned
