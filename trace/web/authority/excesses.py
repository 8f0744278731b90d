"""What was more than thought possible, with the reason given: an officer looks at each once."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from ...domain.excesses import ExcessKind
from ...domain.permissions import Permission
from ...request.access import current_actor, existing, requires, within_office
from ...request.database import db
from ...services import excesses as verbs
from ...services.audit import record_look
from ...storage.excesses import Excess, excesses_where
from ...storage.pages import newest_first, oldest_first
from .. import filters
from ..fields import VersionedForm
from .blueprint import bp
from .yields import unchecked


class ConclusionForm(VersionedForm):
    conclusion = TextAreaField(_l("Kết luận"))


@bp.get("/excesses")
@requires(Permission.BATCHES_READ)
def check_excesses() -> str:
    """Those nobody looked at, oldest first; with ``?seen=yes`` the others, newest first."""
    seen, kind = request.args.get("seen") == "yes", filters.choice(ExcessKind, "kind")
    asked = excesses_where(business_id=filters.identifier("business"), kind=kind, is_seen=seen)
    order = newest_first if seen else oldest_first
    page = order(db.session, within_office(asked, Excess.business_id), Excess.id, after=filters.identifier("after"))
    return render_template(
        "authority/excesses/list.html", page=page, seen=seen, kind=kind, kinds=list(ExcessKind), **unchecked()
    )


@bp.get("/excesses/<int:excess_id>")
@requires(Permission.BATCHES_READ)
def check_excess(excess_id: int) -> str:
    found = existing(Excess, excess_id)
    record_look(db.session, current_actor(), "excesses:see", found)
    return _page(found, ConclusionForm())


@bp.post("/excesses/<int:excess_id>")
@requires(Permission.EXCESSES_REVIEW)
def conclude_check_excess(excess_id: int) -> Response | tuple[str, int]:
    form = ConclusionForm()
    if form.validate_on_submit() and form.attempt(
        verbs.conclude,
        db.session,
        current_actor(),
        excess_id,
        conclusion=form.conclusion.data or "",
        version=form.seen,
    ):
        flash(_("Đã ghi là đã xem."), "success")
        return redirect(url_for("authority.check_excesses"), 303)
    return _page(existing(Excess, excess_id), form), 422


def _page(excess: Excess, form: ConclusionForm) -> str:
    form.version.data = excess.version
    return render_template("authority/excesses/show.html", excess=excess, form=form)
