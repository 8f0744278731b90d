"""Which photos are one photo, and how an index finds them."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from trace.domain.diary_photos import MOST_BITS, is_same_photo, photo_keys
from trace.storage.diary_measures import measures_on
from trace.storage.measures import read_measures

MEASURES = measures_on(date(2026, 3, 2))
PHOTO = 0x0F1E2D3C4B5A6978


def test_a_photo_resembles_its_copy_but_not_another_nor_a_blank_wall() -> None:
    assert is_same_photo(PHOTO, PHOTO ^ 0b101, MEASURES)
    assert not is_same_photo(PHOTO, ~PHOTO, MEASURES)
    assert not is_same_photo(0, 0, MEASURES)
    assert is_same_photo(-PHOTO, -PHOTO, MEASURES)


@given(st.integers(-(2**63), 2**63 - 1), st.sets(st.integers(0, 63), max_size=MOST_BITS))
def test_whatever_could_be_the_same_photo_shares_a_key(photo: int, changed: set[int]) -> None:
    other = photo
    for bit in changed:
        other ^= 1 << bit
    assert set(photo_keys(photo)) & set(photo_keys(other))


def test_no_threshold_asks_for_more_than_the_keys_find() -> None:
    assert max(one.value for one in read_measures("diary_measures.csv") if one.name == "same_photo_bits") <= MOST_BITS
    assert all(one.source for one in read_measures("diary_measures.csv"))
