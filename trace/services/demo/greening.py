"""The act in which a shop becomes a green business point."""

from sqlalchemy import select

from ...domain.green_points import GreenPointStep, SelfCheck
from ...domain.products import Commodity
from ...storage.green_points import criteria_on
from ...storage.sites import Site
from .. import clock, green_points
from ..green_points import GreenPointFacts
from . import papers
from .stage import Stage


def become_green(stage: Stage) -> None:
    shop = stage.businesses["shop"]
    site = stage.session.scalars(select(Site).where(Site.business_id == shop)).one()
    paper = papers.registration(name=site.name, number="VIDU-ANH", address="Ngõ 1")
    with stage.on(20, 9):
        criteria = criteria_on(clock.today())
        facts = GreenPointFacts(
            site_id=site.id,
            commodities=[Commodity.VEGETABLES, Commodity.FRUIT],
            shown_address="Ngõ 1 (ví dụ)",
            answers={each.name: SelfCheck(each.required) for each in criteria},
            evidence={each.name: paper for each in criteria if each.needs_evidence},
        )
        point = green_points.apply(stage.session, stage.actor("shop"), shop, facts, store=stage.store)
    with stage.on(18, 14):
        green_points.move(stage.session, stage.actor("officer"), point.id, GreenPointStep.AWARD)
