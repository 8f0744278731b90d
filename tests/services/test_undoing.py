"""What was said wrongly is taken back by who said it, while nothing came of it; the record keeps both."""

from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.farm import MORNING, URL, Farm
from trace.domain.balance import AlreadyUndone, MovementKind, UndoFirst
from trace.domain.batches import BatchStatus
from trace.domain.errors import InvalidInput, NotFound
from trace.services import balance, undoing
from trace.services.balance import TransformationFacts
from trace.storage.balance import Holding, Link, holding_of, movements_of
from trace.storage.batches import Batch
from trace.storage.chain import Event, events_of, standing_events


def make(farm: Farm, *parents: Batch, amount: int = 50_000) -> Batch:
    """Of 30 kg of each."""
    facts = TransformationFacts(
        inputs=[(parent.id, 30_000) for parent in parents],
        product_id=farm.product.id,
        site_id=farm.site.id,
        amount=amount,
        at=MORNING,
    )
    return balance.transform(farm.session, farm.owner, farm.business.id, facts, public_url=URL)


def remove(farm: Farm, batch: Batch, amount: int = 5_000) -> Event:
    kind = MovementKind.LOST
    said: dict[str, Any] = {"amount": amount, "at": MORNING, "public_url": URL}
    return balance.remove(farm.session, farm.owner, farm.business.id, batch.id, kind, **said)


def undo(farm: Farm, event: Event, reason: str = "Cân nhầm") -> None:
    undoing.undo(farm.session, farm.owner, farm.business.id, event.id, reason=reason)


def making(farm: Farm, batch: Batch) -> Event:
    return next(event for event in farm.session.scalars(standing_events(batch.id)))


def left(farm: Farm, *batches: Batch) -> list[int]:
    return [farm.session.scalars(select(Holding.amount).where(Holding.batch_id == batch.id)).one() for batch in batches]


def test_a_removal_taken_back_is_held_again_and_stays_on_record(farm: Farm) -> None:
    batch = farm.published()
    event = remove(farm, batch)
    undo(farm, event)
    assert left(farm, batch) == [120_000]
    assert not farm.session.scalars(movements_of(farm.business.id, batch.id)).all()
    assert event not in farm.session.scalars(standing_events(batch.id)).all()
    declared = [each for each in farm.session.scalars(events_of(batch.id)) if each.declares_error]
    assert [each.hash for each in declared] == [event.hash]
    assert declared[0].body["errorDeclaration"] | {"declarationTime": ""} == {
        "declarationTime": "",
        "reason": "did_not_occur",
        "trace:said": "Cân nhầm",
    }


def test_a_batch_that_never_came_to_be_gives_back_its_parts_and_says_why_on_its_page(farm: Farm) -> None:
    first, second = farm.published(), farm.published()
    child = make(farm, first, second)
    undo(farm, making(farm, child), "Nhầm lô")
    assert left(farm, first, second, child) == [120_000, 120_000, 0]
    assert (child.status, child.withdrawn_reason) == (BatchStatus.WITHDRAWN, "Nhầm lô")
    assert not farm.session.scalars(select(Link)).all()
    assert not farm.session.scalars(standing_events(child.id)).all()
    holding = farm.session.scalars(holding_of(farm.business.id, child.id)).one()
    assert balance.balance_of(farm.session, holding).had == 0


def test_a_corrected_batch_is_taken_back_by_what_stands(farm: Farm) -> None:
    parent = farm.published()
    child = make(farm, parent, amount=20_000)
    said_first = making(farm, child)
    farm.correct(child, amount=25_000)
    undo(farm, said_first)
    assert left(farm, parent, child) == [120_000, 0]


def test_what_came_after_is_named_and_undone_first(farm: Farm) -> None:
    parent = farm.published()
    child = make(farm, parent, amount=30_000)
    grandchild = make(farm, child, amount=30_000)
    with pytest.raises(UndoFirst, match=grandchild.lot):
        undo(farm, making(farm, child))
    farm.session.rollback()
    undo(farm, making(farm, grandchild))
    lost = remove(farm, child)
    with pytest.raises(UndoFirst, match="hao hụt"):
        undo(farm, making(farm, child))
    farm.session.rollback()
    undo(farm, lost)
    farm.pack(child, at=MORNING)
    with pytest.raises(UndoFirst, match="công đoạn"):
        undo(farm, making(farm, child))


def test_a_correction_is_not_corrected(farm: Farm) -> None:
    batch = farm.published()
    child = make(farm, batch, amount=30_000)
    for event in (remove(farm, batch), making(farm, child)):
        undo(farm, event)
        declaration = farm.session.scalars(select(Event).where(Event.hash == event.hash, Event.declares_error)).one()
        for wrong in (event, declaration):
            with pytest.raises(AlreadyUndone):
                undo(farm, wrong)
            farm.session.rollback()
    assert left(farm, batch, child) == [120_000, 0]


def test_only_who_recorded_it_takes_it_back_and_says_why(farm: Farm) -> None:
    event = remove(farm, farm.published())
    with pytest.raises(InvalidInput):
        undo(farm, event, " ")
    stranger = factories.make_user(farm.session)
    elsewhere = factories.make_business(farm.session, owner=stranger)
    for business_id in (elsewhere.id, farm.business.id):
        with pytest.raises(NotFound):
            undoing.undo(farm.session, factories.actor(stranger), business_id, event.id, reason="Nhầm")


def test_a_production_or_a_packing_is_no_movement(farm: Farm) -> None:
    batch = farm.published()
    for event in (making(farm, batch), farm.pack(batch)):
        with pytest.raises(NotFound):
            undo(farm, event)
