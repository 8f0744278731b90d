"""Batches of harvests that were flagged before are kept back and under review afterwards."""

from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import factories
from trace.domain.batches import BatchStatus
from trace.domain.diary import FlagKind
from trace.storage import migrations
from trace.storage.batches import Batch
from trace.storage.diary_flags import FlaggedBatch


def test_batches_of_flagged_harvests_are_linked(engine: Engine) -> None:
    with Session(engine) as session:
        business = factories.make_business(session)
        season = factories.make_season(session, business)
        flag = {"kind": FlagKind.HARVEST_IN_INTERVAL, "harvested_on": date(2026, 3, 1)}
        factories.make_diary_flag(session, factories.make_diary_entry(session, season), **flag)
        shown = {"status": BatchStatus.PUBLISHED, "public_code": "7K3M9XW2QT", "product_id": season.product_id}
        flagged = factories.make_batch(session, business, **shown).id
        factories.make_batch(session, business)
        session.commit()
    migrations.downgrade(engine, "0003")
    migrations.upgrade(engine)
    with Session(engine) as session:
        assert session.scalars(select(FlaggedBatch.batch_id)).all() == [flagged]
        assert session.scalars(select(Batch.id).where(Batch.under_review_since.is_not(None))).all() == [flagged]
