"""What a business holds, and what becomes of it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from ...domain.balance import MovementKind
from ...domain.errors import NotFound
from ...domain.permissions import Permission
from ...domain.quantities import parse_amount
from ...domain.vocabulary import BusinessStep
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.settings import public_url
from ...services import balance as verbs
from ...services.balance import REMOVALS
from ...services.making import preview
from ...services.undoing import undo
from ...storage.balance import Holding, Movement, holding_of, holdings_of, movements_of
from ...storage.batches import Batch, batches_with
from ...storage.chain import Event, declarations_by
from ...storage.pages import newest_first
from .. import balance_rows, filters
from .batch_forms import ReasonForm
from .blueprint import Answer, bp
from .stock_forms import RemovalForm, SplitForm, TransformForm, at_fields

MOST_UNDONE = 50


@bp.get("/<int:business_id>/stock")
@requires(Permission.BATCHES_READ)
def stock(business_id: int) -> str:
    search = filters.text("search")
    statement = holdings_of(business_id, left=True, search=search)
    page = newest_first(db.session, statement, Holding.id, after=filters.identifier("after"))
    return render_template("workspace/stock/list.html", page=page, search=search)


@bp.get("/<int:business_id>/stock/<int:batch_id>")
@requires(Permission.BATCHES_READ)
def stock_balance(business_id: int, batch_id: int) -> str:
    holding = _held(business_id, batch_id)
    making = verbs.making_of(db.session, holding.batch) if holding.batch.business_id == business_id else None
    moved = newest_first(
        db.session, movements_of(business_id, batch_id), Movement.id, after=filters.identifier("after")
    )
    children = db.session.scalars(batches_with([movement.event.batch_id for movement in moved.items])).all()
    return render_template(
        "workspace/stock/balance.html",
        holding=holding,
        rows=balance_rows.of_holder(verbs.balance_of(db.session, holding), holding.product.unit),
        making=balance_rows.of_making(making) if making else None,
        moved=moved,
        children={child.id: child for child in children},
        undone=db.session.scalars(declarations_by(business_id, batch_id).limit(MOST_UNDONE)).all(),
        step_labels={step.value: step for step in BusinessStep},
        kinds={kind.value: kind for kind in MovementKind},
        removals=REMOVALS,
    )


@bp.route("/<int:business_id>/stock/make", methods=["GET", "POST"])
@requires(Permission.BATCHES_PUBLISH)
def make_from_stock(business_id: int) -> Answer:
    """``?batch=<id>`` chooses; ``step`` of the form is add, check or save."""
    form = TransformForm().choose(business_id)
    step, plan = request.form.get("step", ""), None
    if step == "save" and form.validate_on_submit():
        if made := form.attempt(_transform, form, business_id):
            flash(_("Đã làm ra và công bố lô %(lot)s. Bây giờ có thể in tem.", lot=made.lot), "success")
            return redirect(url_for("workspace.batch", business_id=business_id, batch_id=made.id), 303)
    elif step != "add" and form.validate_on_submit():
        plan = form.attempt(lambda: preview(db.session, current_actor(), business_id, form.facts()))
    making = balance_rows.of_making(plan.making) if plan else None
    page = render_template("workspace/stock/make.html", form=form, plan=plan, making=making)
    return page, 422 if form.errors else 200


@bp.route("/<int:business_id>/stock/<int:batch_id>/split", methods=["GET", "POST"])
@requires(Permission.BATCHES_PUBLISH)
def split_stock(business_id: int, batch_id: int) -> Answer:
    """``step`` of the form is add, check or save."""
    holding = _held(business_id, batch_id)
    form = SplitForm().offer(business_id).of(holding)
    step, parts = request.form.get("step", ""), None
    if step == "add" and len(form.amounts) < (form.amounts.max_entries or 0):
        form.amounts.append_entry()
    elif step == "save" and form.validate_on_submit():
        if made := form.attempt(_split, form):
            flash(
                ngettext(
                    "Đã tách lô %(lot)s thành %(count)s lô mới.",
                    "Đã tách lô %(lot)s thành %(count)s lô mới.",
                    len(made),
                    lot=holding.batch.lot,
                    count=len(made),
                ),
                "success",
            )
            return redirect(url_for("workspace.stock", business_id=business_id), 303)
    elif step and form.validate_on_submit():
        parts = form.attempt(form.checked_parts)
    page = render_template("workspace/stock/split.html", form=form, holding=holding, parts=parts)
    return page, 422 if form.errors else 200


@bp.route("/<int:business_id>/stock/<int:batch_id>/remove", methods=["GET", "POST"])
@requires(Permission.BATCHES_WRITE)
def remove_stock(business_id: int, batch_id: int) -> Answer:
    holding = _held(business_id, batch_id)
    form = RemovalForm().offer(holding)
    if form.validate_on_submit() and form.attempt(_remove, form, holding):
        flash(_("Đã ghi và trừ kho lô %(lot)s.", lot=holding.batch.lot), "success")
        return _to_balance(business_id, batch_id)
    page = render_template("workspace/stock/remove.html", form=form, holding=holding)
    return page, 422 if form.errors else 200


@bp.route("/<int:business_id>/stock/<int:batch_id>/events/<int:event_id>/undo", methods=["GET", "POST"])
@requires(Permission.BATCHES_WRITE)
def undo_stock(business_id: int, batch_id: int, event_id: int) -> Answer:
    """``batch_id`` is the batch that the goods came from, to go back to."""
    holding, event = _held(business_id, batch_id), owned(Event, event_id, business_id)
    form = ReasonForm()
    if form.validate_on_submit() and form.attempt(
        undo, db.session, current_actor(), business_id, event_id, reason=form.reason.data or ""
    ):
        flash(_("Đã hủy ghi. Hàng đã trở lại kho."), "success")
        return _to_balance(business_id, batch_id)
    made = db.session.get(Batch, event.batch_id) if event.batch_id != batch_id else None
    page = render_template("workspace/stock/undo.html", form=form, holding=holding, event=event, made=made)
    return page, 422 if form.errors else 200


def _transform(form: TransformForm, business_id: int) -> Batch:
    return verbs.transform(
        db.session, current_actor(), business_id, form.facts(), client_key=form.key, public_url=public_url()
    )


def _split(form: SplitForm) -> list[Batch]:
    return at_fields(
        lambda: verbs.split(
            db.session,
            current_actor(),
            form.business_id,
            form.holding.batch_id,
            form.parts(),
            at=form.at.data,
            product_id=None if form.is_own else form.product_id.data,
            site_id=None if form.is_own else form.site_id.data,
            client_key=form.key,
            public_url=public_url(),
        ),
        inputs="amounts",
        amount="amounts",
    )


def _remove(form: RemovalForm, holding: Holding) -> Event:
    amount = parse_amount(form.amount.data or "", holding.product.unit)
    return verbs.remove(
        db.session,
        current_actor(),
        holding.business_id,
        holding.batch_id,
        form.kind.data,
        amount=amount,
        at=form.at.data,
        reason=form.reason.data or "",
        seen=form.left_then,
        public_url=public_url(),
    )


def _held(business_id: int, batch_id: int) -> Holding:
    holding = db.session.scalars(holding_of(business_id, batch_id)).one_or_none()
    if holding is None:
        raise NotFound
    return holding


def _to_balance(business_id: int, batch_id: int) -> Response:
    return redirect(url_for("workspace.stock_balance", business_id=business_id, batch_id=batch_id), 303)
