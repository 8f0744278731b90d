"""Ordinary handling raises no question; a stamp that is everywhere does."""

from datetime import UTC, date, datetime, timedelta

import pytest

from trace.domain.stamp_verdicts import Look, StampVerdict, Thresholds, judge
from trace.storage.stamps import thresholds_on

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
USUAL = thresholds_on(date(2026, 3, 2))


def look(days: int = 0, device: str = "", place: str = "", **later: int) -> Look:
    at = MORNING + timedelta(days=days, **later)
    return Look(at, device or f"phone on day {days}", place)


def verdict(*looks: Look, device: str | None = None, thresholds: Thresholds = USUAL) -> StampVerdict:
    return judge(looks, thresholds, device=looks[-1].device if looks and device is None else device or "")


def test_the_first_look_says_so() -> None:
    assert verdict(look()) is StampVerdict.FIRST


def test_the_same_phone_again_on_that_day_is_still_the_first() -> None:
    assert verdict(look(), device="phone on day 0") is StampVerdict.FIRST


def test_a_family_that_passes_the_pack_around_is_one_occasion() -> None:
    assert verdict(look(), look(device="mother", minutes=2), look(device="son", minutes=5)) is StampVerdict.FIRST


def test_a_fourth_phone_on_that_day_is_told_that_others_were_before() -> None:
    looks = [look(device=str(number), minutes=number) for number in range(4)]
    assert verdict(*looks) is StampVerdict.SEEN


def test_from_the_packing_house_to_the_table_raises_no_alarm() -> None:
    farm, shop, home = "00070", "00004", "00008"
    looks = [look(0, place=farm), look(1, place=shop), look(2, place=shop), look(2, "shopper"), look(4, place=home)]
    assert verdict(*looks) is StampVerdict.SEEN


def test_one_occasion_too_many_raises_the_question() -> None:
    looks = [look(day) for day in range(USUAL.occasions)]
    assert verdict(*looks) is StampVerdict.SEEN
    assert verdict(*looks, look(USUAL.occasions)) is StampVerdict.OFTEN


def test_a_copy_that_is_on_many_packs_is_found_on_one_day() -> None:
    looks = [look(device=str(number), minutes=number) for number in range(USUAL.occasions * USUAL.family + 1)]
    assert verdict(*looks[:-1]) is StampVerdict.SEEN
    assert verdict(*looks) is StampVerdict.OFTEN


def test_one_place_too_many_raises_the_question() -> None:
    looks = [look(device=str(number), place=f"0000{number}") for number in range(USUAL.places + 1)]
    assert verdict(*looks[:-1]) is not StampVerdict.OFTEN
    assert verdict(*looks) is StampVerdict.OFTEN


def test_a_product_may_know_better_what_is_ordinary() -> None:
    looks = [look(day) for day in range(3)]
    assert verdict(*looks, thresholds=USUAL.for_product(2)) is StampVerdict.OFTEN
    assert verdict(*looks, thresholds=USUAL.for_product(None)) is StampVerdict.SEEN


def test_a_day_ends_at_midnight_in_vietnam() -> None:
    before, after = datetime(2026, 3, 2, 16, 59, tzinfo=UTC), datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
    assert verdict(Look(before, "one"), Look(after, "other")) is StampVerdict.SEEN


def test_who_does_not_count_is_told_what_the_others_did() -> None:
    assert verdict() is StampVerdict.UNSCANNED
    assert verdict(look(), device="colleague") is StampVerdict.SEEN


@pytest.mark.parametrize("kind", StampVerdict)
def test_only_what_may_be_fraud_is_a_signal(kind: StampVerdict) -> None:
    ordinary = {StampVerdict.UNSCANNED, StampVerdict.FIRST, StampVerdict.SEEN}
    ours = {StampVerdict.MISTYPED, StampVerdict.UNCHECKED}
    assert kind.is_signal == (kind not in ordinary | ours)
