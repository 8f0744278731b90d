"""What visits are planned by: whose turn it is, and what each kind of business is asked."""

from typing import Any

from ..domain.businesses import BusinessKind
from ..domain.inspections import Grade
from ..domain.permissions import Permission
from ..request.access import requires, within_office
from ..request.database import db
from ..services.clock import today
from ..storage.inspection_measures import checklist_on
from ..storage.inspections import BusinessGrade, grades_due
from ..storage.pages import in_order
from .fields import Day, Integer, Member, Part, Several, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic

topic = Topic(
    "Inspection plans", "Whose turn it is to be visited by its grade, and the checklist of each kind of business."
)


class BusinessGradeSchema(Schema):
    business_id = Integer()
    inspection_id = Integer()
    grade = Member(Grade)
    graded_on = Day()
    due_on = Day()


class DueQuery(PageQuery):
    by = Day(load_default=None, metadata={"description": "Today where absent"})


class ChecklistQuery(Schema):
    kind = Member(BusinessKind, required=True)


class PointSchema(Schema):
    code = Text()
    section = Text()
    text = Text()
    english = Text()


class ChecklistSchema(Schema):
    points = Several(Part(PointSchema))


@topic.get("/inspections/due")
@requires(Permission.INSPECTIONS_OVERSEE)
@topic.arguments(DueQuery, location="query")
@topic.response(200, page_of(BusinessGradeSchema))
def list_due(query: dict[str, Any]) -> Any:
    """List the businesses whose next visit is due by a day, most overdue first, as an officer"""
    asked = within_office(grades_due(query["by"] or today(), query["after"]), BusinessGrade.business_id)
    return in_order(db.session, asked, BusinessGrade.business_id, size=query["limit"])


@topic.get("/inspections/checklist")
@requires(Permission.INSPECTIONS_OVERSEE)
@topic.arguments(ChecklistQuery, location="query")
@topic.response(200, ChecklistSchema)
def show_checklist(query: dict[str, Any]) -> Any:
    """Show what a kind of business is asked today"""
    return {"points": checklist_on(query["kind"], today())}
