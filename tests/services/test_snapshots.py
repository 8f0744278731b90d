"""A day's figures, once kept, never change, and can be done again by whoever does not trust them."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.farm import Farm
from trace.domain.coverage import Dimension, Progress
from trace.domain.permissions import SYSTEM
from trace.domain.reach import Reach
from trace.services import batches, figures, snapshots
from trace.services.figures import NoSnapshot
from trace.storage.coverage import Match
from trace.storage.snapshots import Snapshot
from trace.storage.standings import Behind, standings_of


@pytest.fixture
def listed(farm: Farm) -> int:
    listed = factories.make_register_list(farm.session, ["Chưa đăng ký"])
    factories.make_register_entry(farm.session, listed, business_id=farm.business.id, match=Match.CONFIRMED)
    farm.session.commit()
    return listed.id


def taken(session: Session) -> Snapshot:
    snapshot = snapshots.take(session)
    assert snapshot is not None
    return snapshot


def test_without_a_list_there_is_nothing_to_keep(session: Session) -> None:
    assert snapshots.take(session) is None


def test_a_day_is_kept_once_and_later_days_leave_it_as_it_was(farm: Farm, listed: int, clock: Clock) -> None:
    session = farm.session
    batch = farm.published(amount=120_000)
    farm.pack(batch)
    first = taken(session)
    clock.advance(minutes=1)
    batches.withdraw(session, farm.owner, batch.id, reason="Hỏng")
    assert taken(session) is first
    clock.advance(days=1)
    second = taken(session)
    assert (first.previous, second.previous) == ("", first.hash)

    def said(day: object) -> tuple[dict[Progress, int], int]:
        [row] = figures.figures(session, SYSTEM, Dimension.TOTAL, day).rows  # type: ignore[arg-type]
        return dict(row.progress), row.grams.get(Reach.COMPLETE, 0)

    assert said(first.day) == ({Progress.NOT_ENROLLED: 1, Progress.NO_LABELS: 1}, 120_000)
    assert said(second.day) == ({Progress.NOT_ENROLLED: 1, Progress.NO_BATCH: 1}, 0)
    assert said(None)[0] == said(second.day)[0]
    asked = Behind(steps=[Progress.NO_LABELS], at=first.taken_at)
    [behind] = session.scalars(standings_of(listed, asked)).all()
    assert behind.entry.business_id == farm.business.id
    assert all(snapshots.check(session, each).holds for each in (first, second))
    with pytest.raises(NoSnapshot):
        figures.figures(session, SYSTEM, Dimension.TOTAL, first.day - timedelta(days=1))


def test_a_changed_figure_is_refused_by_the_database_and_betrayed_by_its_hash(farm: Farm, listed: int) -> None:
    session = farm.session
    snapshot = taken(session)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("UPDATE coverage_snapshot_cells SET entries = 9"))
    session.rollback()
    postgres = session.get_bind().dialect.name == "postgresql"
    session.execute(
        text(
            "SET session_replication_role = 'replica'"
            if postgres
            else "DROP TRIGGER coverage_snapshot_cells_forbid_update"
        )
    )
    session.execute(text("UPDATE coverage_snapshot_cells SET entries = 9"))
    if postgres:
        session.execute(text("SET session_replication_role = 'origin'"))
    session.expire_all()
    found = snapshots.check(session, session.scalars(select(Snapshot)).one())
    assert (found.chained, found.recounted) == (False, False)
    assert snapshot.hash
    session.rollback()
    assert listed
