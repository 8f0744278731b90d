"""What a business does with a batch that it made or holds: recorded, and put right without erasing anything."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from ...domain.errors import NotFound
from ...domain.permissions import Permission
from ...domain.sensors import is_alarming
from ...domain.steps import RECORDABLE
from ...domain.vocabulary import BusinessStep
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.settings import public_url
from ...services import chain
from ...services import recording as verbs
from ...services.recording import Correction, kept_at, reachable
from ...storage.batches import Batch
from ...storage.chain import Event
from ...storage.laboratory import reports_of_batch
from .. import filters
from .batch_forms import ReasonForm
from .blueprint import Answer, bp
from .step_forms import SayAgainForm, StepForm
from .step_history import history


@bp.get("/<int:business_id>/batches/<int:batch_id>/steps")
@requires(Permission.BATCHES_READ)
def steps(business_id: int, batch_id: int) -> str:
    """For whoever made the batch and for whoever holds it."""
    batch = reachable(db.session, business_id, batch_id)
    return render_template(
        "workspace/steps/page.html",
        batch=batch,
        steps=RECORDABLE,
        history=history(db.session, batch, business_id),
        tests=db.session.scalars(reports_of_batch(batch_id, business_id=business_id)).all(),
    )


@bp.route("/<int:business_id>/batches/<int:batch_id>/steps/<step>", methods=["GET", "POST"])
@requires(Permission.BATCHES_WRITE)
def record_step(business_id: int, batch_id: int, step: str) -> Answer:
    """``?corrects=<event>`` says a step again that was recorded wrongly."""
    batch = reachable(db.session, business_id, batch_id)
    if step not in RECORDABLE:
        raise NotFound
    event_id = filters.identifier("corrects")
    wrong = _event(batch, event_id, business_id) if event_id else None
    form = (SayAgainForm() if wrong else StepForm()).of(business_id, batch, BusinessStep(step))
    if form.validate_on_submit() and (event := form.attempt(_record, form, business_id, batch, wrong)):
        flash(_("Đã ghi: %(step)s.", step=_(BusinessStep(event.business_step).label)), "success")
        if is_alarming(form.facts().readings, kept_at(batch.product)):
            flash(_("Có nhiệt độ ngoài mức bảo quản của sản phẩm. Hãy kiểm tra hàng và kho."), "error")
        return redirect(url_for("workspace.steps", business_id=business_id, batch_id=batch_id), 303)
    if wrong and not form.is_submitted():
        form.show(wrong)
    page = render_template("workspace/steps/form.html", form=form, batch=batch, wrong=wrong)
    return page, 422 if form.errors else 200


@bp.route("/<int:business_id>/batches/<int:batch_id>/events/<int:event_id>/wrong", methods=["GET", "POST"])
@requires(Permission.BATCHES_WRITE)
def declare_error(business_id: int, batch_id: int, event_id: int) -> Answer:
    batch = reachable(db.session, business_id, batch_id)
    event = _event(batch, event_id, business_id)
    form = ReasonForm()
    if form.validate_on_submit() and form.attempt(_declare_error, form, batch, event):
        flash(_("Đã đánh dấu bước này là ghi nhầm."), "success")
        return redirect(url_for("workspace.steps", business_id=business_id, batch_id=batch_id), 303)
    label = BusinessStep(event.business_step)
    page = render_template("workspace/steps/wrong.html", form=form, batch=batch, event=event, step=label)
    return page, 422 if form.errors else 200


def _record(form: StepForm, business_id: int, batch: Batch, wrong: Event | None) -> Event:
    return verbs.record(
        db.session,
        current_actor(),
        business_id,
        batch.id,
        form.facts(),
        proof=form.proof,
        correction=Correction(event_id=wrong.id, reason=form["reason"].data or "") if wrong else None,
        public_url=public_url(),
    )


def _declare_error(form: ReasonForm, batch: Batch, event: Event) -> bool:
    chain.declare_error(db.session, current_actor(), batch.id, event.id, reason=form.reason.data or "")
    return True


def _event(batch: Batch, event_id: int, business_id: int) -> Event:
    event = owned(Event, event_id, business_id)
    if event.batch_id != batch.id:
        raise NotFound
    return event
