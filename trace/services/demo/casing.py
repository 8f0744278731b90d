"""The acts with a case: two harvests packed into one, under an SSCC, which a shop receives closed."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...storage.cases import Case
from ...storage.sites import Site
from .. import case_handovers, cases, clock, handovers
from ..cases import CaseFacts
from ..handovers import Shipment
from .stage import Stage
from .trading import KEY

CASE = f"{KEY}case"
CONTENTS = (("stamped", 15_000), ("cooperative 1", 20_000))
"""Parts of the story with grams."""


def send_case(stage: Stage) -> None:
    seller, shop = stage.businesses["cooperative"], stage.businesses["shop"]
    person, shopkeeper = stage.actor("cooperative_staff"), stage.actor("shop")
    (packing_house,) = stage.session.scalars(select(Site.id).where(Site.business_id == seller, Site.code == "NSC"))
    (shelf,) = stage.session.scalars(select(Site.id).where(Site.business_id == shop))
    with stage.on(1, 5, 40):
        facts = CaseFacts(
            contents=[(stage.batches[part], amount) for part, amount in CONTENTS],
            site_id=packing_house,
            at=clock.now() - timedelta(minutes=15),
        )
        case = cases.pack(stage.session, person, seller, facts, public_url=stage.public_url, client_key=CASE)
    with stage.on(1, 6):
        shipment = Shipment(buyer_id=shop, site_id=packing_house, vehicle="29C-000.11")
        given, _ = case_handovers.offer_case(
            stage.session, person, seller, case.id, shipment, public_url=stage.public_url
        )
    with stage.on(1, 7, 20):
        handovers.accept(stage.session, shopkeeper, given[0].id, site_id=shelf, public_url=stage.public_url)


def case_link(session: Session, public_url: str) -> str:
    """Its page for whoever has it now."""
    case = session.scalars(select(Case).where(Case.client_key == CASE)).one()
    return f"{public_url}/workspace/{case.business_id}/cases/{case.id}"
