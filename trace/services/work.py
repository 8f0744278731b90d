"""Doing what waits: giving it to somebody, saying something about it, closing it with a reason."""

from sqlalchemy.orm import Session

from ..domain.errors import N_, InvalidInput, NotFound
from ..domain.permissions import Actor, OfficeRole, Permission, require
from ..domain.text import clean_lines
from ..domain.work import EndsWithDecision, NotHandling, Queue, Step, Work, WorkChanged, WorkClosed, WorkNotClosed
from ..storage.accounts import User, handling_officer_ids
from ..storage.businesses import Business
from ..storage.database import insert_into
from ..storage.handovers import terms_on
from ..storage.work import MODELS, Asked, WorkItem, WorkNote, items_about, queue_lengths, targets_on
from . import audit, notices
from .clock import now, today

LONGEST_TEXT = 2_000


def asked_now(session: Session) -> Asked:
    return Asked(now(), today(), session.scalars(terms_on(today())).one().overdue_after_days)


def lengths(session: Session, actor: Actor) -> dict[Queue, tuple[int, int]]:
    """Of each queue how many wait in the actor's area, and how many of these too long."""
    require(actor, Permission.REGISTER_READ)
    commune_code = actor.office.commune_code if actor.office else None
    asked = asked_now(session)
    rows = session.execute(queue_lengths(asked, targets_on(asked.today), commune_code))
    found = {name: (waiting, late) for name, waiting, late in rows}
    return {queue: found[queue] for queue in Queue}


def assign(
    session: Session, actor: Actor, work: Work, subject_id: int, *, assignee_id: int | None, version: int | None = None
) -> WorkItem:
    """Give it to an officer, or to nobody. ``version`` is 0 where nothing had been done about it yet.

    Raises NotFound, NotHandling, WorkClosed, or WorkChanged when somebody was faster.
    """
    item = _open(session, actor, work, subject_id, version)
    assignee = session.get(User, assignee_id) if assignee_id is not None else None
    if assignee_id is not None and (assignee is None or assignee_id not in handlers(session, item.business_id)):
        raise NotHandling(field="assignee_id")
    item.assignee_id = assignee_id
    _note(session, actor, item, Step.ASSIGNED if assignee else Step.RELEASED, assignee.name if assignee else "")
    if assignee and assignee_id != actor.user_id:
        path = f"/authority/work-items/{work.value}/{subject_id}"
        notices.tell_user(session, assignee.id, "work-assigned", {"person": actor.name}, path)
    audit.record(session, actor, "work:assign", item, changes={"assignee_id": assignee_id})
    session.commit()
    return item


def comment(session: Session, actor: Actor, work: Work, subject_id: int, text: str) -> WorkItem:
    """Raises NotFound or InvalidInput (``text``). Nobody's words are in another's way, so no version is asked for."""
    said = _said(text, N_("Hãy viết ghi chú."))
    item = _locked(session, actor, work, subject_id)
    _note(session, actor, item, Step.COMMENTED, said)
    audit.record(session, actor, "work:comment", item, changes={"text": said})
    session.commit()
    return item


def close(
    session: Session, actor: Actor, work: Work, subject_id: int, *, reason: str, version: int | None = None
) -> WorkItem:
    """Take it out of its queue. Raises EndsWithDecision, InvalidInput (``text``), WorkClosed, WorkChanged or NotFound."""
    if not work.closes_by_hand:
        raise EndsWithDecision
    said = _said(reason, N_("Hãy ghi lý do khép lại."))
    item = _open(session, actor, work, subject_id, version)
    item.closed_at, item.closed_by_name = now(), actor.name
    _note(session, actor, item, Step.CLOSED, said)
    audit.record(session, actor, "work:close", item, changes={"reason": said})
    session.commit()
    return item


def reopen(session: Session, actor: Actor, work: Work, subject_id: int, *, reason: str) -> WorkItem:
    """Raises InvalidInput (``text``), WorkNotClosed or NotFound."""
    said = _said(reason, N_("Hãy ghi lý do mở lại."))
    item = _locked(session, actor, work, subject_id)
    if item.closed_at is None:
        raise WorkNotClosed
    item.closed_at, item.closed_by_name = None, ""
    _note(session, actor, item, Step.REOPENED, said)
    audit.record(session, actor, "work:reopen", item, changes={"reason": said})
    session.commit()
    return item


def handlers(session: Session, business_id: int | None) -> list[int]:
    """Officers who may have a piece of work about a business."""
    business = session.get(Business, business_id) if business_id is not None else None
    return list(session.scalars(handling_officer_ids(business.commune_code if business else None)))


def subject_of(session: Session, actor: Actor, work: Work, subject_id: int) -> object:
    """What the work is about. Raises NotFound where there is none, or it is outside the actor's area."""
    found = session.get(MODELS[work], subject_id)
    owners = _owners(work, found)
    if found is None or not any(_reaches(actor, owner) for owner in owners):
        raise NotFound
    return found


def business_of(work: Work, subject: object) -> int | None:
    """Whose area it is in; of a delivery the seller's."""
    return _owners(work, subject)[0]


def _reaches(actor: Actor, owner: int | None) -> bool:
    """What belongs to no business is the city's, as in ``request.access.within_office``."""
    if owner is None:
        return actor.office is not None and actor.office.role is not OfficeRole.COMMUNE
    return actor.knows(owner)


def _owners(work: Work, subject: object) -> list[int | None]:
    names = {Work.APPLICATION: ["id"], Work.HANDOVER: ["seller_id", "buyer_id"]}.get(work, ["business_id"])
    return [getattr(subject, name, None) for name in names]


def _open(session: Session, actor: Actor, work: Work, subject_id: int, version: int | None) -> WorkItem:
    item = _locked(session, actor, work, subject_id)
    if item.closed_at is not None:
        raise WorkClosed(name=item.closed_by_name)
    last = item.notes[0] if item.notes else None
    if version is not None and last is not None and version != item.version:
        raise WorkChanged(name=last.by_name)
    return item


def _locked(session: Session, actor: Actor, work: Work, subject_id: int) -> WorkItem:
    """The item, made where there was none, locked until the commit."""
    require(actor, Permission.WORK_HANDLE)
    subject = subject_of(session, actor, work, subject_id)
    values = {"kind": work, "subject_id": subject_id, "business_id": business_of(work, subject)}
    made = insert_into(session, WorkItem).values(**values, closed_by_name="", version=1)
    session.execute(made.on_conflict_do_nothing())
    standing = items_about(work, [subject_id]).with_for_update(of=WorkItem)
    return session.scalars(standing.execution_options(populate_existing=True)).one()


def _note(session: Session, actor: Actor, item: WorkItem, step: Step, text: str) -> None:
    session.add(WorkNote(item_id=item.id, step=step, text=text, by=actor.user_id, by_name=actor.name, at=now()))
    session.expire(item, ["notes"])


def _said(text: str, missing: str) -> str:
    said = clean_lines(text, field="text")
    if not said:
        raise InvalidInput(missing, field="text")
    if len(said) > LONGEST_TEXT:
        raise InvalidInput(N_("Nội dung này quá dài. Hãy viết ngắn lại."), field="text")
    return said
