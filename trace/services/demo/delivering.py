"""The acts of those who give goods and those who get them: some deliveries came whole, one short, one not at all, and two
are still under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ...storage.sites import sites_of
from .. import clock, handovers
from ..handover_invitations import Counterparty
from ..handovers import OfferFacts
from .stage import Stage


@dataclass(frozen=True)
class Delivery:
    """``at`` and ``answered``: days ago, hour and minute; never answered where that is None. ``received`` None: refused."""

    batch: str
    seller: str
    buyer: str
    kilograms: int
    at: tuple[int, int, int]
    answered: tuple[int, int, int] | None = None
    received: int | None = None
    reason: str = ""
    vehicle: str = ""


STRANGER = Counterparty(name="Quán cơm bà Tư (ví dụ)", phone="0900 000 031", commune_code=None)
DELIVERIES: Sequence[Delivery] = (
    Delivery(
        "tomatoes",
        "cooperative",
        "packing_house",
        300,
        (1, 6, 10),
        (1, 8, 40),
        received=296,
        reason="Bốn cân bị dập khi xếp thùng.",
        vehicle="29C-000.11",
    ),
    Delivery("tomatoes", "packing_house", "shop", 120, (1, 13, 5), (1, 15, 20), received=120, vehicle="29H-000.22"),
    Delivery(
        "packing_house",
        "packing_house",
        "shop",
        10,
        (1, 14, 0),
        (1, 16, 10),
        reason="Rau bị héo, xe không giữ lạnh.",
        vehicle="29H-000.22",
    ),
    Delivery("only_incomplete", "unpacked_farm", "pickler", 60, (5, 6, 30), (5, 8, 0), received=60),
    Delivery("gourds", "packing_house", "", 15, (2, 9, 0)),
    Delivery("recalled", "packing_house", "shop", 12, (2, 14, 0), (2, 16, 30), received=12, vehicle="29H-000.22"),
    Delivery("tomatoes", "packing_house", "shop", 60, (0, 6, 30), vehicle="29H-000.22"),
)


def deliver(stage: Stage, delivery: Delivery) -> None:
    seller, buyer = stage.actor(delivery.seller), stage.businesses.get(delivery.buyer)
    with stage.on(*delivery.at):
        facts = OfferFacts(
            batch_id=stage.batches[delivery.batch],
            amount=delivery.kilograms * 1000,
            buyer_id=buyer,
            site_id=_place(stage, stage.businesses[delivery.seller]),
            counterparty=None if buyer else STRANGER,
            vehicle=delivery.vehicle,
            expected_at=clock.now() + timedelta(hours=2),
        )
        business_id = stage.businesses[delivery.seller]
        given, _ = handovers.offer(stage.session, seller, business_id, facts, public_url=stage.public_url)
    if delivery.answered is None:
        return
    with stage.on(*delivery.answered):
        person = stage.actor(delivery.buyer)
        if delivery.received is None:
            handovers.reject(stage.session, person, given.id, reason=delivery.reason, public_url=stage.public_url)
            return
        handovers.accept(
            stage.session,
            person,
            given.id,
            received=delivery.received * 1000,
            reason=delivery.reason,
            site_id=_place(stage, given.buyer_id or 0),
            public_url=stage.public_url,
        )


def _place(stage: Stage, business_id: int) -> int:
    """Where a business loads and unloads: not in its fields."""
    sites = stage.session.scalars(sites_of(business_id)).all()
    return next(site.id for site in sites if not site.kind.produces)
