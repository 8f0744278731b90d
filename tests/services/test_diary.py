"""Keeping a diary, and what follows from what it says."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.farm import URL, Farm
from tests.uploads import paper
from trace.domain.batches import BatchStatus
from trace.domain.businesses import ReasonRequired
from trace.domain.diary import (
    CorrectionOfCorrection,
    EntryFacts,
    EntryKind,
    FlagKind,
    HarvestInsideInterval,
    KeyOfOtherEntry,
    SeasonClosed,
)
from trace.domain.errors import Conflict, InvalidFields, NotAllowed, NotFound
from trace.domain.sites import SiteKind
from trace.services import batches, diary, diary_flags
from trace.services.diary import Origin, SeasonFacts
from trace.storage.audit import AuditEntry
from trace.storage.diary import BatchSeason, DiaryEntry, Season, standing_entries
from trace.storage.diary_flags import DiaryFlag
from trace.storage.files import FileStore
from trace.storage.notices import Notice

NOTE = EntryFacts(kind=EntryKind.NOTE, happened_on=date(2026, 3, 1), note="mưa cả ngày")


def spray(on: date = date(2026, 2, 27), **facts: Any) -> EntryFacts:
    facts = {"dose": "15 ml/bình", "interval_days": 7, "area_m2": 360, "operator": "Anh Ba", **facts}
    return EntryFacts(
        kind=EntryKind.PESTICIDE,
        happened_on=on,
        **{"material": "Radiant 60SC", "active_ingredient": "Spinetoram", **facts},
    )


def harvest(on: date = date(2026, 3, 2)) -> EntryFacts:
    return EntryFacts(kind=EntryKind.HARVEST, happened_on=on, amount=120_000)


@pytest.fixture
def season(farm: Farm) -> Season:
    facts = SeasonFacts(site_id=farm.site.id, product_id=farm.product.id, plot=" Ruộng 1 ", started_on=date(2026, 2, 1))
    return diary.open_season(farm.session, farm.owner, farm.business.id, facts)


@pytest.fixture
def record(farm: Farm, season: Season) -> Any:
    return lambda facts, of=season, **more: diary.record(farm.session, farm.owner, of.id, facts, **more)


def flags(session: Session) -> list[DiaryFlag]:
    return list(session.scalars(select(DiaryFlag)))


def another_season(farm: Farm, **facts: Any) -> Season:
    other = factories.make_product(farm.session, farm.business, name="Rau muống")
    made = factories.make_season(farm.session, farm.business, site_id=farm.site.id, product_id=other.id, **facts)
    farm.session.commit()
    return made


def test_an_entry_says_who_wrote_it_when_and_leaves_a_trail(farm: Farm, season: Season, record: Any) -> None:
    written = datetime(2026, 3, 1, 9, tzinfo=UTC)
    entry = record(NOTE, origin=Origin(client_key="a", device_time=written))
    assert (season.plot, entry.recorded_by_name, entry.device_time) == ("Ruộng 1", farm.owner.name, written)
    assert farm.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
        "diary:open_season",
        "diary:record",
    ]


def test_a_season_is_opened_on_own_land_that_grows_something(farm: Farm) -> None:
    shop = factories.make_site(farm.session, farm.business, kind=SiteKind.SHOP)
    foreign = factories.make_product(farm.session, factories.make_business(farm.session))
    facts = SeasonFacts(site_id=shop.id, product_id=foreign.id, plot=" ", started_on=date(2026, 3, 3))
    with pytest.raises(InvalidFields) as caught:
        diary.open_season(farm.session, farm.owner, farm.business.id, facts)
    assert {error.field for error in caught.value.errors} == {"site_id", "product_id", "plot", "started_on"}


def test_the_same_entry_sent_again_is_kept_once(farm: Farm, record: Any) -> None:
    origin = Origin(client_key="phone-1")
    assert record(NOTE, origin=origin).id == record(NOTE, origin=origin).id
    assert len(farm.session.scalars(select(DiaryEntry)).all()) == 1
    with pytest.raises(KeyOfOtherEntry):
        record(harvest(), origin=origin)


def test_an_entry_that_was_kept_is_acknowledged_even_after_the_season_closed(
    farm: Farm, season: Season, record: Any
) -> None:
    kept = record(NOTE, origin=Origin(client_key="phone-1"))
    diary.set_closed(farm.session, farm.owner, season.id, closed=True)
    assert record(NOTE, origin=Origin(client_key="phone-1")).id == kept.id
    with pytest.raises(SeasonClosed):
        record(NOTE, origin=Origin(client_key="phone-2"))


def test_a_correction_stands_in_the_place_of_the_first_and_erases_nothing(
    farm: Farm, season: Season, record: Any
) -> None:
    wrong = record(spray())
    once = diary.correct(farm.session, farm.owner, wrong.id, spray(dose="20 ml/bình"), reason="Ghi nhầm")
    twice = diary.correct(farm.session, farm.owner, wrong.id, spray(dose="25 ml/bình"), reason="Nhầm nữa")
    assert [entry.id for entry in farm.session.scalars(standing_entries(season.id))] == [twice.id]
    assert len(farm.session.scalars(select(DiaryEntry)).all()) == 3
    with pytest.raises(CorrectionOfCorrection):
        diary.correct(farm.session, farm.owner, once.id, spray(), reason="x")
    with pytest.raises(ReasonRequired):
        diary.correct(farm.session, farm.owner, wrong.id, spray(), reason=" ")


def test_a_harvest_inside_the_interval_is_recorded_and_flagged_at_once(farm: Farm, record: Any) -> None:
    factories.make_officer(farm.session)
    record(spray())
    assert record(harvest()).id
    (flag,) = flags(farm.session)
    assert (flag.kind, flag.harvested_on) == (FlagKind.HARVEST_IN_INTERVAL, date(2026, 3, 2))
    assert flag.details == {"material": "Radiant 60SC", "safe_from": "2026-03-06"}
    assert farm.session.scalars(select(Notice.kind)).all() == ["diary-harvest-early"] * 2


def test_a_spray_written_down_after_the_harvest_is_flagged_too_and_only_once(farm: Farm, record: Any) -> None:
    record(harvest())
    record(spray())
    record(NOTE)
    assert len(flags(farm.session)) == 1


@pytest.mark.parametrize("named", [True, False])
def test_its_batch_is_kept_back_until_an_officer_clears_it(
    farm: Farm, season: Season, record: Any, named: bool, tmp_path: Any
) -> None:
    record(spray())
    record(harvest())
    batch = farm.register(season_id=season.id if named else None)
    with pytest.raises(HarvestInsideInterval, match="Radiant"):
        batches.publish(farm.session, farm.owner, batch.id, public_url=URL)
    farm.session.rollback()
    officer = factories.actor(factories.make_officer(farm.session, name="Cán bộ Hà"))
    (flag,) = flags(farm.session)
    flag_id = flag.id
    farm.session.commit()
    with pytest.raises(ReasonRequired):
        diary_flags.clear(farm.session, officer, flag_id, reason="  ")
    farm.session.rollback()
    diary_flags.clear(farm.session, officer, flag_id, reason="Mẫu đạt", evidence=paper(), store=FileStore(tmp_path))
    assert flag.evidence
    with pytest.raises(Conflict):
        diary_flags.clear(farm.session, officer, flag_id, reason="Lần nữa")
    farm.session.rollback()
    assert batches.publish(farm.session, farm.owner, batch.id, public_url=URL).status is BatchStatus.PUBLISHED


def test_a_batch_that_names_a_sprayed_season_is_kept_back_without_a_harvest_entry(
    farm: Farm, season: Season, record: Any
) -> None:
    record(spray())
    batch = farm.register(season_id=season.id)
    with pytest.raises(HarvestInsideInterval):
        batches.publish(farm.session, farm.owner, batch.id, public_url=URL)


def test_correcting_the_spray_away_does_not_take_the_flag_away(farm: Farm, season: Season, record: Any) -> None:
    sprayed = record(spray())
    record(harvest())
    diary.correct(farm.session, farm.owner, sprayed.id, spray(interval_days=0), reason="Nhầm")
    batch = farm.register(season_id=season.id)
    with pytest.raises(HarvestInsideInterval):
        batches.publish(farm.session, farm.owner, batch.id, public_url=URL)


def test_a_harvest_after_the_interval_is_published(farm: Farm, season: Season, record: Any) -> None:
    record(spray(on=date(2026, 2, 20)))
    record(harvest())
    assert flags(farm.session) == []
    assert farm.published(season_id=season.id).status is BatchStatus.PUBLISHED


def test_a_draft_that_names_its_season_can_be_changed_and_deleted(farm: Farm, season: Season) -> None:
    batch = farm.register(season_id=season.id)
    batches.update_draft(farm.session, farm.owner, batch.id, farm.facts(lot=batch.lot))
    assert farm.session.scalars(select(BatchSeason)).all() == []
    batches.update_draft(farm.session, farm.owner, batch.id, farm.facts(lot=batch.lot, season_id=season.id))
    batches.delete_draft(farm.session, farm.owner, batch.id)
    assert farm.session.scalars(select(BatchSeason)).all() == []


def test_a_batch_names_a_season_of_its_own_product(farm: Farm) -> None:
    with pytest.raises(InvalidFields) as caught:
        farm.register(season_id=another_season(farm).id)
    assert caught.value.errors[0].field == "season_id"


def test_three_sprays_alike_on_two_products_are_shown_to_officers(farm: Farm, season: Season, record: Any) -> None:
    other = another_season(farm, started_on=season.started_on)
    for day in (5, 12, 19):
        record(spray(on=date(2026, 2, day)))
        record(spray(on=date(2026, 2, day)), of=other)
    (flag,) = flags(farm.session)
    assert (flag.kind, flag.details["season_id"]) == (FlagKind.COPIED_ENTRIES, season.id)


def test_one_photo_on_two_products_is_shown_to_officers(farm: Farm, record: Any, tmp_path: Any) -> None:
    store, photo = FileStore(tmp_path), striped()
    record(NOTE, photo=photo, store=store)
    assert flags(farm.session) == []
    record(NOTE, of=another_season(farm), photo=photo, store=store)
    assert [flag.kind for flag in flags(farm.session)] == [FlagKind.COPIED_PHOTO]


def test_one_photo_at_two_businesses_is_named_to_officers_alone(farm: Farm, record: Any, tmp_path: Any) -> None:
    store, person = FileStore(tmp_path), factories.make_user(farm.session)
    neighbour = factories.make_business(farm.session, legal_name="Nông trại Bên Kia", owner=person)
    theirs = factories.make_season(farm.session, neighbour)
    diary.record(farm.session, factories.actor(person), theirs.id, NOTE, photo=striped(), store=store)
    record(NOTE, photo=striped(), store=store)
    (flag,) = flags(farm.session)
    assert (flag.kind, flag.business_id, flag.details["business"]) == (
        FlagKind.COPIED_PHOTO,
        farm.business.id,
        "Nông trại Bên Kia",
    )


def test_nobody_else_writes_and_no_farm_clears(farm: Farm, season: Season, record: Any) -> None:
    record(spray())
    record(harvest())
    stranger = factories.actor(factories.make_user(farm.session))
    officer = factories.actor(factories.make_officer(farm.session))
    (flag,) = flags(farm.session)
    with pytest.raises(NotFound):
        diary.record(farm.session, stranger, season.id, NOTE)
    with pytest.raises(NotAllowed):
        diary.record(farm.session, officer, season.id, NOTE)
    with pytest.raises(NotAllowed):
        diary_flags.clear(farm.session, farm.owner, flag.id, reason="Không sao")


def striped() -> bytes:
    """A picture with features enough to be known again."""
    from io import BytesIO

    from PIL import Image

    output, image = BytesIO(), Image.new("L", (90, 80))
    image.putdata([(x * 37 + y * 91 + x * y) % 256 for y in range(80) for x in range(90)])
    image.resize((9, 8)).resize((360, 320)).convert("RGB").save(output, "JPEG", quality=95)
    return output.getvalue()
