"""Packing, opening and giving cases in whatever order, beside the plain model: rules for a state machine that has more."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from tests.chain_model import Model
from tests.farm import MORNING, URL, Farm
from tests.trade import Trade
from trace.domain.balance import NotEnoughHeld
from trace.domain.batches import BatchRecalled
from trace.domain.errors import TraceError
from trace.services import cases, handovers
from trace.services.case_handovers import offer_case
from trace.services.cases import CaseFacts
from trace.services.handovers import Shipment
from trace.storage.balance import Holding
from trace.storage.cases import Case
from trace.storage.handovers import open_handovers_in

AMOUNTS = st.integers(1, 30)
"""Mostly less than there is, so that most of what is tried is done."""
PLACES = st.integers(0, 1_000)
Errors = type[TraceError] | tuple[type[TraceError], ...] | None


class CaseRules(RuleBasedStateMachine):
    def __init__(self, farm: Farm, trade: Trade) -> None:
        super().__init__()
        self.farm, self.trade, self.model = farm, trade, Model()

    def outcome(self, verb: Callable[[], Any], refusal: Errors) -> Any:
        """What the verb returns; None where it must be refused, and was."""
        if refusal is None:
            return verb()
        with pytest.raises(refusal):
            verb()
        self.farm.session.rollback()
        return None

    def refusal(self, *batch_ids: int, unless: bool, error: Errors) -> Errors:
        if self.model.recalled & set(batch_ids):
            return BatchRecalled
        return None if unless else error

    @rule(places=st.sets(PLACES, min_size=1, max_size=3), amount=AMOUNTS)
    def pack(self, places: set[int], amount: int) -> None:
        contents = [(batch_id, amount) for batch_id in {self.model.pick(place).id for place in places}]
        facts = CaseFacts(contents=contents, site_id=self.farm.site.id, at=MORNING)
        enough = all(self.model.loose(batch_id) >= amount for batch_id, _ in contents)
        refusal = self.refusal(*dict(contents), unless=enough, error=NotEnoughHeld)
        acting = (self.farm.session, self.farm.owner, self.farm.business.id)
        if case := self.outcome(lambda: cases.pack(*acting, facts, public_url=URL), refusal):
            self.model.cases.append(case)
            self.model.move(case, self.model.packed)

    @precondition(lambda self: self.model.cases)
    @rule(place=PLACES, opened=st.booleans())
    def open_or_give(self, place: int, opened: bool) -> None:
        model = self.model
        case = model.cases[place % len(model.cases)]
        acting, to = (
            (self.farm.session, self.farm.owner, self.farm.business.id, case.id),
            Shipment(buyer_id=self.trade.shop.id),
        )
        if opened:
            cases.unpack(*acting, public_url=URL)
        elif self.outcome(lambda: offer_case(*acting, to, public_url=URL), self.refusal_of(case)):
            model.move(case, model.left, sign=-1)
            model.shipped_cases.append(case)
        else:
            return
        model.cases.remove(case)
        model.move(case, model.packed, sign=-1)

    @precondition(lambda self: self.model.shipped_cases)
    @rule(place=PLACES, how=st.sampled_from(["accept", "withdraw", "reject alone"]))
    def answer_case(self, place: int, how: str) -> None:
        model = self.model
        case = model.shipped_cases[place % len(model.shipped_cases)]
        first, *others = self.farm.session.scalars(open_handovers_in(case.id)).all()
        if how == "reject alone":  # also what was recalled
            handovers.reject(self.farm.session, self.trade.buyer, first.id, reason="Úa", alone=True, public_url=URL)
            model.left[first.batch_id] += first.sent
            model.in_transit += others
            if not others:
                model.packed[first.batch_id] += first.sent
                model.cases.append(case)
        elif how == "accept" and self.refusal_of(case) is None:
            self.trade.accept(first)
            model.move(case, model.bought, model.packed_at_shop)
        elif self.outcome(
            lambda: handovers.withdraw(self.farm.session, self.farm.owner, first.id), self.refusal_of(case)
        ):
            model.move(case, model.left, model.packed)
            model.cases.append(case)
        else:
            return
        model.shipped_cases.remove(case)

    def refusal_of(self, case: Case) -> Errors:
        return self.refusal(*(content.batch_id for content in case.contents), unless=True, error=None)

    @invariant()
    def what_is_packed_is_in_the_models_cases(self) -> None:
        asked = select(Holding.batch_id, Holding.packed).where(Holding.batch_id.in_(self.model.left))
        for business, packed in ((self.farm.business, self.model.packed), (self.trade.shop, self.model.packed_at_shop)):
            found = self.farm.session.execute(asked.where(Holding.business_id == business.id, Holding.packed > 0)).all()
            assert dict(found) == +packed
