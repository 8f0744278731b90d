"""The production diary: seasons, their entries, and what the rules saw."""

from typing import Any

from ..domain.diary import EntryFacts, EntryKind, FlagKind
from ..domain.permissions import Permission
from ..request.access import current_actor, existing, owned, requires, within_office
from ..request.database import db
from ..request.files import file_store
from ..services import diary, diary_flags
from ..services.audit import record_look
from ..services.diary import Origin, SeasonFacts
from ..storage.diary import DiaryEntry, Season, entries_of, seasons_of
from ..storage.diary_flags import DiaryFlag, flags_where
from .fields import Boolean, Day, File, Integer, Lines, Member, Moment, Text
from .schemas import Amount, FactsSchema, PageQuery, Schema, base_units, page_of
from .topics import Topic, if_match, named_version, once, page, with_version

topic = Topic(
    "Diary", "What was done on each plot or pen, season by season. Entries are added and corrected, never changed."
)


class SeasonFactsSchema(FactsSchema):
    makes = SeasonFacts

    site_id = Integer(required=True, metadata={"description": "A growing area or an animal farm"})
    product_id = Integer(required=True)
    plot = Text(required=True)
    started_on = Day(required=True)


class SeasonSchema(SeasonFactsSchema):
    id = Integer()
    closed_at = Moment(allow_none=True)
    created_at = Moment()


class ClosedSchema(Schema):
    closed = Boolean(required=True)


class Harvested(Amount):
    """As ``Amount``; null where nothing was harvested."""

    def _serialize(self, nested_obj: Any, attr: str, obj: DiaryEntry, **kwargs: Any) -> Any:  # type: ignore[override] # any object elsewhere
        return None if nested_obj is None else super()._serialize(nested_obj, attr, obj.season, **kwargs)


class DiaryEntryFactsSchema(Schema):
    kind = Member(EntryKind, required=True)
    happened_on = Day(required=True)
    material = Text(load_default="")
    active_ingredient = Text(load_default="")
    dose = Text(load_default="", metadata={"description": "As the label writes it"})
    interval_days = Integer(load_default=None, allow_none=True, metadata={"description": "Before harvest or slaughter"})
    produce_interval_days = Integer(
        load_default=None, allow_none=True, metadata={"description": "Withdrawal before milk, eggs or honey"}
    )
    area_m2 = Integer(load_default=None, allow_none=True)
    operator = Text(load_default="")
    amount = Harvested(load_default=None, allow_none=True, metadata={"description": "In the unit of the product"})
    note = Lines(load_default="")


class NewDiaryEntrySchema(DiaryEntryFactsSchema):
    photo = File(load_default=b"")
    client_key = Text(
        load_default=None, allow_none=True, longest=64, metadata={"description": "Made on the device, kept for ever"}
    )
    device_time = Moment(load_default=None, allow_none=True, metadata={"description": "When it was written there"})


class DiaryEntryCorrectionSchema(DiaryEntryFactsSchema):
    reason = Lines(required=True)
    seen_id = Integer(
        load_default=None,
        allow_none=True,
        metadata={"description": "The entry as it stood when this was written, it or its latest correction"},
    )


class DiaryEntrySchema(DiaryEntryFactsSchema):
    id = Integer()
    corrects_id = Integer(allow_none=True)
    reason = Lines()
    photo_sha256 = Text(attribute="photo.sha256", metadata={"description": "See /files; absent without a photo"})
    device_time = Moment(allow_none=True)
    record_time = Moment()
    recorded_by_name = Text()


class FlagQuery(PageQuery):
    open_only = Boolean(load_default=False)
    business_id = Integer(load_default=None)


class ClearanceSchema(Schema):
    reason = Lines(required=True)
    evidence = File(load_default=b"", metadata={"description": "A laboratory's result: PDF, or a photo of the paper"})


class DiaryFlagSchema(Schema):
    id = Integer()
    business_id = Integer()
    season_id = Integer()
    entry_id = Integer()
    kind = Member(FlagKind)
    harvested_on = Day(allow_none=True)
    raised_at = Moment()
    cleared_at = Moment(allow_none=True)
    cleared_by_name = Text()
    reason = Lines()


@topic.get("/businesses/<int:business_id>/seasons")
@requires(Permission.DIARY_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(SeasonSchema))
def list_seasons(query: dict[str, Any], business_id: int) -> Any:
    """List the seasons of a business"""
    return page(seasons_of(business_id), Season.id, query)


@topic.post("/businesses/<int:business_id>/seasons")
@requires(Permission.DIARY_WRITE)
@once
@topic.arguments(SeasonFactsSchema)
@topic.response(201, SeasonSchema)
def open_season(facts: SeasonFacts, business_id: int) -> Any:
    """Open a season on a plot or a pen"""
    return with_version(diary.open_season(db.session, current_actor(), business_id, facts))


@topic.get("/businesses/<int:business_id>/seasons/<int:season_id>")
@requires(Permission.DIARY_READ)
@topic.response(200, SeasonSchema)
def show_season(business_id: int, season_id: int) -> Any:
    """Show a season"""
    return with_version(owned(Season, season_id, business_id))


@topic.put("/businesses/<int:business_id>/seasons/<int:season_id>/closed")
@requires(Permission.DIARY_WRITE)
@if_match
@topic.arguments(ClosedSchema)
@topic.response(200, SeasonSchema)
def set_season_closed(data: dict[str, bool], business_id: int, season_id: int) -> Any:
    """End a season, or open it again"""
    version = named_version(owned(Season, season_id, business_id))
    closed = data["closed"]
    return with_version(diary.set_closed(db.session, current_actor(), season_id, closed=closed, version=version))


@topic.get("/businesses/<int:business_id>/seasons/<int:season_id>/entries")
@requires(Permission.DIARY_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(DiaryEntrySchema))
def list_diary_entries(query: dict[str, Any], business_id: int, season_id: int) -> Any:
    """List the diary of a season, corrections beside what they correct"""
    return page(entries_of(owned(Season, season_id, business_id).id), DiaryEntry.id, query)


@topic.post("/businesses/<int:business_id>/seasons/<int:season_id>/entries")
@requires(Permission.DIARY_WRITE)
@once
@topic.arguments(NewDiaryEntrySchema)
@topic.response(201, DiaryEntrySchema)
def record_diary_entry(data: dict[str, Any], business_id: int, season_id: int) -> DiaryEntry:
    """Record what was done; a harvest inside an interval is recorded and flagged"""
    season = owned(Season, season_id, business_id)
    origin = Origin(client_key=data.pop("client_key"), device_time=data.pop("device_time"))
    photo = data.pop("photo")
    facts = _facts(season, data)
    return diary.record(db.session, current_actor(), season_id, facts, origin=origin, photo=photo, store=file_store())


@topic.post("/businesses/<int:business_id>/diary-entries/<int:diary_entry_id>/corrections")
@requires(Permission.DIARY_WRITE)
@once
@topic.arguments(DiaryEntryCorrectionSchema)
@topic.response(201, DiaryEntrySchema)
def correct_diary_entry(data: dict[str, Any], business_id: int, diary_entry_id: int) -> DiaryEntry:
    """Say what should have been written; both stay"""
    entry = owned(DiaryEntry, diary_entry_id, business_id)
    reason, seen_id = data.pop("reason"), data.pop("seen_id")
    facts = _facts(entry.season, data)
    return diary.correct(db.session, current_actor(), entry.id, facts, reason=reason, seen_id=seen_id)


@topic.get("/diary-flags")
@requires(Permission.DIARY_READ)
@topic.arguments(FlagQuery, location="query")
@topic.response(200, page_of(DiaryFlagSchema))
def list_all_diary_flags(query: dict[str, Any]) -> Any:
    """List what the rules saw in the diaries of all businesses, as an officer"""
    is_open = True if query.pop("open_only") else None
    asked = flags_where(business_id=query.pop("business_id"), is_open=is_open)
    return page(within_office(asked, DiaryFlag.business_id), DiaryFlag.id, query)


@topic.get("/diary-flags/<int:flag_id>")
@requires(Permission.DIARY_READ)
@topic.response(200, DiaryFlagSchema)
def show_diary_flag(flag_id: int) -> Any:
    """Show what the rules saw, as an officer; the look is written into the audit trail"""
    found = existing(DiaryFlag, flag_id)
    record_look(db.session, current_actor(), "diary:see_flag", found)
    return with_version(found)


@topic.post("/diary-flags/<int:flag_id>/clearance")
@requires(Permission.DIARY_CLEAR)
@once
@topic.arguments(ClearanceSchema)
@topic.response(200, DiaryFlagSchema)
def clear_diary_flag(data: dict[str, Any], flag_id: int) -> Any:
    """Conclude on what the rules saw, as an officer; batches that it kept back may be published"""
    version = named_version(existing(DiaryFlag, flag_id), required=False)
    return with_version(
        diary_flags.clear(db.session, current_actor(), flag_id, version=version, store=file_store(), **data)
    )


@topic.get("/businesses/<int:business_id>/diary-flags")
@requires(Permission.DIARY_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(DiaryFlagSchema))
def list_diary_flags(query: dict[str, Any], business_id: int) -> Any:
    """List early harvests and copies that the rules saw, cleared ones included"""
    return page(flags_where(business_id=business_id), DiaryFlag.id, query)


def _facts(season: Season, data: dict[str, Any]) -> EntryFacts:
    amount = data.pop("amount")
    return EntryFacts(**data, amount=base_units(amount, season.product.unit) if amount else None)
