from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.factories import make_business, make_product
from trace.domain import chain as events
from trace.domain.coverage import Progress
from trace.domain.permissions import SYSTEM
from trace.domain.verdicts import Verdict
from trace.domain.vocabulary import BusinessStep
from trace.services import chain, coverage
from trace.services.completeness import completeness_of, recount
from trace.services.demo.scale import load_batches
from trace.services.resolver import resolve
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.chain import Event
from trace.storage.scans import Scan, ScanCount
from trace.storage.sites import Site

URL = "http://trace.test"


def load(engine: Engine, session: Session, count: int) -> list[str]:
    photos = [make_product(session, make_business(session)).photo_id or 0 for _ in range(2)]
    session.commit()
    said: list[str] = []
    load_batches(engine, count, photos=photos, public_url=URL, say=said.append)
    return said


def test_many_batches_are_like_those_that_people_register(engine: Engine, session: Session) -> None:
    said = load(engine, session, 2000)

    assert said[-1].startswith("2000 of 2000 batches")
    batches = session.scalars(select(Batch)).all()
    assert len({batch.public_code for batch in batches}) == len(batches) == 2000
    for batch in batches[::97]:
        shown = resolve(session, batch.public_code or "").batch
        assert shown is not None
        assert shown.lot == batch.lot
        assert shown.completeness == completeness_of(session, batch)
        assert batch.complete is shown.completeness.complete
        assert set(shown.verdicts) & {Verdict.COMPLETE, Verdict.INCOMPLETE}
        for number, event in enumerate(session.scalars(select(Event).where(Event.batch_id == batch.id)), start=1):
            again = said_by_the_service(session, batch, event, number)
            assert event.hash == events.event_hash(again)
            assert event.body == events.to_epcis(again)
            assert event.event_time == again.event_time


def test_counters_of_many_batches_equal_a_recount(engine: Engine, session: Session) -> None:
    load(engine, session, 600)

    before = coverage.headline(session, SYSTEM)
    counted = counters(session)
    for business_id in session.scalars(select(Business.id)).all():
        recount(session, business_id=business_id)
    session.expire_all()
    assert counters(session) == counted
    assert coverage.headline(session, SYSTEM) == before
    assert before.headline is not None
    assert 0 < before.headline.numerator == before.progress[Progress.TRACEABLE] < before.headline.denominator
    looks = dict(session.execute(select(Scan.batch_id, func.count()).group_by(Scan.batch_id)).all())
    assert looks == dict(session.execute(select(ScanCount.batch_id, ScanCount.people)).all()) != {}


def test_more_can_be_added_to_many(engine: Engine, session: Session) -> None:
    for _ in range(2):
        load(engine, session, 50)
    assert session.scalar(select(func.count(Batch.public_code.distinct()))) == 100


def counters(session: Session) -> list[tuple[int, int, datetime | None]]:
    columns = select(Business.id, Business.complete_batches, Business.last_complete_at).order_by(Business.id)
    return [tuple(row) for row in session.execute(columns)]


def said_by_the_service(session: Session, batch: Batch, event: Event, number: int) -> events.Event:
    site = session.get_one(Site, event.site_id)
    again = (
        chain.packing(batch, site, event.event_time, event.body["trace:packs"], URL)
        if event.business_step == BusinessStep.PACKING
        else chain.production(batch, URL)
    )
    return chain.numbered(again, batch, number, event.record_time, URL)
