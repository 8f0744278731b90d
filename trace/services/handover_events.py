"""The EPCIS events of a delivery: both name the same despatch advice, and so belong together.

An EPCIS transaction event would add nothing: see docs/decisions, "Deliveries".
"""

from datetime import datetime

from ..domain import chain
from ..domain.sites import SiteKind
from ..domain.vocabulary import (
    Action,
    BusinessStep,
    BusinessTransactionType,
    Disposition,
    EventType,
    SourceDestinationType,
)
from ..storage.handovers import Handover
from ..storage.sites import Site
from .steps import case_uri, lot_uri, site_uri

_SHELVES = (SiteKind.SHOP,)


def shipping(handover: Handover, site: Site, public_url: str) -> chain.Event:
    """Goods left the seller's place for the buyer."""
    return _event(handover, BusinessStep.SHIPPING, Disposition.IN_TRANSIT, handover.sent, site, public_url)


def receiving(handover: Handover, amount: int, site: Site | None, public_url: str, *, at: datetime) -> chain.Event:
    """So much came to the buyer's place: to be sold there, or to be worked on; what was recalled, to no place of either."""
    if site is None:
        disposition = Disposition.RECALLED
    else:
        disposition = Disposition.SELLABLE_ACCESSIBLE if site.kind in _SHELVES else Disposition.IN_PROGRESS
    return _event(handover, BusinessStep.RECEIVING, disposition, amount, site, public_url, at=at)


def _event(
    handover: Handover,
    step: BusinessStep,
    disposition: Disposition,
    amount: int,
    site: Site | None,
    public_url: str,
    *,
    at: datetime | None = None,
) -> chain.Event:
    batch, place = handover.batch, site_uri(site, public_url) if site else None
    advice = f"{public_url}/handover/{handover.id}"
    seller = f"{public_url}/party/{handover.seller_id}"
    buyer = f"{public_url}/party/{handover.buyer_id}" if handover.buyer_id else f"{advice}#buyer"  # names nobody
    owner = SourceDestinationType.OWNING_PARTY
    return chain.Event(
        type=EventType.OBJECT,
        action=Action.OBSERVE,
        event_time=at or handover.shipped_at,
        business_step=step,
        disposition=disposition,
        epcs=[case_uri(handover.case, public_url)] if handover.case else [],
        quantities=[chain.Quantity(lot_uri(batch, public_url), amount, batch.product.unit)],
        read_point=place,
        business_location=place if step is BusinessStep.RECEIVING else None,  # shipped goods are nowhere yet
        business_transactions=[chain.BusinessTransaction(BusinessTransactionType.DESPATCH_ADVICE, advice)],
        sources=[chain.Party(owner, seller)],
        destinations=[chain.Party(owner, buyer)],
    )
