"""Looks of before are counted by month in Việt Nam, as those of afterwards are."""

from datetime import UTC, date, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import factories
from trace.domain.scans import Visitor
from trace.storage import migrations
from trace.storage.scans import Scan, ScanMonth


def test_looks_of_before_are_counted_by_month(engine: Engine) -> None:
    with Session(engine) as session:
        batch_id = factories.make_batch(session, factories.make_business(session)).id
        for day, hour, leads_to, visitor in (
            (28, 16, batch_id, Visitor.PERSON),
            (28, 17, batch_id, Visitor.PERSON),  # midnight in Việt Nam
            (28, 18, None, Visitor.PERSON),
            (28, 19, batch_id, Visitor.ROBOT),
        ):
            at = datetime(2026, 2, day, hour, tzinfo=UTC)
            session.add(Scan(batch_id=leads_to, code="X", visitor=visitor, device="a", at=at))
        session.commit()
    migrations.downgrade(engine, "0030")
    migrations.upgrade(engine)
    with Session(engine) as session:
        rows = session.execute(select(ScanMonth.month, ScanMonth.people, ScanMonth.resolved).order_by(ScanMonth.month))
        assert rows.all() == [(date(2026, 2, 1), 1, 1), (date(2026, 3, 1), 2, 1)]
