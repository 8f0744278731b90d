"""Plans, indicators, their results by period, and figures from outside."""

from typing import Any

from ..domain.activities import ActivityKind
from ..domain.permissions import Permission
from ..domain.plans import Frequency, Measure, Measured, parse_period, parse_value
from ..request.access import current_actor, existing, requires
from ..request.database import db
from ..request.files import file_store
from ..request.language import select_language
from ..services import plan_results
from ..services import plans as verbs
from ..services.files import Proof
from ..services.plan_facts import FigureFacts, IndicatorFacts, PlanFacts
from ..services.plan_results import Result, Results
from ..storage.plans import OutsideFigure, Plan, PlanIndicator, all_plans, figures_of
from .fields import Boolean, Day, File, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, if_match, named_version, once, page, with_version

topic = Topic("Plans", "The city's plans: indicators with their targets, and how far each is in a period.")
NUMBER = {"description": "A number as text, with a decimal point", "example": "12.5"}


class PlanFactsSchema(Schema):
    number = Text(required=True)
    title = Text(required=True, longest=500)
    issuer = Text(required=True)
    issued_on = Day(load_default=None, allow_none=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)
    source = Text(required=True, longest=500)
    note = Text(load_default="", longest=500)


class NewPlanSchema(PlanFactsSchema):
    copied_from = Integer(load_default=None, metadata={"description": "The plan whose indicators it begins with"})


class PlanSchema(PlanFactsSchema):
    id = Integer()
    copied_from_id = Integer(allow_none=True)


class PlanIndicatorFactsSchema(Schema):
    ref = Text(required=True, metadata={"description": "Where it stands in the plan, such as I.4.4"})
    name = Text(required=True, longest=500)
    formula = Text(required=True, longest=500)
    measured = Member(Measured, required=True)
    measure = Member(Measure, load_default=None, allow_none=True)
    activity_kind = Member(ActivityKind, load_default=None, allow_none=True)
    supports = Boolean(load_default=False, metadata={"description": "The count is only shown beside the result"})
    unit = Text(required=True)
    target = Text(load_default=None, allow_none=True, metadata=NUMBER)
    target_on = Day(load_default=None, allow_none=True)
    frequency = Member(Frequency, required=True)
    dropped = Boolean(load_default=False)
    valid_from = Day(required=True)
    source = Text(required=True, longest=500)
    note = Text(load_default="", longest=500)
    reason = Lines(required=True)


class NewPlanIndicatorSchema(PlanIndicatorFactsSchema):
    seen = Integer(
        load_default=None, metadata={"description": "The number of the newest version read; absent for a new indicator"}
    )


class PlanIndicatorSchema(PlanIndicatorFactsSchema):
    id = Integer()
    number = Integer(metadata={"description": "Of the version"})


class OutsideFigureFactsSchema(Schema):
    period = Text(required=True, metadata={"example": "2026-H1"})
    value = Text(required=True, metadata=NUMBER)
    source = Text(required=True, longest=500)
    note = Lines(load_default="", metadata={"description": "Required for a correction: why"})


class NewOutsideFigureSchema(OutsideFigureFactsSchema):
    paper = File(load_default=None)
    seen = Integer(load_default=None, metadata={"description": "The number of the figure that this corrects"})


class OutsideFigureSchema(OutsideFigureFactsSchema):
    id = Integer()
    ref = Text()
    number = Integer()
    document_sha256 = Text(attribute="document.sha256", metadata={"description": "See /files"})
    entered_at = Moment()
    entered_by_name = Text()


class PlanResultSchema(Schema):
    indicator = Part(PlanIndicatorSchema)
    numerator = Integer(allow_none=True)
    denominator = Integer(allow_none=True, metadata={"description": "null for a number that is no share"})
    definition = Text(allow_none=True, longest=2000)
    figure = Part(OutsideFigureSchema, allow_none=True)
    value = Text(allow_none=True, metadata={**NUMBER, "description": "null: nothing to divide by, or nothing known"})
    progress = Integer(allow_none=True, metadata={"description": "Per cent of the target"})


class PlanResultsSchema(Schema):
    plan = Part(PlanSchema)
    period = Text(attribute="period.code")
    counted_at = Moment()
    list_as_of = Day(allow_none=True, metadata={"description": "Of the official list at the end of the period"})
    coverage_day = Day(
        allow_none=True, metadata={"description": "Whose funnel this is, see /coverage/figures; null: no day was kept"}
    )
    coverage_hash = Text(allow_none=True, metadata={"description": "Of its snapshot; null: as it stands now"})
    items = Several(Part(PlanResultSchema), most=1000)


class ResultsQuery(Schema):
    period = Text(load_default="", metadata={"description": "2026, 2026-H1 or 2026-H2; the present one where absent"})


class FiguresQuery(PageQuery):
    ref = Text(load_default=None)


@topic.get("/plans")
@requires(Permission.PLANS_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(PlanSchema))
def list_plans(query: dict[str, Any]) -> Any:
    """List the plans"""
    return page(all_plans(), Plan.id, query)


@topic.post("/plans")
@requires(Permission.PLANS_MANAGE)
@once
@topic.arguments(NewPlanSchema)
@topic.response(201, PlanSchema)
def add_plan(data: dict[str, Any]) -> Any:
    """Add a plan, or copy one to its successor"""
    copied_from = data.pop("copied_from")
    return with_version(verbs.add(db.session, current_actor(), PlanFacts(**data), copied_from=copied_from))


@topic.get("/plans/<int:plan_id>")
@requires(Permission.PLANS_READ)
@topic.response(200, PlanSchema)
def show_plan(plan_id: int) -> Any:
    """Show a plan"""
    return with_version(existing(Plan, plan_id))


@topic.put("/plans/<int:plan_id>")
@requires(Permission.PLANS_MANAGE)
@if_match
@topic.arguments(PlanFactsSchema)
@topic.response(200, PlanSchema)
def update_plan(data: dict[str, Any], plan_id: int) -> Any:
    """Complete or correct what is said of a plan"""
    version = named_version(existing(Plan, plan_id))
    return with_version(verbs.update(db.session, current_actor(), plan_id, PlanFacts(**data), version=version))


@topic.get("/plans/<int:plan_id>/results")
@requires(Permission.PLANS_READ)
@topic.arguments(ResultsQuery, location="query")
@topic.response(200, PlanResultsSchema)
def show_results(query: dict[str, Any], plan_id: int) -> Any:
    """Show how far each indicator is in a period, and from which counts"""
    plan = existing(Plan, plan_id)
    period = plan_results.period_asked(plan, query["period"])
    return _told(plan_results.results(db.session, current_actor(), plan, period))


@topic.post("/plans/<int:plan_id>/indicators")
@requires(Permission.PLANS_MANAGE)
@once
@topic.arguments(NewPlanIndicatorSchema)
@topic.response(201, PlanIndicatorSchema)
def publish_indicator(data: dict[str, Any], plan_id: int) -> Any:
    """Add an indicator, or publish its next version"""
    seen = data.pop("seen")
    data["target"] = None if data["target"] is None else parse_value(data["target"], field="target")
    facts = IndicatorFacts(**data)
    return _indicator(verbs.publish_indicator(db.session, current_actor(), plan_id, facts, seen=seen))


@topic.get("/plans/<int:plan_id>/figures")
@requires(Permission.PLANS_READ)
@topic.arguments(FiguresQuery, location="query")
@topic.response(200, page_of(OutsideFigureSchema))
def list_figures(query: dict[str, Any], plan_id: int) -> Any:
    """List the figures that were entered from outside, with those that were corrected"""
    return page(figures_of(existing(Plan, plan_id).id, ref=query.pop("ref")), OutsideFigure.id, query)


@topic.post("/plan-indicators/<int:indicator_id>/figures")
@requires(Permission.FIGURES_ENTER)
@once
@topic.arguments(NewOutsideFigureSchema)
@topic.response(201, OutsideFigureSchema)
def enter_figure(data: dict[str, Any], indicator_id: int) -> OutsideFigure:
    """Enter a figure from outside, or correct one; the earlier one is kept"""
    paper = data.pop("paper")
    seen = data.pop("seen")
    facts = FigureFacts(
        **{**data, "period": parse_period(data["period"]), "value": parse_value(data["value"])},
    )
    proof = Proof(data=paper, store=file_store()) if paper else None
    return verbs.enter_figure(db.session, current_actor(), indicator_id, facts, paper=proof, seen=seen)


def _told(found: Results) -> dict[str, Any]:
    return {
        "plan": found.plan,
        "period": found.period,
        "counted_at": found.counted_at,
        "list_as_of": found.listed.as_of if found.listed else None,
        "coverage_day": found.coverage.day if found.coverage else None,
        "coverage_hash": found.coverage.snapshot.hash if found.coverage and found.coverage.snapshot else None,
        "items": [_result(row, found) for row in found.rows],
    }


def _result(row: Result, found: Results) -> dict[str, Any]:
    return {
        "indicator": _indicator(row.indicator),
        "numerator": row.count.numerator if row.count else None,
        "denominator": row.count.denominator if row.count else None,
        "definition": plan_results.defined(row.indicator.measure, found, select_language()),
        "figure": row.figure,
        "value": None if row.value is None else f"{row.value:f}",
        "progress": row.progress,
    }


def _indicator(row: PlanIndicator) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in PlanIndicatorSchema().fields}
    return {**told, "target": None if row.target is None else f"{row.target:f}"}
