"""Findings of visits, answered by businesses and concluded by officers."""

from typing import Any

from ..domain.inspection_findings import FindingStatus
from ..domain.inspections import Severity
from ..domain.permissions import Permission
from ..request.access import current_actor, existing, owned, requires, within_office
from ..request.database import db
from ..request.files import file_store
from ..services import inspection_findings
from ..services.clock import today
from ..services.files import Proof
from ..storage.inspection_findings import InspectionFinding, findings_where
from .fields import Boolean, Day, File, Integer, Lines, Member, Moment, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, named_version, once, page, with_version

topic = Topic(
    "Inspection findings", "What was wrong at a visit: open until the business answers and an officer is content."
)


class InspectionFindingSchema(Schema):
    id = Integer()
    business_id = Integer()
    inspection_id = Integer()
    code = Text()
    severity = Member(Severity)
    text = Lines()
    deadline = Day()
    status = Member(FindingStatus)
    answer = Lines()
    answered_at = Moment(allow_none=True)
    answered_by_name = Text()
    conclusion = Lines()
    concluded_by_name = Text()
    closed_on = Day(allow_none=True)


class InspectionFindingQuery(PageQuery):
    status = Member(FindingStatus, load_default=None)
    overdue = Boolean(load_default=False)
    business_id = Integer(load_default=None)


class FindingAnswerSchema(Schema):
    text = Lines(required=True)
    proof = File(load_default=b"", metadata={"description": "A photo, or a PDF"})


class FindingConclusionSchema(Schema):
    conclusion = Lines(required=True)


class HandBackSchema(FindingConclusionSchema):
    deadline = Day(
        load_default=None, allow_none=True, metadata={"description": "A later one, where there is more time"}
    )


@topic.get("/inspection-findings")
@requires(Permission.INSPECTIONS_OVERSEE)
@topic.arguments(InspectionFindingQuery, location="query")
@topic.response(200, page_of(InspectionFindingSchema))
def list_findings(query: dict[str, Any]) -> Any:
    """List the findings of all visits, as an officer"""
    overdue_on = today() if query["overdue"] else None
    asked = findings_where(status=query["status"], overdue_on=overdue_on, business_id=query["business_id"])
    return page(within_office(asked, InspectionFinding.business_id), InspectionFinding.id, query)


@topic.post("/inspection-findings/<int:finding_id>/closure")
@requires(Permission.INSPECTIONS_CONDUCT)
@once
@topic.arguments(FindingConclusionSchema)
@topic.response(200, InspectionFindingSchema)
def close_finding(data: dict[str, Any], finding_id: int) -> Any:
    """Say that a fault was put right, as an officer"""
    version = named_version(existing(InspectionFinding, finding_id), required=False)
    return with_version(inspection_findings.close(db.session, current_actor(), finding_id, version=version, **data))


@topic.post("/inspection-findings/<int:finding_id>/hand-back")
@requires(Permission.INSPECTIONS_CONDUCT)
@once
@topic.arguments(HandBackSchema)
@topic.response(200, InspectionFindingSchema)
def hand_back_finding(data: dict[str, Any], finding_id: int) -> Any:
    """Say what is still to be done, as an officer"""
    version = named_version(existing(InspectionFinding, finding_id), required=False)
    return with_version(inspection_findings.hand_back(db.session, current_actor(), finding_id, version=version, **data))


@topic.get("/businesses/<int:business_id>/findings")
@requires(Permission.INSPECTIONS_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(InspectionFindingSchema))
def list_own_findings(query: dict[str, Any], business_id: int) -> Any:
    """List what was wrong at a business"""
    return page(findings_where(business_id=business_id), InspectionFinding.id, query)


@topic.post("/businesses/<int:business_id>/findings/<int:finding_id>/answer")
@requires(Permission.INSPECTIONS_ANSWER)
@once
@topic.arguments(FindingAnswerSchema)
@topic.response(200, InspectionFindingSchema)
def answer_finding(data: dict[str, Any], business_id: int, finding_id: int) -> Any:
    """Say what was done about a fault"""
    version = named_version(owned(InspectionFinding, finding_id, business_id), required=False)
    proof = Proof(data=data["proof"], store=file_store()) if data["proof"] else None
    answer = inspection_findings.answer(
        db.session, current_actor(), finding_id, text=data["text"], proof=proof, version=version
    )
    return with_version(answer)
