"""What shoppers report, and what they are answered."""

from typing import Any

from ..domain.complaints import ComplaintReason, ComplaintStatus
from ..domain.permissions import Permission
from ..request.access import current_actor, existing, owned, public, requires, within_office
from ..request.database import db
from ..request.files import file_store
from ..request.limits import COMPLAIN, LOOK_UP, limiter
from ..services import complaints
from ..services.audit import record_look
from ..services.complaints import ComplaintDetails
from ..services.resolver import resolve
from ..storage.complaints import Complaint, complaints_where
from .fields import Boolean, File, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, named_version, once, page, with_version

topic = Topic("Complaints", "What shoppers report about a batch, and how it ended.")


class ReportSchema(Schema):
    reason = Member(ComplaintReason, required=True)
    text = Lines(load_default="")
    phone = Text(load_default="", metadata={"description": "For the department only, never for the business"})
    photo = File(load_default=b"")


class FollowedUpdateSchema(Schema):
    """Who answered is told as the business or the department, never by a person's name."""

    status = Member(ComplaintStatus)
    answer = Lines()
    by_officer = Boolean()
    at = Moment()


class UpdateSchema(FollowedUpdateSchema):
    by_name = Text()


class FollowedSchema(Schema):
    """What whoever holds the tracking number may know."""

    tracking_number = Text()
    reason = Member(ComplaintReason)
    status = Member(ComplaintStatus)
    at = Moment()
    updates = Several(Part(FollowedUpdateSchema))


class ComplaintSchema(FollowedSchema):
    updates = Several(Part(UpdateSchema))
    id = Integer()
    business_id = Integer()
    batch_id = Integer()
    text = Lines()


class OfficersComplaintSchema(ComplaintSchema):
    phone = Text()


class OpenQuery(PageQuery):
    open_only = Boolean(load_default=False)


class OfficersQuery(OpenQuery):
    status = Member(ComplaintStatus, load_default=None)
    business_id = Integer(load_default=None)


class AnswerSchema(Schema):
    text = Lines(required=True)


class OfficersAnswerSchema(Schema):
    text = Lines(load_default="")
    to = Member(ComplaintStatus, load_default=None, allow_none=True)


@topic.post("/batches/<code>/complaints")
@public
@limiter.limit(COMPLAIN)
@once
@topic.arguments(ReportSchema)
@topic.response(201, FollowedSchema)
def report(data: dict[str, Any], code: str) -> Complaint:
    """Report something about a batch, as a shopper; no key needed"""
    reason = data.pop("reason")
    found = resolve(db.session, code)
    return complaints.report(db.session, file_store(), code=found.code, reason=reason, details=ComplaintDetails(**data))


@topic.get("/complaints/followed/<tracking_number>")
@public
@limiter.limit(LOOK_UP)
@topic.response(200, FollowedSchema)
def follow(tracking_number: str) -> Complaint:
    """Follow a report by its tracking number; no key needed"""
    return complaints.follow(db.session, tracking_number)


@topic.get("/complaints")
@requires(Permission.COMPLAINTS_READ)
@topic.arguments(OfficersQuery, location="query")
@topic.response(200, page_of(ComplaintSchema))
def list_all_complaints(query: dict[str, Any]) -> Any:
    """List what is reported about any business, as an officer"""
    filters = {name: value for name, value in query.items() if name not in ("after", "limit")}
    return page(within_office(complaints_where(**filters), Complaint.business_id), Complaint.id, query)


@topic.get("/complaints/<int:complaint_id>")
@requires(Permission.COMPLAINTS_READ)
@topic.response(200, OfficersComplaintSchema)
def show_any_complaint(complaint_id: int) -> Any:
    """Show a complaint with its phone number, as an officer; the look is written into the audit trail"""
    found = existing(Complaint, complaint_id)
    if found.phone:
        record_look(db.session, current_actor(), "complaints:see_phone", found)
    return with_version(found)


@topic.post("/complaints/<int:complaint_id>/answers")
@requires(Permission.COMPLAINTS_HANDLE)
@once
@topic.arguments(OfficersAnswerSchema)
@topic.response(200, ComplaintSchema)
def answer_any_complaint(data: dict[str, Any], complaint_id: int) -> Any:
    """Answer, and say how it ended, as an officer"""
    version = named_version(existing(Complaint, complaint_id), required=False)
    return with_version(
        complaints.answer(db.session, current_actor(), complaint_id=complaint_id, version=version, **data)
    )


@topic.get("/businesses/<int:business_id>/complaints")
@requires(Permission.COMPLAINTS_ANSWER)
@topic.arguments(OpenQuery, location="query")
@topic.response(200, page_of(ComplaintSchema))
def list_complaints(query: dict[str, Any], business_id: int) -> Any:
    """List what is reported about the batches of a business"""
    return page(complaints_where(business_id=business_id, open_only=query["open_only"]), Complaint.id, query)


@topic.get("/businesses/<int:business_id>/complaints/<int:complaint_id>")
@requires(Permission.COMPLAINTS_ANSWER)
@topic.response(200, ComplaintSchema)
def show_complaint(business_id: int, complaint_id: int) -> Any:
    """Show a complaint"""
    return with_version(owned(Complaint, complaint_id, business_id))


@topic.post("/businesses/<int:business_id>/complaints/<int:complaint_id>/answers")
@requires(Permission.COMPLAINTS_ANSWER)
@once
@topic.arguments(AnswerSchema)
@topic.response(200, ComplaintSchema)
def answer_complaint(data: dict[str, str], business_id: int, complaint_id: int) -> Any:
    """Answer whoever reported it"""
    version = named_version(owned(Complaint, complaint_id, business_id), required=False)
    return with_version(
        complaints.answer(db.session, current_actor(), complaint_id=complaint_id, text=data["text"], version=version)
    )
