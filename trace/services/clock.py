"""The one place that asks what time it is, so that a test can answer."""

from datetime import UTC, date, datetime

from ..domain.dates import vietnam_date


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The date in Việt Nam."""
    return vietnam_date(now())
