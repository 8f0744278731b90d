"""Stamps: labels each with a serial of its own, for a batch or on a blank roll."""

from typing import Any

from flask import send_file
from werkzeug.wrappers import Response

from ..domain.errors import NotFound
from ..domain.label_files import FileState
from ..domain.permissions import Permission
from ..domain.scans import Visitor
from ..domain.stamp_verdicts import StampVerdict
from ..domain.stamps import RangeKind
from ..request.access import current_actor, owned, public, requires, within_office
from ..request.database import db
from ..request.jobs import write_labels_after
from ..request.limits import LOOK_UP, limiter
from ..request.settings import public_url, settings, stamp_keys
from ..services import label_files, label_issues, scans, stamp_ranges, stamps
from ..services.clock import now
from ..storage.batches import Batch
from ..storage.labels import LabelFile, LabelIssue, StampRange, ranges_of, rolls_of
from ..storage.stamps import StampSignal, signals_where
from .fields import Day, Integer, Lines, Member, Moment, Part, Several, Text
from .paper import OrderSchema, order_of
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, once, page

topic = Topic(
    "Stamps", "Labels each with a serial of its own, which say who scanned them before. Indexes count from 0."
)


class BatchStampOrderSchema(OrderSchema):
    excess_reason = Lines(load_default="", metadata={"description": "Why there are more labels than packs"})


class StretchSchema(Schema):
    first = Integer(required=True, low=0)
    last = Integer(required=True, low=0)


class VoidingSchema(StretchSchema):
    reason = Lines(required=True)


class BindingSchema(StretchSchema):
    batch_id = Integer(required=True)
    excess_reason = Lines(load_default="")


class RangeSchema(Schema):
    kind = Member(RangeKind)
    first = Integer()
    last = Integer()
    batch_id = Integer(allow_none=True)
    reason = Lines()
    by_name = Text()
    at = Moment()


class StampIssueSchema(Schema):
    id = Integer()
    batch_id = Integer(allow_none=True, metadata={"description": "Null of a blank roll"})
    public_code = Text()
    ordinal = Integer()
    key_id = Text()
    count = Integer()
    format = Text()
    made_by_name = Text()
    at = Moment()


class StampIssueDetailsSchema(Schema):
    issue = Part(StampIssueSchema)
    file = Member(FileState, allow_none=True, metadata={"description": "Null where it was cleared away"})
    done = Integer(metadata={"description": "Labels in the file so far"})
    ranges = Several(Part(RangeSchema))


class SignalSchema(Schema):
    id = Integer()
    business_id = Integer()
    batch_id = Integer(allow_none=True)
    public_code = Text()
    verdict = Member(StampVerdict)
    day = Day()
    count = Integer()
    last_at = Moment()


class StampCheckSchema(Schema):
    code = Text()
    serial = Text()
    verdict = Member(StampVerdict)
    looks = Integer()
    days = Integer()
    communes = Several(Text())
    first_at = Moment(allow_none=True)
    since = Moment(allow_none=True, metadata={"description": "When it was voided"})


@topic.get("/batches/<code>/stamps/<serial>")
@public
@limiter.limit(LOOK_UP)
@topic.response(200, StampCheckSchema)
def check_stamp(code: str, serial: str) -> Any:
    """Say what the scans of a stamp say; asking here is no scan"""
    found = stamps.find(db.session, stamp_keys(), code, serial)
    look = scans.Look(None, found.code, Visitor.ROBOT, "", now())
    return stamps.check(db.session, stamp_keys(), found, look, colleague=True)


@topic.post("/businesses/<int:business_id>/batches/<int:batch_id>/stamps")
@requires(Permission.LABELS_MAKE)
@once
@topic.arguments(BatchStampOrderSchema)
@topic.response(201, StampIssueSchema)
def issue_stamps(data: dict[str, Any], business_id: int, batch_id: int) -> LabelIssue:
    """Issue stamps for a batch; their file is made in the background"""
    owned(Batch, batch_id, business_id)
    reason = data.pop("excess_reason")
    made = label_issues.issue(
        db.session,
        current_actor(),
        batch_id,
        order_of(data, business_id),
        keys=stamp_keys(),
        public_url=public_url(),
        excess_reason=reason,
    )
    return _with_file(made)


@topic.get("/businesses/<int:business_id>/stamps")
@requires(Permission.BATCHES_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(StampIssueSchema))
def list_rolls(query: dict[str, Any], business_id: int) -> Any:
    """List the blank rolls of a business"""
    return page(rolls_of(business_id), LabelIssue.id, query)


@topic.post("/businesses/<int:business_id>/stamps")
@requires(Permission.LABELS_MAKE)
@once
@topic.arguments(OrderSchema)
@topic.response(201, StampIssueSchema)
def issue_roll(data: dict[str, Any], business_id: int) -> LabelIssue:
    """Issue a blank roll: stamps that are bound to batches later"""
    made = label_issues.issue_roll(
        db.session,
        current_actor(),
        business_id,
        order_of(data, business_id),
        keys=stamp_keys(),
        public_url=public_url(),
    )
    return _with_file(made)


@topic.get("/businesses/<int:business_id>/stamps/<int:issue_id>")
@requires(Permission.BATCHES_READ)
@topic.response(200, StampIssueDetailsSchema)
def show_stamps(business_id: int, issue_id: int) -> dict[str, Any]:
    """Show an issue of stamps, what became of each stretch, and how far its file is"""
    issue = _issue(business_id, issue_id)
    file = db.session.get(LabelFile, issue_id)
    return {
        "issue": issue,
        "file": file.state if file else None,
        "done": file.done if file else 0,
        "ranges": db.session.scalars(ranges_of([issue_id])).all(),
    }


@topic.post("/businesses/<int:business_id>/stamps/<int:issue_id>/activation")
@requires(Permission.LABELS_MAKE)
@once
@topic.arguments(StretchSchema)
@topic.response(200, RangeSchema)
def activate_stamps(data: dict[str, int], business_id: int, issue_id: int) -> StampRange:
    """Say that a stretch of stamps is on packs; packing a batch does so for all of its stamps"""
    _issue(business_id, issue_id)
    return stamp_ranges.activate(db.session, current_actor(), issue_id, **data)


@topic.post("/businesses/<int:business_id>/stamps/<int:issue_id>/voiding")
@requires(Permission.LABELS_MAKE)
@once
@topic.arguments(VoidingSchema)
@topic.response(200, RangeSchema)
def void_stamps(data: dict[str, Any], business_id: int, issue_id: int) -> StampRange:
    """Void a stretch of stamps for good, with a reason"""
    _issue(business_id, issue_id)
    return stamp_ranges.void(db.session, current_actor(), issue_id, **data)


@topic.post("/businesses/<int:business_id>/stamps/<int:issue_id>/binding")
@requires(Permission.LABELS_MAKE)
@once
@topic.arguments(BindingSchema)
@topic.response(200, RangeSchema)
def bind_stamps(data: dict[str, Any], business_id: int, issue_id: int) -> StampRange:
    """Bind a stretch of a blank roll to a batch"""
    _issue(business_id, issue_id)
    return stamp_ranges.bind(db.session, current_actor(), issue_id, **data)


@topic.get("/businesses/<int:business_id>/stamps/<int:issue_id>/file")
@requires(Permission.LABELS_MAKE)
@topic.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def get_stamp_file(business_id: int, issue_id: int) -> Response:
    """Get the file to print; ``Range`` goes on where a download broke off"""
    _issue(business_id, issue_id)
    _, path = label_files.ready_file(db.session, current_actor(), issue_id, settings().labels_path)
    return send_file(path, "application/octet-stream", as_attachment=True, download_name=path.name, max_age=0)


@topic.post("/businesses/<int:business_id>/stamps/<int:issue_id>/file")
@requires(Permission.LABELS_MAKE)
@once
@topic.response(202, StampIssueSchema)
def make_stamp_file(business_id: int, issue_id: int) -> LabelIssue:
    """Make the file again, where it failed or was cleared away"""
    return _with_file(_issue(business_id, issue_id))


@topic.get("/businesses/<int:business_id>/stamp-signals")
@requires(Permission.BATCHES_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(SignalSchema))
def list_stamp_signals(query: dict[str, Any], business_id: int) -> Any:
    """List what was odd in the scans of a business's stamps, by code and day"""
    return page(signals_where(business_id=business_id), StampSignal.id, query)


@topic.get("/stamp-signals")
@requires(Permission.BATCHES_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(SignalSchema))
def list_all_stamp_signals(query: dict[str, Any]) -> Any:
    """List what was odd in the scans of everybody's stamps, as an officer"""
    return page(within_office(signals_where(), StampSignal.business_id), StampSignal.id, query)


def _issue(business_id: int, issue_id: int) -> LabelIssue:
    issue = owned(LabelIssue, issue_id, business_id)
    if issue.ordinal is None:
        raise NotFound
    return issue


def _with_file(issue: LabelIssue) -> LabelIssue:
    label_files.ask_for(db.session, current_actor(), issue.id)
    write_labels_after(issue.id)
    return issue
