"""Recalls for a business: what it must answer, what it proposes, and the case that it leads."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ...domain.permissions import Permission
from ...domain.recalls import Disposal, RecallStatus
from ...request.access import current_actor, existing, requires
from ...request.database import db
from ...request.files import file_store
from ...request.settings import public_url
from ...services import recall_answers
from ...services import recalls as verbs
from ...storage.businesses import Business
from ...storage.pages import newest_first
from ...storage.recalls import Recall, RecallHolder, holder_of, items_of, recalls_where
from .. import filters
from ..fields import upload
from ..forms import Form
from ..recall_forms import AnswerForm, CallForm, CloseForm, ConfirmForm, RecallForm, case_values, done, report
from .blueprint import Answer, bp

ITEMS = 100  # shown and answered at a time


@bp.get("/<int:business_id>/recalls")
@requires(Permission.RECALLS_READ)
def recalls(business_id: int) -> str:
    page = newest_first(
        db.session, recalls_where(business_id=business_id), Recall.id, after=filters.identifier("after")
    )
    return render_template("workspace/recalls/list.html", page=page)


@bp.route("/<int:business_id>/recalls/new", methods=["GET", "POST"])
@requires(Permission.RECALLS_WRITE)
def new_recall(business_id: int) -> Answer:
    form = RecallForm().offer(existing(Business, business_id))
    if form.validate_on_submit():
        proposed = form.attempt(_propose, form, business_id)
        if proposed:
            return redirect(_page(business_id, proposed.id), 303)
    return render_template("workspace/recalls/form.html", form=form), 422 if form.errors else 200


@bp.get("/<int:business_id>/recalls/<int:recall_id>")
@requires(Permission.RECALLS_READ)
def recall(business_id: int, recall_id: int) -> Answer:
    return _show(business_id, recall_id)


@bp.post("/<int:business_id>/recalls/<int:recall_id>/confirm")
@requires(Permission.RECALLS_CONFIRM)
def confirm_recall(business_id: int, recall_id: int) -> Answer:
    form = ConfirmForm()
    return _do(
        business_id,
        recall_id,
        form,
        lambda: verbs.confirm(
            db.session,
            current_actor(),
            recall_id,
            business_id=business_id,
            word=form.word.data or "",
            seen=form.count,
            public_url=public_url(),
        ),
        _("Đã thu hồi. Trang của người mua đã chuyển đỏ và mọi nơi giữ hàng đã được báo."),
    )


@bp.post("/<int:business_id>/recalls/<int:recall_id>/dismiss")
@requires(Permission.RECALLS_WRITE)
def dismiss_recall(business_id: int, recall_id: int) -> Answer:
    def dismiss() -> Recall:
        return verbs.dismiss(db.session, current_actor(), recall_id, business_id=business_id)

    return _do(business_id, recall_id, Form(), dismiss, _("Đã bỏ đề nghị."))


@bp.post("/<int:business_id>/recalls/<int:recall_id>/answer")
@requires(Permission.RECALLS_WRITE)
def answer_recall(business_id: int, recall_id: int) -> Answer:
    verbs.of(db.session, recall_id, business_id)
    form = AnswerForm()
    return _do(business_id, recall_id, form, lambda: _acknowledge(form, business_id, recall_id), _("Đã ghi xác nhận."))


@bp.post("/<int:business_id>/recalls/<int:recall_id>/remind")
@requires(Permission.RECALLS_CONFIRM)
def remind_holders(business_id: int, recall_id: int) -> Answer:
    verbs.of(db.session, recall_id, business_id, proposer=True)

    def remind() -> str:
        return done(recall_answers.remind(db.session, current_actor(), recall_id, business_id=business_id))

    return _do(business_id, recall_id, Form(), remind, "")


@bp.post("/<int:business_id>/recalls/<int:recall_id>/holders/<int:holder_id>")
@requires(Permission.RECALLS_CONFIRM)
def note_recall_call(business_id: int, recall_id: int, holder_id: int) -> Answer:
    form = CallForm()
    verbs.of(db.session, recall_id, business_id, proposer=True)
    return _do(
        business_id,
        recall_id,
        form,
        lambda: recall_answers.note_call(
            db.session, current_actor(), recall_id, holder_id, business_id=business_id, note=form.note.data or ""
        ),
        _("Đã ghi cuộc gọi."),
    )


@bp.post("/<int:business_id>/recalls/<int:recall_id>/close")
@requires(Permission.RECALLS_CONFIRM)
def close_recall(business_id: int, recall_id: int) -> Answer:
    form = CloseForm()
    return _do(
        business_id,
        recall_id,
        form,
        lambda: verbs.close(
            db.session, current_actor(), recall_id, business_id=business_id, conclusion=form.conclusion.data or ""
        ),
        _("Đã kết thúc vụ thu hồi."),
    )


@bp.get("/<int:business_id>/recalls/<int:recall_id>/report.<any(pdf, xlsx):extension>")
@requires(Permission.RECALLS_READ)
def recall_report(business_id: int, recall_id: int, extension: str) -> Answer:
    return report(verbs.of(db.session, recall_id, business_id, proposer=True), extension)


def _propose(form: RecallForm, business_id: int) -> Recall:
    return verbs.propose(db.session, current_actor(), form.facts(), business_id=business_id)


def _acknowledge(form: AnswerForm, business_id: int, recall_id: int) -> RecallHolder:
    return recall_answers.acknowledge(
        db.session,
        current_actor(),
        recall_id,
        business_id=business_id,
        found=form.found(_items(business_id, recall_id)),
        note=form.note.data or "",
        evidence=upload(form.evidence),
        store=file_store(),
        public_url=public_url(),
    )


def _items(business_id: int, recall_id: int) -> list[Any]:
    holder = db.session.scalars(holder_of(recall_id, business_id)).one_or_none()
    return list(db.session.scalars(items_of(holder.id).limit(ITEMS))) if holder else []


def _do(business_id: int, recall_id: int, form: Form, verb: Callable[[], Any], sentence: str) -> Answer:
    """Run a verb about a case; show the case again, with what is wrong where it was refused."""
    if form.validate():
        result = form.attempt(verb)
        if result is not None:
            flash(result if isinstance(result, str) else sentence, "success")
            return redirect(_page(business_id, recall_id), 303)
    return _show(business_id, recall_id, form), 422


def _show(business_id: int, recall_id: int, form: Form | None = None) -> str:
    found = verbs.of(db.session, recall_id, business_id)
    leads = found.business_id == business_id
    holder = db.session.scalars(holder_of(recall_id, business_id)).one_or_none()
    items = _items(business_id, recall_id)
    return render_template(
        "workspace/recalls/show.html",
        holder=holder,
        items=items,
        cases=recall_answers.cases_of(db.session, [item.batch_id for item in items]),
        unanswered=found.status is RecallStatus.OPEN and holder is not None and holder.acknowledged_at is None,
        leads=leads,
        form=form or Form(),
        answering=form if isinstance(form, AnswerForm) else AnswerForm(),
        confirming=form if isinstance(form, ConfirmForm) else ConfirmForm(),
        closing=form if isinstance(form, CloseForm) else CloseForm(),
        calling=form if isinstance(form, CallForm) else CallForm(),
        disposals_offered=list(Disposal),
        call_url=partial(url_for, "workspace.note_recall_call", business_id=business_id, recall_id=recall_id),
        typed=request.form,
        **(case_values(found) if leads else {"recall": found}),
    )


def _page(business_id: int, recall_id: int) -> str:
    return url_for("workspace.recall", business_id=business_id, recall_id=recall_id)
