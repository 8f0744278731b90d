"""What a diary entry must say, and what the rules see in many."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.diary import (
    FIELDS,
    OF_ANIMALS,
    OF_CROPS,
    SAFETY,
    Application,
    EntryBeforeSeason,
    EntryFacts,
    EntryInFuture,
    EntryKind,
    Harvest,
    KindOfOtherFarming,
    check_entry,
    days_late,
    early_harvests,
    looks_copied,
    required,
)
from trace.domain.errors import InvalidFields
from trace.storage.diary_measures import measures_on

START = date(2026, 2, 1)
TODAY = date(2026, 3, 2)
MEASURES = measures_on(TODAY)
SPRAY = {
    "kind": EntryKind.PESTICIDE,
    "happened_on": date(2026, 2, 20),
    "material": "Radiant 60SC",
    "active_ingredient": "Spinetoram",
    "dose": "15 ml/bình 16 l",
    "interval_days": 7,
    "area_m2": 360,
    "operator": "Anh Ba",
}


def check(kinds: Any = OF_CROPS, **facts: Any) -> None:
    check_entry(EntryFacts(**facts), kinds=kinds, started_on=START, today=TODAY, measures=MEASURES)


def spray(**facts: Any) -> Application:
    facts = {"id": 1, "kind": EntryKind.PESTICIDE, "on": date(2026, 2, 20), "age": 19, **facts}
    return Application(**{"material": "Radiant 60SC", "dose": "15 ml", "interval_days": 7, **facts})


@pytest.mark.parametrize("missing", ["material", "active_ingredient", "dose", "interval_days", "area_m2", "operator"])
def test_a_pesticide_says_what_how_much_where_who_and_how_long_to_wait(missing: str) -> None:
    check(**SPRAY)
    with pytest.raises(InvalidFields) as caught:
        check(**{**SPRAY, missing: "" if isinstance(SPRAY[missing], str) else None})
    assert [error.field for error in caught.value.errors] == [missing]


def test_no_wait_at_all_is_an_interval_too() -> None:
    check(**{**SPRAY, "interval_days": 0})


@pytest.mark.parametrize("kind", EntryKind)
def test_every_kind_belongs_to_a_farming_and_asks_for_what_it_requires(kind: EntryKind) -> None:
    assert kind in (*OF_CROPS, *OF_ANIMALS)
    assert required(kind) - {"note"} <= set(FIELDS[kind])
    assert not kind.has_interval or {"dose", "interval_days"} <= required(kind) & SAFETY


def test_work_of_tomorrow_or_before_the_season_is_refused() -> None:
    note = {"kind": EntryKind.NOTE, "note": "mưa"}
    with pytest.raises(InvalidFields) as caught:
        check(happened_on=TODAY + timedelta(1), **note)
    assert isinstance(caught.value.errors[0], EntryInFuture)
    with pytest.raises(InvalidFields) as caught:
        check(happened_on=START - timedelta(1), **note)
    assert isinstance(caught.value.errors[0], EntryBeforeSeason)


def test_a_field_has_no_herd() -> None:
    with pytest.raises(KindOfOtherFarming):
        check(kind=EntryKind.FEED, happened_on=TODAY, material="cám")


@pytest.mark.parametrize(
    ("harvested", "early"),
    [(date(2026, 2, 19), False), (date(2026, 2, 20), True), (date(2026, 2, 26), True), (date(2026, 2, 27), False)],
)
def test_an_interval_of_seven_days_ends_on_the_seventh_day_after(harvested: date, early: bool) -> None:
    assert bool(list(early_harvests([spray()], {Harvest(harvested)}))) is early


@given(st.integers(0, 60), st.integers(-60, 120))
def test_a_harvest_is_early_exactly_within_the_interval(interval: int, offset: int) -> None:
    applied = date(2026, 2, 20)
    found = list(early_harvests([spray(interval_days=interval)], {Harvest(applied + timedelta(offset))}))
    assert bool(found) is (0 <= offset < interval)


def test_three_applications_alike_are_a_copy_and_two_are_not() -> None:
    ours = [spray(age=age) for age in (5, 12, 19)]
    theirs = [spray(id=9, age=age, material="RADIANT 60sc") for age in (5, 12, 19)]
    assert looks_copied(ours, theirs, MEASURES)
    assert not looks_copied(ours, theirs[:2], MEASURES)
    assert not looks_copied(ours, [spray(id=9, age=age, dose="20 ml") for age in (5, 12, 19)], MEASURES)


def test_what_is_written_days_later_is_late_by_the_phones_clock_if_it_was_away() -> None:
    recorded = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)

    def late(device_time: datetime | None) -> int:
        return days_late(date(2026, 2, 20), recorded_at=recorded, device_time=device_time, measures=MEASURES)

    assert late(None) == 10
    assert late(datetime(2026, 2, 20, 5, tzinfo=UTC)) == 0
    assert late(datetime(2027, 1, 1, tzinfo=UTC)) == 10


def test_eggs_wait_by_their_own_time_and_meat_by_another() -> None:
    drug = spray(kind=EntryKind.VETERINARY_DRUG, interval_days=14, produce_interval_days=3)
    eggs, meat = Harvest(date(2026, 2, 25), of_living=True), Harvest(date(2026, 2, 25))
    assert [harvest for harvest, _ in early_harvests([drug], [eggs, meat])] == [meat]
    unknown = spray(kind=EntryKind.VETERINARY_DRUG, interval_days=14)
    assert [harvest for harvest, _ in early_harvests([unknown], [eggs])] == [eggs]


def test_a_drug_names_both_times_where_the_animals_live_on() -> None:
    drug = {**SPRAY, "kind": EntryKind.VETERINARY_DRUG}
    check(OF_ANIMALS, **drug)
    facts = EntryFacts(**drug)  # type: ignore[arg-type] # values of several types
    with pytest.raises(InvalidFields) as caught:
        check_entry(facts, kinds=OF_ANIMALS, started_on=START, today=TODAY, measures=MEASURES, of_living=True)
    assert [error.field for error in caught.value.errors] == ["produce_interval_days"]
