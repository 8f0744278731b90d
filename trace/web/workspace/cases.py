"""Cases of a business: packed from its stock, opened again, or given away whole."""

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...domain.errors import TraceError
from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...request.settings import public_url
from ...services import cases as verbs
from ...services.case_handovers import offer_case
from ...services.cases import case_of
from ...storage.cases import Case, cases_of
from ...storage.handovers import Handover, open_handovers_in
from ...storage.pages import newest_first
from .. import filters
from .blueprint import Answer, bp
from .case_forms import PackForm
from .handover_forms import ShipmentForm
from .handovers import FRESH_LINK


@bp.get("/<int:business_id>/cases")
@requires(Permission.BATCHES_READ)
def cases(business_id: int) -> str:
    """``?batch=``: only those with some of it."""
    batch_id = filters.identifier("batch")
    page = newest_first(
        db.session, cases_of(business_id, batch_id=batch_id), Case.id, after=filters.identifier("after")
    )
    return render_template("workspace/cases/list.html", page=page, batch_id=batch_id)


@bp.route("/<int:business_id>/cases/new", methods=["GET", "POST"])
@requires(Permission.BATCHES_WRITE)
def pack_case(business_id: int) -> Answer:
    """``?batch=<id>`` chooses; ``step`` of the form is add or save."""
    form = PackForm().choose(business_id)
    saves = request.form.get("step") == "save" and form.validate_on_submit()
    if saves and (case := form.attempt(_pack, form, business_id)):
        flash(_("Đã đóng thùng %(case)s. Hàng trong thùng vẫn ở trong kho.", case=case.code), "success")
        return _to_case(case)
    return render_template("workspace/cases/pack.html", form=form), 422 if form.errors else 200


@bp.get("/<int:business_id>/cases/<int:case_id>")
@requires(Permission.BATCHES_READ)
def case(business_id: int, case_id: int) -> str:
    found = case_of(db.session, business_id, case_id)
    travelling = db.session.scalars(open_handovers_in(case_id)).all()
    return render_template("workspace/cases/page.html", case=found, travelling=travelling)


@bp.post("/<int:business_id>/cases/<int:case_id>/unpacking")
@requires(Permission.BATCHES_WRITE)
def unpack_case(business_id: int, case_id: int) -> Response:
    try:
        opened = verbs.unpack(db.session, current_actor(), business_id, case_id, public_url=public_url())
    except TraceError as error:
        if error.status == 404:
            raise
        db.session.rollback()
        flash(_(error.message, **error.values), "error")
        return redirect(url_for("workspace.case", business_id=business_id, case_id=case_id), 303)
    flash(_("Đã mở thùng %(case)s. Hàng trong thùng nay để rời trong kho.", case=opened.code), "success")
    return _to_case(opened)


@bp.route("/<int:business_id>/cases/<int:case_id>/handover", methods=["GET", "POST"])
@requires(Permission.HANDOVERS_WRITE)
def give_case(business_id: int, case_id: int) -> Answer:
    found = case_of(db.session, business_id, case_id)
    form = ShipmentForm(business_id, found.site_id)
    if form.validate_on_submit() and (made := form.attempt(_give, form, found)):
        handover, token = made
        if token:
            session[FRESH_LINK] = [handover.id, token]
        flash(_("Đã ghi giao cả thùng. Số hàng này đã ra khỏi kho của cơ sở."), "success")
        return redirect(url_for("workspace.handover", business_id=business_id, handover_id=handover.id), 303)
    return render_template("workspace/cases/give.html", form=form, case=found), 422 if form.errors else 200


def _pack(form: PackForm, business_id: int) -> Case:
    facts = form.facts()
    return verbs.pack(db.session, current_actor(), business_id, facts, public_url=public_url(), client_key=form.key)


def _give(form: ShipmentForm, case: Case) -> tuple[Handover, str]:
    made, token = offer_case(
        db.session,
        current_actor(),
        case.business_id,
        case.id,
        form.shipment(),
        public_url=public_url(),
        client_key=form.key,
    )
    return made[0], token


def _to_case(case: Case) -> Response:
    return redirect(url_for("workspace.case", business_id=case.business_id, case_id=case.id), 303)
