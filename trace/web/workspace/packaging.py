"""What a business packs its goods in, month by month."""

from flask import render_template

from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...services.packaging import own_shares
from ..packaging import shown
from .blueprint import bp


@bp.get("/<int:business_id>/packaging")
@requires(Permission.BUSINESS_READ)
def packaging(business_id: int) -> str:
    return render_template("workspace/packaging.html", **shown(own_shares(db.session, current_actor(), business_id)))
