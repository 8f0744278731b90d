"""What an answer to a delivery does with stock and record, within the verb that gives it, and who may move what at all."""

from datetime import datetime

from sqlalchemy.orm import Session

from ..domain.batches import BatchStatus, refuse_recalled
from ..domain.errors import N_, InvalidInput
from ..domain.evidence import Evidence
from ..domain.handovers import HandoverStatus, MayNotTrade, NotMovable
from ..domain.permissions import Actor
from ..domain.vocabulary import BusinessStep
from ..storage.batches import Batch
from ..storage.businesses import Business
from ..storage.chain import event_of_handover
from ..storage.handovers import Handover
from ..storage.sites import Site, sites_of
from . import chain, handover_events, reviews
from .completeness import recount
from .handover_steps import decide, note_step
from .holdings import move_in, take_back


def receive(
    session: Session,
    actor: Actor,
    handover: Handover,
    status: HandoverStatus,
    amount: int,
    *,
    site: Site | None,
    reason: str,
    at: datetime,
    public_url: str,
) -> None:
    """So much came and is the buyer's; ``site`` None: to no place of it."""
    batch, buyer_id = handover.batch, handover.buyer_id or 0
    decide(session, handover, status, received=amount, received_at=at, buyer_site_id=site.id if site else None)
    said = handover_events.receiving(handover, amount, site, public_url, at=at)
    chain.append(
        session,
        actor,
        batch,
        site,
        said,
        public_url,
        business_id=buyer_id,
        handover_id=handover.id,
        evidence=Evidence.CONFIRMED,
    )
    move_in(session, batch, buyer_id, amount)
    note_step(session, actor, handover, "accept", buyer_id, reason)


def come_back(
    session: Session,
    actor: Actor,
    handover: Handover,
    status: HandoverStatus,
    verb: str,
    business_id: int | None,
    reason: str,
) -> None:
    """Nobody received the goods: they are the seller's again, and their shipping is declared not to have come about."""
    decide(session, handover, status)
    event = session.scalars(event_of_handover(handover.batch_id, handover.id, BusinessStep.SHIPPING)).one()
    take_back(session, handover.batch, handover.seller_id, handover.sent, event=event)
    chain.declare_wrong(
        session, actor, event, reason="did_not_occur", said=status.label
    )  # the reason is between the two sides
    note_step(session, actor, handover, verb, business_id, reason)
    recount(session, batch=handover.batch)


def check_movable(batch: Batch) -> None:
    """Raises NotMovable, BatchRecalled or BatchUnderReview."""
    if batch.status is not BatchStatus.PUBLISHED:
        raise NotMovable(lot=batch.lot)
    refuse_recalled(batch.recall_id, batch.lot)
    reviews.check_free([batch])


def check_trades(business: Business) -> None:
    """Raises MayNotTrade."""
    if not business.status.may_publish:
        raise MayNotTrade(business=business.legal_name)


def chosen_site(session: Session, business_id: int, site_id: int | None, *, usual: Site | None = None) -> Site:
    """The chosen site in use, or the only one there is, or the usual one. Raises InvalidInput."""
    sites = {site.id: site for site in session.scalars(sites_of(business_id, active=True))}
    if site_id is not None:
        found = sites.get(site_id)
    elif usual and usual.business_id == business_id:
        found = usual
    else:
        found = next(iter(sites.values())) if len(sites) == 1 else None
    if found is None:
        raise InvalidInput(N_("Hãy chọn một địa điểm của cơ sở cho chuyến hàng này."), field="site_id")
    return found
