"""A farm and its owner at work, for tests of what becomes of batches."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from tests import factories
from trace.domain.permissions import Actor
from trace.services import batches, chain
from trace.services.batches import BatchFacts
from trace.storage.batches import Batch
from trace.storage.chain import Event

URL = "https://trace.test"
TODAY = date(2026, 3, 2)
MORNING = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@dataclass
class Farm:
    """A farm with one field and one product, and its owner."""

    session: Session
    business: Any
    site: Any
    product: Any
    owner: Actor

    def facts(self, **facts: Any) -> BatchFacts:
        defaults = {
            "product_id": self.product.id,
            "site_id": self.site.id,
            "amount": 120_000,
            "production_date": TODAY,
        }
        return BatchFacts(**{**defaults, **facts})

    def register(self, **facts: Any) -> Batch:
        return batches.register(self.session, self.owner, self.business.id, self.facts(**facts))

    def published(self, **facts: Any) -> Batch:
        return batches.publish(self.session, self.owner, self.register(**facts).id, public_url=URL)

    def correct(self, batch: Batch, *, reason: str = "Cân lại", **facts: Any) -> Batch:
        return batches.correct(self.session, self.owner, batch.id, self.facts(**facts), reason=reason, public_url=URL)

    def pack(self, batch: Batch, *, at: datetime = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)) -> Event:
        return chain.record_packing(
            self.session, self.owner, batch.id, at=at, site_id=self.site.id, packs=240, public_url=URL
        )


def make_farm(session: Session) -> Farm:
    """Approved, with the field VD and one product."""
    person = factories.make_user(session)
    business = factories.make_business(session, owner=person)
    site = factories.make_site(session, business, code="VD")
    product = factories.make_product(session, business)
    session.commit()
    return Farm(session, business, site, product, factories.actor(person))
