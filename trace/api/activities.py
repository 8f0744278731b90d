"""The register of activities."""

from typing import Any

from ..domain.activities import MOST_FILES, MOST_LINKS, ActivityFacts, ActivityKind
from ..domain.permissions import Permission
from ..domain.plans import parse_period
from ..request.access import current_actor, existing, requires
from ..request.database import db
from ..request.files import file_store
from ..services import activities as verbs
from ..services.files import Proof
from ..storage.activities import Activity, Participant, activities_where, files_of, participants_of
from .fields import Boolean, Day, File, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import PageQuery, Schema, page_of, with_more
from .topics import Topic, if_match, named_version, once, page, with_version

topic = Topic("Activities", "What was done for the plans, each with evidence: articles, classes, connection events.")


class ActivityFactsSchema(Schema):
    kind = Member(ActivityKind, required=True)
    title = Text(required=True)
    held_on = Day(required=True)
    place = Text(load_default="")
    count = Integer(load_default=1, low=1, metadata={"description": "How many of the kind, such as 5000 leaflets"})
    audience = Integer(load_default=None, allow_none=True, metadata={"description": "People reached"})
    stands = Integer(load_default=None, allow_none=True, metadata={"description": "Of a connection event"})
    partners = Text(load_default="")
    links = Several(
        Text(longest=500), load_default=list, most=MOST_LINKS, metadata={"description": "Evidence on the web"}
    )


class NewActivitySchema(ActivityFactsSchema):
    files = Several(File(), load_default=list, most=MOST_FILES, metadata={"description": "Evidence: PDF, or photos"})


class ActivityChangeSchema(NewActivitySchema):
    reason = Lines(required=True)


class ActivitySchema(ActivityFactsSchema):
    id = Integer()
    recorded_at = Moment()
    recorded_by_name = Text()
    withdrawn_at = Moment(allow_none=True)
    withdrawn_reason = Lines()


class NewLinkSchema(Schema):
    seller_id = Integer()
    seller_name = Text()
    buyer_id = Integer()
    buyer_name = Text()
    first_received_at = Moment()


class ActivityDetailsSchema(ActivitySchema):
    file_sha256s = Several(Text(), metadata={"description": "See /files"})
    new_links = Several(
        Part(NewLinkSchema), allow_none=True, metadata={"description": "Trade that a connection event began"}
    )


class ActivityParticipantSchema(Schema):
    id = Integer()
    business_id = Integer()
    legal_name = Text(attribute="business.legal_name")


class ActivityParticipantsSchema(Schema):
    business_ids = Several(Integer(), required=True)


class ActivityWithdrawalSchema(Schema):
    reason = Lines(required=True)


class ActivitiesQuery(PageQuery):
    kind = Member(ActivityKind, load_default=None)
    period = Text(load_default="", metadata={"description": "2026, 2026-H1 or 2026-H2"})
    withdrawn = Boolean(load_default=False)


@topic.get("/activities")
@requires(Permission.PLANS_READ)
@topic.arguments(ActivitiesQuery, location="query")
@topic.response(200, page_of(ActivitySchema))
def list_activities(query: dict[str, Any]) -> Any:
    """List the register"""
    period = parse_period(query["period"]) if query["period"] else None
    asked = activities_where(kind=query["kind"], period=period, withdrawn=query["withdrawn"])
    return page(asked, Activity.id, query)


@topic.post("/activities")
@requires(Permission.ACTIVITIES_WRITE)
@once
@topic.arguments(NewActivitySchema)
@topic.response(201, ActivitySchema)
def record_activity(data: dict[str, Any]) -> Any:
    """Enter what was done, with at least one link or file as evidence"""
    files = _proofs(data)
    return with_version(verbs.record(db.session, current_actor(), _facts(data), files=files))


@topic.get("/activities/<int:activity_id>")
@requires(Permission.PLANS_READ)
@topic.response(200, ActivityDetailsSchema)
def show_activity(activity_id: int) -> Any:
    """Show an activity with its evidence"""
    activity = existing(Activity, activity_id)
    files = [each.document.sha256 for each in db.session.scalars(files_of(activity_id))]
    links = verbs.new_links(db.session, activity)
    named = (
        None
        if links is None
        else [
            {
                "seller_id": seller.id,
                "seller_name": seller.legal_name,
                "buyer_id": buyer.id,
                "buyer_name": buyer.legal_name,
                "first_received_at": at,
            }
            for seller, buyer, at in links
        ]
    )
    answer, headers = with_version(activity)
    return with_more(answer, ActivityDetailsSchema, file_sha256s=files, new_links=named), headers


@topic.put("/activities/<int:activity_id>")
@requires(Permission.ACTIVITIES_WRITE)
@if_match
@topic.arguments(ActivityChangeSchema)
@topic.response(200, ActivitySchema)
def change_activity(data: dict[str, Any], activity_id: int) -> Any:
    """Say it otherwise, with the reason; how it stood is kept"""
    version = named_version(existing(Activity, activity_id))
    files, reason = _proofs(data), data.pop("reason")
    return with_version(
        verbs.change(
            db.session, current_actor(), activity_id, _facts(data), reason=reason, files=files, version=version
        )
    )


@topic.post("/activities/<int:activity_id>/withdrawal")
@requires(Permission.ACTIVITIES_WRITE)
@once
@topic.arguments(ActivityWithdrawalSchema)
@topic.response(200, ActivitySchema)
def withdraw_activity(data: dict[str, str], activity_id: int) -> Any:
    """Take it out of all counts; it can still be read"""
    return with_version(verbs.withdraw(db.session, current_actor(), activity_id, reason=data["reason"]))


@topic.get("/activities/<int:activity_id>/participants")
@requires(Permission.PLANS_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(ActivityParticipantSchema))
def list_participants(query: dict[str, Any], activity_id: int) -> Any:
    """List the enrolled businesses that took part"""
    return page(participants_of(existing(Activity, activity_id).id), Participant.id, query)


@topic.post("/activities/<int:activity_id>/participants")
@requires(Permission.ACTIVITIES_WRITE)
@once
@topic.arguments(ActivityParticipantsSchema)
@topic.response(204)
def add_participants(data: dict[str, Any], activity_id: int) -> None:
    """Say which enrolled businesses took part"""
    verbs.add_participants(db.session, current_actor(), activity_id, data["business_ids"])


@topic.delete("/activities/<int:activity_id>/participants/<int:participant_id>")
@requires(Permission.ACTIVITIES_WRITE)
@topic.response(204)
def remove_participant(activity_id: int, participant_id: int) -> None:
    """Take out a business that was named by mistake"""
    verbs.remove_participant(db.session, current_actor(), activity_id, participant_id)


def _proofs(data: dict[str, Any]) -> list[Proof]:
    return [Proof(data=each, store=file_store()) for each in data.pop("files")]


def _facts(data: dict[str, Any]) -> ActivityFacts:
    return ActivityFacts(**{**data, "links": tuple(data["links"])})
