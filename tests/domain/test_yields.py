"""What land can give: names of crops, and the sum that decides whether a harvest is possible."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.errors import InvalidInput
from trace.domain.yields import (
    HarvestBeyondPossible,
    Harvested,
    Land,
    Yield,
    check_possible,
    check_yield,
    crop_named,
    is_unusual,
    total,
)

CROPS = {crop: crop for crop in ("", "cải", "cải ngọt", "cà chua", "nhãn")}
yields = st.builds(Yield, low=st.just(1), high=st.integers(1, 20_000), cycles=st.integers(1, 52))
lands = st.builds(Land, site=st.just("Ruộng"), crop=st.just("cải"), area_m2=st.integers(1, 10**6), expected=yields)
amounts = st.integers(1, 10**9)


@pytest.mark.parametrize(
    ("name", "crop"),
    [
        ("Cải ngọt Văn Đức", "cải ngọt"),
        ("CẢI BẮP", "cải"),
        ("Cà chua bi", "cà chua"),
        ("Rau muống", ""),
        ("Bánh nhãn", "nhãn"),
        ("Cảimèo", ""),
    ],
)
def test_a_product_is_the_crop_with_the_longest_name_in_it(name: str, crop: str) -> None:
    assert crop_named(name, CROPS) == crop


def test_without_a_general_row_other_crops_are_unknown() -> None:
    assert crop_named("Nấm sò", {"nấm rơm": 1}) is None


@given(lands, st.lists(amounts, max_size=8), amounts)
def test_recorded_one_by_one_the_harvests_of_a_year_never_pass_the_limit(
    land: Land, harvests: list[int], last: int
) -> None:
    recorded = 0
    for amount in [*harvests, last]:
        with suppress(HarvestBeyondPossible):
            check_possible(amount, land, Harvested(recorded, 0), year=2026)
            recorded += amount
            continue
        assert recorded + amount > land.area_m2 * land.expected.high * land.expected.cycles
    assert recorded <= land.in_a_year


@given(lands, amounts, st.integers(0, 10**9))
def test_what_is_impossible_in_the_cycle_alone_is_unusual_first(land: Land, amount: int, recorded: int) -> None:
    assert is_unusual(amount, land, Harvested(recorded, recorded)) == (recorded + amount > land.in_a_cycle)
    if recorded + amount > land.in_a_year:
        assert is_unusual(amount, land, Harvested(recorded, recorded))
    assert land.expected.days * land.expected.cycles >= 365


@given(st.lists(st.tuples(st.sampled_from(["Cải ngọt", "Cà chua bi", "Rau dền"]), amounts, amounts)))
def test_only_harvests_of_the_same_crop_count(harvests: list[tuple[str, int, int]]) -> None:
    each = {
        name: total(harvests, CROPS, crop_named(name, CROPS) or "") for name in ("Cải ngọt", "Cà chua bi", "Rau dền")
    }
    assert sum(found.in_year for found in each.values()) == sum(year for _, year, _ in harvests)
    assert each["Cà chua bi"].in_cycle == sum(cycle for name, _, cycle in harvests if name == "Cà chua bi")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Yield(0, 1, 1), "low"),
        (Yield(2, 1, 1), "low"),
        (Yield(1, 2_000_000, 1), "high"),
        (Yield(1, 2, 0), "cycles"),
        (Yield(1, 2, 53), "cycles"),
    ],
)
def test_yields_that_cannot_be(wrong: Yield, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_yield(wrong)
    assert refused.value.field == field
