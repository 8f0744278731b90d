"""Deliveries as both sides see them: what is to be received, what was given, and one delivery with all that was said."""

from collections.abc import Callable

from flask import flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...domain.errors import NotFound, TraceError
from ...domain.handovers import HandoverStatus
from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...request.limits import LOOK_UP, limiter
from ...request.settings import public_url
from ...services import handover_disputes, handover_invitations
from ...services import handovers as verbs
from ...storage.balance import Holding, holding_of, holdings_of
from ...storage.handovers import (
    Handover,
    buyers_named,
    handover_with,
    handovers_of,
    open_handovers_in,
    steps_of,
)
from ...storage.pages import newest_first
from .. import filters
from .blueprint import Answer, bp
from .handover_forms import OfferForm, ReceiveForm, SayForm

FRESH_LINK = "delivery_link"
"""The session keeps a new invitation until the delivery's page has shown it once."""


@bp.get("/<int:business_id>/handovers")
@requires(Permission.HANDOVERS_READ)
def handovers(business_id: int) -> str:
    """``?given=yes``: what the business gives; else what it gets."""
    given = request.args.get("given") == "yes"
    status = filters.choice(HandoverStatus, "status")
    asked = handovers_of(business_id, given=given, status=status)
    waiting = handovers_of(business_id, given=False, status=HandoverStatus.OFFERED).order_by(Handover.id)
    return render_template(
        "workspace/handovers/list.html",
        page=newest_first(db.session, asked, Handover.id, after=filters.identifier("after")),
        waiting=[] if given or status else db.session.scalars(waiting.limit(20)).all(),
        given=given,
        status=status,
        statuses=list(HandoverStatus),
    )


@bp.route("/<int:business_id>/handovers/new", methods=["GET", "POST"])
@requires(Permission.HANDOVERS_WRITE)
def new_handover(business_id: int) -> Answer:
    """``?batch=`` names one of the batches held; without it they are listed, or found by ``?search=``."""
    batch_id = filters.identifier("batch")
    holding = db.session.scalars(holding_of(business_id, batch_id)).one_or_none() if batch_id else None
    if holding is None:
        return _choose_batch(business_id)
    form = OfferForm(holding)
    if form.validate_on_submit() and (made := form.attempt(_offer, form, business_id)):
        handover, token = made
        if token:
            session[FRESH_LINK] = [handover.id, token]
        flash(_("Đã ghi giao hàng. Số hàng này đã ra khỏi kho của cơ sở."), "success")
        return redirect(_page(business_id, handover), 303)
    return render_template("workspace/handovers/form.html", form=form, holding=holding), 422 if form.errors else 200


@bp.get("/<int:business_id>/handovers/buyers")
@limiter.limit(LOOK_UP)
@requires(Permission.HANDOVERS_WRITE)
def handover_buyers(business_id: int) -> Response:
    """Approved businesses by part of a name or the beginning of a tax code, for the type-ahead."""
    typed = filters.text("q")
    found = db.session.scalars(buyers_named(typed)).all() if len(typed) > 1 else ()
    return jsonify(buyers=[{"name": each.legal_name} for each in found if each.id != business_id])


@bp.get("/<int:business_id>/handovers/<int:handover_id>")
@requires(Permission.HANDOVERS_READ)
def handover(business_id: int, handover_id: int) -> Answer:
    return _show(_of(business_id, handover_id), business_id)


@bp.post("/<int:business_id>/handovers/<int:handover_id>/acceptance")
@requires(Permission.HANDOVERS_WRITE)
def accept_handover(business_id: int, handover_id: int) -> Answer:
    kept = _of(business_id, handover_id)
    form = ReceiveForm(kept, business_id)
    if form.validate_on_submit() and (got := form.attempt(_accept, form)):
        flash(_("Đã nhận hàng. Số hàng này nay ở trong kho của cơ sở."), "success")
        return redirect(_page(business_id, got), 303)
    return _show(_of(business_id, handover_id), business_id, receive=form), 422


@bp.post("/<int:business_id>/handovers/<int:handover_id>/<any(rejection, withdrawal, dispute, resolution):step>")
@requires(Permission.HANDOVERS_WRITE)
def answer_handover(business_id: int, handover_id: int, step: str) -> Answer:
    """What is said of a delivery besides receiving it, each with its reason."""
    kept = _of(business_id, handover_id)
    form = SayForm()
    reason = form.reason.data or ""
    acting = (db.session, current_actor())
    sayings: dict[str, tuple[Callable[[], Handover], str]] = {
        "rejection": (
            lambda: verbs.reject(
                *acting, kept.id, reason=reason, alone="alone" in request.form, public_url=public_url()
            ),
            _("Đã từ chối. Số hàng trở lại kho bên giao."),
        ),
        "withdrawal": (
            lambda: verbs.withdraw(*acting, kept.id, reason=reason),
            _("Đã rút lại. Số hàng trở lại kho của cơ sở."),
        ),
        "dispute": (
            lambda: handover_disputes.dispute(*acting, business_id, kept.id, reason=reason),
            _("Đã gửi khiếu nại cho bên kia và cơ quan quản lý."),
        ),
        "resolution": (
            lambda: handover_disputes.resolve(*acting, business_id, kept.id, note=reason),
            _("Đã khép lại khiếu nại."),
        ),
    }
    verb, sentence = sayings[step]
    if form.validate_on_submit() and form.attempt(verb):
        flash(sentence, "success")
        return redirect(_page(business_id, kept), 303)
    return _show(_of(business_id, handover_id), business_id, say=form, step=step), 422


@bp.post("/<int:business_id>/handovers/<int:handover_id>/invitation")
@requires(Permission.HANDOVERS_WRITE)
def renew_delivery(business_id: int, handover_id: int) -> Response:
    kept = _of(business_id, handover_id)
    try:
        token = handover_invitations.renew_invitation(db.session, current_actor(), kept.id)
    except TraceError as error:
        db.session.rollback()
        flash(_(error.message, **error.values), "error")
    else:
        session[FRESH_LINK] = [kept.id, token]
    return redirect(_page(business_id, kept), 303)


def _choose_batch(business_id: int) -> str:
    search = filters.text("search")
    held = holdings_of(business_id, left=True, search=search)
    page = newest_first(db.session, held, Holding.id, after=filters.identifier("after"))
    return render_template("workspace/handovers/choose.html", page=page, search=search)


def _offer(form: OfferForm, business_id: int) -> tuple[Handover, str]:
    actor, facts = current_actor(), form.facts()
    return verbs.offer(db.session, actor, business_id, facts, public_url=public_url(), client_key=form.key)


def _accept(form: ReceiveForm) -> Handover:
    return verbs.accept(
        db.session,
        current_actor(),
        form.handover.id,
        received=form.amount(everything="all" in request.form),
        reason=form.reason.data or "",
        site_id=form.site_id.data or None,
        public_url=public_url(),
    )


def _of(business_id: int, handover_id: int) -> Handover:
    """A delivery that the business gives or gets; raises NotFound for any other."""
    found = db.session.scalars(handover_with(handover_id)).one_or_none()
    if found is None or business_id not in (found.seller_id, found.buyer_id):
        raise NotFound
    return found


def _show(
    kept: Handover, business_id: int, *, receive: ReceiveForm | None = None, say: SayForm | None = None, step: str = ""
) -> str:
    fresh_id, token = session.get(FRESH_LINK) or (None, "")
    if fresh_id == kept.id:
        session.pop(FRESH_LINK)
    gets = kept.buyer_id == business_id
    return render_template(
        "workspace/handovers/page.html",
        handover=kept,
        steps=db.session.scalars(steps_of(kept.id)).all(),
        gets=gets,
        receive=receive or (ReceiveForm(kept, business_id) if gets else None),
        say=say or SayForm(formdata=None),
        step=step,
        in_case=db.session.scalars(open_handovers_in(kept.case_id)).all() if kept.case_id else [],
        link=url_for("deliveries.delivery", delivery_token=token, _external=True) if fresh_id == kept.id else "",
    )


def _page(business_id: int, kept: Handover) -> str:
    return url_for("workspace.handover", business_id=business_id, handover_id=kept.id)
