"""GTIN, GLN, lot and tax codes: accepted as people type them, refused with what is wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.gs1_keys import canonical_key
from trace.domain.identifiers import (
    Gln,
    Gtin,
    InvalidGln,
    InvalidGtin,
    InvalidLotCode,
    InvalidTaxCode,
    LotCode,
    RestrictedGtin,
    TaxCode,
    check_digit,
    proposed_lot,
)

gtin_data = st.sampled_from([7, 11, 12, 13]).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))
gtins = gtin_data.filter(lambda data: data.strip("0")).map(lambda data: f"{data}{check_digit(data)}")


def test_a_gtin_has_fourteen_digits_inside_and_its_own_length_outside() -> None:
    assert Gtin("893 0000 00001-9").value == "08930000000019"
    assert str(Gtin("08930000000019")) == "8930000000019"
    assert Gtin("8930000000019") == Gtin("08930000000019")
    assert str(Gtin("96385074")) == "96385074"


def test_a_wrong_check_digit_is_answered_with_the_right_one() -> None:
    with pytest.raises(InvalidGtin, match="phải là 9") as caught:
        Gtin("08930000000011")
    assert caught.value.field == "gtin"
    assert caught.value.values["expected"] == 9


@pytest.mark.parametrize(
    "typed", ["", "893", "89300000000A9", "0" * 13, "8930000000019" * 2, "８９３００００００００１９"]
)
def test_what_is_no_gtin_is_refused(typed: str) -> None:
    with pytest.raises(InvalidGtin):
        Gtin(typed)


@given(gtins)
def test_a_gtin_survives_printing(digits: str) -> None:
    assert Gtin(str(Gtin(digits))) == Gtin(digits)


@given(gtins, st.data())
def test_one_wrong_digit_is_always_noticed(digits: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != digits[place]))
    with pytest.raises(InvalidGtin):
        Gtin(digits[:place] + other + digits[place + 1 :])


@pytest.mark.parametrize("data", ["200000000001", "299999999999", "020000000001", "040000000001", "0123456", "2123456"])
def test_restricted_numbers_never_stand_in_a_link(data: str) -> None:
    gtin = Gtin(f"{data}{check_digit(data)}")
    with pytest.raises(RestrictedGtin, match="mã truy xuất riêng"):
        gtin.linkable()


@pytest.mark.parametrize("digits", ["8930000000019", "18930000000016", "614141000036", "96385074"])
def test_other_numbers_may_stand_in_a_link(digits: str) -> None:
    assert Gtin(digits).linkable() == Gtin(digits)


def test_gln() -> None:
    assert str(Gln("893 0000 00001 9")) == "8930000000019"
    with pytest.raises(InvalidGln, match="phải là 9"):
        Gln("8930000000012")
    with pytest.raises(InvalidGln):
        Gln("96385074")


def test_a_lot_code_is_upper_case_and_in_cset_82() -> None:
    assert str(LotCode(" vđ".replace("đ", "d") + "-260304-1 ")) == "VD-260304-1"
    assert str(LotCode("A!\"%&'()*+,-./:;<=>?")) == "A!\"%&'()*+,-./:;<=>?"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "nhập mã lô"), ("LÔ-1", "“Ô”"), ("A B", "dấu cách"), ("A" * 21, "21"), ("A#1", "“#”"), ("A@", "“@”")],
)
def test_a_lot_code_outside_it_is_refused_naming_the_fault(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidLotCode, match=sentence):
        LotCode(typed)


def test_tax_codes_with_their_check_digit() -> None:
    assert str(TaxCode("0100109106")) == "0100109106"
    assert str(TaxCode("0100109106-001")) == "0100109106-001"
    assert TaxCode("0100109106001") == TaxCode("0100109106-001")
    assert TaxCode("001 203 000 123").is_personal


@pytest.mark.parametrize("typed", ["", "0100109107", "0100109106-000", "12345", "101203000123", "abc"])
def test_what_is_no_tax_code_is_refused(typed: str) -> None:
    with pytest.raises(InvalidTaxCode) as caught:
        TaxCode(typed)
    assert caught.value.field == "tax_code"


@given(st.text(min_size=0, max_size=30), st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 99_999))
def test_a_proposed_lot_is_always_a_valid_lot_of_that_day(site: str, day: date, number: int) -> None:
    assert str(proposed_lot(site, day, number)).endswith(f"-{day:%y%m%d}-{number}")


def test_a_proposed_lot_names_the_site() -> None:
    assert str(proposed_lot("Văn Đức 1", date(2026, 3, 4), 2)) == "VANDUC1-260304-2"


@pytest.mark.parametrize(
    ("uri", "key"),
    [
        ("urn:epc:id:sgtin:4012345.012345.9876", "01/04012345123456/21/9876"),
        ("urn:epc:class:lgtin:4012345.012345.L%2F1", "01/04012345123456/10/L%2F1"),
        ("urn:epc:idpat:sgtin:4012345.012345.*", "01/04012345123456"),
        ("urn:epc:id:sscc:4012345.0000000001", "00/040123450000000016"),
        ("urn:epc:id:sgln:4012345.00011.0", "414/4012345000115"),
        ("urn:epc:id:sgln:4012345.00011.12", "414/4012345000115/254/12"),
        ("urn:epc:id:pgln:4012345.00000", "417/4012345000009"),
        ("urn:epc:id:grai:4012345.00011.7", "8003/040123450001157"),
        ("urn:epc:id:gdti:4012345.00011.7", "253/40123450001157"),
        ("urn:epc:id:giai:4000001.111", "8004/4000001111"),
        ("https://trace.example/a/01/8930000000019/22/V/10/L1/21/S1?17=260401", "01/08930000000019/21/S1"),
        ("https://trace.example/01/08930000000019/10/L1/", "01/08930000000019/10/L1"),
        ("http://trace.example/414/4012345000115", "414/4012345000115"),
    ],
)
def test_every_spelling_of_a_gs1_key_has_one_canonical_uri(uri: str, key: str) -> None:
    assert canonical_key(uri) == f"https://id.gs1.org/{key}"


@pytest.mark.parametrize(
    "uri", ["https://trace.example/q/7K3M9XW2QT", "urn:epc:id:sgtin:1.2.3", "urn:epc:id:what:4012345.1.1", "urn:x:1"]
)
def test_other_uris_stay_as_they_are(uri: str) -> None:
    assert canonical_key(uri) == uri
