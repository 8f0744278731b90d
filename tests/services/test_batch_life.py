"""Whatever a person does with batches in whatever order, some things always hold."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.databases import TestDatabase
from trace.domain.batches import BatchStatus, BatchStepNotPossible, NothingChanged
from trace.domain.errors import NotFound
from trace.services import batches, chain
from trace.services.batches import BatchFacts
from trace.storage.batches import Batch, versions_of
from trace.storage.chain import standing_events

URL = "https://trace.test"
TODAY = date(2026, 3, 2)
AMOUNTS = st.integers(min_value=1, max_value=5).map(lambda tonnes: tonnes * 1_000_000)


class BatchLife(RuleBasedStateMachine):
    """Draft → published → corrected → withdrawn, with packings and changes of the product between."""

    engine: Engine
    known = Bundle("known")

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(self.engine)
        person = factories.make_user(self.session)
        self.business: Any = factories.make_business(self.session, owner=person)
        self.site = factories.make_site(self.session, self.business)
        self.product = factories.make_product(self.session, self.business)
        self.session.commit()
        self.actor = factories.actor(person)
        self.photo = self.product.photo_id
        self.codes: dict[int, str] = {}
        self.versions: dict[int, int] = {}

    def facts(self, amount: int) -> BatchFacts:
        return BatchFacts(product_id=self.product.id, site_id=self.site.id, amount=amount, production_date=TODAY)

    def status(self, batch_id: int) -> BatchStatus | None:
        batch = self.session.get(Batch, batch_id)
        return batch and batch.status

    def attempt(self, verb: Any, batch_id: int, *, possible: bool, **values: Any) -> None:
        if possible:
            verb(self.session, self.actor, batch_id, **values)
            return
        error = BatchStepNotPossible if self.status(batch_id) else NotFound
        with pytest.raises(error):
            verb(self.session, self.actor, batch_id, **values)
        self.session.rollback()

    @rule(target=known, amount=AMOUNTS)
    def register(self, amount: int) -> int:
        return batches.register(self.session, self.actor, self.business.id, self.facts(amount)).id

    @rule(batch=known)
    def publish(self, batch: int) -> None:
        possible = self.status(batch) is BatchStatus.DRAFT
        self.attempt(batches.publish, batch, possible=possible, public_url=URL)
        if possible:
            code = self.session.get_one(Batch, batch).public_code
            assert code
            assert code not in self.codes.values()
            self.codes[batch], self.versions[batch] = code, 1

    @rule(batch=known, amount=AMOUNTS)
    def correct(self, batch: int, amount: int) -> None:
        kept = self.session.get(Batch, batch)
        if kept and kept.status is BatchStatus.PUBLISHED and kept.amount == amount:
            with pytest.raises(NothingChanged):
                batches.correct(self.session, self.actor, batch, self.facts(amount), reason="Cân lại", public_url=URL)
            self.session.rollback()
            return
        possible = self.status(batch) is BatchStatus.PUBLISHED
        values = {"facts": self.facts(amount), "reason": "Cân lại", "public_url": URL}
        self.attempt(batches.correct, batch, possible=possible, **values)
        if possible:
            self.versions[batch] += 1

    @rule(batch=known)
    def pack(self, batch: int) -> None:
        possible = self.status(batch) is BatchStatus.PUBLISHED
        at = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
        values = {"at": at, "site_id": self.site.id, "public_url": URL}
        self.attempt(chain.record_packing, batch, possible=possible, **values)

    @rule(batch=known)
    def withdraw(self, batch: int) -> None:
        self.attempt(batches.withdraw, batch, possible=self.status(batch) is BatchStatus.PUBLISHED, reason="Hỏng")

    @rule(batch=known)
    def delete(self, batch: int) -> None:
        self.attempt(batches.delete_draft, batch, possible=self.status(batch) is BatchStatus.DRAFT)

    @rule(has_photo=st.booleans())
    @precondition(lambda self: self.versions)
    def change_photo(self, has_photo: bool) -> None:
        self.product.photo_id = self.photo if has_photo else None
        batches.recount(self.session, product_id=self.product.id)
        self.session.commit()

    @invariant()
    def a_code_never_changes(self) -> None:
        for batch_id, code in self.codes.items():
            assert self.session.get_one(Batch, batch_id).public_code == code

    @invariant()
    def versions_only_grow(self) -> None:
        for batch_id, number in self.versions.items():
            kept = self.session.scalars(versions_of(batch_id)).all()
            assert [version.number for version in kept] == list(range(number, 0, -1))
            said = {**batches.facts_of(self.session.get_one(Batch, batch_id)), "season_id": None}
            assert kept[0].facts == said

    @invariant()
    def events_say_what_the_batch_says(self) -> None:
        for batch_id in self.codes:
            amount = self.session.get_one(Batch, batch_id).amount
            for event in self.session.scalars(standing_events(batch_id)):
                assert event.body["quantityList"][0]["quantity"] * 1000 == amount

    @invariant()
    def counters_equal_a_recount(self) -> None:
        self.session.expire_all()
        published = self.session.scalars(select(Batch).where(Batch.status == BatchStatus.PUBLISHED)).all()
        complete = [batch for batch in published if batches.completeness_of(self.session, batch).complete]
        assert {batch.id for batch in published if batch.complete} == {batch.id for batch in complete}
        assert self.business.complete_batches == len(complete)
        assert self.business.last_complete_at == max((batch.published_at for batch in complete), default=None)

    def teardown(self) -> None:
        self.session.close()


def test_the_life_of_batches(database: TestDatabase, engine: Engine, clock: Clock) -> None:
    clock.set(datetime(2026, 3, 2, 3, 0, tzinfo=UTC))

    class InThisDatabase(BatchLife):
        def __init__(self) -> None:
            engine.dispose()
            database.refresh()
            self.engine = engine
            super().__init__()

    run_state_machine_as_test(
        InThisDatabase,
        settings=settings(
            max_examples=12,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
