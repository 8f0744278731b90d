"""What there is to do: the queues, and one piece of work with who has it and what was said."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField

from ...domain.permissions import Permission
from ...domain.work import Queue, Whose, Work
from ...request.access import current_actor, requires, within_office
from ...request.database import db
from ...services import work as verbs
from ...storage.accounts import User
from ...storage.pages import oldest_first
from ...storage.work import SOURCES, WorkItem, items_about, targets_on, waiting_in
from .. import filters
from ..fields import VersionedForm, identifier
from .blueprint import bp

KINDS = ", ".join(each.value for each in Work)
DONE = {
    "assign": _l("Đã ghi ai làm việc này."),
    "comment": _l("Đã thêm ghi chú."),
    "close": _l("Đã khép lại. Việc này không còn trong danh sách."),
    "reopen": _l("Đã mở lại. Việc này trở lại danh sách."),
}


class WorkForm(VersionedForm):
    step = StringField()
    assignee_id = SelectField(_l("Giao cho"), validate_choice=False)
    text = TextAreaField(_l("Ghi chú hoặc lý do"))


@bp.get("/work")
@requires(Permission.REGISTER_READ)
def work() -> str:
    """One queue, who waits longest first."""
    actor, queue = current_actor(), filters.choice(Queue, "queue") or Queue.APPLICATIONS
    whose, overdue = filters.choice(Whose, "whose"), request.args.get("overdue") == "yes"
    asked, source = verbs.asked_now(db.session), SOURCES[queue]
    days = targets_on(asked.today).of(queue.work)
    waiting = waiting_in(queue, asked, whose=whose, user_id=actor.user_id, overdue=days if overdue else None)
    page = oldest_first(
        db.session, within_office(waiting, *source.owners), source.key, after=filters.identifier("after")
    )
    items = db.session.scalars(items_about(queue.work, [each.id for each in page.items]))
    lengths = verbs.lengths(db.session, actor)
    return render_template(
        "authority/work/list.html",
        queue=queue,
        queues=Queue,
        counts={each.value: length for each, (length, _late) in lengths.items()},
        late=lengths[queue][1],
        page=page,
        items={item.subject_id: item for item in items},
        whose=whose,
        all_whose=Whose,
        overdue=overdue,
        days=days,
        today=asked.today,
    )


@bp.get(f"/work-items/<any({KINDS}):kind>/<int:subject_id>")
@requires(Permission.REGISTER_READ)
def work_item(kind: str, subject_id: int) -> str:
    return _page(Work(kind), subject_id, WorkForm())


@bp.post(f"/work-items/<any({KINDS}):kind>/<int:subject_id>")
@requires(Permission.WORK_HANDLE)
def do_work_item(kind: str, subject_id: int) -> Response | tuple[str, int]:
    form = WorkForm()
    if form.validate_on_submit() and form.attempt(_do, form, Work(kind), subject_id):
        flash(DONE.get(form.step.data, DONE["comment"]), "success")
        return redirect(url_for("authority.work_item", kind=kind, subject_id=subject_id), 303)
    return _page(Work(kind), subject_id, form), 422


def _do(form: WorkForm, kind: Work, subject_id: int) -> WorkItem:
    subject = db.session, current_actor(), kind, subject_id
    text = form.text.data or ""
    match form.step.data:
        case "assign":
            chosen = identifier(form.assignee_id.data) if form.assignee_id.data else None
            return verbs.assign(*subject, assignee_id=chosen, version=form.seen)
        case "close":
            return verbs.close(*subject, reason=text, version=form.seen)
        case "reopen":
            return verbs.reopen(*subject, reason=text)
    return verbs.comment(*subject, text)


def _page(kind: Work, subject_id: int, form: WorkForm) -> str:
    subject: Any = verbs.subject_of(db.session, current_actor(), kind, subject_id)
    item = db.session.scalars(items_about(kind, [subject_id])).one_or_none()
    handlers = verbs.handlers(db.session, verbs.business_of(kind, subject))
    people = db.session.execute(select(User.id, User.name, User.email).where(User.id.in_(handlers)).order_by(User.name))
    form.assignee_id.choices = [("", _("Chưa ai")), *((str(each.id), each.name or each.email) for each in people)]
    form.version.data = str(
        item.version if item else 0
    )  # whoever was too late decides again on what the page shows now
    if not form.is_submitted():
        form.assignee_id.data = str(item.assignee_id) if item and item.assignee_id else ""
    return render_template(
        "authority/work/show.html",
        kind=kind,
        queue=next(each for each in Queue if each.work is kind),
        subject=subject,
        item=item,
        form=form,
    )
