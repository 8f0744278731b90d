"""A chain that is whole from one end and broken at the other: pickles with labels, made of cabbage that nobody packed."""

from datetime import timedelta

from sqlalchemy import select

from ...storage.products import Product
from ...storage.sites import Site
from .. import balance, chain, clock, label_issues
from ..balance import TransformationFacts
from ..label_issues import IssueOrder
from ..label_runs import common_sheet
from .delivering import Delivery, deliver
from .stage import Stage
from .trading import KEY

GREENS, PICKLES = 60, 40
"""Kilograms."""
SOLD = Delivery("pickled", "pickler", "shop", 30, (3, 7, 0), (3, 8, 10), received=30, vehicle="29H-000.33")


def pickle(stage: Stage) -> None:
    """All that the pickler did is in order; what it bought is not, and shoppers see it."""
    business_id, person = stage.businesses["pickler"], stage.actor("pickler")
    product_id = stage.session.scalars(select(Product.id).where(Product.business_id == business_id)).one()
    site_id = stage.session.scalars(select(Site.id).where(Site.business_id == business_id)).one()
    with stage.on(4, 15):
        made = balance.transform(
            stage.session,
            person,
            business_id,
            TransformationFacts(
                inputs=[(stage.batches["only_incomplete"], GREENS * 1000)],
                product_id=product_id,
                site_id=site_id,
                amount=PICKLES * 1000,
                loss=(GREENS - PICKLES) * 1000,
                at=clock.now() - timedelta(minutes=40),
            ),
            public_url=stage.public_url,
            client_key=f"{KEY}pickled",
            random_bytes=stage.random.randbytes,
        )
        stage.batches["pickled"] = made.id
        chain.record_packing(
            stage.session,
            person,
            made.id,
            at=clock.now() - timedelta(minutes=10),
            site_id=site_id,
            packs=2 * PICKLES,
            public_url=stage.public_url,
        )
        order = IssueOrder(count=2 * PICKLES, way=common_sheet("tomy-145"))
        label_issues.equal_labels(stage.session, person, made.id, order, public_url=stage.public_url)
    deliver(stage, SOLD)
