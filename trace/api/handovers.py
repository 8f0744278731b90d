"""Deliveries from one business to another."""

from typing import Any

from ..domain.errors import NotFound
from ..domain.permissions import Permission
from ..request.access import current_actor, requires, within_office
from ..request.database import db
from ..request.settings import public_url
from ..services import handover_disputes, handover_invitations, handovers
from ..services.handover_disputes import TermsFacts
from ..services.handovers import OfferFacts
from ..storage.balance import holding_of
from ..storage.businesses import Business
from ..storage.handovers import (
    Handover,
    HandoverTerms,
    buyers_named,
    handover_with,
    handovers_of,
    handovers_where,
    steps_of,
    terms_said,
)
from .handover_schemas import (
    AcceptanceSchema,
    BuyerQuery,
    BuyersSchema,
    ClaimSchema,
    HandoverDetailsSchema,
    HandoverQuery,
    HandoverReasonSchema,
    HandoverSchema,
    InvitationLinkSchema,
    NewHandoverSchema,
    OfferSchema,
    OverseenQuery,
    RejectionSchema,
    TermsFactsSchema,
    TermsSchema,
    WithdrawnHandoverSchema,
    invitation_link,
)
from .schemas import PageQuery, base_units, page_of
from .topics import Topic, once, page

topic = Topic(
    "Handovers", "Goods given to another business: offered by one side, answered by the other. Both amounts are kept."
)
_OF_ONE = "/businesses/<int:business_id>/handovers/<int:handover_id>"


@topic.get("/businesses/<int:business_id>/handovers")
@requires(Permission.HANDOVERS_READ)
@topic.arguments(HandoverQuery, location="query")
@topic.response(200, page_of(HandoverSchema))
def list_handovers(query: dict[str, Any], business_id: int) -> Any:
    """List what a business gives and gets"""
    return page(handovers_of(business_id, given=query["given"], status=query["status"]), Handover.id, query)


@topic.get("/businesses/<int:business_id>/handovers/buyers")
@requires(Permission.HANDOVERS_WRITE)
@topic.arguments(BuyerQuery, location="query")
@topic.response(200, BuyersSchema)
def find_buyers(query: dict[str, str], business_id: int) -> dict[str, list[Business]]:
    """Find approved businesses by part of a name or the beginning of a tax code"""
    found = db.session.scalars(buyers_named(query["search"])) if query["search"] else ()
    return {"items": [each for each in found if each.id != business_id]}


@topic.post("/businesses/<int:business_id>/handovers")
@requires(Permission.HANDOVERS_WRITE)
@once
@topic.arguments(OfferSchema)
@topic.response(201, NewHandoverSchema)
def offer(data: dict[str, Any], business_id: int) -> Any:
    """Give goods to a buyer, enrolled or not; they leave the stock at once"""
    holding = db.session.scalars(holding_of(business_id, data["batch_id"])).one_or_none()
    unit = holding.product.unit if holding else data["amount"]["unit"]  # what is not held, the service refuses
    facts = OfferFacts(**{**data, "amount": base_units(data["amount"], unit)})
    made, token = handovers.offer(db.session, current_actor(), business_id, facts, public_url=public_url())
    return {"handover": made, "invitation": invitation_link(token)}


@topic.get(_OF_ONE)
@requires(Permission.HANDOVERS_READ)
@topic.response(200, HandoverDetailsSchema)
def show_handover(business_id: int, handover_id: int) -> Any:
    """Show a delivery and what both sides said of it"""
    found = _of(business_id, handover_id)
    return {"handover": found, "steps": db.session.scalars(steps_of(handover_id)).all()}


@topic.post(f"{_OF_ONE}/acceptance")
@requires(Permission.HANDOVERS_WRITE)
@once
@topic.arguments(AcceptanceSchema)
@topic.response(200, HandoverSchema)
def accept(data: dict[str, Any], business_id: int, handover_id: int) -> Handover:
    """Say as the buyer that the goods came: all, or less and why"""
    unit = _of(business_id, handover_id, side="buyer_id").product.unit
    received = base_units(data.pop("received"), unit) if data.get("received") else data.pop("received")
    return handovers.accept(
        db.session, current_actor(), handover_id, received=received, **data, public_url=public_url()
    )


@topic.post(f"{_OF_ONE}/rejection")
@requires(Permission.HANDOVERS_WRITE)
@once
@topic.arguments(RejectionSchema)
@topic.response(200, HandoverSchema)
def reject(data: dict[str, Any], business_id: int, handover_id: int) -> Handover:
    """Refuse everything as the buyer, with the case that it came in"""
    _of(business_id, handover_id, side="buyer_id")
    return handovers.reject(db.session, current_actor(), handover_id, **data, public_url=public_url())


@topic.post(f"{_OF_ONE}/withdrawal")
@requires(Permission.HANDOVERS_WRITE)
@once
@topic.arguments(WithdrawnHandoverSchema)
@topic.response(200, HandoverSchema)
def withdraw(data: dict[str, str], business_id: int, handover_id: int) -> Handover:
    """Take back as the seller what nobody accepted yet"""
    _of(business_id, handover_id, side="seller_id")
    return handovers.withdraw(db.session, current_actor(), handover_id, reason=data["reason"])


@topic.post(f"{_OF_ONE}/dispute")
@requires(Permission.HANDOVERS_WRITE)
@once
@topic.arguments(HandoverReasonSchema)
@topic.response(200, HandoverSchema)
def dispute(data: dict[str, str], business_id: int, handover_id: int) -> Handover:
    """Say that what was received is not as recorded"""
    return handover_disputes.dispute(db.session, current_actor(), business_id, handover_id, reason=data["reason"])


@topic.post(f"{_OF_ONE}/resolution")
@requires(Permission.HANDOVERS_WRITE)
@once
@topic.arguments(HandoverReasonSchema)
@topic.response(200, HandoverSchema)
def resolve(data: dict[str, str], business_id: int, handover_id: int) -> Handover:
    """Say how a dispute was settled"""
    return handover_disputes.resolve(db.session, current_actor(), business_id, handover_id, note=data["reason"])


@topic.post(f"{_OF_ONE}/invitation")
@requires(Permission.HANDOVERS_WRITE)
@once
@topic.response(201, InvitationLinkSchema)
def renew_invitation(business_id: int, handover_id: int) -> dict[str, str]:
    """Make a new link for a buyer who is not enrolled; the old one ends"""
    _of(business_id, handover_id, side="seller_id")
    return {
        "invitation": invitation_link(handover_invitations.renew_invitation(db.session, current_actor(), handover_id))
    }


@topic.post("/businesses/<int:business_id>/handovers/claims")
@requires(Permission.HANDOVERS_WRITE)
@once
@topic.arguments(ClaimSchema)
@topic.response(200, HandoverSchema)
def claim(data: dict[str, str], business_id: int) -> Handover:
    """Say by the link that the business is the buyer"""
    return handover_invitations.claim(db.session, current_actor(), business_id, data["token"])


@topic.get("/handovers")
@requires(Permission.HANDOVERS_READ)
@topic.arguments(OverseenQuery, location="query")
@topic.response(200, page_of(HandoverSchema))
def list_all_handovers(query: dict[str, Any]) -> Any:
    """List all deliveries of a status, as an officer"""
    asked = within_office(handovers_where(status=query["status"]), Handover.seller_id, Handover.buyer_id)
    return page(asked, Handover.id, query)


@topic.post("/handovers/<int:handover_id>/resolution")
@requires(Permission.HANDOVERS_OVERSEE)
@once
@topic.arguments(HandoverReasonSchema)
@topic.response(200, HandoverSchema)
def resolve_as_officer(data: dict[str, str], handover_id: int) -> Handover:
    """Say how a dispute was settled, as an officer"""
    return handover_disputes.resolve(db.session, current_actor(), None, handover_id, note=data["reason"])


@topic.get("/handover-terms")
@requires(Permission.HANDOVERS_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(TermsSchema))
def list_terms(query: dict[str, Any]) -> Any:
    """List how long offers stand, and since when"""
    return page(terms_said(), HandoverTerms.id, query)


@topic.post("/handover-terms")
@requires(Permission.TERMS_MANAGE)
@once
@topic.arguments(TermsFactsSchema)
@topic.response(201, TermsSchema)
def set_terms(facts: TermsFacts) -> HandoverTerms:
    """Set how long offers stand from a day on"""
    return handover_disputes.set_terms(db.session, current_actor(), facts)


def _of(business_id: int, handover_id: int, *, side: str = "") -> Handover:
    found = db.session.scalars(handover_with(handover_id)).one_or_none()
    sides = (side,) if side else ("seller_id", "buyer_id")
    if found is None or business_id not in [getattr(found, each) for each in sides]:
        raise NotFound
    return found
