"""Whatever is done in whatever order, amounts and genealogy are those of a plain model in memory."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from tests.farm import MORNING, URL, Farm
from trace.domain.balance import Direction, MadeFromTooLittle, MovementKind, NotEnoughHeld
from trace.services import balance, trace
from trace.services.balance import REMOVALS, TransformationFacts
from trace.storage.balance import Holding
from trace.storage.batches import Batch

AMOUNTS = st.integers(1, 60)
PLACES = st.integers(0, 1_000)


def test_amounts_and_genealogy_are_those_of_a_model(farm: Farm) -> None:
    class Chain(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.batches: list[Batch] = []
            self.made: dict[int, int] = {}
            self.left: dict[int, int] = {}
            self.parents: dict[int, set[int]] = {}

        def keep(self, batch: Batch, amount: int, parents: set[int]) -> None:
            self.batches.append(batch)
            self.made[batch.id] = self.left[batch.id] = amount
            self.parents[batch.id] = parents

        def pick(self, place: int) -> Batch:
            return self.batches[place % len(self.batches)]

        @initialize()
        def begin(self) -> None:
            self.harvest_of(30)

        @rule(amount=AMOUNTS)
        def harvest(self, amount: int) -> None:
            self.harvest_of(amount)

        def harvest_of(self, amount: int) -> None:
            self.keep(farm.published(amount=amount), amount, set())

        @rule(places=st.sets(PLACES, min_size=1, max_size=3), used=AMOUNTS, made=AMOUNTS, loss=st.integers(0, 5))
        def transform(self, places: set[int], used: int, made: int, loss: int) -> None:
            inputs = {self.pick(place).id for place in places}
            facts = TransformationFacts(
                inputs=[(parent, used) for parent in inputs],
                product_id=farm.product.id,
                site_id=farm.site.id,
                amount=made,
                loss=loss,
                at=MORNING,
            )

            def verb() -> Batch:
                return balance.transform(farm.session, farm.owner, farm.business.id, facts, public_url=URL)

            if made + loss > used * len(inputs) or any(self.left[parent] < used for parent in inputs):
                with pytest.raises((MadeFromTooLittle, NotEnoughHeld)):
                    verb()
                farm.session.rollback()
                return
            self.keep(verb(), made, inputs)
            for parent in inputs:
                self.left[parent] -= used

        @rule(place=PLACES, amount=AMOUNTS, kind=st.sampled_from(REMOVALS))
        def remove(self, place: int, amount: int, kind: MovementKind) -> None:
            batch = self.pick(place)
            said = {"amount": amount, "at": MORNING, "reason": "Dập nát", "public_url": URL}
            if self.left[batch.id] < amount:
                with pytest.raises(NotEnoughHeld):
                    balance.remove(farm.session, farm.owner, farm.business.id, batch.id, kind, **said)  # type: ignore[arg-type]
                farm.session.rollback()
                return
            balance.remove(farm.session, farm.owner, farm.business.id, batch.id, kind, **said)  # type: ignore[arg-type]
            self.left[batch.id] -= amount

        @rule(place=PLACES, amount=AMOUNTS)
        def correct(self, place: int, amount: int) -> None:
            harvested = [batch for batch in self.batches if not self.parents[batch.id]]
            batch = harvested[place % len(harvested)]
            difference = amount - self.made[batch.id]
            if difference == 0:
                return
            if self.left[batch.id] + difference < 0:
                with pytest.raises(NotEnoughHeld):
                    farm.correct(batch, amount=amount)
                farm.session.rollback()
                return
            farm.correct(batch, amount=amount)
            self.made[batch.id] = amount
            self.left[batch.id] += difference

        @invariant()
        def what_is_left_is_the_models(self) -> None:
            held = select(Holding.batch_id, Holding.amount).where(Holding.batch_id.in_(self.left))
            assert dict(farm.session.execute(held).all()) == self.left

        @rule(place=PLACES, direction=st.sampled_from(Direction))
        def follow(self, place: int, direction: Direction) -> None:
            start = self.pick(place)
            found = trace.follow(farm.session, farm.owner, start.public_code or "", direction)
            codes = {batch.public_code for batch in self.batches if batch.id in self.closure(start.id, direction)}
            assert {row.code for row in found.batches} == codes

        def closure(self, start: int, direction: Direction) -> set[int]:
            reached, frontier = {start}, {start}
            while frontier:
                if direction is Direction.BACK:
                    following = set().union(*(self.parents[each] for each in frontier))
                else:
                    following = {child for child, parents in self.parents.items() if parents & frontier}
                frontier = following - reached
                reached |= frontier
            return reached

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Chain,
        settings=settings(
            max_examples=4,
            stateful_step_count=15,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
