"""A serial is known again, and a made-up one never, without asking anybody."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain import crockford, stamps
from trace.domain.stamps import InvalidSerial, Place, StampKeyMissing, StampKeys

CODE = "7K3M9XW2QT"
OLD, NEW = "o" * 48, "n" * 48
KEYS = StampKeys([NEW])
ordinals = st.integers(0, stamps.MOST_ISSUES - 1)
indexes = st.integers(0, stamps.MOST_STAMPS - 1)
symbols = st.sampled_from(crockford.ALPHABET)


def serial(ordinal: int = 0, index: int = 0, *, code: str = CODE, keys: StampKeys = KEYS) -> str:
    return keys.serials(keys.newest, code, ordinal, index, index + 1)[0]


def test_a_hundred_thousand_issued_are_all_known_and_all_different() -> None:
    """A million are in the benchmark."""
    made = KEYS.serials(KEYS.newest, CODE, 3, 500, 100_500)
    assert len(set(made)) == 100_000
    assert [KEYS.place(CODE, each) for each in made] == [Place(KEYS.newest, 3, index) for index in range(500, 100_500)]


def test_a_hundred_thousand_made_up_are_all_refused() -> None:
    forged = (crockford.encode(secrets.token_bytes(10), stamps.LENGTH) for _ in range(100_000))
    assert [each for each in forged if KEYS.place(CODE, each)] == []


@given(ordinals, indexes)
def test_every_place_has_a_serial_that_says_it(ordinal: int, index: int) -> None:
    assert KEYS.place(CODE, serial(ordinal, index)) == Place(KEYS.newest, ordinal, index)


@given(st.integers(0, 2**40 - 1))
def test_the_permutation_is_a_bijection(number: int) -> None:
    rounds = stamps._rounds(b"key", CODE)
    assert stamps._unpermuted(rounds, stamps._permuted(rounds, number)) == number
    assert stamps._permuted(rounds, stamps._unpermuted(rounds, number)) == number


@given(ordinals, indexes, st.integers(0, stamps.LENGTH - 1), symbols)
def test_one_wrong_character_is_refused(ordinal: int, index: int, position: int, symbol: str) -> None:
    right = serial(ordinal, index)
    wrong = right[:position] + symbol + right[position + 1 :]
    assert (KEYS.place(CODE, wrong) is None) == (wrong != right)


@given(indexes, indexes)
def test_halves_of_two_stamps_make_no_third(one: int, other: int) -> None:
    first, second = serial(0, one), serial(0, other)
    assert (KEYS.place(CODE, first[:8] + second[8:]) is None) == (one != other)


def test_neighbours_look_unalike() -> None:
    made = KEYS.serials(KEYS.newest, CODE, 0, 0, 1000)
    assert all(len({each[place] for each in made}) == 32 for place in range(stamps.LENGTH))


def test_a_stamp_of_another_code_is_refused() -> None:
    assert KEYS.place("8K3M9XW2QT", serial()) is None


def test_stamps_of_an_old_key_are_known_and_new_ones_made_with_the_newest() -> None:
    old, both = StampKeys([OLD]), StampKeys([NEW, OLD])
    assert both.place(CODE, serial(keys=old)) == Place(old.newest, 0, 0)
    assert both.newest == KEYS.newest
    assert KEYS.place(CODE, serial(keys=old)) is None


def test_a_missing_key_is_named_and_gives_no_serials() -> None:
    old = StampKeys([OLD]).newest
    assert KEYS.missing([old, KEYS.newest]) == [old]
    with pytest.raises(StampKeyMissing, match=old):
        KEYS.serials(old, CODE, 0, 0, 1)


def test_a_serial_stays_what_it_was() -> None:
    """It is printed on packs: what makes it may never change."""
    assert KEYS.serials(KEYS.newest, CODE, 1, 0, 2) == ["518XXEF81855V702", "Y5X72KJ4FFY53WW7"]


@pytest.mark.parametrize("typed", ["7k3m-9xw2-qt5r-8zvn", " 7K3M 9XW2 QT5R 8ZVN ", "7K3M9XW2QT5R8ZVN"])
def test_a_serial_may_be_typed_without_care(typed: str) -> None:
    assert stamps.parse(typed) == "7K3M9XW2QT5R8ZVN"


@pytest.mark.parametrize("typed", ["", "7K3M", "7K3M9XW2QT5R8ZVU", "7K3M9XW2QT5R8ZVNN", "7K3M9XW2QT5R8ZV€"])
def test_what_cannot_be_a_serial_is_refused_by_name(typed: str) -> None:
    with pytest.raises(InvalidSerial):
        stamps.parse(typed)


def test_a_serial_is_printed_in_four_groups() -> None:
    assert stamps.grouped("7K3M9XW2QT5R8ZVN") == "7K3M-9XW2-QT5R-8ZVN"
