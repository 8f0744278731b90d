"""Batches that an early harvest keeps back, before and after they were published."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.farm import URL, Farm
from trace.domain.batches import BatchUnderReview, NothingChanged
from trace.domain.diary import EntryFacts, EntryKind, HarvestInsideInterval, SeasonNotNamed
from trace.domain.permissions import Actor
from trace.domain.verdicts import Verdict
from trace.services import balance, batches, diary, diary_flags, labels
from trace.services.balance import TransformationFacts
from trace.services.diary import SeasonFacts
from trace.services.labels import SymbolFormat
from trace.services.resolver import resolve
from trace.storage.balance import Holding
from trace.storage.batches import Batch, versions_of
from trace.storage.diary import Season
from trace.storage.diary_flags import DiaryFlag, FlaggedBatch
from trace.storage.notices import Notice

DAY = date(2026, 3, 2)
SPRAY = EntryFacts(
    kind=EntryKind.PESTICIDE,
    happened_on=date(2026, 2, 27),
    material="Radiant 60SC",
    active_ingredient="Spinetoram",
    dose="15 ml/bình",
    interval_days=3,
    area_m2=360,
    operator="Anh Ba",
)
LONGER = replace(SPRAY, interval_days=7)


@pytest.fixture
def open_season(farm: Farm) -> Any:
    def open_it(plot: str) -> Season:
        facts = SeasonFacts(site_id=farm.site.id, product_id=farm.product.id, plot=plot, started_on=date(2026, 2, 1))
        return diary.open_season(farm.session, farm.owner, farm.business.id, facts)

    return open_it


@pytest.fixture
def season(open_season: Any) -> Season:
    return open_season("Ruộng 1")  # type: ignore[no-any-return] # a fixture that is a function


@pytest.fixture
def officer(farm: Farm) -> Actor:
    return factories.actor(factories.make_officer(farm.session))


def record(farm: Farm, season: Season, facts: EntryFacts) -> None:
    diary.record(farm.session, farm.owner, season.id, facts)


def publish(farm: Farm, batch: Batch) -> Batch:
    return batches.publish(farm.session, farm.owner, batch.id, public_url=URL)


def clear_all(farm: Farm, officer: Actor) -> None:
    for flag_id in farm.session.scalars(select(DiaryFlag.id)).all():
        diary_flags.clear(farm.session, officer, flag_id, reason="Mẫu đạt")


def verdict(farm: Farm, batch: Batch) -> Verdict:
    found = resolve(farm.session, batch.public_code or "").batch
    assert found
    return found.verdicts[0]


def test_naming_another_season_or_another_day_does_not_lead_past_a_flag(
    farm: Farm, season: Season, open_season: Any
) -> None:
    record(farm, season, LONGER)
    clean = open_season("Ruộng 2")
    batch = farm.register(season_id=season.id)
    changed = farm.facts(lot=batch.lot, season_id=clean.id)
    batches.update_draft(farm.session, farm.owner, batch.id, changed)
    with pytest.raises(HarvestInsideInterval):
        publish(farm, batch)
    farm.session.rollback()
    with pytest.raises(HarvestInsideInterval):
        publish(farm, farm.register(season_id=clean.id))
    farm.session.rollback()
    batches.update_draft(farm.session, farm.owner, batch.id, replace(changed, production_date=date(2026, 2, 26)))
    with pytest.raises(HarvestInsideInterval):
        publish(farm, batch)


def test_a_batch_that_names_no_plot_is_asked_while_one_of_them_must_wait(
    farm: Farm, season: Season, open_season: Any
) -> None:
    record(farm, season, LONGER)
    clean = open_season("Ruộng 2")
    batch = farm.register()
    with pytest.raises(SeasonNotNamed):
        publish(farm, batch)
    farm.session.rollback()
    batches.update_draft(farm.session, farm.owner, batch.id, farm.facts(lot=batch.lot, season_id=clean.id))
    assert verdict(farm, publish(farm, batch)) is not Verdict.UNDER_REVIEW


def test_a_spray_written_down_after_publishing_puts_the_batch_under_review_until_it_is_cleared(
    farm: Farm, season: Season, officer: Actor
) -> None:
    batch = farm.published(season_id=season.id)
    before = batch.version
    record(farm, season, LONGER)
    assert verdict(farm, batch) is Verdict.UNDER_REVIEW
    assert batch.under_review_since
    assert batch.version == before
    told = farm.session.scalars(select(Notice.kind).order_by(Notice.id)).all()
    assert sorted(told) == ["batches-under-review"] * 2 + ["diary-harvest-early"] * 2
    with pytest.raises(BatchUnderReview, match="giữ hàng lại"):
        labels.make_symbol(farm.session, farm.owner, batch.id, file_format=SymbolFormat.PNG, public_url=URL)
    farm.session.rollback()
    clear_all(farm, officer)
    assert verdict(farm, batch) is not Verdict.UNDER_REVIEW
    assert "batches-released" in farm.session.scalars(select(Notice.kind)).all()
    assert labels.make_symbol(farm.session, farm.owner, batch.id, file_format=SymbolFormat.PNG, public_url=URL).data


@pytest.mark.parametrize("harvested_on", [date(2026, 2, 27), date(2026, 3, 1)])
def test_a_correction_onto_a_day_inside_the_interval_is_recorded_and_flagged(
    farm: Farm, season: Season, harvested_on: date
) -> None:
    record(farm, season, SPRAY)
    batch = farm.published(season_id=season.id)
    farm.correct(batch, lot=batch.lot, production_date=harvested_on, season_id=season.id)
    assert verdict(farm, batch) is Verdict.UNDER_REVIEW
    farm.correct(batch, lot=batch.lot, season_id=season.id)
    assert verdict(farm, batch) is Verdict.UNDER_REVIEW


def test_a_correction_onto_another_season_is_looked_at_and_kept(farm: Farm, season: Season, open_season: Any) -> None:
    sprayed = open_season("Ruộng 2")
    batch = farm.published(season_id=season.id)
    record(farm, sprayed, LONGER)
    assert verdict(farm, batch) is not Verdict.UNDER_REVIEW
    with pytest.raises(SeasonNotNamed):
        farm.correct(batch, lot=batch.lot)
    farm.session.rollback()
    with pytest.raises(NothingChanged):
        farm.correct(batch, lot=batch.lot, season_id=season.id)
    farm.session.rollback()
    farm.correct(batch, lot=batch.lot, season_id=sprayed.id)
    assert verdict(farm, batch) is Verdict.UNDER_REVIEW
    versions = [version.facts["season_id"] for version in farm.session.scalars(versions_of(batch.id))]
    assert versions == [sprayed.id, season.id]


def test_what_was_made_of_it_is_under_review_too_and_nothing_more_is_made(
    farm: Farm, season: Season, officer: Actor
) -> None:
    batch = farm.published(season_id=season.id)
    facts = TransformationFacts(
        inputs=[(batch.id, 50_000)],
        product_id=farm.product.id,
        site_id=farm.site.id,
        amount=50_000,
        at=datetime(2026, 3, 2, 2, tzinfo=UTC),
        production_date=DAY,
    )

    def make() -> Batch:
        return balance.transform(farm.session, farm.owner, farm.business.id, facts, public_url=URL)

    child = make()
    record(farm, season, LONGER)
    assert verdict(farm, child) is Verdict.UNDER_REVIEW
    with pytest.raises(BatchUnderReview):
        make()
    farm.session.rollback()
    clear_all(farm, officer)
    assert verdict(farm, child) is not Verdict.UNDER_REVIEW


def test_whoever_holds_some_of_it_is_told(farm: Farm, season: Season) -> None:
    batch = farm.published(season_id=season.id)
    buyer = factories.make_user(farm.session)
    shop = factories.make_business(farm.session, owner=buyer)
    farm.session.add(Holding(batch_id=batch.id, business_id=shop.id, amount=500))
    farm.session.commit()
    record(farm, season, LONGER)
    told = farm.session.scalars(select(Notice).where(Notice.user_id == buyer.id)).one()
    assert (told.kind, told.values) == ("batches-under-review", {"lots": batch.lot})


def test_two_flags_are_both_to_be_cleared(farm: Farm, season: Season, officer: Actor) -> None:
    batch = farm.published(season_id=season.id)
    record(farm, season, LONGER)
    record(farm, season, replace(LONGER, material="Ridomil"))
    first, second = farm.session.scalars(select(DiaryFlag.id).order_by(DiaryFlag.id)).all()
    diary_flags.clear(farm.session, officer, first, reason="Mẫu đạt")
    assert batch.under_review_since
    diary_flags.clear(farm.session, officer, second, reason="Mẫu đạt")
    assert batch.under_review_since is None


def test_a_flagged_draft_can_be_deleted(farm: Farm, season: Season) -> None:
    record(farm, season, LONGER)
    batch = farm.register(season_id=season.id)
    batches.delete_draft(farm.session, farm.owner, batch.id)
    assert farm.session.scalars(select(FlaggedBatch)).all() == []
