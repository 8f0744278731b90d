"""Green business points: applications to decide, points that stand, and taking the name back."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from ...domain.green_points import GreenPointStatus, GreenPointStep
from ...domain.permissions import Permission
from ...request.access import current_actor, existing, requires, within_office
from ...request.database import db
from ...services import green_points as verbs
from ...services.clock import today
from ...storage.green_points import GreenPoint, measures_on, points_where
from ...storage.pages import newest_first, oldest_first
from .. import filters
from ..fields import VersionedForm
from ..green_points import said_of
from .blueprint import bp


class DecisionForm(VersionedForm):
    reason = TextAreaField(_l("Lý do"))


@bp.get("/green-points")
@requires(Permission.REGISTER_READ)
def green_points() -> str:
    """Those that wait, oldest first; or all of another status, newest first."""
    status = filters.choice(GreenPointStatus, "status") or GreenPointStatus.APPLIED
    order = oldest_first if status is GreenPointStatus.APPLIED else newest_first
    asked = within_office(points_where(status=status), GreenPoint.business_id)
    page = order(db.session, asked, GreenPoint.id, after=filters.identifier("after"))
    return render_template(
        "authority/green_points/list.html", page=page, status=status, statuses=list(GreenPointStatus), today=today()
    )


@bp.get("/green-points/<int:point_id>")
@requires(Permission.REGISTER_READ)
def green_point(point_id: int) -> str:
    return _page(existing(GreenPoint, point_id), DecisionForm())


@bp.post("/green-points/<int:point_id>/<any(award, refuse, revoke):decision>")
@requires(Permission.GREEN_POINTS_DECIDE)
def decide_green_point(point_id: int, decision: str) -> Response | tuple[str, int]:
    found, form = existing(GreenPoint, point_id), DecisionForm()
    if form.validate() and form.attempt(
        verbs.move,
        db.session,
        current_actor(),
        point_id,
        GreenPointStep(decision),
        reason=form.reason.data or "",
        version=form.seen,
    ):
        flash(_("Đã ghi quyết định. Cơ sở được báo."), "success")
        return redirect(url_for("authority.green_points"), 303)
    return _page(found, form), 422


def _page(point: GreenPoint, form: DecisionForm) -> str:
    form.version.data = point.version
    return render_template(
        "authority/green_points/show.html",
        point=point,
        form=form,
        today=today(),
        criteria=said_of(point),
        months=measures_on(today()).validity_months,
    )
