"""What loggers and people write down about temperature."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.dates import VIETNAM
from trace.domain.sensors import (
    COLDEST,
    HOTTEST,
    InvalidReading,
    Range,
    Reading,
    ReadingOutOfRange,
    TooManyReadings,
    check_readings,
    format_degrees,
    is_alarming,
    parse_degrees,
    parse_readings,
)

AT = datetime(2026, 3, 5, 14, 30, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "line",
    [
        "14:30 05/03/2026; 4,5; 85",
        "05/03/2026 14:30\t4.5\t85%",
        "2026-03-05T07:30:00Z,4.5,85",
        "Thời gian;Nhiệt độ;Độ ẩm\n2026-03-05 14:30;4,5 °C;85",
    ],
)
def test_a_line_is_read_as_its_logger_wrote_it(line: str) -> None:
    assert parse_readings(line) == [Reading(at=AT, temperature=45, humidity=85)]


@pytest.mark.parametrize("line", ["4,5", "14:30 05/03/2026; lạnh", "05/13/2026 14:30; 4", "14:30 05/03/2026; 400"])
def test_what_cannot_be_read_is_named_by_its_line(line: str) -> None:
    with pytest.raises(InvalidReading) as raised:
        parse_readings(f"14:29 05/03/2026; 4\n\n{line}")
    assert raised.value.values["line"] == 3


def test_nobody_pastes_a_book() -> None:
    with pytest.raises(TooManyReadings):
        parse_readings("14:30 05/03/2026; 4\n" * 501)


@given(st.integers(COLDEST, HOTTEST), st.sampled_from(["vi", "en"]))
def test_degrees_are_read_as_they_are_written(tenths: int, language: str) -> None:
    assert parse_degrees(f"{format_degrees(tenths, language)} °C") == tenths


@pytest.mark.parametrize(
    ("range_", "alarming"), [(Range(), False), (Range(0, 80), False), (Range(high=40), True), (Range(low=50), True)]
)
def test_an_alarm_is_what_is_outside_the_range(range_: Range, alarming: bool) -> None:
    assert is_alarming([Reading(at=AT, temperature=45), Reading(at=AT, humidity=85)], range_) is alarming


@pytest.mark.parametrize(
    "reading",
    [Reading(at=AT), Reading(at=AT, temperature=1001), Reading(at=AT, humidity=101), Reading(at=AT, humidity=-1)],
)
def test_a_reading_says_something_possible(reading: Reading) -> None:
    with pytest.raises(ReadingOutOfRange):
        check_readings(
            [reading],
            lot="A",
            production_date=date(2026, 3, 5),
            now=datetime(2026, 3, 5, 12, tzinfo=UTC) + timedelta(1),
        )
