"""What is recorded is held against what the land can give: refused beyond it, explained where it is unusual."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.farm import TODAY, URL, Farm
from trace.domain.diary import EntryFacts, EntryKind
from trace.domain.errors import NotAllowed
from trace.domain.excesses import AlreadySeen, ExcessKind
from trace.domain.permissions import Actor
from trace.domain.products import Commodity
from trace.domain.quantities import Unit
from trace.domain.yields import HarvestBeyondPossible, HarvestUnusual
from trace.services import balance, batches, diary, excesses, yields
from trace.services.balance import TransformationFacts
from trace.services.yields import YieldFacts
from trace.storage.excesses import Excess, unseen_count
from trace.storage.yields import yields_at

CYCLE = 4_000_000
"""Grams that 1,000 m² of leafy vegetables give at the most, twelve times a year."""


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session))


@pytest.fixture
def farm(farm: Farm) -> Farm:
    """With 1,000 m²."""
    farm.site.area_m2 = 1000
    farm.session.commit()
    return farm


def kept(session: Session) -> list[Excess]:
    return list(session.scalars(select(Excess).order_by(Excess.id)))


def test_an_ordinary_harvest_is_asked_nothing(farm: Farm) -> None:
    farm.published(amount=CYCLE)
    assert kept(farm.session) == []


def test_more_than_a_cycle_gives_needs_a_reason_which_officers_read(farm: Farm, officer: Actor) -> None:
    farm.register(amount=CYCLE - 1, production_date=TODAY - timedelta(days=30))
    with pytest.raises(HarvestUnusual) as asked:
        farm.register(amount=2)
    assert asked.value.field == "excess_reason"
    assert "4.000 kg" in str(asked.value)
    farm.session.rollback()
    batch = farm.register(amount=2, excess_reason="Thu dồn sau mưa")
    (excess,) = kept(farm.session)
    assert (excess.batch_id, excess.reason, excess.kind) == (batch.id, "Thu dồn sau mưa", ExcessKind.HARVEST)
    assert (excess.details["recorded"], excess.details["possible"]) == (CYCLE - 1, CYCLE)
    batches.publish(farm.session, farm.owner, batch.id, public_url=URL)  # is not asked again
    assert farm.session.scalars(unseen_count(farm.business.id)).one() == 1
    excesses.conclude(farm.session, officer, excess.id, conclusion="Đã gọi điện")
    assert farm.session.scalars(unseen_count(farm.business.id)).one() == 0
    with pytest.raises(AlreadySeen):
        excesses.conclude(farm.session, officer, excess.id, conclusion="")
    with pytest.raises(NotAllowed):
        excesses.conclude(farm.session, farm.owner, excess.id, conclusion="")


def test_harvests_a_cycle_apart_are_ordinary(farm: Farm) -> None:
    farm.register(amount=CYCLE, production_date=TODAY - timedelta(days=31))
    farm.register(amount=CYCLE)
    assert kept(farm.session) == []


def test_a_year_has_a_limit_that_no_reason_moves(farm: Farm) -> None:
    farm.register(amount=11 * CYCLE, excess_reason="Gộp cả năm")
    farm.register(amount=CYCLE, production_date=date(TODAY.year - 1, 1, 1))  # another year
    other = factories.make_product(farm.session, farm.business, name="Cà chua")  # another crop
    farm.register(amount=CYCLE, product_id=other.id)
    with pytest.raises(HarvestBeyondPossible) as refused:
        farm.register(amount=CYCLE + 1, excess_reason="Được mùa")
    assert "48.000 kg" in str(refused.value)
    farm.session.rollback()
    farm.register(amount=CYCLE, excess_reason="Được mùa")


def test_withdrawn_batches_make_room_and_drafts_take_it(farm: Farm) -> None:
    first = farm.published(amount=12 * CYCLE, excess_reason="Cả năm")
    with pytest.raises(HarvestBeyondPossible):
        farm.register(amount=1)
    farm.session.rollback()
    batches.withdraw(farm.session, farm.owner, first.id, reason="Nhầm")
    draft = farm.register(amount=CYCLE)
    with pytest.raises(HarvestUnusual):
        farm.register(amount=1)
    farm.session.rollback()
    batches.delete_draft(farm.session, farm.owner, draft.id)
    farm.register(amount=CYCLE)


def test_publishing_checks_again_what_may_have_changed_since(farm: Farm) -> None:
    batch = farm.register(amount=CYCLE)
    farm.site.area_m2 = 50
    farm.session.commit()
    with pytest.raises(HarvestBeyondPossible):
        batches.publish(farm.session, farm.owner, batch.id, public_url=URL)


def test_a_correction_says_why_anyway(farm: Farm) -> None:
    batch = farm.published(amount=CYCLE)
    farm.correct(batch, amount=CYCLE + 1, reason="Cân lại")
    assert [excess.reason for excess in kept(farm.session)] == ["Cân lại"]
    farm.correct(batch, amount=CYCLE, reason="Cân nhầm")
    assert kept(farm.session) == []
    with pytest.raises(HarvestBeyondPossible):
        farm.correct(batch, amount=13 * CYCLE, reason="Cân lại")


def test_a_draft_put_right_needs_no_reason_any_more_and_a_deleted_one_leaves_none(farm: Farm) -> None:
    batch = farm.register(amount=2 * CYCLE, excess_reason="Hai lứa")
    batches.update_draft(farm.session, farm.owner, batch.id, farm.facts(amount=2 * CYCLE - 1))
    assert [excess.reason for excess in kept(farm.session)] == ["Hai lứa"]
    batches.update_draft(farm.session, farm.owner, batch.id, farm.facts(amount=CYCLE))
    assert kept(farm.session) == []
    batches.update_draft(farm.session, farm.owner, batch.id, farm.facts(amount=2 * CYCLE, excess_reason="Hai lứa"))
    batches.delete_draft(farm.session, farm.owner, batch.id)
    assert kept(farm.session) == []


def test_a_batch_made_of_others_was_harvested_before(farm: Farm) -> None:
    batch = farm.published(amount=CYCLE)
    made = TransformationFacts(
        inputs=[(batch.id, CYCLE)], product_id=farm.product.id, site_id=farm.site.id, amount=CYCLE, at=factories.NOW
    )
    balance.transform(farm.session, farm.owner, farm.business.id, made, public_url=URL)
    with pytest.raises(HarvestUnusual):
        farm.register(amount=1)


@pytest.mark.parametrize("unknown", ["area", "yield", "weight"])
def test_what_cannot_be_known_is_not_checked(farm: Farm, unknown: str) -> None:
    if unknown == "area":
        farm.site.area_m2 = None
    elif unknown == "yield":
        farm.product.commodity = Commodity.HONEY
    else:
        farm.product.unit = Unit.EA
    farm.session.commit()
    farm.published(amount=900_000_000)
    assert kept(farm.session) == []


def test_a_harvest_in_the_diary_is_explained_in_its_note(farm: Farm) -> None:
    season = factories.make_season(farm.session, farm.business, site_id=farm.site.id, product_id=farm.product.id)
    farm.session.commit()

    def harvest(amount: int, note: str = "") -> EntryFacts:
        return EntryFacts(kind=EntryKind.HARVEST, happened_on=TODAY, amount=amount, note=note)

    first = diary.record(farm.session, farm.owner, season.id, harvest(CYCLE))
    with pytest.raises(HarvestUnusual) as asked:
        diary.record(farm.session, farm.owner, season.id, harvest(1))
    assert asked.value.field == "note"
    farm.session.rollback()
    second = diary.record(farm.session, farm.owner, season.id, harvest(1, "Tận thu"))
    assert [(excess.entry_id, excess.reason) for excess in kept(farm.session)] == [(second.id, "Tận thu")]
    diary.correct(farm.session, farm.owner, first.id, harvest(5), reason="Gõ nhầm")  # the first no longer counts
    diary.record(farm.session, farm.owner, season.id, harvest(CYCLE - 6))
    with pytest.raises(HarvestBeyondPossible):
        diary.record(farm.session, farm.owner, season.id, harvest(12 * CYCLE, "Được mùa"))


def test_officers_replace_a_yield_by_a_dated_one_with_a_source(farm: Farm, officer: Actor) -> None:
    facts = YieldFacts(
        commodity=Commodity.VEGETABLES,
        crop="Cải ngọt",
        low=1000,
        high=2000,
        cycles=6,
        region="Hà Nội",
        source="Chi cục Trồng trọt, báo cáo 2026",
        estimate="",
        reason="Có số liệu đo",
        valid_from=TODAY,
    )
    yields.publish(farm.session, officer, facts)
    found = {row.crop: row for row in farm.session.scalars(yields_at(TODAY, Commodity.VEGETABLES))}
    assert (found["cải ngọt"].number, found["cải ngọt"].high) == (1, 2000)
    with pytest.raises(HarvestUnusual):
        farm.register(amount=CYCLE)
    farm.session.rollback()
    with pytest.raises(NotAllowed):
        yields.publish(farm.session, farm.owner, facts)
