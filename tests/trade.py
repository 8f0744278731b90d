"""Deliveries from the farm of ``tests.farm`` to other businesses, for tests."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from tests import factories
from tests.farm import URL, Farm
from trace.domain.permissions import Actor
from trace.domain.sites import SiteKind
from trace.services import handovers
from trace.services.handovers import OfferFacts
from trace.storage.balance import Holding
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.handovers import Handover


@dataclass
class Trade:
    """A farm that gives, and a shop with one place that gets."""

    farm: Farm
    shop: Business
    buyer: Actor

    def offer(self, batch: Batch, amount: int = 50_000, *, seller: Actor | None = None, **facts: Any) -> Handover:
        """From the farm to the shop, unless said otherwise (``business_id``, ``buyer_id``)."""
        business_id = facts.pop("business_id", self.farm.business.id)
        said = OfferFacts(**{"batch_id": batch.id, "amount": amount, "buyer_id": self.shop.id, **facts})
        given, _ = handovers.offer(self.farm.session, seller or self.farm.owner, business_id, said, public_url=URL)
        return given

    def accept(self, handover: Handover, **said: Any) -> Handover:
        return handovers.accept(self.farm.session, self.buyer, handover.id, public_url=URL, **said)

    def held(self, batch: Batch, business: Business | None = None) -> int | None:
        """None where a business never had any."""
        owner = business or self.farm.business
        asked = select(Holding.amount).where(Holding.batch_id == batch.id, Holding.business_id == owner.id)
        return self.farm.session.scalar(asked)


def make_trade(farm: Farm) -> Trade:
    person = factories.make_user(farm.session, name="Chị Trang")
    shop = factories.make_business(farm.session, owner=person, legal_name="Cửa hàng Rau Sạch")
    factories.make_site(farm.session, shop, kind=SiteKind.SHOP)
    farm.session.commit()
    return Trade(farm, shop, factories.actor(person))
