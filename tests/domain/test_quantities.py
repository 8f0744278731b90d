"""Amounts as people in Việt Nam write them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.errors import InvalidInput
from trace.domain.quantities import LARGEST_AMOUNT, InvalidAmount, Unit, format_amount, parse_amount


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("12", 12_000),
        ("12,5", 12_500),
        (" 12,5 kg", 12_500),
        ("12,5KG", 12_500),
        ("0,25", 250),
        ("1.250", 1_250_000),
        ("1.250,5", 1_250_500),
        ("1 250", 1_250_000),
        ("1.250.000", LARGEST_AMOUNT + 250_000_000),
        ("12.5", 12_500),
        ("12.50", 12_500),
        ("0.250", 250),
        ("1,250.5", 1_250_500),
        ("1,250", 1_250),
        ("100,000,", None),
        ("12,5000", 12_500),
        ("007", 7_000),
    ],
)
def test_kilograms(typed: str, grams: int | None) -> None:
    if grams is None or grams > LARGEST_AMOUNT:
        with pytest.raises(InvalidAmount):
            parse_amount(typed, Unit.KGM)
    else:
        assert parse_amount(typed, Unit.KGM) == grams


def test_litres_and_pieces() -> None:
    assert parse_amount("1,5 lít", Unit.LTR) == 1_500
    assert parse_amount("1.200", Unit.EA) == 1_200
    assert parse_amount("30 đơn vị", Unit.EA) == 30


@pytest.mark.parametrize(
    ("typed", "unit", "sentence"),
    [
        ("", Unit.KGM, "Hãy nhập một con số"),
        ("mười", Unit.KGM, "Hãy nhập một con số"),
        ("1,2,3", Unit.KGM, "Hãy nhập một con số"),
        ("1.25.000", Unit.KGM, "Hãy nhập một con số"),
        ("1e3", Unit.KGM, "Hãy nhập một con số"),
        ("１２", Unit.KGM, "Hãy nhập một con số"),
        ("-5", Unit.KGM, "không được âm"),
        ("− 5", Unit.KGM, "không được âm"),
        ("0", Unit.KGM, "lớn hơn 0"),
        ("0,000", Unit.KGM, "lớn hơn 0"),
        ("12,3456", Unit.KGM, "3 chữ số"),
        ("1,5", Unit.EA, "số nguyên"),
        ("1.000.001", Unit.KGM, "quá lớn"),
        ("9" * 400, Unit.KGM, "quá lớn"),
    ],
)
def test_other_input_is_refused_saying_what_to_do(typed: str, unit: Unit, sentence: str) -> None:
    with pytest.raises(InvalidAmount, match=sentence) as caught:
        parse_amount(typed, unit, field="sold")
    assert caught.value.field == "sold"


def test_amounts_are_written_in_the_readers_notation() -> None:
    assert format_amount(12_500, Unit.KGM) == "12,5 kg"
    assert format_amount(1_250_000, Unit.KGM) == "1.250 kg"
    assert format_amount(1_250_500, Unit.KGM, "en") == "1,250.5 kg"
    assert format_amount(30, Unit.EA) == "30 đơn vị"
    assert format_amount(30, Unit.EA, "en_GB") == "30 pcs"
    assert format_amount(0, Unit.LTR) == "0 lít"


@given(st.integers(1, LARGEST_AMOUNT), st.sampled_from(Unit))
def test_what_is_shown_in_vietnamese_can_be_typed_again(amount: int, unit: Unit) -> None:
    assert parse_amount(format_amount(amount, unit), unit) == amount


@given(st.text(), st.sampled_from(Unit))
def test_any_text_is_an_amount_or_refused(typed: str, unit: Unit) -> None:
    with suppress(InvalidInput):
        assert 0 < parse_amount(typed, unit) <= LARGEST_AMOUNT
