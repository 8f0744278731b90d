"""The department's headline number and the official lists behind it."""

from typing import Any

from flask_babel import gettext

from ..domain.businesses import BusinessKind
from ..domain.coverage import StageName
from ..domain.coverage_definitions import SENTENCES
from ..domain.permissions import Permission
from ..request.access import current_actor, existing, requires, within_commune
from ..request.database import db
from ..services import coverage
from ..storage.coverage import Match, RegisterEntry, RegisterList, all_lists, entries_of
from .fields import Day, File, Integer, Member, Moment, Part, Several, Text
from .schemas import PageQuery, Schema, page_of, with_more
from .topics import Topic, once, page

topic = Topic("Coverage", "How many businesses of the official list can really be traced, and the list itself.")


class StageSchema(Schema):
    name = Member(StageName)
    numerator = Integer()
    denominator = Integer()


class CoverageSchema(Schema):
    as_of = Day(allow_none=True, metadata={"description": "Of the official list; null while there is none"})
    source = Text()
    counted_on = Day()
    period_start = Day()
    definition = Several(Text(), metadata={"description": "In the reader's language"})
    definition_version = Integer()
    target_percent = Integer(allow_none=True)
    stages = Several(Part(StageSchema), metadata={"description": "Widest first"})


class ListSchema(Schema):
    id = Integer()
    as_of = Day()
    source = Text()
    file_name = Text()
    sha256 = Text()
    entry_count = Integer()
    imported_by_name = Text()
    imported_at = Moment()
    confirmed_at = Moment(allow_none=True, metadata={"description": "Null: a draft, which counts for nothing"})


class ImportedSchema(ListSchema):
    ignored = Several(Text(), metadata={"description": "Headings of columns that were not used"})


class ImportSchema(Schema):
    as_of = Day(required=True)
    source = Text(required=True)
    file_name = Text(required=True)
    file = File(required=True, metadata={"description": "XLSX or CSV"})


class EntrySchema(Schema):
    id = Integer()
    row = Integer(metadata={"description": "Of the sheet it came from"})
    name = Text()
    tax_code = Text(allow_none=True)
    kind = Member(BusinessKind, allow_none=True)
    address = Text()
    commune_code = Text(allow_none=True)
    note = Text(metadata={"description": "How a former address was read"})
    business_id = Integer(allow_none=True)
    match = Member(Match)


class EntryQuery(PageQuery):
    match = Member(Match, load_default=None)
    search = Text(load_default="")


class MatchSchema(Schema):
    business_id = Integer(required=True)


@topic.get("/coverage")
@requires(Permission.COVERAGE_READ)
@topic.response(200, CoverageSchema)
def show_coverage() -> dict[str, Any]:
    """Show the headline number with every stage before it, as an officer"""
    found = coverage.headline(db.session, current_actor())
    definition = found.definition
    sentences = [
        gettext(each, months=definition.period_months, days=definition.active_days)
        for each in SENTENCES[definition.rule]
    ]
    return {
        "as_of": found.as_of,
        "source": found.source,
        "counted_on": found.counted_on,
        "period_start": found.period_start,
        "definition": sentences,
        "definition_version": definition.version,
        "target_percent": found.target.percent if found.target else None,
        "stages": found.stages,
    }


@topic.get("/register/lists")
@requires(Permission.REGISTER_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(ListSchema))
def list_lists(query: dict[str, Any]) -> Any:
    """List the official lists, drafts included"""
    return page(all_lists(), RegisterList.id, query)


@topic.post("/register/lists")
@requires(Permission.REGISTER_IMPORT)
@once
@topic.arguments(ImportSchema)
@topic.response(201, ImportedSchema)
def import_list(data: dict[str, Any]) -> dict[str, Any]:
    """Import an official list as a draft: all of it, or nothing"""
    imported, ignored = coverage.import_list(
        db.session,
        current_actor(),
        data=data["file"],
        file_name=data["file_name"],
        as_of=data["as_of"],
        source=data["source"],
    )
    return with_more(imported, ImportedSchema, ignored=ignored)


@topic.post("/register/lists/<int:list_id>/confirmation")
@requires(Permission.REGISTER_IMPORT)
@once
@topic.response(200, ListSchema)
def confirm_list(list_id: int) -> RegisterList:
    """Put a draft in force"""
    return coverage.confirm_list(db.session, current_actor(), list_id)


@topic.delete("/register/lists/<int:list_id>")
@requires(Permission.REGISTER_IMPORT)
@topic.response(204)
def discard_list(list_id: int) -> None:
    """Throw a draft away"""
    coverage.discard_list(db.session, current_actor(), list_id)


@topic.get("/register/lists/<int:list_id>/entries")
@requires(Permission.REGISTER_READ)
@topic.arguments(EntryQuery, location="query")
@topic.response(200, page_of(EntrySchema))
def list_entries(query: dict[str, Any], list_id: int) -> Any:
    """List the businesses of an official list, and which enrolled business each is"""
    existing(RegisterList, list_id)
    asked = entries_of(list_id, match=query["match"], search=query["search"])
    return page(within_commune(asked, RegisterEntry.commune_code), RegisterEntry.id, query)


@topic.post("/register/entries/<int:entry_id>/match")
@requires(Permission.REGISTER_IMPORT)
@once
@topic.arguments(MatchSchema)
@topic.response(200, EntrySchema)
def confirm_match(data: dict[str, int], entry_id: int) -> RegisterEntry:
    """Say that an entry is this enrolled business"""
    return coverage.confirm_match(db.session, current_actor(), entry_id, data["business_id"])


@topic.post("/register/entries/<int:entry_id>/refusal")
@requires(Permission.REGISTER_IMPORT)
@once
@topic.response(200, EntrySchema)
def refuse_match(entry_id: int) -> RegisterEntry:
    """Say that an entry is not the business that was proposed"""
    return coverage.refuse_match(db.session, current_actor(), entry_id)
