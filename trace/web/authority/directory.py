"""The directory as officers see it, and how many connections there are; never what was written in one."""

from flask import render_template

from ...domain.connections import ConnectionStatus
from ...domain.permissions import Permission
from ...request.access import requires, within_office
from ...request.database import db
from ...storage.connections import counts_by_status
from ...storage.directory import Listing, listed_count
from .. import directory as shared
from .blueprint import bp


@bp.get("/directory")
@requires(Permission.REGISTER_READ)
def directory() -> str:
    counts = dict(db.session.execute(counts_by_status()).all())
    return render_template(
        "authority/directory/list.html",
        **shared.listed(lambda asked: within_office(asked, Listing.business_id)),
        listed=db.session.scalars(listed_count()).one(),
        counts=[(status, counts.get(status, 0)) for status in ConnectionStatus],
    )
