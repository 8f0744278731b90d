"""A farm that packs cases and a shop that buys them, for tests."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from tests.farm import MORNING, URL, Farm
from tests.trade import Trade, make_trade
from trace.services import case_handovers, cases
from trace.services.cases import CaseFacts
from trace.services.handovers import Shipment
from trace.storage.balance import Holding
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.cases import Case
from trace.storage.chain import standing_events
from trace.storage.handovers import Handover

HELD = 120_000


@dataclass
class Warehouse:
    """The farm of ``tests.farm`` packs two of its batches; the shop of ``tests.trade`` buys."""

    trade: Trade
    batches: list[Batch]

    @property
    def farm(self) -> Farm:
        return self.trade.farm

    def pack(self, *amounts: int, key: str | None = None, **facts: Any) -> Case:
        """So much of the first batch, of the second, …"""
        contents = [(batch.id, amount) for batch, amount in zip(self.batches, amounts, strict=False)]
        said = CaseFacts(**{"contents": contents, "site_id": self.farm.site.id, "at": MORNING, **facts})
        farm = self.farm
        return cases.pack(farm.session, farm.owner, farm.business.id, said, public_url=URL, client_key=key)

    def unpack(self, case: Case) -> Case:
        return cases.unpack(self.farm.session, self.farm.owner, self.farm.business.id, case.id, public_url=URL)

    def give(self, case: Case, **said: Any) -> list[Handover]:
        farm, shipment = self.farm, Shipment(**{"buyer_id": self.trade.shop.id, **said})
        return case_handovers.offer_case(farm.session, farm.owner, farm.business.id, case.id, shipment, public_url=URL)[
            0
        ]

    def stock(self, business: Business | None = None) -> list[tuple[int, int]]:
        """What a business has of each batch, and how much of that is packed."""
        owner, found = (business or self.farm.business).id, []
        for batch in self.batches:
            asked = select(Holding.amount, Holding.packed).where(
                Holding.batch_id == batch.id, Holding.business_id == owner
            )
            row = self.farm.session.execute(asked).one_or_none()
            found.append((row.amount, row.packed) if row else (0, 0))
        return found

    def events(self, batch: Batch) -> list[tuple[str, str | None]]:
        found = self.farm.session.scalars(standing_events(batch.id))
        return [(event.business_step, event.body.get("action")) for event in found]


def make_warehouse(farm: Farm) -> Warehouse:
    return Warehouse(make_trade(farm), [farm.published(amount=HELD), farm.published(amount=HELD)])
