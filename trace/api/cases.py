"""Cases: logistic units of a business."""

from typing import Any

from ..domain.cases import CaseStatus
from ..domain.permissions import Permission
from ..request.access import current_actor, requires
from ..request.database import db
from ..request.settings import public_url
from ..services import cases
from ..services.case_handovers import offer_case
from ..services.cases import CaseFacts, case_of
from ..services.handovers import Shipment
from ..storage.balance import holdings_of
from ..storage.cases import Case, cases_of
from .fields import Integer, Member, Moment, Part, Several, Text
from .handover_schemas import HandoverSchema, ShipmentSchema, invitation_link
from .schemas import Amount, PageQuery, Schema, base_units, page_of
from .topics import Topic, once, page

topic = Topic(
    "Cases", "What a business packed together (EPCIS aggregation): held by it, and not loose until it is unpacked."
)
_OF_ONE = "/businesses/<int:business_id>/cases/<int:case_id>"


class CaseContentSchema(Schema):
    batch_id = Integer(required=True)
    code = Text(attribute="batch.public_code", dump_only=True)
    lot = Text(attribute="batch.lot", dump_only=True)
    amount = Amount(required=True)


class CaseSchema(Schema):
    id = Integer()
    code = Text(metadata={"description": "An SSCC (GS1 AI 00), or 10 characters of ours"})
    status = Member(CaseStatus)
    site_id = Integer()
    packed_by_id = Integer(metadata={"description": "The business that packed it"})
    packed_at = Moment()
    contents = Several(Part(CaseContentSchema))


class NewCaseSchema(Schema):
    contents = Several(Part(CaseContentSchema), required=True)
    site_id = Integer(required=True)
    at = Moment(required=True)
    sscc = Text(
        load_default="",
        metadata={"description": "Printed on it already; else one is made under the GLN of the place, if it has one"},
    )


class CaseQuery(PageQuery):
    batch_id = Integer(load_default=None, metadata={"description": "Only cases with some of this batch"})


class CaseHandoversSchema(Schema):
    handovers = Several(Part(HandoverSchema), metadata={"description": "One for each batch in the case"})
    invitation = Text(metadata={"description": "Link for a buyer who is not enrolled, shown once; else empty"})


@topic.get("/businesses/<int:business_id>/cases")
@requires(Permission.BATCHES_READ)
@topic.arguments(CaseQuery, location="query")
@topic.response(200, page_of(CaseSchema))
def list_cases(query: dict[str, Any], business_id: int) -> Any:
    """List the cases that a business has or has on the way to a buyer"""
    return page(cases_of(business_id, batch_id=query.pop("batch_id")), Case.id, query)


@topic.post("/businesses/<int:business_id>/cases")
@requires(Permission.BATCHES_WRITE)
@once
@topic.arguments(NewCaseSchema)
@topic.response(201, CaseSchema)
def pack(data: dict[str, Any], business_id: int) -> Case:
    """Pack so much of held batches into a case"""
    given = data["contents"]
    held = db.session.scalars(holdings_of(business_id, batch_ids=[each["batch_id"] for each in given]))
    units = {holding.batch_id: holding.product.unit for holding in held}
    contents = [  # what is not held is in whatever unit was sent: the service refuses it
        (each["batch_id"], base_units(each["amount"], units.get(each["batch_id"], each["amount"]["unit"])))
        for each in given
    ]
    facts = CaseFacts(**{**data, "contents": contents})
    return cases.pack(db.session, current_actor(), business_id, facts, public_url=public_url())


@topic.get(_OF_ONE)
@requires(Permission.BATCHES_READ)
@topic.response(200, CaseSchema)
def show_case(business_id: int, case_id: int) -> Case:
    """Show a case and what is in it"""
    return case_of(db.session, business_id, case_id)


@topic.post(f"{_OF_ONE}/unpacking")
@requires(Permission.BATCHES_WRITE)
@once
@topic.response(200, CaseSchema)
def unpack(business_id: int, case_id: int) -> Case:
    """Open a case: what was in it is loose again"""
    return cases.unpack(db.session, current_actor(), business_id, case_id, public_url=public_url())


@topic.post(f"{_OF_ONE}/handovers")
@requires(Permission.HANDOVERS_WRITE)
@once
@topic.arguments(ShipmentSchema)
@topic.response(201, CaseHandoversSchema)
def give(data: dict[str, Any], business_id: int, case_id: int) -> dict[str, Any]:
    """Give a closed case to a buyer, who takes delivery of all that is in it at once"""
    made, token = offer_case(
        db.session, current_actor(), business_id, case_id, Shipment(**data), public_url=public_url()
    )
    return {"handovers": made, "invitation": invitation_link(token)}
