"""Days and moments as Việt Nam counts them. Nothing here reads a clock: ``now`` is always passed in."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from .errors import N_, InvalidInput
from .text import clean

# The country has kept UTC+7 all year since 1975, so no time-zone file has to be read.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


class InvalidDate(InvalidInput):
    code = "invalid-date"
    message = N_("Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 05/03/2026.")


def parse_date(typed: str, *, field: str | None = None) -> date:
    """``dd/mm/yyyy`` (also with dots, dashes or spaces) or ``yyyy-mm-dd``, years 1900 to 2199.

    Raises ``InvalidDate`` for another shape and for a day that no calendar has.
    """
    text = clean(typed, field=field)
    if match := _ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups())
    else:
        raise InvalidDate(field=field)
    try:
        parsed = date(year, month, day)
    except ValueError:
        raise InvalidDate(
            N_("Không có ngày %(typed)s trong lịch. Hãy kiểm tra lại."), field=field, typed=text
        ) from None
    if not 1900 <= year < 2200:
        raise InvalidDate(N_("Năm %(year)s có vẻ không đúng. Hãy kiểm tra lại."), field=field, year=year)
    return parsed


def format_date(day: date) -> str:
    """``dd/mm/yyyy`` in every language. A moment must first be brought to its day with ``vietnam_date``."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_moment(moment: datetime) -> str:
    """``HH:MM dd/mm/yyyy`` on the clocks of Việt Nam."""
    local = in_vietnam(moment)
    return f"{local.hour:02}:{local.minute:02} {format_date(local)}"


def in_vietnam(moment: datetime) -> datetime:
    """The same moment on the clocks of Việt Nam. Raises ``ValueError`` for a moment without an offset."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs an offset")
    return moment.astimezone(VIETNAM)


def vietnam_date(now: datetime) -> date:
    """Which day it is in Việt Nam."""
    return in_vietnam(now).date()


def start_of_day(day: date) -> datetime:
    """The UTC moment at which ``day`` begins in Việt Nam; the next day's start ends it."""
    return datetime.combine(day, time.min, VIETNAM).astimezone(UTC)


def months_to(last: date, count: int) -> list[date]:
    """The first days of so many months, oldest first; the last is that of ``last``."""
    this = last.year * 12 + last.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(this - count + 1, this + 1)]


def best_before(production_date: date, shelf_life_days: int | None) -> date | None:
    """The last good day; None where the product has no shelf life. A shelf life of 0 days ends the same day."""
    return None if shelf_life_days is None else production_date + timedelta(days=shelf_life_days)


def days_left(until: date, today: date) -> int:
    """0 on the last good day, negative when it has passed."""
    return (until - today).days
