"""Green business points: applying, deciding, and what everybody may know."""

from typing import Any

from marshmallow import post_load

from ..domain.green_points import GreenPointStatus, GreenPointStep, SelfCheck
from ..domain.permissions import Permission
from ..domain.products import Commodity
from ..request.access import current_actor, existing, owned, public, requires, within_office
from ..request.database import db
from ..request.files import file_store
from ..request.limits import LOOK_UP, limiter
from ..services import green_points
from ..services.clock import today
from ..services.green_points import GreenPointFacts
from ..storage.green_points import GreenPoint, criteria_on, points_where, standing_points
from .businesses import StoredFileSchema
from .fields import Boolean, Day, File, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, named_version, once, page, with_version

topic = Topic("Green points", "Places of sale that the department acknowledged (điểm kinh doanh xanh).")
_ALL = "/businesses/<int:business_id>/green-points"


class PublicGreenPointSchema(Schema):
    """No position; an address only where the business chose to show one."""

    name = Text(attribute="site.name")
    business = Text(attribute="business.legal_name")
    commune_code = Text(attribute="site.commune_code")
    shown_address = Text()
    commodities = Several(Member(Commodity))
    valid_until = Day()


class PublicGreenPointQuery(PageQuery):
    search = Text(load_default="")
    commune_code = Text(load_default="")
    commodity = Member(Commodity, load_default=None)


class CriterionAnswerSchema(Schema):
    criterion = Text()
    met = Boolean()
    note = Lines()


class CriterionEvidenceSchema(Schema):
    criterion = Text()
    file = Part(StoredFileSchema)


class GreenPointSchema(Schema):
    id = Integer()
    business_id = Integer()
    site_id = Integer()
    status = Member(GreenPointStatus)
    commodities = Several(Member(Commodity))
    shown_address = Text()
    answers = Several(Part(CriterionAnswerSchema))
    created_at = Moment()
    decided_at = Moment(allow_none=True)
    decided_by_name = Text()
    reason = Lines()
    valid_from = Day(allow_none=True)
    valid_until = Day(allow_none=True)


class GreenPointDetailsSchema(GreenPointSchema):
    evidence = Several(Part(CriterionEvidenceSchema))


class SelfCheckSchema(Schema):
    criterion = Text(required=True)
    met = Boolean(required=True)
    note = Lines(load_default="")
    evidence = File(load_default=b"", metadata={"description": "Where the criterion asks for one"})


class NewGreenPointSchema(Schema):
    site_id = Integer(required=True)
    commodities = Several(Member(Commodity), required=True)
    shown_address = Text(load_default="")
    answers = Several(Part(SelfCheckSchema), required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> GreenPointFacts:
        answers = data.pop("answers")
        return GreenPointFacts(
            **data,
            answers={each["criterion"]: SelfCheck(each["met"], each["note"]) for each in answers},
            evidence={each["criterion"]: each["evidence"] for each in answers if each["evidence"]},
        )


class GreenPointQuery(PageQuery):
    status = Member(GreenPointStatus, load_default=None)


class GreenPointDecisionSchema(Schema):
    step = Member(GreenPointStep, required=True, only=[each for each in GreenPointStep if each != "cancel"])
    reason = Lines(load_default="")


class CriterionSchema(Schema):
    name = Text()
    required = Boolean()
    needs_evidence = Boolean()
    vi = Text(attribute="sentences.vi")
    en = Text(attribute="sentences.en")
    since = Day()
    source = Text()


class CriteriaSchema(Schema):
    criteria = Several(Part(CriterionSchema))


@topic.get("/green-points")
@limiter.limit(LOOK_UP)
@public
@topic.arguments(PublicGreenPointQuery, location="query")
@topic.response(200, page_of(PublicGreenPointSchema))
def list_standing_points(query: dict[str, Any]) -> Any:
    """List the points that stand today; no key needed"""
    asked = {name: value for name, value in query.items() if name not in ("after", "limit")}
    return page(standing_points(today(), **asked), GreenPoint.id, query)


@topic.get("/green-points/criteria")
@public
@topic.response(200, CriteriaSchema)
def list_criteria() -> Any:
    """List the criteria in force today, each with its source; no key needed"""
    return {"criteria": criteria_on(today())}


@topic.get("/green-points/applications")
@requires(Permission.REGISTER_READ)
@topic.arguments(GreenPointQuery, location="query")
@topic.response(200, page_of(GreenPointSchema))
def list_point_applications(query: dict[str, Any]) -> Any:
    """List what was applied for, however it stands, as an officer"""
    asked = within_office(points_where(status=query["status"]), GreenPoint.business_id)
    return page(asked, GreenPoint.id, query)


@topic.post("/green-points/applications/<int:point_id>/decision")
@requires(Permission.GREEN_POINTS_DECIDE)
@once
@topic.arguments(GreenPointDecisionSchema)
@topic.response(200, GreenPointSchema)
def decide_point(data: dict[str, Any], point_id: int) -> Any:
    """Award, refuse or revoke, as an officer"""
    version = named_version(existing(GreenPoint, point_id), required=False)
    return with_version(
        green_points.move(db.session, current_actor(), point_id, data["step"], reason=data["reason"], version=version)
    )


@topic.get(_ALL)
@requires(Permission.BUSINESS_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(GreenPointSchema))
def list_points(query: dict[str, Any], business_id: int) -> Any:
    """List what a business applied for"""
    return page(points_where(business_id=business_id), GreenPoint.id, query)


@topic.post(_ALL)
@requires(Permission.GREEN_POINTS_WRITE)
@once
@topic.arguments(NewGreenPointSchema)
@topic.response(201, GreenPointSchema)
def apply_for_point(facts: GreenPointFacts, business_id: int) -> Any:
    """Apply for a place of sale, with a self-check by criterion"""
    return with_version(green_points.apply(db.session, current_actor(), business_id, facts, store=file_store()))


@topic.get(f"{_ALL}/<int:point_id>")
@requires(Permission.BUSINESS_READ)
@topic.response(200, GreenPointDetailsSchema)
def show_point(business_id: int, point_id: int) -> Any:
    """Show an application and what was handed in with it"""
    return with_version(owned(GreenPoint, point_id, business_id))


@topic.post(f"{_ALL}/<int:point_id>/cancellation")
@requires(Permission.GREEN_POINTS_WRITE)
@once
@topic.response(200, GreenPointSchema)
def cancel_point(business_id: int, point_id: int) -> Any:
    """Take back an application that waits"""
    version = named_version(owned(GreenPoint, point_id, business_id), required=False)
    actor, step = current_actor(), GreenPointStep.CANCEL
    return with_version(green_points.move(db.session, actor, point_id, step, version=version))
