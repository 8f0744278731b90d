"""A drill finds what a recall would, and touches nothing."""

from typing import Any

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.farm import URL, Farm
from tests.recalling import CODE, covered, make, propose
from trace.domain.errors import NotAllowed, NotFound
from trace.domain.handovers import HandoverStatus
from trace.domain.recalls import NothingToRehearse
from trace.services import handovers, recall_drills, recalls
from trace.services.handover_invitations import Counterparty
from trace.services.handovers import OfferFacts
from trace.services.recall_drills import scorecard
from trace.storage.balance import Holding, Movement
from trace.storage.batches import Batch
from trace.storage.chain import Event
from trace.storage.handovers import Handover
from trace.storage.notices import Notice
from trace.storage.recalls import Recall, RecallDrill, RecallHolder


def rehearse(farm: Farm, **more: Any) -> RecallDrill:
    given = {"business_id": farm.business.id, **more}
    return recall_drills.rehearse(farm.session, farm.owner, **given)


def everything(farm: Farm) -> list[Any]:
    """What a recall would change."""
    farm.session.expire_all()
    counts = [
        farm.session.scalars(select(func.count()).select_from(table)).one()
        for table in (Recall, RecallHolder, Notice, Event, Movement, Handover)
    ]
    batches = farm.session.execute(select(Batch.id, Batch.recall_id, Batch.version, Batch.status)).all()
    return [counts, batches, farm.session.execute(select(Holding.id, Holding.amount)).all()]


def test_a_drill_finds_what_the_recall_then_covers_and_changes_nothing(farm: Farm) -> None:
    field, unrelated = farm.published(), farm.published()
    made = make(farm, field)
    stranger = Counterparty(name="Sạp bà Tư", phone="0912 345 678")
    offer = OfferFacts(batch_id=made.id, amount=400, counterparty=stranger)
    handovers.offer(farm.session, farm.owner, farm.business.id, offer, public_url=URL)
    before = everything(farm)
    card = scorecard(rehearse(farm, code=field.public_code))
    assert everything(farm) == before
    assert (card.batches, card.holder_count, card.deliveries_waiting, card.parties) == (2, 1, 1, ["Sạp bà Tư"])
    assert card.amounts == [{"unit": "KGM", "held": 119_600, "on_the_way": 400, "left": 0}]
    assert card.has_gaps
    assert card.total_ms >= card.closure_ms > 0
    recall = propose(farm, field)
    recalls.confirm(
        farm.session, farm.owner, recall.id, business_id=farm.business.id, word="thu hồi", seen=2, public_url=URL
    )
    assert covered(farm, recall) == {field.id, made.id}
    assert unrelated.recall_id is None
    assert farm.session.scalars(select(Handover.status)).all() == [HandoverStatus.OFFERED]


def test_chance_prefers_what_others_were_made_of(farm: Farm) -> None:
    with pytest.raises(NothingToRehearse):
        rehearse(farm)
    farm.session.rollback()
    only = farm.published()
    assert rehearse(farm).batch_id == only.id
    parent = farm.published()
    make(farm, parent)
    assert {rehearse(farm).batch_id for _ in range(4)} == {parent.id}


def test_a_batch_that_nobody_holds_is_a_gap(farm: Farm) -> None:
    batch = farm.published()
    farm.session.delete(farm.session.scalars(select(Holding).where(Holding.batch_id == batch.id)).one())
    card = scorecard(rehearse(farm, code=batch.public_code))
    assert (card.unheld, card.unheld_count, card.holder_count, card.amounts) == ([batch.lot], 1, 0, [])


def test_each_rehearses_on_its_own(farm: Farm) -> None:
    session = farm.session
    other = factories.make_business(session, owner=factories.make_user(session))
    strange = factories.make_batch(session, other, status="published", public_code=CODE)
    session.commit()
    with pytest.raises(NothingToRehearse):
        rehearse(farm, code=strange.public_code)
    session.rollback()
    with pytest.raises(NotAllowed):
        rehearse(farm, business_id=None)
    session.rollback()
    officer = factories.actor(factories.make_officer(session))
    drill = recall_drills.rehearse(session, officer, business_id=None, code=CODE)
    with pytest.raises(NotFound):
        recall_drills.of(session, drill.id, farm.business.id)
    assert recall_drills.of(session, drill.id, None) is drill
    own = rehearse(farm, code=farm.published().public_code)
    assert recall_drills.of(session, own.id, None) is own
