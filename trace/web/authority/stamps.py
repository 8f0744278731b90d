"""What was odd in the scans of all businesses' stamps."""

from flask import render_template

from ...domain.permissions import Permission
from ...request.access import requires, within_office
from ...request.database import db
from ...storage.pages import newest_first
from ...storage.stamps import StampSignal, signals_where
from .. import filters
from .blueprint import bp


@bp.get("/stamps")
@requires(Permission.BATCHES_READ)
def check_stamps() -> str:
    asked = within_office(signals_where(business_id=filters.identifier("business")), StampSignal.business_id)
    page = newest_first(db.session, asked, StampSignal.id, after=filters.identifier("after"))
    return render_template("authority/stamps/list.html", page=page)
