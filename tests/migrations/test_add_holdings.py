"""Batches that were published before holdings were kept are held by their makers afterwards."""

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from tests import factories
from trace.domain.batches import BatchStatus
from trace.storage import migrations
from trace.storage.balance import Holding


def test_makers_hold_what_they_published_before(engine: Engine) -> None:
    with Session(engine) as session:
        business = factories.make_business(session)
        published, withdrawn = (
            factories.make_batch(session, business, status=status, amount=amount).id
            for status, amount in ((BatchStatus.PUBLISHED, 5), (BatchStatus.WITHDRAWN, 7))
        )
        factories.make_batch(session, business)
        business_id = business.id
        session.execute(delete(Holding))
        session.commit()
    migrations.downgrade(engine, "0001")
    migrations.upgrade(engine)
    with Session(engine) as session:
        held = session.execute(select(Holding.batch_id, Holding.business_id, Holding.amount).order_by(Holding.batch_id))
        assert held.all() == [(published, business_id, 5), (withdrawn, business_id, 7)]
