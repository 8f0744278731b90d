"""Codes of batches survive bad handwriting."""

import itertools
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain import crockford
from trace.domain.public_code import InvalidPublicCode, grouped, mint, nearest, parse

codes = st.binary(min_size=6, max_size=6).map(mint)
typed_symbols = st.sampled_from(crockford.ALPHABET)


@given(st.binary(min_size=6, max_size=16))
def test_a_minted_code_has_ten_symbols_and_passes(random_bytes: bytes) -> None:
    code = mint(random_bytes)
    assert len(code) == 10
    assert crockford.passes(code)
    assert parse(code) == code


def test_too_little_randomness_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="45 bits"):
        mint(b"12345")


def test_all_the_randomness_is_in_the_code() -> None:
    assert mint(b"\0" * 6)[:9] == "000000000"
    assert mint(b"\xff" * 6)[:9] == "ZZZZZZZZZ"
    assert len({mint(bytes([0, 0, 0, 0, n, 0])) for n in range(256)}) == 256


@given(codes)
def test_case_spaces_dashes_and_lookalikes_do_not_matter(code: str) -> None:
    assert parse(grouped(code)) == code
    assert parse(f"  {code[:5].lower()} – {code[5:].lower()} ") == code
    assert parse(code.replace("1", "l").replace("0", "o")) == code
    assert parse(code.replace("1", "I").replace("0", "O")) == code


def test_a_code_is_shown_in_groups() -> None:
    assert grouped("7K3M9XW2QT") == "7K3-M9XW-2QT"


def test_every_pair_of_symbols_at_every_pair_of_neighbouring_places_is_told_from_its_swap() -> None:
    """Exhaustive: the check is linear, so whether both orders of a and b pass does not depend on the other symbols."""
    for place, (a, b) in itertools.product(range(9), itertools.permutations(crockford.ALPHABET, 2)):
        rest = ["0"] * 10
        rest[place], rest[place + 1] = a, b
        swapped = rest.copy()
        swapped[place], swapped[place + 1] = b, a
        assert not crockford.passes("".join(difference(rest, swapped)))


def difference(one: list[str], other: list[str]) -> list[str]:
    """Symbol by symbol in GF(32), where subtracting is XOR; two codes pass together only if their difference passes."""
    index = crockford.ALPHABET.index
    return [crockford.ALPHABET[index(a) ^ index(b)] for a, b in zip(one, other, strict=True)]


def test_every_change_of_one_symbol_at_every_place_is_noticed() -> None:
    for place, symbol in itertools.product(range(10), crockford.ALPHABET[1:]):
        changed = ["0"] * 10
        changed[place] = symbol
        assert not crockford.passes("".join(changed))


@given(codes, st.integers(0, 9), typed_symbols)
def test_one_wrong_symbol_is_refused_and_the_right_code_is_near(code: str, place: int, symbol: str) -> None:
    typed = code[:place] + symbol + code[place + 1 :]
    if typed != code:
        with pytest.raises(InvalidPublicCode):
            parse(typed)
        assert code in nearest(typed)


@given(codes, st.integers(0, 8))
def test_swapped_neighbours_are_refused_and_the_right_code_is_near(code: str, place: int) -> None:
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if typed != code:
        with pytest.raises(InvalidPublicCode):
            parse(typed)
        assert code in nearest(typed)


@given(codes, st.integers(0, 9))
def test_a_forgotten_symbol_is_found(code: str, place: int) -> None:
    typed = code[:place] + code[place + 1 :]
    with pytest.raises(InvalidPublicCode, match="10 ký tự, bạn đã nhập 9"):
        parse(typed)
    assert code in nearest(typed)


@given(codes, st.integers(0, 10), typed_symbols)
def test_a_symbol_too_many_is_found(code: str, place: int, symbol: str) -> None:
    assert code in nearest(code[:place] + symbol + code[place:])


@given(codes, st.integers(0, 9))
def test_a_u_is_refused_kindly_and_the_right_code_is_near(code: str, place: int) -> None:
    typed = code[:place] + "u" + code[place + 1 :]
    with pytest.raises(InvalidPublicCode, match="không dùng chữ U"):
        parse(typed)
    assert nearest(typed) == [code]


@given(st.text(max_size=14))
def test_candidates_are_valid_few_and_never_what_was_typed(typed: str) -> None:
    candidates = nearest(typed)
    assert len(candidates) <= 20
    assert len(set(candidates)) == len(candidates)
    assert all(parse(candidate) == candidate != typed for candidate in candidates)


def test_a_misread_character_comes_before_an_unlikely_one() -> None:
    code = crockford.with_check("8ACDEFGHJ")
    assert nearest("B" + code[1:])[0] == code


@pytest.mark.parametrize(
    ("typed", "sentence"), [("", "Hãy nhập"), (" - ", "Hãy nhập"), ("7K3M9XW2Q!", "“!”"), ("7K3", "bạn đã nhập 3")]
)
def test_other_input_is_refused_saying_what_is_wrong(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidPublicCode, match=sentence) as caught:
        parse(typed)
    assert caught.value.field == "code"


@given(st.text())
def test_any_text_is_a_code_or_named_as_none(typed: str) -> None:
    with suppress(InvalidPublicCode):
        assert crockford.passes(parse(typed))
