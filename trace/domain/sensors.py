"""Temperature and humidity while goods are kept: read from what people paste, judged, and said as EPCIS sensor elements.

Temperatures count tenths of a degree Celsius, humidity whole percent relative.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from .balance import check_movement
from .dates import VIETNAM
from .errors import N_, InvalidInput
from .event_hash import Json
from .text import clean

MOST_READINGS = 500
COLDEST, HOTTEST = -600, 1000

_SHAPES = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%H:%M %d/%m/%Y")
_DEGREES = re.compile(r"([-+−–]?)(\d{1,3})(?:[.,](\d))?\d* ?(?:°? ?C)?", re.ASCII | re.IGNORECASE)


class InvalidReading(InvalidInput):
    code = "invalid-reading"
    message = N_(
        "Dòng %(line)s chưa đọc được: “%(text)s”. Hãy viết mỗi dòng: thời gian; nhiệt độ; độ ẩm (nếu có), "
        "ví dụ 14:30 05/03/2026; 4,5; 85."
    )


class ReadingOutOfRange(InvalidInput):
    code = "reading-out-of-range"
    message = N_("Nhiệt độ phải từ −60 đến 100 °C, độ ẩm từ 0 đến 100 %%. Hãy kiểm tra lại số đo.")


class TooManyReadings(InvalidInput):
    code = "too-many-readings"
    message = N_("Tối đa %(most)s số đo cho một lần ghi. Hãy chia thành nhiều lần, hoặc đo thưa hơn.")


@dataclass(frozen=True, kw_only=True)
class Reading:
    at: datetime
    temperature: int | None = None
    humidity: int | None = None


@dataclass(frozen=True)
class Range:
    """In which the product is to be kept; None is no limit."""

    low: int | None = None
    high: int | None = None

    def __contains__(self, temperature: int) -> bool:
        return (self.low is None or self.low <= temperature) and (self.high is None or temperature <= self.high)


def parse_degrees(typed: str, *, field: str = "temperature") -> int:
    """Tenths of a degree from ``4,5``, ``-18`` or ``4.5 °C``. Raises ReadingOutOfRange."""
    match = _DEGREES.fullmatch(clean(typed, field=field))
    if match is None:
        raise ReadingOutOfRange(field=field)
    tenths = int(match[2]) * 10 + int(match[3] or 0)
    return _within(-tenths if match[1] in ("-", "−", "–") else tenths, field)


def format_degrees(tenths: float, locale: str = "vi") -> str:
    """``4,5`` in Vietnamese, ``4.5`` in English; no needless zero."""
    text = f"{tenths / 10:.1f}".removesuffix(".0")
    return text if locale.startswith("en") else text.replace(".", ",")


def parse_humidity(typed: str, *, field: str = "humidity") -> int:
    """Whole percent. Raises ReadingOutOfRange."""
    match = re.fullmatch(r"(\d{1,3})(?:[.,]\d+)? ?%?", clean(typed, field=field), re.ASCII)
    if match is None or int(match[1]) > 100:
        raise ReadingOutOfRange(field=field)
    return int(match[1])


def parse_readings(pasted: str, *, field: str = "readings") -> list[Reading]:
    """One reading a line, as loggers and spreadsheets write them: time, temperature and perhaps humidity, between
    semicolons or tabs, or between commas where numbers have a decimal point. A heading is skipped.

    Times without an offset are Việt Nam's. Raises InvalidReading or TooManyReadings.
    """
    lines = [(number, text.strip()) for number, text in enumerate(pasted.splitlines(), start=1) if text.strip()]
    if lines and not re.search(r"\d", lines[0][1]):
        del lines[0]
    if len(lines) > MOST_READINGS:
        raise TooManyReadings(field=field, most=MOST_READINGS)
    return [_reading(number, text, field) for number, text in lines]


def check_readings(
    readings: Sequence[Reading], *, lot: str, production_date: date, now: datetime, field: str = "readings"
) -> None:
    """Raises TooManyReadings, ReadingOutOfRange, HappensInFuture or HappensBeforeProduction."""
    if len(readings) > MOST_READINGS:
        raise TooManyReadings(field=field, most=MOST_READINGS)
    for reading in readings:
        check_movement(reading.at, lot=lot, production_date=production_date, now=now, field=field)
        if reading.temperature is not None:
            _within(reading.temperature, field)
        if (reading.temperature is None and reading.humidity is None) or not 0 <= (reading.humidity or 0) <= 100:
            raise ReadingOutOfRange(field=field)


def is_alarming(readings: Sequence[Reading], kept_at: Range) -> bool:
    return any(each.temperature is not None and each.temperature not in kept_at for each in readings)


def sensor_elements(readings: Sequence[Reading], kept_at: Range) -> list[tuple[dict[str, Json], list[dict[str, Json]]]]:
    """Metadata and reports of EPCIS 2.0 §7.3.7; of several readings first lowest, highest and mean.

    A temperature outside the range is an ``ALARM_CONDITION``.
    """
    if not readings:
        return []
    ordered = sorted(readings, key=lambda reading: reading.at)
    every = [report for reading in ordered for report in _reports(reading, kept_at, timed=len(ordered) > 1)]
    if len(ordered) == 1:
        return [({"time": ordered[0].at.isoformat()}, every)]
    span: dict[str, Json] = {"startTime": ordered[0].at.isoformat(), "endTime": ordered[-1].at.isoformat()}
    return [(span, _summary(ordered, kept_at)), (span, every)]


def _reports(reading: Reading, kept_at: Range, *, timed: bool) -> list[dict[str, Json]]:
    time: dict[str, Json] = {"time": reading.at.isoformat()} if timed else {}
    reports: list[dict[str, Json]] = []
    if reading.temperature is not None:
        alarm: dict[str, Json] = {} if reading.temperature in kept_at else {"exception": "ALARM_CONDITION"}
        reports.append({"type": "Temperature", "value": reading.temperature / 10, "uom": "CEL", **alarm, **time})
    if reading.humidity is not None:
        reports.append({"type": "RelativeHumidity", "value": reading.humidity, "uom": "P1", **time})
    return reports


def _summary(readings: Sequence[Reading], kept_at: Range) -> list[dict[str, Json]]:
    temperatures = [each.temperature for each in readings if each.temperature is not None]
    humidities = [each.humidity for each in readings if each.humidity is not None]
    reports: list[dict[str, Json]] = []
    if temperatures:
        alarm: dict[str, Json] = {"exception": "ALARM_CONDITION"} if is_alarming(readings, kept_at) else {}
        reports.append(
            {
                "type": "Temperature",
                "minValue": min(temperatures) / 10,
                "maxValue": max(temperatures) / 10,
                "meanValue": round(sum(temperatures) / len(temperatures)) / 10,
                "uom": "CEL",
                **alarm,
            }
        )
    if humidities:
        mean = round(sum(humidities) / len(humidities))
        extremes = {"minValue": min(humidities), "maxValue": max(humidities), "meanValue": mean}
        reports.append({"type": "RelativeHumidity", **extremes, "uom": "P1"})
    return reports


def _reading(line: int, text: str, field: str) -> Reading:
    cells = re.split(r"[;\t]", text) if re.search(r"[;\t]", text) else text.split(",")
    cells = [cell.strip() for cell in cells]
    try:
        at = _moment(cells[0])
        temperature = parse_degrees(cells[1], field=field)
        humidity = parse_humidity(cells[2], field=field) if len(cells) > 2 and cells[2] else None
    except (ValueError, IndexError, InvalidInput):
        raise InvalidReading(field=field, line=line, text=text[:60]) from None
    return Reading(at=at, temperature=temperature, humidity=humidity)


def _moment(text: str) -> datetime:
    for shape in _SHAPES:
        try:
            return datetime.strptime(text, shape).replace(tzinfo=VIETNAM)
        except ValueError:
            continue
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _within(tenths: int, field: str) -> int:
    if not COLDEST <= tenths <= HOTTEST:
        raise ReadingOutOfRange(field=field)
    return tenths
