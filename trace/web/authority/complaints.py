"""What shoppers report, from the department's side: every business's, and with the telephone number."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from ...domain.complaints import TRANSITIONS, ComplaintStatus
from ...domain.errors import NotFound
from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...services import complaints as verbs
from ...services.audit import record_look
from ...storage.complaints import Complaint, complaints_where
from ...storage.files import StoredFile
from ...storage.pages import newest_first, oldest_first
from ..fields import VersionedForm
from . import filters
from .blueprint import bp


class AnswerForm(VersionedForm):
    text = TextAreaField(_l("Trả lời người phản ánh"))
    to = StringField()


@bp.get("/complaints")
@requires(Permission.COMPLAINTS_HANDLE)
def complaints() -> str:
    """Those still open, oldest first; or all of one status, newest first."""
    status = filters.choice(ComplaintStatus, "status")
    order = newest_first if status else oldest_first
    question = complaints_where(status=status, open_only=status is None, business_id=filters.identifier("business"))
    page = order(db.session, question, Complaint.id, after=filters.identifier("after"))
    return render_template("authority/complaints/list.html", page=page, status=status, statuses=ComplaintStatus)


@bp.get("/complaints/<int:complaint_id>")
@requires(Permission.COMPLAINTS_HANDLE)
def complaint(complaint_id: int) -> str:
    found = _complaint(complaint_id)
    if found.phone:
        record_look(db.session, current_actor(), "complaints:see_phone", found)
    return _page(found, AnswerForm(obj=found))


@bp.post("/complaints/<int:complaint_id>")
@requires(Permission.COMPLAINTS_HANDLE)
def answer_complaint(complaint_id: int) -> Response | tuple[str, int]:
    form = AnswerForm()
    if form.validate_on_submit() and form.attempt(_answer, form, complaint_id):
        flash(_("Đã lưu. Người phản ánh và cơ sở xem được câu trả lời."), "success")
        return redirect(url_for("authority.complaint", complaint_id=complaint_id), 303)
    return _page(_complaint(complaint_id), form), 422


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


def _complaint(complaint_id: int) -> Complaint:
    found = db.session.get(Complaint, complaint_id)
    if found is None:
        raise NotFound
    return found


def _page(complaint: Complaint, form: AnswerForm) -> str:
    form.version.data = complaint.version
    return render_template(
        "authority/complaints/show.html",
        complaint=complaint,
        form=form,
        steps=TRANSITIONS[complaint.status],
        photo=db.session.get(StoredFile, complaint.photo_id) if complaint.photo_id else None,
    )
