"""What shoppers report about this business's batches: read and answered here, ended by the department."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from ...domain.permissions import Permission
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...services import complaints as verbs
from ...storage.complaints import Complaint, complaints_where
from ...storage.files import StoredFile
from ...storage.pages import newest_first
from .. import filters
from ..fields import VersionedForm
from .blueprint import bp


class AnswerForm(VersionedForm):
    text = TextAreaField(_l("Trả lời người phản ánh"))


@bp.get("/<int:business_id>/complaints")
@requires(Permission.COMPLAINTS_ANSWER)
def complaints(business_id: int) -> str:
    """Those still open; all of them with ``?all=yes``."""
    everything = bool(request.args.get("all"))
    question = complaints_where(business_id=business_id, open_only=not everything)
    page = newest_first(db.session, question, Complaint.id, after=filters.identifier("after"))
    return render_template("workspace/complaints/list.html", page=page, everything=everything)


@bp.route("/<int:business_id>/complaints/<int:complaint_id>", methods=["GET", "POST"])
@requires(Permission.COMPLAINTS_ANSWER)
def complaint(business_id: int, complaint_id: int) -> Response | tuple[str, int]:
    found = owned(Complaint, complaint_id, business_id)
    form = AnswerForm()
    if form.validate_on_submit() and form.attempt(_answer, form, complaint_id):
        flash(_("Đã gửi. Người phản ánh và cơ quan quản lý đọc được câu trả lời."), "success")
        return redirect(url_for("workspace.complaint", business_id=business_id, complaint_id=complaint_id), 303)
    form.version.data = found.version
    page = render_template(
        "workspace/complaints/show.html",
        complaint=found,
        form=form,
        photo=db.session.get(StoredFile, found.photo_id) if found.photo_id else None,
    )
    return page, 422 if form.errors else 200


def _answer(form: AnswerForm, complaint_id: int) -> Complaint:
    actor = current_actor()
    return verbs.answer(db.session, actor, complaint_id=complaint_id, text=form.text.data or "", version=form.seen)
