"""What goods are packed in, month by month: counted once a day for the department, at once for a business."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from trace.domain.batches import BatchStatus
from trace.domain.permissions import OfficeRole
from trace.domain.products import PackagingMaterial
from trace.domain.reach import Reach
from trace.services import packaging
from trace.storage.businesses import Business

FEBRUARY, MARCH = datetime(2026, 2, 10, 3, tzinfo=UTC), datetime(2026, 3, 2, 3, tzinfo=UTC)
MIDNIGHT_IN_HANOI = datetime(2026, 1, 31, 17, tzinfo=UTC)


def publish(
    session: Session,
    business: Business,
    material: PackagingMaterial | None,
    at: datetime,
    reach: Reach = Reach.PUBLISHED,
) -> None:
    product = factories.make_product(session, business, packaging_material=material)
    facts = {"status": BatchStatus.PUBLISHED, "published_at": at, "reach": reach.value, "product_id": product.id}
    factories.make_batch(session, business, **facts)


def test_batches_are_counted_by_month_material_and_commune(session: Session, clock: Clock) -> None:
    clock.set(MARCH)
    farm = factories.make_business(session, commune_code="00070")
    other = factories.make_business(session, commune_code="00004")
    publish(session, farm, PackagingMaterial.LEAF, MIDNIGHT_IN_HANOI)  # February there
    publish(session, farm, PackagingMaterial.PLASTIC_BAG, FEBRUARY)
    publish(session, farm, None, FEBRUARY)
    publish(session, farm, PackagingMaterial.PAPER, FEBRUARY, Reach.HIDDEN)  # withdrawn
    publish(session, other, PackagingMaterial.NONE, MARCH)
    packaging.keep(session)
    packaging.keep(session)

    officer = factories.actor(factories.make_officer(session))
    city = packaging.shares(session, officer)
    *_, february, march = city.months
    assert (february.first, february.sparing, february.total) == (date(2026, 2, 1), 1, 3)
    assert february.batches == {PackagingMaterial.LEAF: 1, PackagingMaterial.PLASTIC_BAG: 1, None: 1}
    assert (march.sparing, march.total) == (1, 1)
    assert (len(city.months), city.counted_on) == (12, date(2026, 3, 2))
    assert packaging.shares(session, officer, "00004").months[-2].total == 0

    near = factories.make_officer(session, OfficeRole.COMMUNE, office_commune_code="00004")
    assert packaging.shares(session, factories.actor(near), "00070").months[-2].total == 0

    person = factories.make_user(session)
    factories.add_member(session, farm, person)
    own = packaging.own_shares(session, factories.actor(person), farm.id)
    assert own.months[-2] == february
    assert own.months[-1].total == 0


def test_a_month_that_is_over_stands_and_the_one_before_is_counted_anew(session: Session, clock: Clock) -> None:
    clock.set(MARCH)
    farm = factories.make_business(session)
    officer = factories.actor(factories.make_officer(session))
    packaging.keep(session)
    publish(session, farm, PackagingMaterial.LEAF, FEBRUARY)
    packaging.keep(session)
    assert packaging.shares(session, officer).months[-2].total == 1
    publish(session, farm, PackagingMaterial.LEAF, FEBRUARY)
    clock.advance(days=40)
    packaging.keep(session)
    assert packaging.shares(session, officer).months[-3].total == 1
