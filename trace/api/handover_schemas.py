"""The requests and answers about deliveries."""

from ..domain.handovers import HandoverStatus
from ..request.settings import public_url
from ..services.handover_disputes import TermsFacts
from ..services.handover_invitations import Counterparty
from .fields import Boolean, Day, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import Amount, AmountSchema, FactsSchema, PageQuery, Schema


def invitation_link(token: str) -> str:
    return f"{public_url()}/deliveries/{token}" if token else ""


class CounterpartySchema(FactsSchema):
    """A buyer who is not enrolled, as the seller knows it."""

    makes = Counterparty

    name = Text(required=True)
    phone = Text(required=True)
    commune_code = Text(load_default=None, allow_none=True)


class HandoverSchema(Schema):
    id = Integer()
    batch_id = Integer()
    code = Text(attribute="batch.public_code")
    lot = Text(attribute="batch.lot")
    seller_id = Integer()
    seller = Text(attribute="seller.legal_name")
    buyer_id = Integer(allow_none=True, metadata={"description": "Null while the buyer is not enrolled"})
    buyer = Text(attribute="buyer_title")
    sent = Amount()
    received = Amount(allow_none=True, metadata={"description": "Null until the buyer answered"})
    vehicle = Text()
    shipped_at = Moment()
    expected_at = Moment(allow_none=True)
    received_at = Moment(allow_none=True)
    expires_at = Moment(allow_none=True)
    status = Member(HandoverStatus)
    case_id = Integer(allow_none=True, metadata={"description": "The case that it was sent in"})
    case = Text(attribute="case.code", metadata={"description": "Its code; absent where it was sent loose"})


class NewHandoverSchema(Schema):
    handover = Part(HandoverSchema)
    invitation = Text(metadata={"description": "Link for a buyer who is not enrolled, shown once; else empty"})


class InvitationLinkSchema(Schema):
    invitation = Text()


class HandoverStepSchema(Schema):
    status = Member(HandoverStatus)
    business_id = Integer(allow_none=True)
    by_name = Text()
    reason = Lines()
    at = Moment()


class HandoverDetailsSchema(Schema):
    handover = Part(HandoverSchema)
    steps = Several(Part(HandoverStepSchema))


class HandoverQuery(PageQuery):
    given = Boolean(load_default=None, metadata={"description": "true: what the business gives; false: what it gets"})
    status = Member(HandoverStatus, load_default=None)


class ShipmentSchema(Schema):
    buyer_id = Integer(load_default=None, allow_none=True)
    counterparty = Part(CounterpartySchema, load_default=None, allow_none=True)
    site_id = Integer(load_default=None, allow_none=True)
    vehicle = Text(load_default="", longest=60)
    shipped_at = Moment(load_default=None, allow_none=True, metadata={"description": "Now, where it is left out"})
    expected_at = Moment(load_default=None, allow_none=True)


class OfferSchema(ShipmentSchema):
    batch_id = Integer(required=True, metadata={"description": "A batch that the business holds"})
    amount = Amount(required=True)


class AcceptanceSchema(Schema):
    received = Part(AmountSchema, load_default=None, allow_none=True, metadata={"description": "All, where left out"})
    reason = Lines(load_default="", metadata={"description": "Required where less came"})
    site_id = Integer(load_default=None, allow_none=True)
    at = Moment(load_default=None, allow_none=True, metadata={"description": "Now, where it is left out"})


class HandoverReasonSchema(Schema):
    reason = Lines(required=True)


class RejectionSchema(HandoverReasonSchema):
    alone = Boolean(load_default=False, metadata={"description": "Of what came in one case only this; opens the case"})


class WithdrawnHandoverSchema(Schema):
    reason = Lines(load_default="")


class ClaimSchema(Schema):
    token = Text(required=True, metadata={"description": "The last part of the link"})


class BuyerQuery(Schema):
    search = Text(required=True)


class BuyerSchema(Schema):
    id = Integer()
    legal_name = Text()
    tax_code = Text(allow_none=True)
    commune_code = Text()


class BuyersSchema(Schema):
    items = Several(Part(BuyerSchema))


class OverseenQuery(PageQuery):
    status = Member(HandoverStatus, load_default=HandoverStatus.OFFERED)


class TermsFactsSchema(FactsSchema):
    makes = TermsFacts

    valid_from = Day(required=True)
    accept_within_days = Integer(required=True)
    overdue_after_days = Integer(required=True, metadata={"description": "When officers see that an offer waits"})
    reason = Lines(required=True)


class TermsSchema(TermsFactsSchema):
    id = Integer()
    set_by_name = Text()
    at = Moment()
