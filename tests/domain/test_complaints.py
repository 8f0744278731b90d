"""A complaint is followed by a number that can be read over the telephone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.complaints import (
    TRANSITIONS,
    ComplaintStatus,
    ComplaintStepNotPossible,
    InvalidTrackingNumber,
    parse_tracking_number,
    tracking_number,
    transition,
)


@given(st.binary(min_size=5, max_size=8))
def test_a_tracking_number_is_understood_however_it_is_typed(random_bytes: bytes) -> None:
    number = tracking_number(random_bytes)
    assert len(number) == len("PA-XXXX-XXXX")
    assert parse_tracking_number(number) == number
    assert parse_tracking_number(f" {number.lower().replace('-', ' ')} ") == number
    assert parse_tracking_number(number.removeprefix("PA-")) == number


@given(st.text())
def test_any_other_text_is_refused_at_its_field(typed: str) -> None:
    try:
        number = parse_tracking_number(typed)
    except InvalidTrackingNumber as error:
        field = error.field
    else:
        field = "tracking_number" if parse_tracking_number(number) == number else None
    assert field == "tracking_number"


def test_one_wrong_character_is_noticed() -> None:
    number = tracking_number(b"\x12\x34\x56\x78\x9a")
    with pytest.raises(InvalidTrackingNumber):
        parse_tracking_number(number[:-1] + ("A" if number[-1] != "A" else "B"))


@given(st.sampled_from(ComplaintStatus), st.sampled_from(ComplaintStatus))
def test_a_complaint_moves_only_along_its_paths(status: ComplaintStatus, to: ComplaintStatus) -> None:
    if to in TRANSITIONS[status]:
        assert transition(status, to) is to
    else:
        with pytest.raises(ComplaintStepNotPossible):
            transition(status, to)


def test_a_closed_complaint_is_opened_again_by_review_and_nothing_becomes_new_again() -> None:
    assert TRANSITIONS[ComplaintStatus.RESOLVED] == (ComplaintStatus.REVIEWING,)
    assert all(ComplaintStatus.RECEIVED not in after for after in TRANSITIONS.values())
