"""Days as Việt Nam writes and counts them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.dates import (
    InvalidDate,
    best_before,
    days_left,
    format_date,
    format_moment,
    parse_date,
    start_of_day,
    vietnam_date,
)


@pytest.mark.parametrize("typed", ["05/03/2026", "5/3/2026", "5-3-2026", "05.03.2026", " 5 3 2026 ", "2026-03-05"])
def test_a_date_may_be_typed_in_these_ways(typed: str) -> None:
    assert parse_date(typed) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "ngày/tháng/năm"),
        ("mai", "ngày/tháng/năm"),
        ("05/03/26", "ngày/tháng/năm"),
        ("2026-3-5", "ngày/tháng/năm"),
        ("31/02/2026", "Không có ngày 31/02/2026"),
        ("03/25/2026", "Không có ngày"),
        ("2026-00-10", "Không có ngày"),
        ("05/03/0206", "Năm 206"),
        ("05/03/2926", "Năm 2926"),
    ],
)
def test_other_dates_are_refused_saying_what_to_do(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidDate, match=sentence) as caught:
        parse_date(typed, field="production_date")
    assert caught.value.field == "production_date"


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_date_that_is_shown_can_be_typed_again(day: date) -> None:
    assert parse_date(format_date(day)) == day
    assert parse_date(day.isoformat()) == day


def test_the_day_turns_at_midnight_in_vietnam() -> None:
    assert vietnam_date(datetime(2026, 3, 4, 16, 59, tzinfo=UTC)) == date(2026, 3, 4)
    assert vietnam_date(datetime(2026, 3, 4, 17, 0, tzinfo=UTC)) == date(2026, 3, 5)
    assert format_moment(datetime(2026, 3, 4, 17, 5, tzinfo=UTC)) == "00:05 05/03/2026"
    with pytest.raises(ValueError, match="offset"):
        vietnam_date(datetime(2026, 3, 4))  # noqa: DTZ001 the missing offset is the point


@given(st.dates(date(1976, 1, 1), date(2199, 12, 30)))
def test_a_day_begins_where_the_one_before_ends(day: date) -> None:
    start = start_of_day(day)
    assert vietnam_date(start) == day
    assert vietnam_date(start - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_best_before_follows_from_the_shelf_life() -> None:
    assert best_before(date(2026, 2, 27), 3) == date(2026, 3, 2)
    assert best_before(date(2026, 2, 27), 0) == date(2026, 2, 27)
    assert best_before(date(2026, 2, 27), None) is None


def test_days_left_are_zero_on_the_last_good_day() -> None:
    assert [days_left(date(2026, 3, 2), date(2026, 3, day)) for day in (1, 2, 3)] == [1, 0, -1]
