"""An officer changes what a chain is expected to show: looked at first, then dated, kept, and counted anew."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.farm import TODAY, Farm
from trace.domain.errors import Conflict, InvalidFields, NotAllowed
from trace.domain.permissions import Actor
from trace.domain.products import Commodity
from trace.domain.stages import ExpectedStage, ReferenceUnchanged, chain_of
from trace.domain.vocabulary import BusinessStep
from trace.services import stages
from trace.services.completeness import completeness_of
from trace.services.resolver import resolve
from trace.services.stages import TemplateFacts
from trace.storage.audit import AuditEntry
from trace.storage.businesses import Business
from trace.storage.stages import templates_at, versions_of

HARVEST, PACKING = ExpectedStage(BusinessStep.CREATING_CLASS_INSTANCE), ExpectedStage(BusinessStep.PACKING)
STORING = ExpectedStage(BusinessStep.STORING)


def facts(*chain: ExpectedStage, **changes: Any) -> TemplateFacts:
    given = {"valid_from": TODAY, "source": "TCVN 12827:2023", "reason": "Bổ sung bảo quản lạnh", **changes}
    return TemplateFacts(chain=chain, **given)


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session))


def test_every_commodity_begins_with_a_chain_and_its_source(session: Session) -> None:
    found = {each.commodity: each for each in session.scalars(templates_at(TODAY))}
    assert set(found) == set(Commodity)
    for template in found.values():
        assert template.source
        required = [stage.step for stage in chain_of(template.stages) if not stage.optional]
        assert required == [BusinessStep.CREATING_CLASS_INSTANCE, BusinessStep.PACKING]


def test_a_new_version_judges_what_is_produced_from_its_day_on(farm: Farm, officer: Actor) -> None:
    before, after = farm.published(production_date=TODAY - timedelta(days=1)), farm.published()
    for batch in (before, after):
        farm.pack(batch)
    assert before.complete
    assert after.complete

    change = facts(HARVEST, STORING, PACKING)
    seen = stages.preview(farm.session, officer, Commodity.VEGETABLES, change)
    assert (seen.batches, seen.looked_at, seen.complete_now, seen.complete_then) == (1, 1, 1, 0)
    assert after.complete

    template = stages.publish(farm.session, officer, Commodity.VEGETABLES, change, seen=1)
    assert (template.number, template.businesses, template.recounted) == (2, 1, 0)
    stages.recount_waiting(farm.session)
    assert (template.recounted, before.complete, after.complete) == (1, True, False)
    assert farm.session.get_one(Business, farm.business.id).complete_batches == 1
    assert completeness_of(farm.session, after).missing_stages == (BusinessStep.STORING,)

    shown = resolve(farm.session, after.public_code or "").batch
    assert shown
    assert [step.step for step in shown.steps] == [
        BusinessStep.PACKING,
        BusinessStep.STORING,
        BusinessStep.CREATING_CLASS_INSTANCE,
    ]
    assert shown.completeness == completeness_of(farm.session, after)
    entry = farm.session.scalars(select(AuditEntry).where(AuditEntry.action == "stages:publish")).one()
    assert entry.changes["reason"] == "Bổ sung bảo quản lạnh"
    assert [each.number for each in farm.session.scalars(versions_of(Commodity.VEGETABLES))] == [2, 1]


def test_a_batch_older_than_the_first_version_is_judged_by_it(farm: Farm) -> None:
    batch = farm.published(production_date=date(2019, 5, 1), best_before=TODAY)
    assert completeness_of(farm.session, batch).missing_stages == (BusinessStep.PACKING,)


def test_a_version_between_two_others_concerns_only_its_own_days(farm: Farm, officer: Actor) -> None:
    farm.published(production_date=TODAY - timedelta(days=20))
    farm.published()
    publish = stages.publish
    publish(farm.session, officer, Commodity.VEGETABLES, facts(HARVEST, valid_from=TODAY - timedelta(days=1)))
    between = facts(HARVEST, STORING, valid_from=TODAY - timedelta(days=30))
    assert stages.preview(farm.session, officer, Commodity.VEGETABLES, between).batches == 1
    publish(farm.session, officer, Commodity.VEGETABLES, between)
    stages.recount_waiting(farm.session)
    assert farm.session.get_one(Business, farm.business.id).complete_batches == 1


def test_a_recount_that_was_stopped_goes_on_where_it_was(farm: Farm, officer: Actor) -> None:
    session = farm.session
    farm.published()
    other = factories.make_business(session, owner=factories.make_user(session))
    second = Farm(
        session,
        other,
        factories.make_site(session, other),
        factories.make_product(session, other),
        factories.actor(factories.make_user(session)),
    )
    second.owner = Actor(user_id=None, name="Chủ", memberships={other.id: next(iter(farm.owner.memberships.values()))})
    session.commit()
    second.published()
    template = stages.publish(session, officer, Commodity.VEGETABLES, facts(HARVEST))
    assert template.businesses == 2
    template.recounted, template.recounted_to = 1, farm.business.id  # as if it had been killed here
    session.commit()
    stages.recount_waiting(session)
    assert template.recounted == 2
    counts = [session.get_one(Business, each).complete_batches for each in (farm.business.id, other.id)]
    assert counts == [0, 1]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source": " "}, "source"),
        ({"reason": ""}, "reason"),
        ({"valid_from": None}, "valid_from"),
        ({"valid_from": date(2019, 12, 31)}, "valid_from"),
    ],
)
def test_what_a_version_has_to_say(session: Session, officer: Actor, change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        stages.publish(session, officer, Commodity.RICE, facts(HARVEST, **change))
    assert [error.field for error in refused.value.errors] == [field]


def test_chains_that_mean_nothing_are_refused(session: Session, officer: Actor) -> None:
    for chain in ((), (ExpectedStage(BusinessStep.PACKING, optional=True),), (PACKING, PACKING)):
        with pytest.raises(InvalidFields):
            stages.publish(session, officer, Commodity.RICE, facts(*chain))
    standing = next(each for each in session.scalars(versions_of(Commodity.RICE)))
    with pytest.raises(ReferenceUnchanged):
        stages.publish(session, officer, Commodity.RICE, facts(*chain_of(standing.stages), source=standing.source))


def test_whoever_saw_an_older_version_looks_again(session: Session, officer: Actor) -> None:
    stages.publish(session, officer, Commodity.TEA, facts(HARVEST), seen=1)
    with pytest.raises(Conflict):
        stages.publish(session, officer, Commodity.TEA, facts(PACKING), seen=1)


def test_only_officers_decide_what_is_expected(farm: Farm) -> None:
    with pytest.raises(NotAllowed):
        stages.publish(farm.session, farm.owner, Commodity.TEA, facts(HARVEST))
