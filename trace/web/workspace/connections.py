"""Connections of a business: asked for, waiting for its answer, standing."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from ...domain.connections import ConnectionStatus, ConnectionStep, possible_steps
from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...request.limits import CONNECT, limiter
from ...services import connections as verbs
from ...services.directory import check_reader
from ...storage.connections import Connection, connections_of
from ...storage.directory import listing_of
from ...storage.pages import newest_first
from .. import filters
from ..fields import VersionedForm
from .blueprint import Answer, bp
from .directory import RequestForm, entry_page


class StepForm(VersionedForm):
    reason = TextAreaField(_l("Lý do"))


@bp.get("/<int:business_id>/connections")
@requires(Permission.CONNECTIONS_WRITE)
def connections(business_id: int) -> str:
    """Newest first; ``?side=asked`` those that others asked for, ``?side=own`` one's own."""
    side, status = request.args.get("side"), filters.choice(ConnectionStatus, "status")
    asked = {"asked": True, "own": False}.get(side or "")
    page = newest_first(
        db.session,
        connections_of(business_id, asked=asked, status=status),
        Connection.id,
        after=filters.identifier("after"),
    )
    return render_template(
        "workspace/connections/list.html",
        page=page,
        side=side,
        status=status,
        statuses=list(ConnectionStatus),
        own=db.session.scalars(listing_of(business_id)).one_or_none(),
    )


@bp.post("/<int:business_id>/directory/<int:listed>")
@limiter.limit(CONNECT)
@requires(Permission.CONNECTIONS_WRITE)
def ask_connection(business_id: int, listed: int) -> Answer:
    form = RequestForm()
    check_reader(db.session, current_actor(), business_id)
    if form.validate():
        asked = form.attempt(
            verbs.ask,
            db.session,
            current_actor(),
            business_id,
            listed,
            wanted=form.wanted.data or "",
            message=form.message.data or "",
        )
        if asked:
            flash(_("Đã gửi lời kết nối. Bên kia được báo và sẽ trả lời ở đây."), "success")
            return redirect(url_for("workspace.connection", business_id=business_id, connection_id=asked.id), 303)
    return entry_page(business_id, listed, form), 422


@bp.get("/<int:business_id>/connections/<int:connection_id>")
@requires(Permission.CONNECTIONS_WRITE)
def connection(business_id: int, connection_id: int) -> str:
    return _page(business_id, connection_id, StepForm())


@bp.post("/<int:business_id>/connections/<int:connection_id>/<any(accept, decline, withdraw, end):answer>")
@requires(Permission.CONNECTIONS_WRITE)
def answer_connection(business_id: int, connection_id: int, answer: str) -> Answer:
    form = StepForm()
    if form.validate() and form.attempt(
        verbs.move,
        db.session,
        current_actor(),
        business_id,
        connection_id,
        ConnectionStep(answer),
        reason=form.reason.data or "",
        version=form.seen,
    ):
        flash(_("Đã ghi. Bên kia được báo."), "success")
        return redirect(url_for("workspace.connection", business_id=business_id, connection_id=connection_id), 303)
    return _page(business_id, connection_id, form), 422


@bp.post("/<int:business_id>/directory/<int:listed>/block")
@requires(Permission.CONNECTIONS_WRITE)
def block_connection(business_id: int, listed: int) -> Response:
    """The form says ``blocked``, ``yes`` or ``no``."""
    blocked = request.form.get("blocked") == "yes"
    verbs.set_blocked(db.session, current_actor(), business_id, listed, blocked=blocked)
    flash(_("Đã chặn. Cơ sở kia không gửi được lời kết nối nữa.") if blocked else _("Đã bỏ chặn."), "success")
    return redirect(url_for("workspace.connections", business_id=business_id), 303)


def _page(business_id: int, connection_id: int, form: StepForm) -> str:
    found = verbs.connection_of(db.session, business_id, connection_id)
    form.version.data = found.version
    return render_template(
        "workspace/connections/show.html",
        connection=found,
        other=found.other(business_id),
        is_asker=found.asker_id == business_id,
        steps=possible_steps(found.status, is_asker=found.asker_id == business_id),
        contact=verbs.contact_for(db.session, business_id, found),
        blocked=verbs.is_blocked(db.session, business_id, found.other(business_id).id),
        form=form,
    )
