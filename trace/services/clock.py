"""The one place that asks what time it is, so that a test, or a demonstration that tells of last week, can answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from ..domain.dates import vietnam_date
from ..storage.diary_measures import measures_on

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    return _told.get() or datetime.now(UTC)


def today() -> date:
    """The date in Việt Nam."""
    return vietnam_date(now())


def believed(device_time: datetime | None) -> datetime | None:
    """A device's clock as far as it can be right: it names its offset, is not ahead, and not absurdly far behind."""
    away = timedelta(days=measures_on(today()).longest_away_days)
    if device_time is None or device_time.tzinfo is None or not now() - away <= device_time <= now():
        return None
    return device_time


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within this block it is ``moment``. Only for what never happened: the demonstration."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
