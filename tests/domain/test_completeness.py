"""The ten items of Thông tư 02/2024/TT-BKHCN decide whether a batch can be traced."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.completeness import BatchFacts, LegalItem, StageFacts, completeness
from trace.domain.stages import ExpectedStage
from trace.domain.vocabulary import BusinessStep

AT = datetime(2026, 3, 4, tzinfo=UTC)
HARVEST = StageFacts(BusinessStep.CREATING_CLASS_INSTANCE, "7K3M9XW2QT", "VD-01", AT)
PACKING = StageFacts(BusinessStep.PACKING, "7K3M9XW2QT", "VD-02", AT)
CHAIN = (
    ExpectedStage(BusinessStep.CREATING_CLASS_INSTANCE),
    ExpectedStage(BusinessStep.PACKING),
    ExpectedStage(BusinessStep.STORING, optional=True),
)
WHOLE = BatchFacts(
    product_name="Cải ngọt",
    has_image=True,
    business_name="HTX Rau Ví Dụ",
    business_address="Xã Bát Tràng, Hà Nội",
    stages=(HARVEST, PACKING),
    production_date=date(2026, 3, 4),
    public_code="7K3M9XW2QT",
    brand="Ví Dụ",
    best_before=date(2026, 3, 8),
    standards=("VietGAP",),
)


def test_a_batch_with_everything_is_complete() -> None:
    result = completeness(WHOLE, CHAIN)
    assert result.complete
    assert result.present == tuple(LegalItem)
    assert result.missing == result.not_applicable == result.missing_stages == ()


@pytest.mark.parametrize(
    ("change", "item"),
    [
        ({"product_name": ""}, LegalItem.PRODUCT_NAME),
        ({"has_image": False}, LegalItem.PRODUCT_IMAGE),
        ({"business_name": ""}, LegalItem.BUSINESS_NAME),
        ({"business_address": ""}, LegalItem.BUSINESS_ADDRESS),
        ({"stages": (HARVEST,)}, LegalItem.STAGES),
        ({"production_date": None}, LegalItem.PRODUCTION_TIME),
        ({"public_code": None}, LegalItem.TRACE_CODE),
        ({"standards": ()}, LegalItem.STANDARDS),
    ],
)
def test_one_gap_makes_it_incomplete(change: dict[str, Any], item: LegalItem) -> None:
    result = completeness(replace(WHOLE, **change), CHAIN)
    assert result.missing == (item,)
    assert not result.complete


@pytest.mark.parametrize(
    ("change", "item"), [({"brand": ""}, LegalItem.BRAND), ({"best_before": None}, LegalItem.SHELF_LIFE)]
)
def test_brand_and_shelf_life_are_asked_only_where_there_are_any(change: dict[str, Any], item: LegalItem) -> None:
    result = completeness(replace(WHOLE, **change), CHAIN)
    assert result.not_applicable == (item,)
    assert result.complete


@pytest.mark.parametrize("lacking", [{"product_code": ""}, {"location_code": ""}, {"time": None}])
def test_a_stage_counts_only_with_product_place_and_time(lacking: dict[str, Any]) -> None:
    result = completeness(replace(WHOLE, stages=(HARVEST, replace(PACKING, **lacking))), CHAIN)
    assert result.missing_stages == (BusinessStep.PACKING,)


def test_items_are_numbered_as_in_the_circular_and_shoppers_see_these() -> None:
    assert [item.number for item in LegalItem] == list(range(1, 11))
    assert [item.number for item in LegalItem if item.shown_to_shoppers] == [1, 2, 3, 4, 6, 8, 9]


def test_an_optional_stage_is_never_missing() -> None:
    result = completeness(WHOLE, CHAIN)
    assert result.expected_stages == (BusinessStep.CREATING_CLASS_INSTANCE, BusinessStep.PACKING)
    assert result.optional_stages == (BusinessStep.STORING,)
    strict = (*CHAIN[:2], ExpectedStage(BusinessStep.STORING))
    assert completeness(WHOLE, strict).missing_stages == (BusinessStep.STORING,)


@given(
    st.builds(
        BatchFacts,
        product_name=st.sampled_from(["", "Cải"]),
        has_image=st.booleans(),
        stages=st.lists(st.sampled_from([HARVEST, PACKING])),
        public_code=st.none() | st.just("7K3M9XW2QT"),
        brand=st.sampled_from(["", "Ví Dụ"]),
        standards=st.lists(st.just("VietGAP"), max_size=1),
    )
)
def test_each_item_is_in_exactly_one_list(facts: BatchFacts) -> None:
    result = completeness(facts, CHAIN)
    assert sorted([*result.present, *result.missing, *result.not_applicable]) == sorted(LegalItem)
