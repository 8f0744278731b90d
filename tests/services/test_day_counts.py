"""Plans add up days; the days say at any time what counting every batch would say."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests import factories
from trace.domain.batches import BatchStatus
from trace.domain.dates import vietnam_date
from trace.domain.plans import parse_period
from trace.domain.products import PackagingMaterial
from trace.services.settling import settle
from trace.storage import migrations
from trace.storage.batches import Batch
from trace.storage.day_counts import PublishedChange, PublishedDay, published_in
from trace.storage.products import Product

DAY = factories.NOW


def test_days_follow_whatever_happens_to_a_batch(session: Session) -> None:
    shown = {"status": BatchStatus.PUBLISHED, "published_at": DAY}
    business = factories.make_business(session)
    product = factories.make_product(session, business, packaging_material=PackagingMaterial.LEAF)
    batches = [
        factories.make_batch(session, business, product_id=product.id, complete=bool(number % 2), **shown)
        for number in range(4)
    ]
    draft = factories.make_batch(session, business, product_id=product.id)
    late = factories.make_batch(
        session, business, status=BatchStatus.PUBLISHED, published_at=DAY.replace(hour=18)
    )  # past midnight in Việt Nam
    agree(session)
    settle(session)
    agree(session)
    batches[0].complete = True
    batches[1].status = BatchStatus.WITHDRAWN
    draft.status, draft.published_at = BatchStatus.PUBLISHED, DAY
    late.published_at = DAY + timedelta(days=3)
    agree(session)
    product.packaging_material = None
    agree(session)
    batches[1].product_id = late.product_id
    settle(session)
    agree(session)
    assert session.scalar(select(func.count(PublishedChange.id))) == 0
    period = parse_period("2026")
    asked = select(published_in(period), published_in(period, complete=True), published_in(period, packaging=("leaf",)))
    assert session.execute(asked).one() == (5, 2, 0)


def agree(session: Session) -> None:
    session.commit()
    counted = Counter(
        (vietnam_date(at), material.value if material else "", complete)
        for at, material, complete in session.execute(
            select(Batch.published_at, Product.packaging_material, Batch.complete)
            .join(Product, Product.id == Batch.product_id)
            .where(Batch.status == BatchStatus.PUBLISHED)
        )
        if at
    )
    kept: Counter[object] = Counter()
    for model in (PublishedDay, PublishedChange):
        for one in session.scalars(select(model)):
            kept[one.day, one.packaging, one.complete] += one.batches
    assert {key: count for key, count in kept.items() if count} == counted


def test_what_was_published_before_is_counted_too(engine: Engine) -> None:
    with Session(engine) as session:
        shown = {"status": BatchStatus.PUBLISHED, "published_at": DAY}
        factories.make_batch(session, factories.make_business(session), **shown)
        session.commit()
    migrations.downgrade(engine, "0031")
    migrations.upgrade(engine)
    with Session(engine) as session:
        agree(session)
