"""A score is a sum that anyone can add up again."""

import pytest

from trace.domain.certificates import CertificateScheme
from trace.domain.errors import InvalidInput
from trace.domain.products import Commodity
from trace.domain.risks import (
    SENTENCES,
    Fact,
    Factor,
    Weight,
    check_weight,
    compare,
    facts_from,
    points_of,
    score_of,
)

WEIGHTS = {
    "commodity:meat": Weight(per=1, points=10, most=10),
    "commodity:tea": Weight(per=1, points=3, most=3),
    "certificate_lapsed": Weight(per=30, points=4, most=12),
    "complaint": Weight(per=1, points=2, most=10),
}
LAPSED = Fact(Factor.CERTIFICATE_LAPSED, 45, CertificateScheme.VIETGAP)


def test_each_point_names_its_fact_and_the_score_is_their_sum() -> None:
    facts = [Fact(Factor.COMPLAINT, 3), LAPSED, Fact(Factor.COMMODITY, 1, Commodity.TEA)]
    points = points_of(facts, WEIGHTS)
    assert [(point.fact.factor, point.points) for point in points] == [
        (Factor.CERTIFICATE_LAPSED, 8),
        (Factor.COMPLAINT, 6),
        (Factor.COMMODITY, 3),
    ]
    assert points[0].sentence % {"count": 45, "subject": "VietGAP"} == (
        "Giấy chứng nhận VietGAP hết hạn 45 ngày, chưa có giấy mới"
    )
    assert score_of(facts, WEIGHTS) == 17


def test_of_several_commodities_the_heaviest_counts() -> None:
    facts = [Fact(Factor.COMMODITY, 1, Commodity.TEA), Fact(Factor.COMMODITY, 1, Commodity.MEAT)]
    assert score_of(facts, WEIGHTS) == 10


@pytest.mark.parametrize(("days", "points"), [(0, 0), (1, 4), (30, 4), (31, 8), (1000, 12)])
def test_what_was_begun_counts_and_no_fact_weighs_without_end(days: int, points: int) -> None:
    assert WEIGHTS["certificate_lapsed"].of(days) == points


def test_what_has_no_weight_weighs_nothing() -> None:
    assert points_of([Fact(Factor.RECALL, 1), Fact(Factor.COMMODITY, 1, Commodity.HONEY)], WEIGHTS) == []


def test_facts_are_the_same_after_they_were_kept() -> None:
    assert facts_from([LAPSED.as_json()]) == [LAPSED]


@pytest.mark.parametrize("weight", [Weight(1, -1, 5), Weight(1, 6, 5), Weight(1, 1, 101)])
def test_weights_stay_within_reason(weight: Weight) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_weight("recall", weight)
    assert refused.value.field == "recall"


def test_a_preview_says_who_comes_to_the_head_of_the_list_and_who_leaves_it() -> None:
    before = {business: 100 - business for business in range(1, 61)}
    after = {**before, 60: 200, 3: 96}
    preview = compare(before, after)
    assert [move.business_id for move in preview.entering] == [60]
    assert [move.business_id for move in preview.leaving] == [50]
    assert [(move.business_id, move.before, move.after) for move in preview.moves] == [(60, 40, 200), (3, 97, 96)]
    assert preview.changed == 2


def test_every_factor_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Factor)
