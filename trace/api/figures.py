"""The funnel by dimension and day, the snapshots it is kept in, and the businesses behind each step."""

from typing import Any

from ..domain.businesses import BusinessKind
from ..domain.coverage import STOPPED, Dimension, Progress, StageName
from ..domain.permissions import Permission
from ..domain.products import Commodity
from ..domain.reach import Reach
from ..request.access import current_actor, requires, within_commune
from ..request.database import db
from ..services import figures
from ..storage.snapshots import Snapshot, snapshots_newest
from ..storage.standings import Behind, Standing, standings_of
from .coverage import StageSchema
from .fields import Day, Integer, Member, Moment, Part, Several, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, page

topic = Topic("Figures", "Coverage by commune, kind, commodity or chain, as it stands or as it was kept on a day.")


class FiguresQuery(Schema):
    by = Member(Dimension, load_default=Dimension.TOTAL)
    day = Day(load_default=None, metadata={"description": "Of a snapshot; left out: as it stands now"})


class KilogramsSchema(Schema):
    """Registered in the period, and how much of it came so far."""

    published = Integer()
    complete = Integer()
    labelled = Integer()
    handed_over = Integer()
    traceable = Integer()


class FiguresRowSchema(Schema):
    value = Text(metadata={"description": "Code of the commune, kind, commodity, number of the chain; empty: unknown"})
    stages = Several(Part(StageSchema), metadata={"description": "Widest first"})
    kilograms = Part(KilogramsSchema, allow_none=True, metadata={"description": "Null where none were kept"})


class FiguresSchema(Schema):
    by = Member(Dimension)
    day = Day()
    as_of = Day(allow_none=True, metadata={"description": "Of the official list; null while there is none"})
    definition_version = Integer()
    hash = Text(allow_none=True, metadata={"description": "Of the snapshot; null: as it stands now"})
    rows = Several(Part(FiguresRowSchema))


class SnapshotSchema(Schema):
    id = Integer()
    day = Day()
    definition_version = Integer()
    period_start = Day()
    taken_at = Moment()
    previous = Text(metadata={"description": "Hash of the one before; empty for the first"})
    hash = Text(metadata={"description": "SHA-256 over its content"})


class BehindQuery(PageQuery):
    progress = Member(Progress, load_default=None)
    stage = Member(StageName, load_default=None, metadata={"description": "Those who stopped before it"})
    commune = Text(load_default="", metadata={"description": "Its code"})
    kind = Member(BusinessKind, load_default=None)
    commodity = Member(Commodity, load_default=None)
    chain = Text(load_default="")
    search = Text(load_default="")
    day = Day(load_default=None, metadata={"description": "Of a snapshot: who stood there then"})


class BehindSchema(Schema):
    id = Integer(attribute="entry_id")
    name = Text(attribute="entry.name")
    tax_code = Text(attribute="entry.tax_code", allow_none=True)
    business_id = Integer(attribute="entry.business_id", allow_none=True)
    progress = Member(Progress, metadata={"description": "What it lacks"})
    commune = Text()
    kind = Text()
    commodity = Text()
    chain = Text()
    since = Moment()


@topic.get("/coverage/figures")
@requires(Permission.COVERAGE_READ)
@topic.arguments(FiguresQuery, location="query")
@topic.response(200, FiguresSchema)
def show_figures(query: dict[str, Any]) -> dict[str, Any]:
    """Show every stage by commune, kind, commodity or chain"""
    found = figures.figures(db.session, current_actor(), query["by"], query["day"])
    reaches = list(Reach)[1:]
    names = ("published", "complete", "labelled", "handed_over", "traceable")
    return {
        "by": found.dimension,
        "day": found.day,
        "as_of": found.listed.as_of if found.listed else None,
        "definition_version": found.definition.version,
        "hash": found.snapshot.hash if found.snapshot else None,
        "rows": [
            {
                "value": row.value,
                "stages": row.stages,
                "kilograms": {name: row.grams.get(each, 0) // 1000 for name, each in zip(names, reaches, strict=True)}
                if row.grams
                else None,
            }
            for row in found.rows
        ],
    }


@topic.get("/coverage/snapshots")
@requires(Permission.COVERAGE_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(SnapshotSchema))
def list_snapshots(query: dict[str, Any]) -> Any:
    """List the days whose figures were kept for good"""
    return page(snapshots_newest().order_by(None), Snapshot.id, query)


@topic.get("/coverage/businesses")
@requires(Permission.COVERAGE_READ)
@topic.arguments(BehindQuery, location="query")
@topic.response(200, page_of(BehindSchema))
def list_behind(query: dict[str, Any]) -> Any:
    """List the businesses behind a figure, each with what it lacks"""
    listed, at = figures.listed_on(db.session, query["day"])
    step, stage = query["progress"], query["stage"]
    asked = Behind(
        steps=[step] if step else STOPPED.get(stage, ()),
        commune=query["commune"],
        kind=query["kind"] or "",
        commodity=query["commodity"] or "",
        chain=query["chain"],
        search=query["search"],
        at=at,
    )
    return page(
        within_commune(standings_of(listed.id if listed else 0, asked), Standing.commune), Standing.entry_id, query
    )
