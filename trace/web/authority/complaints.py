"""What shoppers report, from the department's side: every business's, and with the telephone number."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from ...domain.complaints import TRANSITIONS, ComplaintReason, ComplaintStatus
from ...domain.permissions import Permission
from ...request.access import current_actor, existing, requires, within_office
from ...request.database import db
from ...services import complaints as verbs
from ...services.audit import record_look
from ...storage.complaints import Complaint, complaints_where
from ...storage.files import StoredFile
from ...storage.pages import Page, newest_first, oldest_first
from .. import filters
from ..fields import VersionedForm
from .blueprint import bp

IS_URGENT = Complaint.reason.in_([reason for reason in ComplaintReason if reason.is_urgent])


class AnswerForm(VersionedForm):
    text = TextAreaField(_l("Trả lời người phản ánh"))
    to = StringField()


@bp.get("/complaints")
@requires(Permission.COMPLAINTS_READ)
def complaints() -> str:
    """Those still open, urgent ones above the others and both oldest first; or all of one status, newest first."""
    status, business_id = filters.choice(ComplaintStatus, "status"), filters.identifier("business")
    after = filters.identifier("after")
    urgent: Page[Complaint] = Page([], None)
    if status:
        question = within_office(complaints_where(status=status, business_id=business_id), Complaint.business_id)
        page = newest_first(db.session, question, Complaint.id, after=after)
    else:
        waiting = within_office(complaints_where(open_only=True, business_id=business_id), Complaint.business_id)
        page = oldest_first(db.session, waiting.where(~IS_URGENT), Complaint.id, after=after)
        if after is None:
            urgent = oldest_first(db.session, waiting.where(IS_URGENT), Complaint.id, size=200)
    return render_template(
        "authority/complaints/list.html", page=page, urgent=urgent, status=status, statuses=ComplaintStatus
    )


@bp.get("/complaints/<int:complaint_id>")
@requires(Permission.COMPLAINTS_READ)
def complaint(complaint_id: int) -> str:
    found = existing(Complaint, complaint_id)
    if found.phone:
        record_look(db.session, current_actor(), "complaints:see_phone", found)
    return _page(found, AnswerForm())


@bp.post("/complaints/<int:complaint_id>")
@requires(Permission.COMPLAINTS_HANDLE)
def answer_complaint(complaint_id: int) -> Response | tuple[str, int]:
    form = AnswerForm()
    if form.validate_on_submit() and form.attempt(_answer, form, complaint_id):
        flash(_("Đã lưu. Người phản ánh và cơ sở xem được câu trả lời."), "success")
        return redirect(url_for("authority.complaint", complaint_id=complaint_id), 303)
    return _page(existing(Complaint, complaint_id), form), 422


def _answer(form: AnswerForm, complaint_id: int) -> Complaint:
    chosen = form.to.data or ""
    to = ComplaintStatus(chosen) if chosen in list(ComplaintStatus) else None
    return verbs.answer(
        db.session,
        current_actor(),
        complaint_id=complaint_id,
        text=form.text.data or "",
        to=to,
        version=form.seen,
    )


def _page(complaint: Complaint, form: AnswerForm) -> str:
    form.version.data = complaint.version
    return render_template(
        "authority/complaints/show.html",
        complaint=complaint,
        form=form,
        steps=TRANSITIONS[complaint.status],
        photo=db.session.get(StoredFile, complaint.photo_id) if complaint.photo_id else None,
    )
