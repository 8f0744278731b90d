"""Whatever is done in whatever order, the figures kept while writing are those worked out anew from what was recorded."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.databases import TestDatabase
from tests.farm import MORNING, URL, make_farm
from tests.machines import run_machine
from trace.domain.businesses import BusinessKind, Decision
from trace.domain.coverage import Dimension
from trace.domain.errors import TraceError
from trace.domain.handovers import HandoverStatus
from trace.domain.products import Commodity
from trace.domain.sites import SiteKind
from trace.services import (
    balance,
    batches,
    businesses,
    chain,
    coverage,
    handover_disputes,
    handovers,
    label_issues,
    settling,
    stamp_ranges,
    undoing,
)
from trace.services.balance import TransformationFacts
from trace.services.clock import now
from trace.services.handovers import OfferFacts
from trace.services.label_issues import IssueOrder
from trace.services.products import ProductFacts, update
from trace.services.recounting import Figures, batches_reached, recount_from_events
from trace.storage.balance import Link
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.coverage import Match, RegisterEntry
from trace.storage.handovers import Handover
from trace.storage.labels import LabelIssue
from trace.storage.standings import Cell, Standing

PLACES = st.integers(0, 20)


def test_the_figures_are_those_of_a_recount(database: TestDatabase, session: Session, clock: Clock) -> None:
    class City(RuleBasedStateMachine):
        """A farm, a processor that buys of it, and a shop that buys of both; one entry of the list is of nobody."""

        def __init__(self) -> None:
            super().__init__()
            session.close()
            database.refresh()  # so that a history does not depend on those told before it
            clock.set(MORNING)
            self.session = session
            self.farm = make_farm(session)
            self.officer = factories.actor(factories.make_officer(self.session))
            self.people = {self.farm.business.id: self.farm.owner}
            self.sites = {self.farm.business.id: self.farm.site.id}
            listed = factories.make_register_list(self.session, ["Không ai"], as_of=now().date())
            clock.advance(days=1)
            for kind in (BusinessKind.PROCESSOR, BusinessKind.SHOP):
                person = factories.make_user(self.session)
                business = factories.make_business(self.session, owner=person, kind=kind)
                self.people[business.id] = factories.actor(person)
                self.sites[business.id] = factories.make_site(self.session, business, kind=SiteKind.PACKING_HOUSE).id
            self.processor, self.shop = list(self.people)[1:]
            processor = self.session.get_one(Business, self.processor)
            self.product = factories.make_product(self.session, processor, commodity=Commodity.PROCESSED)
            for business_id in self.people:
                factories.make_register_entry(
                    self.session, listed, business_id=business_id, match=Match.PROPOSED, kind=BusinessKind.COMPANY
                )
            self.session.commit()
            settling.settle(self.session)
            self.mine: list[int] = []

        @initialize(linked=st.booleans())
        def begin(self, linked: bool) -> None:
            if linked:
                for place in range(3):
                    self.confirm(place)

        def attempt(self, act: Callable[[], Any]) -> Any:
            try:
                return act()
            except TraceError:
                self.session.rollback()
                return None

        def pick(self, place: int) -> int:
            return self.mine[place % len(self.mine)]

        @rule(place=PLACES)
        def confirm(self, place: int) -> None:
            business_id = list(self.people)[place % 3]
            question = select(RegisterEntry).where(RegisterEntry.business_id == business_id)
            entry = self.session.scalars(question.order_by(RegisterEntry.list_id.desc())).first()
            assert entry
            self.attempt(lambda: coverage.confirm_match(self.session, self.officer, entry.id, business_id))

        @rule(packed=st.booleans())
        def publish(self, packed: bool) -> None:
            made = self.attempt(lambda: self.farm.published(production_date=now().date()))
            if made is not None:
                self.mine.append(made.id)
                if packed:
                    self.pack(-1)

        @rule(sold=st.booleans())
        def go_all_the_way(self, sold: bool) -> None:
            """What seldom comes together by chance: labelled goods that a processor got, and what it sold of them."""
            self.publish(packed=True)
            for place in (-1,) if self.mine else ():
                self.label(place)
                self.deliver(place, to_shop=False, accepted=True)
                self.process({place}, packed=True)
                self.label(-1)
                self.deliver(-1, to_shop=sold, accepted=True)

        @precondition(lambda self: self.mine)
        @rule(place=PLACES)
        def pack(self, place: int) -> None:
            batch = self.session.get_one(Batch, self.pick(place))
            site = self.sites[batch.business_id]
            by = self.people[batch.business_id]
            self.attempt(
                lambda: chain.record_packing(self.session, by, batch.id, at=now(), site_id=site, public_url=URL)
            )

        @precondition(lambda self: self.mine)
        @rule(place=PLACES)
        def label(self, place: int) -> None:
            batch = self.session.get_one(Batch, self.pick(place))
            by = self.people[batch.business_id]
            order = IssueOrder(count=4)
            self.attempt(
                lambda: label_issues.issue(
                    self.session, by, batch.id, order, keys=factories.STAMP_KEYS, public_url=URL, excess_reason="Thử"
                )
            )

        @rule(place=PLACES, first=st.integers(0, 3), last=st.integers(0, 3))
        def void(self, place: int, first: int, last: int) -> None:
            issues = self.session.scalars(select(LabelIssue).where(LabelIssue.batch_id.in_(self.mine))).all()
            if issues:
                issue = issues[place % len(issues)]
                by = self.people[issue.business_id]
                self.attempt(lambda: stamp_ranges.void(self.session, by, issue.id, first, last, reason="Rách"))

        @precondition(lambda self: self.mine)
        @rule(place=PLACES, to_shop=st.booleans(), accepted=st.booleans())
        def deliver(self, place: int, to_shop: bool, accepted: bool) -> None:
            batch = self.session.get_one(Batch, self.pick(place))
            buyer = self.shop if to_shop else self.processor
            facts = OfferFacts(batch_id=batch.id, amount=1000, buyer_id=buyer)
            seller = batch.business_id
            by = self.people[seller]
            given = self.attempt(lambda: handovers.offer(self.session, by, seller, facts, public_url=URL))
            if given and accepted:
                self.attempt(lambda: handovers.accept(self.session, self.people[buyer], given[0].id, public_url=URL))
            elif given:
                self.attempt(
                    lambda: handovers.reject(
                        self.session, self.people[buyer], given[0].id, reason="Không đạt", public_url=URL
                    )
                )

        @rule(place=PLACES)
        def dispute_or_resolve(self, place: int) -> None:
            found = self.session.scalars(select(Handover).where(Handover.batch_id.in_(self.mine))).all()
            if found:
                one = found[place % len(found)]
                by, business_id = self.people[one.seller_id], one.seller_id
                act: Any = handover_disputes.dispute
                said: Any = {"reason": "Thiếu"}
                if one.status is HandoverStatus.DISPUTED:
                    act, said = handover_disputes.resolve, {"note": "Đã cân lại"}
                self.attempt(lambda: act(self.session, by, business_id, one.id, **said))

        @precondition(lambda self: self.mine)
        @rule(places=st.sets(PLACES, min_size=1, max_size=2), packed=st.booleans())
        def process(self, places: set[int], packed: bool) -> None:
            inputs = {self.pick(place) for place in places}
            facts = TransformationFacts(
                inputs=[(each, 500) for each in inputs],
                product_id=self.product.id,
                site_id=self.sites[self.processor],
                amount=400,
                at=now(),
            )
            by = self.people[self.processor]
            made = self.attempt(lambda: balance.transform(self.session, by, self.processor, facts, public_url=URL))
            if made is not None:
                self.mine.append(made.id)
                if packed:
                    self.pack(-1)

        @rule(place=PLACES)
        def undo(self, place: int) -> None:
            links = self.session.scalars(select(Link).where(Link.child_id.in_(self.mine))).all()
            if links:
                event, by = links[place % len(links)].event_id, self.people[self.processor]
                self.attempt(lambda: undoing.undo(self.session, by, self.processor, event, reason="Ghi nhầm"))

        @precondition(lambda self: self.mine)
        @rule(place=PLACES)
        def withdraw(self, place: int) -> None:
            batch = self.session.get_one(Batch, self.pick(place))
            by = self.people[batch.business_id]
            self.attempt(lambda: batches.withdraw(self.session, by, batch.id, reason="Hỏng"))

        @rule(named=st.booleans())
        def name_standards(self, named: bool) -> None:
            """What every batch of the product rests on: one change flips them all."""
            product = self.farm.product
            facts = ProductFacts(
                name=product.name,
                commodity=product.commodity,
                unit=product.unit,
                pack_sizes=product.pack_sizes,
                shelf_life_days=product.shelf_life_days,
                standards=["TCVN 12827:2023"] if named else [],
            )
            self.attempt(lambda: update(self.session, self.farm.owner, product.id, facts))

        @rule(place=PLACES, decision=st.sampled_from([Decision.SUSPEND, *[Decision.REINSTATE] * 3]))
        def decide(self, place: int, decision: Decision) -> None:
            business_id = list(self.people)[place % 3]
            self.attempt(lambda: businesses.decide(self.session, self.officer, business_id, decision, "Theo biên bản"))

        @rule(gone=st.sampled_from([1, 1, 1, 30, 91, 300]))
        def days_pass(self, gone: int) -> None:
            clock.advance(days=gone)

        @invariant()
        def figures_agree(self) -> None:
            settling.settle(self.session)
            self.session.expire_all()
            reached = batches_reached(self.session)
            assert dict(self.session.execute(select(Batch.id, Batch.reach)).all()) == reached
            assert kept(self.session) == recount_from_events(self.session)

    run_machine(City, examples=8, steps=25)


def kept(session: Session) -> Figures:
    """The cells of the list in force, which the standings that hold add up to."""
    latest = session.scalars(select(RegisterEntry.list_id).order_by(RegisterEntry.list_id.desc())).first()
    cells = session.scalars(select(Cell).where(Cell.list_id == latest, Cell.dimension != Dimension.CHAIN))
    figures = Counter({(one.dimension, one.value, one.progress): one.entries for one in cells if one.entries})
    held = session.scalars(select(Standing).where(Standing.list_id == latest, Standing.until.is_(None))).all()
    assert sum(count for (dimension, _, _), count in figures.items() if dimension is Dimension.TOTAL) == sum(
        not one.commodity for one in held
    )
    return figures
