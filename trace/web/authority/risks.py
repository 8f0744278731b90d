"""Whom to inspect first, why, and the records that say so."""

from flask import render_template

from ...domain.businesses import BusinessKind
from ...domain.errors import NotFound
from ...domain.inspections import InspectionStatus
from ...domain.permissions import Permission
from ...domain.products import Commodity
from ...domain.risks import Factor
from ...request.access import current_actor, existing, requires, within_office
from ...request.database import db
from ...services.audit import note_looks
from ...services.clock import today
from ...services.risks import period_on
from ...storage.businesses import Business
from ...storage.inspections import inspections_where, planned_visits
from ...storage.pages import in_order, newest_first
from ...storage.risk_records import key_of, records_of
from ...storage.risks import BusinessRisk, highest_first, risk_of, risks_where, scores_of
from .. import filters
from .blueprint import bp

FACTORS = ", ".join(Factor)
SCORES_SHOWN = 12


@bp.get("/risks")
@requires(Permission.RISKS_READ)
def risks() -> str:
    asked = filters.of_risks()
    question = within_office(risks_where(**asked), BusinessRisk.business_id)
    page = in_order(db.session, highest_first(question, filters.identifier("after")), BusinessRisk.business_id)
    return render_template(
        "authority/risks/list.html",
        page=page,
        asked_for=asked,
        kinds=BusinessKind,
        commodities=Commodity,
        today=today(),
        planned=dict(db.session.execute(planned_visits([each.business_id for each in page.items])).all()),
    )


@bp.get("/risks/<int:business_id>")
@requires(Permission.RISKS_READ)
def risk(business_id: int) -> str:
    """Every point of one business, and how its score went."""
    business, found = existing(Business, business_id), db.session.scalars(risk_of(business_id)).first()
    if found is None:
        raise NotFound
    visits = inspections_where(business_id=business_id, status=InspectionStatus.PLANNED)
    return render_template(
        "authority/risks/show.html",
        business=business,
        risk=found,
        scores=db.session.scalars(scores_of(business_id).limit(SCORES_SHOWN)).all(),
        visit=db.session.scalars(visits.limit(1)).first(),
    )


@bp.get(f"/risks/<int:business_id>/<any({FACTORS}):factor>")
@requires(Permission.RISKS_READ)
def risk_records(business_id: int, factor: str) -> str:
    """The records behind a point, newest first; ``?subject=`` is that of its fact."""
    business, chosen = existing(Business, business_id), Factor(factor)
    found = records_of(chosen, business_id, period_on(today()), filters.text("subject"))
    page = newest_first(db.session, found, key_of(chosen), after=filters.identifier("after"))
    note_looks(db.session, current_actor(), "risks", [business_id])
    return render_template("authority/risks/records.html", business=business, factor=chosen, page=page)
