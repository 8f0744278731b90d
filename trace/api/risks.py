"""Whom to inspect first and why, for officers."""

from typing import Any

from ..domain.businesses import BusinessKind
from ..domain.errors import NotFound
from ..domain.permissions import Permission
from ..domain.products import Commodity
from ..domain.risks import Factor
from ..request.access import current_actor, requires, within_office
from ..request.database import db
from ..services.audit import note_looks
from ..services.clock import today
from ..services.risks import period_on
from ..storage.pages import Page, in_order, newest_first
from ..storage.risk_records import key_of, records_of
from ..storage.risks import (
    BusinessRisk,
    RiskScore,
    highest_first,
    risk_of,
    risks_where,
    scores_of,
)
from .fields import Integer, Member, Moment, Part, Several, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic

topic = Topic("Risks", "A risk score for each approved business, explained point by point down to the records.")
MOST_SCORES = 100


class RiskPointSchema(Schema):
    factor = Member(Factor, attribute="fact.factor")
    subject = Text(attribute="fact.subject", metadata={"description": "A commodity, a grade or a scheme, or empty"})
    count = Integer(
        attribute="fact.count",
        metadata={"description": "Days since a visit or the end of a certificate; tonnes of a volume"},
    )
    points = Integer()


class RiskSchema(Schema):
    business_id = Integer()
    score = Integer(metadata={"description": "The sum of the points"})
    points = Several(Part(RiskPointSchema), metadata={"description": "Most first"})
    weights_number = Integer(metadata={"description": "Of the version of the weights"})
    counted_at = Moment()


class RiskScoreSchema(Schema):
    score = Integer()
    points = Several(Part(RiskPointSchema))
    weights_number = Integer()
    at = Moment()


class BusinessRiskSchema(RiskSchema):
    scores = Several(Part(RiskScoreSchema), metadata={"description": "How it went, newest first"})


class RiskRecordQuery(PageQuery):
    subject = Text(load_default="", metadata={"description": "As the point names it"})


class RiskRecordSchema(Schema):
    record = Text(metadata={"description": "What it is: Batch, Certificate, Complaint, Handover, Inspection, …"})
    id = Integer()


class RiskQuery(PageQuery):
    search = Text(load_default="", metadata={"description": "Part of a name, or the beginning of a tax code"})
    kind = Member(BusinessKind, load_default=None)
    commune_code = Text(load_default="")
    commodity = Member(Commodity, load_default=None)


@topic.get("/risks")
@requires(Permission.RISKS_READ)
@topic.arguments(RiskQuery, location="query")
@topic.response(200, page_of(RiskSchema))
def list_risks(query: dict[str, Any]) -> Page[BusinessRisk]:
    """List businesses, riskiest first, as an officer"""
    asked = {name: value for name, value in query.items() if name not in ("after", "limit")}
    question = within_office(risks_where(**asked), BusinessRisk.business_id)
    return in_order(db.session, highest_first(question, query["after"]), BusinessRisk.business_id, size=query["limit"])


@topic.get("/businesses/<int:business_id>/risk")
@requires(Permission.RISKS_READ)
@topic.response(200, BusinessRiskSchema)
def show_risk(business_id: int) -> dict[str, Any]:
    """Explain the score of a business, and show how it went, as an officer"""
    risk = db.session.scalars(risk_of(business_id)).first()
    if risk is None:
        raise NotFound
    scores: list[RiskScore] = list(db.session.scalars(scores_of(business_id).limit(MOST_SCORES)))
    shown = {name: getattr(risk, name) for name in ("business_id", "score", "points", "weights_number", "counted_at")}
    return {**shown, "scores": scores}


@topic.get(f"/businesses/<int:business_id>/risk/<any({', '.join(Factor)}):factor>")
@requires(Permission.RISKS_READ)
@topic.arguments(RiskRecordQuery, location="query")
@topic.response(200, page_of(RiskRecordSchema))
def list_risk_records(query: dict[str, Any], business_id: int, factor: str) -> dict[str, Any]:
    """List the records behind a point of a score, newest first, as an officer"""
    chosen = Factor(factor)
    found = records_of(chosen, business_id, period_on(today()), query["subject"])
    records = newest_first(db.session, found, key_of(chosen), after=query["after"], size=query["limit"])
    note_looks(db.session, current_actor(), "risks", [business_id])
    return {"items": [{"record": type(one).__name__, "id": one.id} for one in records.items], "next": records.next}
