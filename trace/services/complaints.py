"""What shoppers report, who hears of it, and what they are answered."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain import complaints as rules
from ..domain.complaints import ComplaintReason, ComplaintStatus
from ..domain.errors import N_, Conflict, InvalidInput, NotAllowed, NotFound
from ..domain.files import Audience
from ..domain.permissions import Actor, Permission, allowed, require
from ..domain.text import clean_lines
from ..storage.batches import Batch
from ..storage.complaints import Complaint, ComplaintUpdate, complaint_with_number
from ..storage.files import FileStore
from ..storage.resolver import PUBLIC_STATUSES
from . import audit
from .changes import load_for_change
from .clock import now
from .files import store_photo
from .notices import tell_business, tell_officers
from .phones import parse_phone

LONGEST_TEXT = 4_000

SHOPPER = Actor(user_id=None, name="người tiêu dùng")


class AlreadyDetailed(Conflict):
    """What was told once is not replaced: somebody may have acted on it."""

    code = "already-detailed"
    message = N_("Phản ánh này đã có mô tả hoặc đã khép lại. Nếu có thêm điều cần nói, hãy gửi phản ánh mới.")


@dataclass(frozen=True, kw_only=True)
class ComplaintDetails:
    """What a shopper may add; ``photo`` is the upload as it came."""

    text: str = ""
    phone: str = ""
    photo: bytes = b""


def new_tracking_number() -> str:
    return rules.tracking_number(secrets.token_bytes(5))


def report(
    session: Session,
    store: FileStore,
    *,
    code: str,
    reason: ComplaintReason,
    details: ComplaintDetails | None = None,
    tracking_number: str | None = None,
) -> Complaint:
    """Record what a shopper says about the batch with this public code, and tell the business and the department.

    ``tracking_number`` is minted with the form: the same form sent twice gives the same complaint, made once.
    Raises NotFound for a code that shows no batch, and InvalidInput on ``text``, ``phone`` or ``photo``.
    """
    number = rules.parse_tracking_number(tracking_number) if tracking_number else new_tracking_number()
    batch = session.scalar(select(Batch).where(Batch.public_code == code, Batch.status.in_(PUBLIC_STATUSES)))
    if batch is None:
        raise NotFound
    if earlier := _same_form(session, number, batch, reason):
        return earlier
    complaint = Complaint(
        tracking_number=number,
        batch=batch,
        business_id=batch.business_id,
        reason=reason,
        status=ComplaintStatus.RECEIVED,
        at=now(),
    )
    _add_details(session, store, complaint, details or ComplaintDetails())
    session.add(complaint)
    try:
        audit.record(session, SHOPPER, "complaints:report", complaint, changes={"reason": reason})
    except IntegrityError:  # the same form, sent twice at once, came first
        session.rollback()
        return follow(session, number)
    values = {"tracking": number, "product": batch.product.name, "lot": batch.lot}
    tell_business(
        session,
        batch.business_id,
        "complaint-received",
        values,
        f"/workspace/{batch.business_id}/complaints/{complaint.id}",
    )
    link = f"/authority/complaints/{complaint.id}"
    tell_officers(session, "complaint-received", values, link, about=batch.business_id)
    session.commit()
    return complaint


def add_details(session: Session, store: FileStore, *, tracking_number: str, details: ComplaintDetails) -> Complaint:
    """Let whoever holds the tracking number say more, once, while the complaint is open. Raises AlreadyDetailed."""
    complaint = load_for_change(session, Complaint, follow(session, tracking_number).id)
    if not may_add_details(complaint):
        raise AlreadyDetailed
    if not (details.text or details.phone or details.photo):
        raise InvalidInput(N_("Hãy viết vài dòng, chụp ảnh hoặc để lại số điện thoại."), field="text")
    _add_details(session, store, complaint, details)
    audit.record(session, SHOPPER, "complaints:add-details", complaint)
    session.commit()
    return complaint


def may_add_details(complaint: Complaint) -> bool:
    return (
        not (complaint.text or complaint.phone or complaint.photo_id) and complaint.status is ComplaintStatus.RECEIVED
    )


def follow(session: Session, tracking_number: str) -> Complaint:
    """The complaint with this number, as typed. Raises InvalidTrackingNumber or NotFound."""
    number = rules.parse_tracking_number(tracking_number)
    complaint = session.scalars(complaint_with_number(number)).one_or_none()
    if complaint is None:
        message = N_("Không có phản ánh nào mang mã %(number)s. Hãy so lại với mã đã nhận.")
        raise NotFound(message, field="tracking_number", number=number)
    return complaint


def answer(
    session: Session,
    actor: Actor,
    *,
    complaint_id: int,
    text: str,
    to: ComplaintStatus | None = None,
    version: int | None = None,
) -> Complaint:
    """Answer the shopper, as the business or as the department; the sentence is shown to whoever holds the number.

    A business's first answer moves the complaint to reviewing. Only the department says how it ended (``to``), and
    may do so without a word only when it begins to review. Raises NotAllowed, ComplaintStepNotPossible, Conflict
    when somebody was faster than ``version``, InvalidInput on ``text``.
    """
    complaint = load_for_change(session, Complaint, complaint_id, version)
    officer = allowed(actor, Permission.COMPLAINTS_HANDLE, complaint.business_id)
    if not officer:
        require(actor, Permission.COMPLAINTS_ANSWER, complaint.business_id)
        if to not in (None, ComplaintStatus.REVIEWING):
            raise NotAllowed
    if to is None and complaint.status is ComplaintStatus.RECEIVED:
        to = ComplaintStatus.REVIEWING
    text = clean_lines(text)
    if not text and to is not ComplaintStatus.REVIEWING:
        raise InvalidInput(N_("Hãy viết câu trả lời để người phản ánh biết kết quả."), field="text")
    if not text and not officer:
        raise InvalidInput(N_("Hãy viết câu trả lời cho người phản ánh."), field="text")
    _check_length(text)
    before = complaint.status
    if to is not None and to is not before:
        complaint.status = rules.transition(before, to)
    session.add(
        ComplaintUpdate(
            complaint_id=complaint.id,
            status=complaint.status,
            answer=text,
            by_name=actor.name,
            by_officer=officer,
            at=_after(complaint),
        )
    )
    audit.record(
        session,
        actor,
        "complaints:answer",
        complaint,
        changes={"status": [before, complaint.status], "answer": text},
    )
    values = {"tracking": complaint.tracking_number, "product": complaint.batch.product.name}
    if officer:
        link = f"/workspace/{complaint.business_id}/complaints/{complaint.id}"
        tell_business(session, complaint.business_id, "complaint-answered", values, link)
    else:
        link = f"/authority/complaints/{complaint.id}"
        tell_officers(session, "complaint-answered", values, link, about=complaint.business_id)
    session.commit()
    return complaint


def _same_form(session: Session, number: str, batch: Batch, reason: ComplaintReason) -> Complaint | None:
    earlier = session.scalars(complaint_with_number(number)).one_or_none()
    if earlier is not None and (earlier.batch_id, earlier.reason) != (batch.id, reason):
        raise Conflict
    return earlier


def _add_details(session: Session, store: FileStore, complaint: Complaint, details: ComplaintDetails) -> None:
    text = clean_lines(details.text)
    _check_length(text)
    complaint.text = text
    complaint.phone = parse_phone(details.phone) if details.phone else ""
    if details.photo:
        photo = store_photo(
            session,
            store,
            business_id=complaint.business_id,
            audience=Audience.BUSINESS,
            data=details.photo,
            field="photo",
        )
        session.flush()
        complaint.photo_id = photo.id


def _check_length(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        message = N_("Nội dung dài quá %(limit)s ký tự. Hãy viết ngắn lại.")
        raise InvalidInput(message, field="text", limit=LONGEST_TEXT)


def _after(complaint: Complaint) -> datetime:
    """Answers stand in the order they were given, even where two machines' clocks differ a little."""
    return max([now(), *(update.at for update in complaint.updates)])
