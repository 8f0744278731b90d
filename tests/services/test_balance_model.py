"""Whatever is done in whatever order, amounts and genealogy are those of a plain model in memory."""

from itertools import product

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import select

from tests.farm import MORNING, URL, Farm
from tests.machines import run_machine
from tests.trade import make_trade
from trace.domain.balance import AlreadyUndone, Direction, MadeFromTooLittle, MovementKind, NotEnoughHeld, UndoFirst
from trace.domain.handovers import HandoverDecided
from trace.services import balance, cases, handovers, trace, undoing
from trace.services.balance import REMOVALS, TransformationFacts
from trace.services.case_handovers import offer_case
from trace.services.cases import CaseFacts
from trace.services.handovers import Shipment
from trace.storage.balance import Holding, links_to
from trace.storage.batches import Batch
from trace.storage.cases import Case
from trace.storage.chain import Event
from trace.storage.handovers import Handover, expired_at, open_handovers_in

AMOUNTS = st.integers(1, 60)
PLACES = st.integers(0, 1_000)


def move(case: Case, *places: dict[int, int], sign: int = 1) -> None:
    """Add what is in a case to amounts by batch, or take it away."""
    for content, amounts in product(case.contents, places):
        amounts[content.batch_id] = amounts.get(content.batch_id, 0) + sign * content.amount


def test_amounts_and_genealogy_are_those_of_a_model(farm: Farm) -> None:
    trade = make_trade(farm)

    class Chain(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.batches: list[Batch] = []
            self.made: dict[int, int] = {}
            self.left: dict[int, int] = {}
            self.parents: dict[int, set[int]] = {}
            self.bought: dict[int, int] = {}
            self.in_transit: list[Handover] = []
            self.lost_in_transit: dict[int, int] = {}
            self.removed: dict[int, int] = {}
            self.removals: list[tuple[Event, int]] = []
            self.used: dict[int, int] = {}
            self.cases: list[Case] = []
            self.travelling: list[Case] = []
            self.packed: dict[int, int] = {}
            self.packed_at_shop: dict[int, int] = {}

        def loose(self, batch_id: int) -> int:
            return self.left[batch_id] - self.packed.get(batch_id, 0)

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

            if made + loss > used * len(inputs) or any(self.loose(parent) < used for parent in inputs):
                with pytest.raises((MadeFromTooLittle, NotEnoughHeld)):
                    verb()
                farm.session.rollback()
                return
            child = verb()
            self.keep(child, made, inputs)
            self.used[child.id] = used
            for parent in inputs:
                self.left[parent] -= used
                self.removed[parent] = self.removed.get(parent, 0) + used

        @rule(place=PLACES, amount=AMOUNTS, kind=st.sampled_from(REMOVALS))
        def remove(self, place: int, amount: int, kind: MovementKind) -> None:
            batch = self.pick(place)
            said = {"amount": amount, "at": MORNING, "reason": "Dập nát", "public_url": URL}
            if self.loose(batch.id) < amount:
                with pytest.raises(NotEnoughHeld):
                    balance.remove(farm.session, farm.owner, farm.business.id, batch.id, kind, **said)  # type: ignore[arg-type] # values of several types
                farm.session.rollback()
                return
            event = balance.remove(farm.session, farm.owner, farm.business.id, batch.id, kind, **said)  # type: ignore[arg-type] # values of several types
            self.removals.append((event, amount))
            self.left[batch.id] -= amount
            self.removed[batch.id] = self.removed.get(batch.id, 0) + amount

        def undo(self, event_id: int) -> None:
            undoing.undo(farm.session, farm.owner, farm.business.id, event_id, reason="Ghi nhầm")

        @precondition(lambda self: self.removals)
        @rule(place=PLACES)
        def undo_removal(self, place: int) -> None:
            event, amount = self.removals.pop(place % len(self.removals))
            self.undo(event.id)
            self.left[event.batch_id] += amount
            self.removed[event.batch_id] -= amount
            with pytest.raises(AlreadyUndone):
                self.undo(event.id)
            farm.session.rollback()

        @precondition(lambda self: self.used)
        @rule(place=PLACES)
        def undo_making(self, place: int) -> None:
            child_id = sorted(self.used)[place % len(self.used)]
            [event_id] = {link.event_id for link in farm.session.scalars(links_to(child_id))}
            if self.loose(child_id) < self.made[child_id]:
                with pytest.raises(UndoFirst):
                    self.undo(event_id)
                farm.session.rollback()
                return
            self.undo(event_id)
            used = self.used.pop(child_id)
            for parent in self.parents.pop(child_id):
                self.left[parent] += used
                self.removed[parent] -= used
            self.batches = [batch for batch in self.batches if batch.id != child_id]
            for amounts in (self.made, self.left, self.removed):
                amounts.pop(child_id, None)

        @rule(place=PLACES, amount=AMOUNTS)
        def give(self, place: int, amount: int) -> None:
            batch = self.pick(place)
            if self.loose(batch.id) < amount:
                with pytest.raises(NotEnoughHeld):
                    trade.offer(batch, amount)
                farm.session.rollback()
                return
            self.in_transit.append(trade.offer(batch, amount))
            self.left[batch.id] -= amount

        @precondition(lambda self: self.in_transit)
        @rule(place=PLACES, missing=st.integers(0, 3))
        def get(self, place: int, missing: int) -> None:
            given = self.in_transit.pop(place % len(self.in_transit))
            received = max(1, given.sent - missing)
            trade.accept(given, received=received, reason="Hao hụt")
            self.bought[given.batch_id] = self.bought.get(given.batch_id, 0) + received
            lost = self.lost_in_transit.get(given.batch_id, 0)
            self.lost_in_transit[given.batch_id] = lost + given.sent - received
            with pytest.raises(HandoverDecided):
                trade.accept(given)
            farm.session.rollback()

        @precondition(lambda self: self.in_transit)
        @rule(place=PLACES, how=st.sampled_from(["reject", "withdraw", "expire"]))
        def come_back(self, place: int, how: str) -> None:
            given = self.in_transit.pop(place % len(self.in_transit))
            if how == "reject":
                handovers.reject(farm.session, trade.buyer, given.id, reason="Không đạt", public_url=URL)
            elif how == "withdraw":
                handovers.withdraw(farm.session, farm.owner, given.id)
            else:
                given.expires_at = MORNING
                farm.session.commit()
                assert farm.session.scalars(expired_at(MORNING)).all() == [given.id]
                assert handovers.expire(farm.session) == 1
            self.left[given.batch_id] += given.sent

        @rule(place=PLACES, amount=AMOUNTS)
        def correct(self, place: int, amount: int) -> None:
            harvested = [batch for batch in self.batches if not self.parents[batch.id]]
            batch = harvested[place % len(harvested)]
            difference = amount - self.made[batch.id]
            if difference == 0:
                return
            if self.loose(batch.id) + difference < 0:
                with pytest.raises(NotEnoughHeld):
                    farm.correct(batch, amount=amount)
                farm.session.rollback()
                return
            farm.correct(batch, amount=amount)
            self.made[batch.id] = amount
            self.left[batch.id] += difference

        @rule(places=st.sets(PLACES, min_size=1, max_size=3), amount=AMOUNTS)
        def pack(self, places: set[int], amount: int) -> None:
            contents = {self.pick(place).id: amount for place in places}
            facts = CaseFacts(contents=list(contents.items()), site_id=farm.site.id, at=MORNING)

            def verb() -> Case:
                return cases.pack(farm.session, farm.owner, farm.business.id, facts, public_url=URL)

            if any(self.loose(batch_id) < amount for batch_id in contents):
                with pytest.raises(NotEnoughHeld):
                    verb()
                farm.session.rollback()
                return
            self.cases.append(verb())
            move(self.cases[-1], self.packed)

        @precondition(lambda self: self.cases)
        @rule(place=PLACES, given=st.booleans())
        def open_or_give(self, place: int, given: bool) -> None:
            case = self.cases.pop(place % len(self.cases))
            move(case, self.packed, sign=-1)
            acting = (farm.session, farm.owner, farm.business.id, case.id)
            if given:
                offer_case(*acting, Shipment(buyer_id=trade.shop.id), public_url=URL)
                move(case, self.left, sign=-1)
                self.travelling.append(case)
            else:
                cases.unpack(*acting, public_url=URL)

        @precondition(lambda self: self.travelling)
        @rule(place=PLACES, how=st.sampled_from(["accept", "withdraw", "refuse one"]))
        def answer_case(self, place: int, how: str) -> None:
            case = self.travelling.pop(place % len(self.travelling))
            first, *others = farm.session.scalars(open_handovers_in(case.id)).all()
            if how == "accept":
                trade.accept(first)
                move(case, self.bought, self.packed_at_shop)
            elif how == "refuse one" and others:
                handovers.reject(farm.session, trade.buyer, first.id, reason="Úa", alone=True, public_url=URL)
                self.left[first.batch_id] += first.sent
                self.in_transit += others
            else:
                handovers.withdraw(farm.session, farm.owner, first.id)
                move(case, self.left, self.packed)
                self.cases.append(case)

        @invariant()
        def what_is_packed_is_in_the_models_cases(self) -> None:
            mine = Holding.batch_id.in_(self.left), Holding.packed > 0
            packed = select(Holding.batch_id, Holding.packed).where(*mine)
            for business, model in ((farm.business, self.packed), (trade.shop, self.packed_at_shop)):
                found = dict(farm.session.execute(packed.where(Holding.business_id == business.id)).all())
                assert found == {batch_id: amount for batch_id, amount in model.items() if amount}

        @invariant()
        def what_is_left_is_the_models(self) -> None:
            held = select(Holding.batch_id, Holding.amount).where(Holding.batch_id.in_(self.left))
            mine = held.where(Holding.business_id == farm.business.id)
            assert dict(farm.session.execute(mine).all()) == self.left
            assert dict(farm.session.execute(held.where(Holding.business_id == trade.shop.id)).all()) == self.bought

        @invariant()
        def every_gram_is_somewhere(self) -> None:
            for batch_id, made in self.made.items():
                places = [self.left, self.bought, self.lost_in_transit, self.removed]
                moving = sum(given.sent for given in self.in_transit if given.batch_id == batch_id)
                boxes = [content for case in self.travelling for content in case.contents]
                moving += sum(content.amount for content in boxes if content.batch_id == batch_id)
                assert made == sum(place.get(batch_id, 0) for place in places) + moving

        @rule(place=PLACES, direction=st.sampled_from(Direction))
        def follow(self, place: int, direction: Direction) -> None:
            start = self.pick(place)
            found = trace.follow(farm.session, farm.owner, start.public_code or "", direction)
            codes = {batch.public_code for batch in self.batches if batch.id in self.closure(start.id, direction)}
            assert {row.code for row in found.batches.values()} == codes

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

    run_machine(Chain)
