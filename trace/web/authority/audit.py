"""Who did what. Nothing here can be changed, not even by the database's own user."""

from datetime import timedelta

from flask import render_template
from sqlalchemy import Select

from ...domain.dates import start_of_day
from ...domain.permissions import Permission
from ...request.access import existing, requires, within_office
from ...request.database import db
from ...storage.audit import AuditEntry, audit_entries
from ...storage.businesses import Business
from ...storage.pages import newest_first
from .. import filters
from ..audit_words import ACTIONS, ACTORS, SUBJECTS, TOPICS
from .blueprint import bp


@bp.get("/audit")
@requires(Permission.AUDIT_READ)
def audit() -> str:
    business_id = filters.identifier("business")
    page = newest_first(db.session, entries_asked_for(), AuditEntry.id, after=filters.identifier("after"))
    business = existing(Business, business_id) if business_id is not None else None
    return render_template(
        "authority/audit/list.html",
        page=page,
        actions=ACTIONS,
        actors=ACTORS,
        subjects=SUBJECTS,
        topics=TOPICS,
        business=business,
    )


def entries_asked_for() -> Select[AuditEntry]:
    """What the query string asks of the trail."""
    since, until = filters.day("since"), filters.day("until")
    asked = audit_entries(
        person=filters.text("person"),
        topic=filters.text("topic"),
        action=filters.text("action"),
        business_id=filters.identifier("business"),
        subject_type=filters.text("type"),
        subject_id=filters.identifier("subject"),
        since=start_of_day(since) if since else None,
        before=start_of_day(until + timedelta(days=1)) if until else None,
    )
    return within_office(asked, AuditEntry.business_id)
