"""A product declares what is added when it is made: from a day on, by somebody, and never changed afterwards."""

from datetime import date, timedelta

import pytest

from tests import factories
from tests.farm import MORNING, TODAY, URL, Farm
from trace.domain.balance import MadeFromTooLittle, UnitsDiffer
from trace.domain.errors import NotFound
from trace.domain.making_rules import MakingRule
from trace.domain.quantities import Unit
from trace.services import balance, making_rules
from trace.services.balance import TransformationFacts
from trace.storage.balance import holding_of
from trace.storage.batches import Batch
from trace.storage.making_rules import rules_of
from trace.storage.products import Product

WATER = MakingRule({"Nước": 20})


def declare(farm: Farm, rule: MakingRule, product: Product | None = None, *, since: date = TODAY) -> None:
    product_id = (product or farm.product).id
    making_rules.declare(farm.session, farm.owner, product_id, rule, valid_from=since)


def make(farm: Farm, parent: Batch, used: int, amount: int, product: Product | None = None) -> Batch:
    facts = TransformationFacts(
        inputs=[(parent.id, used)],
        product_id=(product or farm.product).id,
        site_id=farm.site.id,
        amount=amount,
        at=MORNING,
    )
    return balance.transform(farm.session, farm.owner, farm.business.id, facts, public_url=URL)


def test_what_is_added_is_allowed_from_its_day_on_and_shown(farm: Farm) -> None:
    parent = farm.published(amount=100_000)
    declare(farm, WATER, since=TODAY + timedelta(days=1))
    with pytest.raises(MadeFromTooLittle):
        make(farm, parent, 10_000, 12_000)
    farm.session.rollback()
    declare(farm, WATER)
    made = make(farm, parent, 10_000, 12_000)
    found = balance.balance_of(farm.session, farm.session.scalars(holding_of(farm.business.id, made.id)).one())
    assert (found.made_from, found.added, found.unexplained) == (10_000, 2_000, 0)
    with pytest.raises(MadeFromTooLittle):
        farm.correct(made, amount=12_001)


def test_a_newer_rule_counts_from_its_day_and_the_same_again_is_one(farm: Farm) -> None:
    declare(farm, WATER, since=TODAY - timedelta(days=9))
    declare(farm, WATER)
    assert len(farm.session.scalars(rules_of(farm.product.id)).all()) == 1
    declare(farm, MakingRule())
    with pytest.raises(MadeFromTooLittle):
        make(farm, farm.published(), 10_000, 10_001)


def test_pieces_become_kilograms_by_the_weight_that_is_declared(farm: Farm) -> None:
    packs = factories.make_product(farm.session, farm.business, unit=Unit.EA)
    parent = farm.published(amount=100_000)
    with pytest.raises(UnitsDiffer):
        make(farm, parent, 50_000, 90, packs)
    farm.session.rollback()
    declare(farm, MakingRule(grams_per_piece=500), packs)
    made = make(farm, parent, 50_000, 90, packs)
    found = balance.balance_of(farm.session, farm.session.scalars(holding_of(farm.business.id, made.id)).one())
    assert (found.had, found.made_from, found.unexplained, found.making_unit) == (90, 50_000, 5_000, Unit.KGM)


def test_a_stranger_declares_nothing(farm: Farm) -> None:
    farm.owner = factories.actor(factories.make_user(farm.session))
    with pytest.raises(NotFound):
        declare(farm, WATER)
