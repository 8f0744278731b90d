"""The diary of a herd: its own kinds of entries, and two times to wait after a drug."""

from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.farm import Farm
from trace.domain.diary import EntryFacts, EntryKind, KindOfOtherFarming
from trace.domain.products import Commodity
from trace.domain.sites import SiteKind
from trace.services import diary
from trace.storage.diary import DiaryEntry, Season
from trace.storage.diary_flags import DiaryFlag

DRUG = EntryFacts(
    kind=EntryKind.VETERINARY_DRUG,
    happened_on=date(2026, 2, 27),
    material="Amoxicol",
    active_ingredient="Amoxicillin",
    dose="1 g/5 kg thể trọng",
    interval_days=14,
    produce_interval_days=2,
    operator="Thú y xã",
)


def record(farm: Farm, season: Season, facts: EntryFacts) -> DiaryEntry:
    return diary.record(farm.session, farm.owner, season.id, facts)


def test_eggs_are_taken_sooner_after_a_drug_than_hens_are_slaughtered(farm: Farm) -> None:
    hens = factories.make_season(
        farm.session,
        farm.business,
        site_id=factories.make_site(farm.session, farm.business, kind=SiteKind.ANIMAL_FARM).id,
        product_id=factories.make_product(farm.session, farm.business, name="Trứng gà", commodity=Commodity.EGGS).id,
    )
    record(farm, hens, DRUG)
    record(farm, hens, EntryFacts(kind=EntryKind.HARVEST, happened_on=date(2026, 3, 2), amount=120_000))
    assert farm.session.scalars(select(DiaryFlag)).all() == []
    record(farm, hens, EntryFacts(kind=EntryKind.EXIT, happened_on=date(2026, 3, 2), amount=10_000))
    flag = farm.session.scalars(select(DiaryFlag)).one()
    assert flag.details["safe_from"] == "2026-03-13"


@pytest.mark.parametrize(
    "facts",
    [
        EntryFacts(
            kind=EntryKind.ARRIVAL, happened_on=date(2026, 2, 1), material="Lợn lai, trại Hòa Bình", dose="40 con"
        ),
        EntryFacts(kind=EntryKind.FEED, happened_on=date(2026, 2, 2), material="Cám 551"),
        EntryFacts(
            kind=EntryKind.TREATMENT, happened_on=date(2026, 2, 3), material="Vắc-xin dịch tả", note="Tiêm cả đàn"
        ),
        EntryFacts(kind=EntryKind.EXIT, happened_on=date(2026, 3, 2), amount=90_000),
    ],
    ids=lambda facts: facts.kind.value,
)
def test_each_work_with_animals_is_written_down_and_none_of_it_on_a_field(farm: Farm, facts: EntryFacts) -> None:
    pen = factories.make_site(farm.session, farm.business, kind=SiteKind.ANIMAL_FARM)
    herd = factories.make_season(farm.session, farm.business, site_id=pen.id, product_id=farm.product.id)
    assert record(farm, herd, facts).kind is facts.kind
    field = factories.make_season(farm.session, farm.business, site_id=farm.site.id, product_id=farm.product.id)
    with pytest.raises(KindOfOtherFarming):
        record(farm, field, facts)
