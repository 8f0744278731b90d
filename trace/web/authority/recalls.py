"""Recalls for the department: proposals to decide, orders, and every case that is open."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...domain.approvals import ApprovalKind
from ...domain.permissions import Permission
from ...domain.recalls import WAITING, RecallStatus
from ...request.access import current_actor, existing, requires
from ...request.database import db
from ...request.settings import public_url
from ...services import recall_answers
from ...services import recalls as verbs
from ...services.clock import now
from ...storage.approvals import open_approval
from ...storage.businesses import Business
from ...storage.pages import newest_first
from ...storage.recalls import Recall, recalls_where
from .. import filters
from ..forms import Form
from ..recall_forms import CallForm, CloseForm, ConfirmForm, RecallForm, case_values, done, report
from .blueprint import bp

Answer = Response | str | tuple[str, int]
CURRENT = (*WAITING, RecallStatus.OPEN)


@bp.get("/recalls")
@requires(Permission.RECALLS_OVERSEE)
def recalls() -> str:
    ended = request.args.get("ended") == "yes"
    statuses = (RecallStatus.CLOSED, RecallStatus.DISMISSED) if ended else CURRENT
    page = newest_first(db.session, recalls_where(statuses=statuses), Recall.id, after=filters.identifier("after"))
    return render_template("authority/recalls/list.html", page=page, ended=ended)


@bp.route("/recalls/new", methods=["GET", "POST"])
@requires(Permission.RECALLS_ORDER)
def new_recall() -> Answer:
    """``?business=`` offers its places, and keeps a search by place or material to what it made."""
    business_id = filters.identifier("business")
    form = RecallForm().offer(existing(Business, business_id) if business_id else None)
    if form.validate_on_submit():
        proposed = form.attempt(_propose, form)
        if proposed:
            return redirect(url_for("authority.recall", recall_id=proposed.id), 303)
    return render_template("authority/recalls/form.html", form=form), 422 if form.errors else 200


@bp.get("/recalls/<int:recall_id>")
@requires(Permission.RECALLS_OVERSEE)
def recall(recall_id: int) -> str:
    return _show(recall_id)


@bp.post("/recalls/<int:recall_id>/confirm")
@requires(Permission.RECALLS_ORDER)
def confirm_recall(recall_id: int) -> Answer:
    form = ConfirmForm()

    def order() -> Recall:
        word, seen = form.word.data or "", form.count
        return verbs.confirm(
            db.session, current_actor(), recall_id, business_id=None, word=word, seen=seen, public_url=public_url()
        )

    return _do(
        recall_id, form, order, _("Đã ra lệnh. Các lô tạm dừng ngay; thu hồi có hiệu lực khi một cán bộ khác duyệt.")
    )


@bp.post("/recalls/<int:recall_id>/dismiss")
@requires(Permission.RECALLS_ORDER)
def dismiss_recall(recall_id: int) -> Answer:
    def dismiss() -> Recall:
        return verbs.dismiss(db.session, current_actor(), recall_id, business_id=None)

    return _do(recall_id, Form(), dismiss, _("Đã bỏ đề nghị."))


@bp.post("/recalls/<int:recall_id>/remind")
@requires(Permission.RECALLS_ORDER)
def remind_holders(recall_id: int) -> Answer:
    def remind() -> str:
        return done(recall_answers.remind(db.session, current_actor(), recall_id, business_id=None))

    return _do(recall_id, Form(), remind, "")


@bp.post("/recalls/<int:recall_id>/holders/<int:holder_id>")
@requires(Permission.RECALLS_ORDER)
def note_recall_call(recall_id: int, holder_id: int) -> Answer:
    form = CallForm()

    def note() -> Any:
        said = form.note.data or ""
        return recall_answers.note_call(db.session, current_actor(), recall_id, holder_id, business_id=None, note=said)

    existing(Recall, recall_id)
    return _do(recall_id, form, note, _("Đã ghi cuộc gọi."))


@bp.post("/recalls/<int:recall_id>/close")
@requires(Permission.RECALLS_ORDER)
def close_recall(recall_id: int) -> Answer:
    form = CloseForm()

    def close() -> Recall:
        conclusion = form.conclusion.data or ""
        return verbs.close(db.session, current_actor(), recall_id, business_id=None, conclusion=conclusion)

    return _do(recall_id, form, close, _("Đã kết thúc vụ thu hồi."))


@bp.get("/recalls/<int:recall_id>/report.<any(pdf, xlsx):extension>")
@requires(Permission.RECALLS_OVERSEE)
def recall_report(recall_id: int, extension: str) -> Answer:
    return report(verbs.of(db.session, recall_id, None), extension)


def _propose(form: RecallForm) -> Recall:
    return verbs.propose(db.session, current_actor(), form.facts(), business_id=None)


def _do(recall_id: int, form: Form, verb: Callable[[], Any], sentence: str) -> Answer:
    if form.validate():
        result = form.attempt(verb)
        if result is not None:
            flash(result if isinstance(result, str) else sentence, "success")
            return redirect(url_for("authority.recall", recall_id=recall_id), 303)
    return _show(recall_id, form), 422


def _show(recall_id: int, form: Form | None = None) -> str:
    found = verbs.of(db.session, recall_id, None)
    return render_template(
        "authority/recalls/show.html",
        approval=db.session.scalars(open_approval(ApprovalKind.RECALL, recall_id)).first()
        if found.status in WAITING
        else None,
        now=now(),
        call_url=partial(url_for, "authority.note_recall_call", recall_id=recall_id),
        form=form or Form(),
        confirming=form if isinstance(form, ConfirmForm) else ConfirmForm(),
        closing=form if isinstance(form, CloseForm) else CloseForm(),
        calling=form if isinstance(form, CallForm) else CallForm(),
        **case_values(found),
    )
