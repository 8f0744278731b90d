"""Laboratories' reports on batches."""

from typing import Any

from ..domain.laboratory import LONGEST_TEXT, MOST_FINDINGS, Finding, LaboratoryFacts, LaboratoryStatus
from ..domain.permissions import Permission
from ..request.access import current_actor, existing, requires, within_office
from ..request.database import db
from ..request.files import file_store
from ..request.settings import public_url
from ..services import laboratory
from ..services.files import Proof
from ..services.recording import reachable
from ..storage.laboratory import LaboratoryTest, reports_of_batch, reports_where
from .fields import Boolean, File, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import FactsSchema, PageQuery, Schema, page_of
from .topics import Topic, if_match, named_version, once, page, with_version

topic = Topic(
    "Laboratory", "What laboratories found. A failed result keeps a batch back until an officer decides about it."
)


class FindingSchema(FactsSchema):
    makes = Finding

    substance = Text(required=True, longest=LONGEST_TEXT)
    value = Text(required=True, longest=LONGEST_TEXT, metadata={"description": "As printed, such as KPH or < 0,01"})
    unit = Text(load_default="", longest=LONGEST_TEXT)
    limit = Text(load_default="", longest=LONGEST_TEXT, metadata={"description": "The most that is allowed"})


class LaboratoryFactsSchema(Schema):
    laboratory = Text(required=True, longest=LONGEST_TEXT)
    report = Text(required=True, longest=LONGEST_TEXT, metadata={"description": "The report's number"})
    sample = Text(load_default="", longest=LONGEST_TEXT)
    sampled_at = Moment(required=True)
    site_id = Integer(required=True, metadata={"description": "Where the sample was taken"})
    passed = Boolean(required=True)
    findings = Several(Part(FindingSchema), load_default=list, most=MOST_FINDINGS)


class NewLaboratoryTestSchema(LaboratoryFactsSchema):
    paper = File(required=True, metadata={"description": "The report: PDF, or a photo of it"})


class LaboratoryTestSchema(LaboratoryFactsSchema):
    id = Integer()
    batch_id = Integer()
    event_id = Integer(allow_none=True, metadata={"description": "null while the batch is a draft"})
    document_sha256 = Text(attribute="document.sha256", metadata={"description": "See /files"})
    status = Member(LaboratoryStatus)
    reason = Lines(metadata={"description": "Of the decision"})
    decided_at = Moment(allow_none=True)
    recorded_at = Moment()


class LaboratoryQuery(PageQuery):
    status = Member(LaboratoryStatus, load_default=None)
    passed = Boolean(load_default=None)


class LaboratoryDecisionSchema(Schema):
    decision = Member(
        LaboratoryStatus, only=[status for status in LaboratoryStatus if status.is_decision], required=True
    )
    reason = Lines(load_default="", metadata={"description": "Required unless confirmed"})


@topic.get("/businesses/<int:business_id>/batches/<int:batch_id>/laboratory-tests")
@requires(Permission.BATCHES_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(LaboratoryTestSchema))
def list_batch_laboratory_tests(query: dict[str, Any], business_id: int, batch_id: int) -> Any:
    """List the reports on a batch that the business handed in"""
    reachable(db.session, business_id, batch_id)
    return page(reports_of_batch(batch_id, business_id=business_id), LaboratoryTest.id, query)


@topic.post("/businesses/<int:business_id>/batches/<int:batch_id>/laboratory-tests")
@requires(Permission.BATCHES_WRITE)
@once
@topic.arguments(NewLaboratoryTestSchema)
@topic.response(201, LaboratoryTestSchema)
def submit_laboratory_test(data: dict[str, Any], business_id: int, batch_id: int) -> Any:
    """Hand in a laboratory's report on a batch that the business made or holds"""
    reachable(db.session, business_id, batch_id)
    paper = Proof(data=data.pop("paper"), store=file_store())
    facts = LaboratoryFacts(**data)
    return with_version(
        laboratory.submit(
            db.session, current_actor(), business_id, batch_id, facts, paper=paper, public_url=public_url()
        )
    )


@topic.get("/laboratory-tests")
@requires(Permission.BATCHES_READ)
@topic.arguments(LaboratoryQuery, location="query")
@topic.response(200, page_of(LaboratoryTestSchema))
def list_laboratory_tests(query: dict[str, Any]) -> Any:
    """List every business's reports, as an officer"""
    asked = reports_where(status=query["status"], passed=query["passed"])
    return page(within_office(asked, LaboratoryTest.business_id), LaboratoryTest.id, query)


@topic.post("/laboratory-tests/<int:test_id>/decision")
@requires(Permission.LABORATORY_DECIDE)
@once
@if_match
@topic.arguments(LaboratoryDecisionSchema)
@topic.response(200, LaboratoryTestSchema)
def decide_laboratory_test(data: dict[str, Any], test_id: int) -> Any:
    """Confirm a report, refuse it, or release a batch that failed, as an officer"""
    version = named_version(existing(LaboratoryTest, test_id), required=False)
    return with_version(
        laboratory.decide(
            db.session, current_actor(), test_id, data["decision"], reason=data["reason"], version=version
        )
    )
