"""Which officers looked at the figures of the business."""

from flask import render_template

from ...domain.permissions import Permission
from ...request.access import requires
from ...request.database import db
from ...storage.audit import AuditEntry, looks_at
from ...storage.pages import newest_first
from .. import filters
from ..audit_words import ACTIONS
from .blueprint import bp


@bp.get("/<int:business_id>/looks")
@requires(Permission.AUDIT_READ)
def looks(business_id: int) -> str:
    page = newest_first(db.session, looks_at(business_id), AuditEntry.id, after=filters.identifier("after"))
    return render_template("workspace/audit/looks.html", page=page, actions=ACTIONS)
