"""What waits for the department, for officers' machines."""

from typing import Any

from ..domain.permissions import Permission
from ..domain.work import Queue, Step, Whose, Work
from ..request.access import current_actor, requires, within_office
from ..request.database import db
from ..services import work as verbs
from ..storage.pages import oldest_first
from ..storage.work import SOURCES, WorkItem, items_about, targets_on, waiting_in
from .fields import Boolean, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, once

topic = Topic("Work", "Queues of what waits for the department: who does it, what was said, how it was closed.")
KINDS = ", ".join(each.value for each in Work)


class QueueSchema(Schema):
    queue = Member(Queue)
    work = Member(Work)
    waiting = Integer()
    overdue = Integer()


class QueuesSchema(Schema):
    items = Several(Part(QueueSchema))


class WaitingQuery(PageQuery):
    queue = Member(Queue, required=True)
    whose = Member(Whose, load_default=None)
    overdue = Boolean(load_default=False)


class WaitingSchema(Schema):
    subject_id = Integer(metadata={"description": "Of the application, certificate, complaint, …"})
    assignee_id = Integer(allow_none=True)


class WorkNoteSchema(Schema):
    step = Member(Step)
    text = Lines()
    by_name = Text()
    at = Moment()


class WorkItemSchema(Schema):
    kind = Member(Work)
    subject_id = Integer()
    business_id = Integer(allow_none=True)
    assignee_id = Integer(allow_none=True)
    closed_at = Moment(allow_none=True)
    closed_by_name = Text()
    version = Integer()
    notes = Several(Part(WorkNoteSchema), metadata={"description": "Newest first"})


class AssignmentSchema(Schema):
    assignee_id = Integer(required=True, allow_none=True, metadata={"description": "An officer; null: nobody"})
    version = Integer(load_default=None, metadata={"description": "As last read; 0 where there was nothing yet"})


class CommentSchema(Schema):
    text = Lines(required=True)


class ClosingSchema(Schema):
    reason = Lines(required=True)
    version = Integer(load_default=None)


class ReopeningSchema(Schema):
    reason = Lines(required=True)


@topic.get("/work-items/queues")
@requires(Permission.REGISTER_READ)
@topic.response(200, QueuesSchema)
def list_queues() -> dict[str, Any]:
    """Say how much waits in each queue, and how much of it too long, as an officer"""
    lengths = verbs.lengths(db.session, current_actor())
    items = [
        {"queue": queue, "work": queue.work, "waiting": waiting, "overdue": overdue}
        for queue, (waiting, overdue) in lengths.items()
    ]
    return {"items": items}


@topic.get("/work-items")
@requires(Permission.REGISTER_READ)
@topic.arguments(WaitingQuery, location="query")
@topic.response(200, page_of(WaitingSchema))
def list_work(query: dict[str, Any]) -> dict[str, Any]:
    """List what waits in a queue, longest first, as an officer"""
    queue, asked = query["queue"], verbs.asked_now(db.session)
    source, days = SOURCES[queue], targets_on(asked.today).of(queue.work)
    waiting = waiting_in(
        queue,
        asked,
        whose=query["whose"],
        user_id=current_actor().user_id,
        overdue=days if query["overdue"] else None,
    )
    page = oldest_first(
        db.session, within_office(waiting, *source.owners), source.key, after=query["after"], size=query["limit"]
    )
    ids = [each.id for each in page.items]
    given = {item.subject_id: item.assignee_id for item in db.session.scalars(items_about(queue.work, ids))}
    return {"items": [{"subject_id": each, "assignee_id": given.get(each)} for each in ids], "next": page.next}


@topic.get(f"/work-items/<any({KINDS}):kind>/<int:subject_id>")
@requires(Permission.REGISTER_READ)
@topic.response(200, WorkItemSchema)
def show_work(kind: str, subject_id: int) -> WorkItem:
    """Show who has a piece of work and what was done about it, as an officer; version 0 where nothing was"""
    work, actor = Work(kind), current_actor()
    subject = verbs.subject_of(db.session, actor, work, subject_id)
    item = db.session.scalars(items_about(work, [subject_id])).one_or_none()
    return item or WorkItem(
        kind=work,
        subject_id=subject_id,
        business_id=verbs.business_of(work, subject),
        closed_by_name="",
        version=0,
    )


@topic.post(f"/work-items/<any({KINDS}):kind>/<int:subject_id>/assignment")
@requires(Permission.WORK_HANDLE)
@once
@topic.arguments(AssignmentSchema)
@topic.response(200, WorkItemSchema)
def assign_work(data: dict[str, Any], kind: str, subject_id: int) -> WorkItem:
    """Give a piece of work to an officer, or to nobody, as an officer"""
    return verbs.assign(db.session, current_actor(), Work(kind), subject_id, **data)


@topic.post(f"/work-items/<any({KINDS}):kind>/<int:subject_id>/comments")
@requires(Permission.WORK_HANDLE)
@once
@topic.arguments(CommentSchema)
@topic.response(201, WorkItemSchema)
def comment_work(data: dict[str, str], kind: str, subject_id: int) -> WorkItem:
    """Say something about a piece of work, as an officer"""
    return verbs.comment(db.session, current_actor(), Work(kind), subject_id, data["text"])


@topic.post(f"/work-items/<any({KINDS}):kind>/<int:subject_id>/closing")
@requires(Permission.WORK_HANDLE)
@once
@topic.arguments(ClosingSchema)
@topic.response(200, WorkItemSchema)
def close_work(data: dict[str, Any], kind: str, subject_id: int) -> WorkItem:
    """Close what no decision ends, with a reason, as an officer"""
    return verbs.close(db.session, current_actor(), Work(kind), subject_id, **data)


@topic.post(f"/work-items/<any({KINDS}):kind>/<int:subject_id>/reopening")
@requires(Permission.WORK_HANDLE)
@once
@topic.arguments(ReopeningSchema)
@topic.response(200, WorkItemSchema)
def reopen_work(data: dict[str, str], kind: str, subject_id: int) -> WorkItem:
    """Put a piece of work back into its queue, with a reason, as an officer"""
    return verbs.reopen(db.session, current_actor(), Work(kind), subject_id, reason=data["reason"])
