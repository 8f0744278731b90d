"""Where a signed-in person starts: their business, or the choice between several."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from .blueprint import bp


@bp.get("/")
@requires(Permission.ACCOUNT_MANAGE)
def home() -> str | Response:
    actor = current_actor()
    if len(actor.memberships) == 1:
        return redirect(url_for("workspace.business", business_id=next(iter(actor.memberships))))
    return render_template("workspace/home.html")
