"""Many batches that are labelled and delivered: as the service would have written them, and counted as it would count."""

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.factories import make_business, make_product
from trace.domain import chain as events
from trace.domain.coverage import Dimension, Progress
from trace.domain.dates import VIETNAM
from trace.domain.vocabulary import BusinessStep
from trace.services import handover_events, steps
from trace.services.balance import balance_of
from trace.services.demo.scale import load_batches
from trace.services.recounting import batches_reached, recount_from_events
from trace.storage.balance import Holding
from trace.storage.batches import Batch
from trace.storage.chain import Event
from trace.storage.handovers import Handover
from trace.storage.sites import Site
from trace.storage.standings import Cell

URL = "http://trace.test"


def test_what_was_delivered_is_written_and_counted_as_the_service_would(engine: Engine, session: Session) -> None:
    photos = [make_product(session, make_business(session)).photo_id or 0]
    session.commit()
    options = {"growers": 30, "traders": 12}
    load_batches(engine, 600, photos=photos, public_url=URL, say=lambda _: None, **options)

    assert dict(session.execute(select(Batch.id, Batch.reach)).all()) == batches_reached(session)
    kept = {(cell.dimension, cell.value, cell.progress): cell.entries for cell in session.scalars(select(Cell))}
    of_chains = {key for key in kept if key[0] is Dimension.CHAIN}
    counted = recount_from_events(session)
    assert {key: kept[key] for key in kept.keys() - of_chains if kept[key]} == dict(counted)
    assert counted[Dimension.TOTAL, "", Progress.TRACEABLE] > 0
    assert 9 < (session.scalar(select(func.count(Event.id))) or 0) / 600 < 11
    for event in session.scalars(select(Event).order_by(Event.batch_id, Event.id).where(Event.batch_id % 40 == 0)):
        if event.business_step not in (BusinessStep.CREATING_CLASS_INSTANCE, BusinessStep.PACKING):
            again = _said_by_the_service(session, event)
            assert event.hash == events.event_hash(again)
            assert event.body == events.to_epcis(again)
            assert event.event_time == again.event_time
    for holding in session.scalars(select(Holding).where(Holding.batch_id % 20 == 0)):
        found = balance_of(session, holding)
        assert found.unexplained == 0


def _said_by_the_service(session: Session, event: Event) -> events.Event:
    batch, site = session.get_one(Batch, event.batch_id), session.get_one(Site, event.site_id)
    if event.handover_id is None:
        step, at = BusinessStep(event.business_step), event.event_time.astimezone(VIETNAM)
        again = steps.handled(batch, step, site, at=at, disposition=None, extensions={}, public_url=URL)
    else:
        handover = session.get_one(Handover, event.handover_id)
        if event.business_step == BusinessStep.SHIPPING:
            again = handover_events.shipping(handover, site, URL)
        else:
            assert handover.received
            again = handover_events.receiving(handover, handover.received, site, URL, at=event.event_time)
    return steps.numbered(again, batch, event.body["trace:number"], event.record_time, URL)
