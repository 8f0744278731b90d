"""Text from phones, spreadsheets and copied pages arrives in one form."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.text import UnreadableText, clean, clean_lines, fold


def test_a_line_is_composed_trimmed_and_single_spaced() -> None:
    assert clean(unicodedata.normalize("NFD", "  Rau  cải\t ngọt\u00a0 ")) == "Rau cải ngọt"
    assert clean("Cải\u200b ngọt\ufeff") == "Cải ngọt"


def test_paragraphs_keep_their_breaks() -> None:
    assert clean_lines("\n Một \r\n\n\n\nhai  ba\n") == "Một\n\nhai ba"


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\u202e", "\u2066", "\ud800"])
def test_control_characters_are_refused(character: str) -> None:
    with pytest.raises(UnreadableText):
        clean(f"Rau{character}cải")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hòa Bình", "Hoà bình"), ("ĐÔNG ANH", "đông anh"), ("Đan Phượng", "dan phuong"), (" Thúy  ", "thuý"), ("Ỷ", "y")],
)
def test_searching_ignores_case_accents_and_where_the_tone_stands(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(st.characters(exclude_categories=["C"])))
def test_cleaning_and_folding_twice_change_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert fold(clean(text)) == fold(text)
