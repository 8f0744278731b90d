"""What is made of what, and that nothing comes from nothing."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import factories
from tests.farm import MORNING, TODAY, URL, Farm
from trace.domain.balance import (
    BatchWithdrawn,
    HappensBeforeProduction,
    HappensInFuture,
    MadeFromTooLittle,
    MovementKind,
    NotEnoughHeld,
    NotHeld,
    OlderThanItsParts,
    UnitsDiffer,
)
from trace.domain.batches import AmountNotPositive, BusinessNotApproved
from trace.domain.businesses import BusinessStatus
from trace.domain.errors import InvalidInput, NotFound, TraceError
from trace.domain.quantities import Unit
from trace.services import balance, batches
from trace.services.balance import TransformationFacts
from trace.storage.balance import Holding, Link, Movement, holding_of
from trace.storage.batches import Batch
from trace.storage.chain import standing_events

YESTERDAY = TODAY - timedelta(days=1)


def transform(farm: Farm, *inputs: tuple[Batch, int], amount: int, **facts: Any) -> Batch:
    defaults = {"product_id": farm.product.id, "site_id": farm.site.id, "at": MORNING}
    made_of = TransformationFacts(
        inputs=[(batch.id, used) for batch, used in inputs], amount=amount, **{**defaults, **facts}
    )
    return balance.transform(farm.session, farm.owner, farm.business.id, made_of, public_url=URL)


def remove(farm: Farm, batch: Batch, amount: int, kind: MovementKind = MovementKind.LOST, **facts: Any) -> Any:
    said = {"at": MORNING, "reason": "Dập nát", **facts}
    return balance.remove(
        farm.session, farm.owner, farm.business.id, batch.id, kind, amount=amount, public_url=URL, **said
    )


def held(farm: Farm, batch: Batch) -> int:
    statement = select(Holding.amount).where(Holding.batch_id == batch.id, Holding.business_id == farm.business.id)
    return farm.session.scalars(statement).one()


def refuses(farm: Farm, error: type[TraceError], verb: Callable[[], Any]) -> TraceError:
    """The verb raises, and leaves nothing behind."""
    farm.session.commit()
    tables = (Batch, Holding, Link, Movement)

    def counted() -> Sequence[int]:
        return [farm.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]

    before = counted()
    with pytest.raises(error) as raised:
        verb()
    farm.session.rollback()
    assert counted() == before
    return raised.value


def test_who_publishes_a_batch_holds_all_of_it(farm: Farm) -> None:
    assert held(farm, farm.published(amount=80_000)) == 80_000


def test_batches_put_together_become_a_new_one(farm: Farm) -> None:
    first, second = farm.published(amount=100_000), farm.published(amount=50_000, production_date=YESTERDAY)
    made = transform(farm, (first, 90_000), (second, 50_000), amount=130_000, loss=6_000)
    assert (held(farm, first), held(farm, second), held(farm, made)) == (10_000, 0, 130_000)
    [event] = farm.session.scalars(standing_events(made.id))
    assert event.type == "TransformationEvent"
    assert [each["quantity"] for each in event.body["inputQuantityList"]] == [90, 50]
    assert event.body["outputQuantityList"][0]["quantity"] == 130
    assert event.body["trace:loss"] == 6_000
    links = farm.session.scalars(select(Link).where(Link.child_id == made.id).order_by(Link.parent_id)).all()
    assert [(link.parent_id, link.amount) for link in links] == [(first.id, 90_000), (second.id, 50_000)]


def test_the_same_goods_put_together_keep_their_latest_harvest_and_earliest_limit(farm: Farm) -> None:
    old = farm.published(production_date=YESTERDAY, best_before=TODAY)
    made = transform(farm, (old, 1000), (farm.published(), 1000), amount=2000)
    assert (made.production_date, made.best_before) == (TODAY, TODAY)


def test_another_product_is_dated_by_the_day_it_was_made(farm: Farm) -> None:
    salad = factories.make_product(farm.session, farm.business, shelf_life_days=2)
    made = transform(farm, (farm.published(production_date=YESTERDAY), 1000), amount=900, product_id=salad.id)
    assert (made.production_date, made.best_before) == (TODAY, TODAY + timedelta(days=2))


def test_a_batch_is_divided_and_the_rest_stays(farm: Farm) -> None:
    whole = farm.published(amount=100_000, production_date=YESTERDAY)
    parts = balance.split(
        farm.session, farm.owner, farm.business.id, whole.id, [30_000, 20_000], at=MORNING, public_url=URL
    )
    assert [held(farm, each) for each in (whole, *parts)] == [50_000, 30_000, 20_000]
    assert {(each.product_id, each.production_date) for each in parts} == {(farm.product.id, YESTERDAY)}
    assert len({each.public_code for each in (whole, *parts)}) == 3


def test_a_batch_divided_into_more_than_there_is_stays_whole(farm: Farm) -> None:
    whole = farm.published(amount=100_000)
    amounts = [60_000, 60_000]
    refuses(
        farm,
        NotEnoughHeld,
        lambda: balance.split(
            farm.session, farm.owner, farm.business.id, whole.id, amounts, at=MORNING, public_url=URL
        ),
    )
    assert held(farm, whole) == 100_000


@pytest.mark.parametrize("kind", balance.REMOVALS)
def test_what_is_gone_is_taken_from_stock(farm: Farm, kind: MovementKind) -> None:
    batch = farm.published(amount=100_000)
    event = remove(farm, batch, 5_000, kind)
    assert held(farm, batch) == 95_000
    assert event.body["trace:movement"] == kind.value


def test_the_balance_adds_up_and_names_what_nobody_explained(farm: Farm) -> None:
    batch = farm.published(amount=100_000)
    remove(farm, batch, 5_000)
    remove(farm, batch, 2_000, MovementKind.OWN_USE)
    remove(farm, batch, 3_000, MovementKind.DESTROYED)
    made = transform(farm, (batch, 60_000), amount=50_000, loss=7_000)
    of_batch, of_made = (
        balance.balance_of(farm.session, farm.session.scalars(holding_of(farm.business.id, each.id)).one())
        for each in (batch, made)
    )
    assert (of_batch.had, of_batch.left, of_batch.used) == (100_000, 30_000, 60_000)
    assert (of_batch.lost, of_batch.own_use, of_batch.destroyed) == (5_000, 2_000, 3_000)
    assert (of_made.made_from, of_made.lost_in_making, of_made.unexplained) == (60_000, 7_000, 3_000)


def test_more_than_is_held_is_refused(farm: Farm) -> None:
    batch = farm.published(amount=1_000)
    assert "1 kg" in str(refuses(farm, NotEnoughHeld, lambda: remove(farm, batch, 1_001)))
    refuses(farm, NotEnoughHeld, lambda: transform(farm, (batch, 1_001), amount=1_000))


def test_more_than_went_in_cannot_come_out(farm: Farm) -> None:
    batch = farm.published()
    refuses(farm, MadeFromTooLittle, lambda: transform(farm, (batch, 1_000), amount=900, loss=101))


@pytest.mark.parametrize("used", [0, -5])
def test_nothing_is_made_of_nothing(farm: Farm, used: int) -> None:
    batch = farm.published()
    refuses(farm, AmountNotPositive, lambda: transform(farm, (batch, used), amount=1))
    refuses(farm, AmountNotPositive, lambda: remove(farm, batch, used))
    refuses(farm, InvalidInput, lambda: transform(farm, amount=1))
    refuses(farm, InvalidInput, lambda: transform(farm, (batch, 5), (batch, 5), amount=1))
    refuses(farm, InvalidInput, lambda: transform(farm, (batch, 5), amount=1, loss=-1))


def test_other_peoples_batches_drafts_and_what_is_not_there_are_all_the_same(farm: Farm) -> None:
    stranger = factories.make_batch(farm.session, factories.make_business(farm.session))
    draft = farm.register()
    for batch in (stranger, draft, Batch(id=999_999)):
        refuses(farm, NotHeld, partial(transform, farm, (batch, 1), amount=1))
        refuses(farm, NotHeld, partial(remove, farm, batch, 1))


def test_a_stranger_takes_nothing(farm: Farm) -> None:
    batch = farm.published()
    farm.owner = factories.actor(factories.make_user(farm.session))
    refuses(farm, NotFound, lambda: remove(farm, batch, 1))
    refuses(farm, NotFound, lambda: transform(farm, (batch, 1), amount=1))


def test_a_withdrawn_batch_is_only_removed(farm: Farm) -> None:
    batch = farm.published(amount=1_000)
    batches.withdraw(farm.session, farm.owner, batch.id, reason="Dư lượng")
    refuses(farm, BatchWithdrawn, lambda: transform(farm, (batch, 1), amount=1))
    remove(farm, batch, 1_000, MovementKind.DESTROYED)
    assert held(farm, batch) == 0


def test_time_runs_forwards(farm: Farm) -> None:
    batch = farm.published()
    later, earlier = MORNING + timedelta(minutes=1), MORNING - timedelta(days=1)
    for verb in (lambda at: remove(farm, batch, 1, at=at), lambda at: transform(farm, (batch, 1), amount=1, at=at)):
        refuses(farm, HappensInFuture, partial(verb, later))
        refuses(farm, HappensBeforeProduction, partial(verb, earlier))
    refuses(farm, OlderThanItsParts, lambda: transform(farm, (batch, 1), amount=1, production_date=YESTERDAY))


def test_units_are_not_mixed(farm: Farm) -> None:
    eggs = factories.make_product(farm.session, farm.business, unit=Unit.EA)
    batch = farm.published()
    refuses(farm, UnitsDiffer, lambda: transform(farm, (batch, 1000), amount=10, product_id=eggs.id))


def test_a_suspended_business_makes_nothing_new(farm: Farm) -> None:
    batch = farm.published()
    farm.business.status = BusinessStatus.SUSPENDED
    refuses(farm, BusinessNotApproved, lambda: transform(farm, (batch, 1), amount=1))


def test_destroying_needs_a_reason_and_using_up_is_not_a_removal(farm: Farm) -> None:
    batch = farm.published()
    refuses(farm, InvalidInput, lambda: remove(farm, batch, 1, MovementKind.DESTROYED, reason=" "))
    refuses(farm, InvalidInput, lambda: remove(farm, batch, 1, MovementKind.USED))


def test_the_database_itself_refuses_less_than_nothing_and_a_child_before_its_parent(farm: Farm) -> None:
    first, second = farm.published(), farm.published()
    farm.session.commit()
    [event] = farm.session.scalars(standing_events(first.id))
    wrong = [
        Holding(batch_id=first.id, business_id=factories.make_business(farm.session).id, amount=-1),
        Link(parent_id=second.id, child_id=first.id, amount=1, event_id=event.id),
        Link(parent_id=first.id, child_id=first.id, amount=1, event_id=event.id),
    ]
    for row in wrong:
        with pytest.raises(IntegrityError), farm.session.begin_nested():
            farm.session.add(row)


def test_a_correction_moves_the_holding_with_it(farm: Farm) -> None:
    batch = farm.published(amount=100_000)
    remove(farm, batch, 40_000)
    farm.correct(batch, amount=90_000)
    assert held(farm, batch) == 50_000
    farm.correct(batch, amount=110_000)
    assert held(farm, batch) == 70_000
    refuses(farm, NotEnoughHeld, lambda: farm.correct(batch, amount=39_999))
    farm.correct(batch, amount=40_000)
    assert held(farm, batch) == 0


def test_a_correction_keeps_the_genealogy_true(farm: Farm) -> None:
    parent = farm.published(amount=100_000, production_date=YESTERDAY)
    child = transform(farm, (parent, 50_000), amount=40_000, loss=5_000, production_date=YESTERDAY)
    refuses(farm, MadeFromTooLittle, lambda: farm.correct(child, amount=45_001))
    refuses(farm, OlderThanItsParts, lambda: farm.correct(parent, amount=100_000, production_date=TODAY))
    eggs = factories.make_product(farm.session, farm.business, unit=Unit.EA)
    refuses(farm, UnitsDiffer, lambda: farm.correct(parent, product_id=eggs.id, production_date=YESTERDAY))
    farm.correct(child, amount=45_000, lot="MOI", production_date=date(2026, 3, 1))
    [event] = farm.session.scalars(standing_events(child.id))
    assert event.type == "TransformationEvent"
    assert (event.body["outputQuantityList"][0]["quantity"], event.body["trace:loss"]) == (45, 5_000)
    assert held(farm, child) == 45_000


def test_fifty_writers_at_once_take_no_more_than_there_is(farm: Farm, engine: Engine) -> None:
    batch_id, spare_id = farm.published(amount=40).id, farm.published(amount=50).id
    business_id = farm.business.id
    facts = TransformationFacts(
        inputs=[(spare_id, 1), (batch_id, 1)], product_id=farm.product.id, site_id=farm.site.id, amount=2, at=MORNING
    )
    farm.session.commit()

    def write(number: int) -> bool:
        with Session(engine) as session:
            try:
                if number % 2:
                    kind = MovementKind.LOST
                    balance.remove(
                        session, farm.owner, business_id, batch_id, kind, amount=1, at=MORNING, public_url=URL
                    )
                else:
                    balance.transform(session, farm.owner, business_id, facts, public_url=URL)
            except NotEnoughHeld:
                return False
            return True

    with ThreadPoolExecutor(50) as pool:
        succeeded = list(pool.map(write, range(50)))
    assert succeeded.count(True) == 40
    session = farm.session
    assert session.scalars(select(Holding.amount).where(Holding.batch_id == batch_id)).one() == 0
    assert session.scalar(select(func.sum(Movement.amount)).where(Movement.batch_id == batch_id)) == 40
