"""A shop shows what a green business point must do; an officer decides; shoppers see it for as long as it stands."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.pictures import encoded, halves
from trace.domain.businesses import BusinessKind, ReasonRequired
from trace.domain.errors import InvalidFields, InvalidInput, NotAllowed
from trace.domain.green_points import (
    AlreadyGreenPoint,
    GreenPointStatus,
    GreenPointStep,
    GreenPointStepNotPossible,
    SelfCheck,
)
from trace.domain.permissions import Actor
from trace.domain.products import Commodity
from trace.domain.sites import SiteKind
from trace.services import green_points
from trace.services.green_points import GreenPointFacts
from trace.storage.files import FileStore
from trace.storage.green_points import (
    GreenPoint,
    criteria_on,
    standing_by_commune,
    standing_points,
)
from trace.storage.notices import Notice
from trace.storage.sites import Site

TODAY = date(2026, 3, 2)


class Shop:
    """A shop in Hoàn Kiếm with one place of sale."""

    def __init__(self, session: Session, store: FileStore) -> None:
        self.session, self.store, self.user = session, store, factories.make_user(session)
        self.business = factories.make_business(session, owner=self.user, kind=BusinessKind.SHOP)
        self.site: Site = factories.make_site(session, self.business, kind=SiteKind.SHOP)
        self.actor = factories.actor(self.user)
        session.commit()

    def apply(self, *, without: str = "", unmet: str = "", site: Site | None = None) -> GreenPoint:
        criteria = criteria_on(TODAY)
        facts = GreenPointFacts(
            site_id=(site or self.site).id,
            commodities=[Commodity.VEGETABLES],
            answers={each.name: SelfCheck(each.name != unmet) for each in criteria},
            evidence={
                each.name: encoded(halves()) for each in criteria if each.needs_evidence and each.name != without
            },
        )
        return green_points.apply(self.session, self.actor, self.business.id, facts, store=self.store)


@pytest.fixture
def shop(session: Session, clock: Clock, tmp_path: object) -> Shop:
    clock.set(factories.NOW)
    return Shop(session, FileStore(tmp_path))  # type: ignore[arg-type] # a Path


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session))


def standing(session: Session, on: date = TODAY, **asked: object) -> list[int]:
    return [point.id for point in session.scalars(standing_points(on, **asked))]  # type: ignore[arg-type]


def test_it_stands_from_the_award_to_its_last_day(session: Session, shop: Shop, officer: Actor) -> None:
    point = shop.apply()
    assert standing(session) == []
    green_points.move(session, officer, point.id, GreenPointStep.AWARD)
    assert (point.valid_from, point.valid_until) == (TODAY, date(2028, 3, 1))
    assert standing(session) == standing(session, date(2028, 3, 1)) == [point.id]
    assert standing(session, date(2028, 3, 2)) == []
    assert standing(session, commodity=Commodity.FISH) == standing(session, commune_code="00004") == []
    assert standing(session, commodity=Commodity.VEGETABLES, commune_code="00070") == [point.id]
    assert session.execute(standing_by_commune(TODAY)).all() == [("00070", 1)]


def test_what_is_required_must_be_met_and_shown(shop: Shop) -> None:
    for fault, field in (({"unmet": "suppliers"}, "met_suppliers"), ({"without": "trace"}, "file_trace")):
        with pytest.raises(InvalidFields) as refused:
            shop.apply(**fault)
        assert [each.field for each in refused.value.errors] == [field]
    assert shop.apply(unmet="guidance").status is GreenPointStatus.APPLIED


def test_a_field_is_no_place_of_sale_and_a_farm_no_shop(session: Session, shop: Shop) -> None:
    with pytest.raises(InvalidInput):
        shop.apply(site=factories.make_site(session, shop.business))
    shop.business.kind = BusinessKind.HOUSEHOLD
    with pytest.raises(InvalidInput):
        shop.apply()


def test_a_place_applies_once_at_a_time(session: Session, shop: Shop, officer: Actor, clock: Clock) -> None:
    point = shop.apply()
    with pytest.raises(AlreadyGreenPoint):
        shop.apply()
    green_points.move(session, officer, point.id, GreenPointStep.AWARD)
    with pytest.raises(AlreadyGreenPoint):
        shop.apply()
    clock.set(factories.NOW.replace(year=2028, month=2, day=20))  # soon to lapse: time to renew
    assert shop.apply()


def test_refusing_and_revoking_need_a_reason(session: Session, shop: Shop, officer: Actor) -> None:
    point = shop.apply()
    with pytest.raises(ReasonRequired):
        green_points.move(session, officer, point.id, GreenPointStep.REFUSE)
    green_points.move(session, officer, point.id, GreenPointStep.AWARD)
    green_points.move(session, officer, point.id, GreenPointStep.REVOKE, reason="Phát túi ni lông trở lại")
    assert standing(session) == []
    with pytest.raises(GreenPointStepNotPossible):
        green_points.move(session, officer, point.id, GreenPointStep.AWARD)
    with pytest.raises(NotAllowed):
        green_points.move(session, shop.actor, point.id, GreenPointStep.REVOKE, reason="–")


def test_its_end_is_announced_once(session: Session, shop: Shop, officer: Actor, clock: Clock) -> None:
    green_points.move(session, officer, shop.apply().id, GreenPointStep.AWARD)
    assert green_points.announce_lapsing(session) == 0
    clock.set(factories.NOW.replace(year=2028, month=2, day=10))
    assert (green_points.announce_lapsing(session), green_points.announce_lapsing(session)) == (1, 0)
    assert "green-point-lapsing" in session.scalars(select(Notice.kind)).all()
