"""The profile of a business, and the department's decisions about it."""

from typing import Any

from marshmallow import post_load

from ..domain.businesses import BusinessKind, BusinessStatus, Decision
from ..domain.certificates import CertificateState
from ..domain.permissions import Permission
from ..request.access import current_actor, existing, requires, within_office
from ..request.database import db
from ..request.files import file_store
from ..services import businesses
from ..services.businesses import BusinessFacts, Upload
from ..services.clock import today
from ..storage.businesses import Business
from ..storage.register import businesses_where
from .fields import Boolean, File, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import FactsSchema, PageQuery, Schema, page_of
from .topics import Topic, if_match, named_version, once, page, with_version

topic = Topic("Businesses", "The profile of a business, what shoppers may see of it, and decisions about it.")


class BusinessFactsSchema(FactsSchema):
    makes = BusinessFacts

    kind = Member(BusinessKind, required=True)
    legal_name = Text(required=True)
    tax_code = Text(allow_none=True)
    household_number = Text(allow_none=True, metadata={"description": "Where there is no tax code"})
    phone = Text(required=True)
    commune_code = Text(required=True, metadata={"description": "Of a commune in force: see /addresses"})
    street = Text()
    former_address = Text()


class VisibilitySchema(Schema):
    """What shoppers see beyond name and commune."""

    phone = Boolean(required=True)
    street = Boolean(required=True)


class ShownSchema(Schema):
    """What is not named is not shown."""

    phone = Boolean()
    street = Boolean()


class DecisionSchema(Schema):
    before = Member(BusinessStatus)
    after = Member(BusinessStatus)
    reason = Lines()
    decided_by_name = Text()
    at = Moment()


class StoredFileSchema(Schema):
    sha256 = Text()
    media_type = Text()


class DocumentSchema(Schema):
    name = Text()
    file = Part(StoredFileSchema, metadata={"description": "See /files"})
    created_at = Moment()


class BusinessRowSchema(BusinessFactsSchema):
    id = Integer()
    status = Member(BusinessStatus)
    province_code = Text()
    complete_batches = Integer()
    last_complete_at = Moment(allow_none=True)
    created_at = Moment()
    decided_at = Moment(allow_none=True)


class BusinessSchema(BusinessRowSchema):
    visibility = Part(ShownSchema)
    decisions = Several(Part(DecisionSchema))
    documents = Several(Part(DocumentSchema))


class RegisterQuery(PageQuery):
    search = Text(load_default="", metadata={"description": "Part of a name, or the beginning of a tax code"})
    kind = Member(BusinessKind, load_default=None)
    status = Member(BusinessStatus, load_default=None)
    commune_code = Text(load_default="")
    certificates = Member(CertificateState, load_default=None)


class UploadSchema(Schema):
    name = Text(required=True)
    content = File(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Upload:
        return Upload(data["name"], data["content"])


class UploadsSchema(Schema):
    documents = Several(Part(UploadSchema), required=True, most=20)


class StepSchema(Schema):
    """A reason is needed for what goes against the business, and for lifting a suspension."""

    decision = Member(Decision, only=[each for each in Decision if each.is_officers], required=True)
    reason = Lines(load_default="")


class OwnStepSchema(Schema):
    decision = Member(Decision, only=[each for each in Decision if not each.is_officers], required=True)


@topic.get("/businesses")
@requires(Permission.REGISTER_READ)
@topic.arguments(RegisterQuery, location="query")
@topic.response(200, page_of(BusinessRowSchema))
def list_businesses(query: dict[str, Any]) -> Any:
    """Search the register of enrolled businesses"""
    filters = {name: value for name, value in query.items() if name not in ("after", "limit")}
    return page(within_office(businesses_where(**filters, on=today()), Business.id), Business.id, query)


@topic.get("/businesses/<int:business_id>")
@requires(Permission.BUSINESS_READ)
@topic.response(200, BusinessSchema)
def show_business(business_id: int) -> Any:
    """Show the profile of a business; an officer's look is written into its audit trail"""
    return with_version(existing(Business, business_id))


@topic.put("/businesses/<int:business_id>")
@requires(Permission.BUSINESS_WRITE)
@if_match
@topic.arguments(BusinessFactsSchema)
@topic.response(200, BusinessSchema)
def update_business(facts: BusinessFacts, business_id: int) -> Any:
    """Replace the profile"""
    version = named_version(existing(Business, business_id))
    return with_version(businesses.update(db.session, current_actor(), business_id, facts, version=version))


@topic.put("/businesses/<int:business_id>/visibility")
@requires(Permission.BUSINESS_WRITE)
@if_match
@topic.arguments(VisibilitySchema)
@topic.response(200, BusinessSchema)
def set_visibility(shown: dict[str, bool], business_id: int) -> Any:
    """Choose what shoppers see beyond name and commune"""
    version = named_version(existing(Business, business_id))
    return with_version(businesses.set_visibility(db.session, current_actor(), business_id, shown, version=version))


@topic.post("/businesses/<int:business_id>/documents")
@requires(Permission.BUSINESS_WRITE)
@once
@topic.arguments(UploadsSchema)
@topic.response(201, BusinessSchema)
def add_documents(data: dict[str, list[Upload]], business_id: int) -> Any:
    """Put papers with the enrolment: PDF, or photos of paper"""
    store, documents = file_store(), data["documents"]
    return with_version(businesses.add_documents(db.session, current_actor(), business_id, documents, store=store))


@topic.post("/businesses/<int:business_id>/application")
@requires(Permission.BUSINESS_WRITE)
@once
@topic.arguments(OwnStepSchema)
@topic.response(200, BusinessSchema)
def apply_or_withdraw(data: dict[str, Any], business_id: int) -> Any:
    """Apply (again), or withdraw from the system"""
    return _decide(business_id, **data)


@topic.post("/businesses/<int:business_id>/decisions")
@requires(Permission.APPLICATIONS_DECIDE)
@once
@topic.arguments(StepSchema)
@topic.response(200, BusinessSchema)
def decide_business(data: dict[str, Any], business_id: int) -> Any:
    """Approve, reject or reinstate, as an officer; a suspension is proposed, and another officer approves it"""
    return _decide(business_id, **data)


def _decide(business_id: int, decision: Decision, reason: str = "") -> Any:
    version = named_version(existing(Business, business_id), required=False)
    return with_version(businesses.decide(db.session, current_actor(), business_id, decision, reason, version=version))
