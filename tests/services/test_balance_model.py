"""Whatever is done in whatever order, amounts and genealogy are those of a plain model in memory.

A recall reaches what the model says was made of it, and of that nothing moves any more but back, or for good.
"""

from typing import Any

from hypothesis import seed
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import select

from tests.case_rules import AMOUNTS, PLACES, CaseRules
from tests.farm import MORNING, URL, Farm
from tests.machines import run_machine
from tests.recalling import confirm, covered, propose
from tests.trade import make_trade
from trace.domain.balance import AlreadyUndone, Direction, MadeFromTooLittle, MovementKind, NotEnoughHeld, UndoFirst
from trace.domain.errors import InvalidFields
from trace.domain.handovers import HandoverDecided
from trace.domain.recalls import Disposal
from trace.services import balance, handovers, recall_answers, trace, undoing
from trace.services.balance import REMOVALS, TransformationFacts
from trace.services.recall_answers import Found
from trace.storage.balance import Holding, links_to
from trace.storage.handovers import expired_at
from trace.storage.recalls import Recall, RecallHolder, RecallItem

HARVESTS = st.integers(30, 90)


def test_amounts_and_genealogy_are_those_of_a_model(farm: Farm) -> None:
    trade = make_trade(farm)

    class Chain(CaseRules):
        def __init__(self) -> None:
            super().__init__(farm, trade)
            self.recalls: list[Recall] = []

        @initialize()
        def begin(self) -> None:
            self.harvest_of(60)

        @rule(amount=HARVESTS)
        def harvest(self, amount: int) -> None:
            self.harvest_of(amount)

        def harvest_of(self, amount: int) -> None:
            self.model.keep(farm.published(amount=amount), amount, set())

        @rule(places=st.sets(PLACES, min_size=1, max_size=3), used=AMOUNTS, made=AMOUNTS, loss=st.integers(0, 5))
        def transform(self, places: set[int], used: int, made: int, loss: int) -> None:
            model = self.model
            inputs = {model.pick(place).id for place in places}
            facts = TransformationFacts(
                inputs=[(parent, used) for parent in inputs],
                product_id=farm.product.id,
                site_id=farm.site.id,
                amount=made,
                loss=loss,
                at=MORNING,
            )
            enough = made + loss <= used * len(inputs) and all(model.loose(parent) >= used for parent in inputs)
            refusal = self.refusal(*inputs, unless=enough, error=(MadeFromTooLittle, NotEnoughHeld))
            acting = (farm.session, farm.owner, farm.business.id)
            if child := self.outcome(lambda: balance.transform(*acting, facts, public_url=URL), refusal):
                model.keep(child, made, inputs)
                model.used[child.id] = used
                for parent in inputs:
                    model.left[parent] -= used
                    model.removed[parent] += used

        @rule(place=PLACES, amount=AMOUNTS, kind=st.sampled_from(REMOVALS))
        def remove(self, place: int, amount: int, kind: MovementKind) -> None:
            batch = self.model.pick(place)
            said: Any = {"amount": amount, "at": MORNING, "reason": "Dập nát", "public_url": URL}
            refusal = self.refusal(batch.id, unless=self.model.loose(batch.id) >= amount, error=NotEnoughHeld)
            acting = (farm.session, farm.owner, farm.business.id)
            if event := self.outcome(lambda: balance.remove(*acting, batch.id, kind, **said), refusal):
                self.model.removals.append((event, amount))
                self.model.left[batch.id] -= amount
                self.model.removed[batch.id] += amount

        def undo(self, event_id: int) -> Any:
            return undoing.undo(farm.session, farm.owner, farm.business.id, event_id, reason="Ghi nhầm")

        @precondition(lambda self: self.model.removals)
        @rule(place=PLACES)
        def undo_removal(self, place: int) -> None:
            removals = self.model.removals
            event, amount = removal = removals[place % len(removals)]
            if self.outcome(lambda: self.undo(event.id), self.refusal(event.batch_id, unless=True, error=None)):
                removals.remove(removal)
                self.model.left[event.batch_id] += amount
                self.model.removed[event.batch_id] -= amount
                self.outcome(lambda: self.undo(event.id), AlreadyUndone)

        @precondition(lambda self: self.model.used)
        @rule(place=PLACES)
        def undo_making(self, place: int) -> None:
            model = self.model
            child = sorted(model.used)[place % len(model.used)]
            [event_id] = {link.event_id for link in farm.session.scalars(links_to(child))}
            refusal = self.refusal(child, unless=model.loose(child) == model.made[child], error=UndoFirst)
            if self.outcome(lambda: self.undo(event_id), refusal):
                model.forget(child)

        @rule(place=PLACES, amount=AMOUNTS)
        def give(self, place: int, amount: int) -> None:
            batch = self.model.pick(place)
            refusal = self.refusal(batch.id, unless=self.model.loose(batch.id) >= amount, error=NotEnoughHeld)
            if given := self.outcome(lambda: trade.offer(batch, amount), refusal):
                self.model.in_transit.append(given)
                self.model.left[batch.id] -= amount

        @precondition(lambda self: self.model.in_transit)
        @rule(place=PLACES, missing=st.integers(0, 3))
        def get(self, place: int, missing: int) -> None:
            given = self.model.in_transit[place % len(self.model.in_transit)]
            received = max(1, given.sent - missing)
            refusal = self.refusal(given.batch_id, unless=True, error=None)
            if self.outcome(lambda: trade.accept(given, received=received, reason="Hao hụt"), refusal):
                self.model.receive(given, received)
                self.outcome(lambda: trade.accept(given), HandoverDecided)

        @precondition(lambda self: self.model.in_transit)
        @rule(place=PLACES, how=st.sampled_from(["reject", "withdraw", "expire"]))
        def come_back(self, place: int, how: str) -> None:
            given = self.model.in_transit[place % len(self.model.in_transit)]
            refusal = self.refusal(given.batch_id, unless=True, error=None)
            if how == "reject":  # also what was recalled
                back = handovers.reject(farm.session, trade.buyer, given.id, reason="Không đạt", public_url=URL)
            elif how == "withdraw":
                back = self.outcome(lambda: handovers.withdraw(farm.session, farm.owner, given.id), refusal)
            else:
                given.expires_at = MORNING
                farm.session.commit()
                assert farm.session.scalars(expired_at(MORNING)).all() == [given.id]
                back = handovers.expire(farm.session)
                assert back == (refusal is None)
                given.expires_at = None
                farm.session.commit()
            if back:
                self.model.in_transit.remove(given)
                self.model.left[given.batch_id] += given.sent

        @rule(place=PLACES, amount=HARVESTS)
        def correct(self, place: int, amount: int) -> None:
            harvested = [batch for batch in self.model.batches if not self.model.parents[batch.id]]
            batch = harvested[place % len(harvested)]
            difference = amount - self.model.made[batch.id]
            if difference:
                enough = self.model.loose(batch.id) + difference >= 0
                refusal = self.refusal(batch.id, unless=enough, error=NotEnoughHeld)
                if self.outcome(lambda: farm.correct(batch, amount=amount), refusal):
                    self.model.made[batch.id] = amount
                    self.model.left[batch.id] += difference

        @rule(place=PLACES, amount=AMOUNTS)
        def recall(self, place: int, amount: int) -> None:
            self.give(place, amount)  # some of it is on its way
            start = self.model.pick(place)
            reached = self.model.closure(start.id, Direction.FORWARD)
            recall = confirm(farm, propose(farm, start), seen=len(reached))
            assert covered(farm, recall) == reached
            self.model.recalled |= reached
            self.recalls.append(recall)

        @precondition(lambda self: self.recalls)
        @rule(place=PLACES, amount=PLACES, disposal=st.sampled_from([Disposal.DESTROY, Disposal.REPAIR]))
        def answer(self, place: int, amount: int, disposal: Disposal) -> None:
            asked = select(RecallItem).join(RecallItem.holder).order_by(RecallItem.id)
            recall = self.recalls[place % len(self.recalls)]
            items = farm.session.scalars(asked.where(RecallHolder.recall_id == recall.id)).all()
            if not items:
                return
            item = items[place % len(items)]
            if item.on_the_way and self.model.is_in_shipped_case(item.batch_id):
                return
            amount = max(1, amount % (item.amount + 1))
            business_id, batch_id = item.holder.business_id, item.batch_id
            at_shop = business_id == trade.shop.id
            stock = self.model.bought if at_shop else self.model.left
            more = amount - item.destroyed if disposal is Disposal.DESTROY else 0
            coming = [given for given in self.model.in_transit if given.batch_id == batch_id] if item.on_the_way else []
            packed = (self.model.packed_at_shop if at_shop else self.model.packed)[batch_id]
            enough = stock.get(batch_id, 0) - packed + sum(given.sent for given in coming) >= more
            shrinks = item.destroyed and (disposal is not Disposal.DESTROY or more < 0)
            acting: Any = (farm.session, trade.buyer if at_shop else farm.owner, recall.id)
            found = [Found(item_id=item.id, amount=amount, disposal=disposal)]
            answered = self.outcome(
                lambda: recall_answers.acknowledge(*acting, business_id=business_id, found=found, public_url=URL),
                InvalidFields if shrinks else None if enough else NotEnoughHeld,
            )
            if answered and more:
                left = more
                for given in coming:
                    if received := min(left, given.sent):
                        self.model.receive(given, received)
                        left -= received
                stock[batch_id] -= more
                self.model.removed[batch_id] += more

        @invariant()
        def what_is_left_is_the_models(self) -> None:
            held = select(Holding.batch_id, Holding.amount).where(Holding.batch_id.in_(self.model.left))
            mine = held.where(Holding.business_id == farm.business.id)
            assert dict(farm.session.execute(mine).all()) == self.model.left
            bought = held.where(Holding.business_id == trade.shop.id)
            assert dict(farm.session.execute(bought).all()) == self.model.bought

        @invariant()
        def every_gram_is_somewhere(self) -> None:
            for batch_id, made in self.model.made.items():
                assert made == self.model.accounted_for(batch_id)

        @rule(place=PLACES, direction=st.sampled_from(Direction))
        def follow(self, place: int, direction: Direction) -> None:
            start = self.model.pick(place)
            found = trace.follow(farm.session, farm.owner, start.public_code or "", direction)
            reached = self.model.closure(start.id, direction)
            codes = {batch.public_code for batch in self.model.batches if batch.id in reached}
            assert {row.code for row in found.batches.values()} == codes

    run_machine(seed(7)(Chain), examples=8, steps=12)
