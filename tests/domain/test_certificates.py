"""A certificate counts as it stood on the day, not as it stands now."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.certificates import CertificateStatus, Standing, lapses_within, standing


@dataclass
class Paper:
    status: CertificateStatus = CertificateStatus.VERIFIED
    valid_from: date = date(2025, 1, 1)
    valid_until: date | None = date(2026, 12, 31)


days = st.dates(date(2024, 1, 1), date(2028, 1, 1))


@pytest.mark.parametrize(
    ("paper", "on", "expected"),
    [
        (Paper(), date(2024, 12, 31), Standing.NOT_YET),
        (Paper(), date(2025, 1, 1), Standing.VALID),
        (Paper(), date(2026, 12, 31), Standing.VALID),
        (Paper(), date(2027, 1, 1), Standing.LAPSED),
        (Paper(valid_until=None), date(2099, 1, 1), Standing.VALID),
        (Paper(CertificateStatus.SUBMITTED), date(2026, 1, 1), Standing.UNVERIFIED),
        (Paper(CertificateStatus.SUBMITTED), date(2027, 1, 1), Standing.LAPSED),
        (Paper(CertificateStatus.REFUSED), date(2026, 1, 1), Standing.REFUSED),
    ],
)
def test_standing(paper: Paper, on: date, expected: Standing) -> None:
    assert standing(paper, on) is expected


@given(days, st.sampled_from(CertificateStatus))
def test_only_a_checked_paper_in_date_is_valid(on: date, status: CertificateStatus) -> None:
    in_date = date(2025, 1, 1) <= on <= date(2026, 12, 31)
    assert (standing(Paper(status), on) is Standing.VALID) == (in_date and status is CertificateStatus.VERIFIED)


@given(days, st.integers(0, 400))
def test_a_paper_lapses_within_some_days_if_it_is_in_date_now_and_not_then(on: date, ahead: int) -> None:
    until = Paper().valid_until
    assert until is not None
    assert lapses_within(Paper(), ahead, on=on) == (on <= until < on + timedelta(days=ahead))


def test_a_paper_without_end_never_lapses() -> None:
    assert not lapses_within(Paper(valid_until=None), 10_000, on=date(2026, 1, 1))
